package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"finwait/sim"
)

// flightOf returns a wire with n segments, sent by client and server in turn.
func flightOf(n int) sim.Scene {
	var s sim.Scene
	for i := range n {
		e := segment([]sim.End{sim.Client, sim.Server}[i%2], sim.PSH|sim.ACK, 1, 1, 1000)
		s.Apply(onWire(e, i+1, sim.Held, 1))
	}
	return s
}

// TestWireScrolls: the chosen segment is in view, and the pane says which of all it is.
func TestWireScrolls(t *testing.T) {
	for _, c := range []struct {
		size size
		wide bool
	}{{size{78, 4}, false}, {size{60, 1}, false}, {size{50, 8}, true}} {
		v, p := new(wirePane), testPicture()
		p.fold.scene = flightOf(9)
		if c.wide {
			p.layout[paneSteps] = rect{w: 50}
		}
		for _, to := range []int{0, 4, 8, 12, 7, 1, -3} {
			played := play{fold: p.fold}
			played.choose(to)
			p.segment, p.row = played.chosen.segment, played.chosen.row
			text := ansi.Strip(v.render(p, c.size))
			id := min(max(to, 0), 8) + 1
			if !strings.Contains(text, "▸ #"+string(rune('0'+id))) || !strings.Contains(text, string(rune('0'+id))+" of 9") {
				t.Errorf("%+v, segment %d:\n%s", c, id, text)
			}
		}
	}
}

// TestWireRow: a narrow row leaves out the less important.
func TestWireRow(t *testing.T) {
	e := segment(sim.Server, sim.PSH|sim.ACK, 1, 7, 13)
	sim.Edit(&e, func(b *sim.SegmentMoved) { b.Segment.ID, b.Segment.Copies, b.Segment.Resent = 12, 3, true })
	p := testPicture()
	p.now, p.segment = 61, 12
	for room, want := range map[int]string{
		96: "▸ #12 server → client  PSH ACK again  seq 1 ack 7 len 13        held 61 s, sent 3 times",
		78: "▸ #12 server → client  PSH ACK again  seq 1 len 13   held 61 s, sent 3 times",
		58: "▸ #12 server PSH ACK again  len 13      held 61 s, sent x3",
		49: "▸ #12 server PSH ACK again     held 61 s, sent x3",
	} {
		if got := new(wirePane).segment(frame{p, size{}}, e, room).String(); strings.TrimSpace(got) != want {
			t.Errorf("%d cells:\n%s\nwant\n%s", room, got, want)
		}
	}
}
