package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"finwait/sim"
)

// flightOf returns a wire with n segments, the even ones the client's.
func flightOf(n int) sim.Scene {
	s := sim.NewScene()
	for i := range n {
		e := segment([]sim.End{sim.Client, sim.Server}[i%2], sim.PSH|sim.ACK, 1, 1, 1000)
		s.Apply(onWire(e, i+1, sim.Held, 1))
	}
	return s
}

// TestWireScrolls: the chosen segment is in view, and its place is told.
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

// TestWireRow: what is left out where there is little room.
func TestWireRow(t *testing.T) {
	e := segment(sim.Server, sim.PSH|sim.ACK, 1, 7, 13)
	e.Segment.ID, e.Segment.Copies, e.Segment.Resent = 12, 3, true
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

// TestSentTimes: the box counts what was seen to leave, lost or not.
func TestSentTimes(t *testing.T) {
	drive(t, 100, 30, wireConfig(), func(d *driver) {
		d.press("space")
		d.lab.tell(1, 1, onWire(clientFIN(), 4, sim.Retransmitted, 2))
		d.lab.tell(1, 1, onWire(clientFIN(), 4, sim.Dropped, 2))
		d.lab.tell(2, 1, onWire(clientFIN(), 5, sim.Held, 1))
		d.lab.tell(2, 1, onWire(clientFIN(), 5, sim.Dropped, 1))
		d.lab.tell(3, 1, timer(sim.Client, sim.TimerRetransmit, 0.8, 1))
		d.drain()
		d.shows("sent x3, again in 0.8 s")
		d.lab.tell(3, 1, timer(sim.Client, sim.TimerRetransmit, 0.8, 5))
		d.drain()
		d.shows("sent x6, again")
	})
}

// TestCountdownMovesNothing: what stands behind a countdown does not come and go
// with its figures.
func TestCountdownMovesNothing(t *testing.T) {
	end := sim.Endpoint{
		At: sim.Client, PID: 7, State: sim.FinWait1, By: sim.ByKernel, Orphan: true, Timer: sim.TimerRetransmit, Expires: 119.5, Retransmits: 4,
	}
	for w := 30; w < 90; w++ {
		words := func(now sim.Seconds) string {
			text := drawBox(end, now, w, 3)
			return strings.Join([]string{"sent 5 times"[:12*strings.Count(text, "sent 5 times")], "orphan"[:6*strings.Count(text, "orphan")]}, "|")
		}
		want := words(0)
		for _, now := range []sim.Seconds{60, 112, 118, 119, 119.2} {
			if got := words(now); got != want {
				t.Errorf("%d cells, %v s: %s, before %s", w, float64(now), got, want)
			}
		}
	}
}

// TestFinWait2Lasts: an orphan's FIN_WAIT2 with a long tcp_fin_timeout says when it
// is over, not what the kernel calls its timer.
func TestFinWait2Lasts(t *testing.T) {
	drive(t, 100, 30, wireConfig(), func(d *driver) {
		d.press("space")
		d.lab.tell(1, 1, state(sim.Client, 1, sim.FinWait1, sim.FinWait2, true, sim.ByKernel))
		d.lab.tell(1, 1, timer(sim.Client, sim.TimerKeepalive, 3540, 0))
		d.drain()
		d.shows("FIN_WAIT2    orphan · gone in 118 min")
		d.hides("keepalive")
		d.lab.tell(3541, 1, timer(sim.Client, sim.TimerTimewait, 3540, 0))
		d.drain()
		d.shows("gone in 59 min")
	})
	drive(t, 80, 24, wireConfig(), func(d *driver) {
		d.press("space")
		d.lab.tell(1, 1, state(sim.Client, 1, sim.FinWait1, sim.FinWait2, true, sim.ByKernel))
		d.lab.tell(1, 1, timer(sim.Client, sim.TimerKeepalive, 3540, 0))
		d.drain()
		d.shows("FIN_WAIT2    gone in 118 min")
	})
}
