package ladder_test

import (
	"strings"
	"testing"

	"finwait/sim"
	. "finwait/sim/ladder"
	"finwait/sim/text"
)

// own begins a person's own step beside step n.
func (s *script) own(text string) {
	s.settled()
	s.add(sim.Event{Body: sim.StepBegun{Step: sim.MustParseStep(text), Own: true}})
}

// ownRows returns the rows, without repeated spaces, that are marked as a person's own.
func ownRows(l *Ladder, width int, o Options) (rows []string) {
	mark := text.GlyphsFor(o.ASCII).OwnLeft + "yours" + text.GlyphsFor(o.ASCII).OwnRight
	for _, line := range l.Draw(0, l.Len(), width, o) {
		if row := line.String(); strings.Contains(row, mark) {
			rows = append(rows, strings.Join(strings.Fields(row), " "))
		}
	}
	return rows
}

// The first row of a person's own step is marked, at every width and in ASCII, and no other.
func TestOwnSteps(t *testing.T) {
	s := newScript(sim.Captured).connected()
	s.own("server poll")
	s.ret(server, s.call(server, "poll", 4), sim.Result{Ret: 1, Note: "IN OUT RDHUP"})
	s.own("wait 5s")
	s.sleep(5)
	s.step("client close")
	s.clientCloses(1, 1)
	s.own("server sigpipe ignore") // is refused: there is no row
	s.settled()
	s.step("server close")
	s.does(server, 0, "close", 4)
	s.settled()
	l := fold(s.log)
	for width := 60; width <= 200; width++ {
		for _, o := range []Options{{Grow: 1}, {Grow: 1, ASCII: true}} {
			rows := ownRows(l, width, o)
			if len(rows) != 2 || !strings.Contains(rows[0], "poll") || !strings.Contains(rows[1], "5.0 s") {
				t.Fatalf("width %d, %+v: marked are %q", width, o, rows)
			}
		}
	}
	if got, want := ownRows(l, 78, Options{Grow: 1})[0], "‹yours› ┃ ┃ poll(4): RDHUP IN OUT"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A transcript names a person's own step as such.
func TestOwnTranscript(t *testing.T) {
	s := newScript(sim.Captured).connected()
	s.own("server poll")
	var tr Transcript
	var lines []string
	for _, e := range s.log {
		lines = append(lines, tr.Apply(e)...)
	}
	if text := strings.Join(lines, "\n"); !strings.Contains(text, "▸ server poll  ‹yours›") {
		t.Error(text)
	}
}

// TestNew: the rows of the newest step are new, also where a segment goes on in a row that was there,
// and before the first step none is.
func TestNew(t *testing.T) {
	var l Ladder
	newRows := func() (rows []int) {
		for r := range l.Len() {
			if l.New(r) {
				rows = append(rows, r)
			}
		}
		return rows
	}
	fin := sim.Segment{ID: 4, Flags: sim.FIN | sim.ACK, Seq: 1, Fate: sim.Held}
	arrives := fin
	arrives.Fate = sim.Delivered
	for _, c := range []struct {
		step int
		body sim.Body
		want int // how many rows are new
	}{
		{0, sim.StepBegun{}, 0},
		{0, sim.SegmentMoved{Conn: 1, Segment: sim.Segment{ID: 1, Flags: sim.SYN, Fate: sim.Held}}, 0},
		{1, sim.StepBegun{}, 0},
		{1, sim.SegmentMoved{Conn: 1, Segment: fin}, 1},
		{1, sim.StepSettled{}, 1},
		{2, sim.StepBegun{}, 0},
		{2, sim.SegmentMoved{Conn: 1, Segment: arrives}, 1},
		{2, sim.StepBegun{Own: true}, 0},
	} {
		l.Apply(sim.Event{At: sim.Client, Step: c.step, Body: c.body})
		if got := newRows(); len(got) != c.want {
			t.Errorf("after %T of step %d the rows %v are new, want %d of them", c.body, c.step, got, c.want)
		}
	}
}
