package diagram_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"
	"pgregory.net/rapid"

	"finwait/sim"
	. "finwait/sim/diagram"
	"finwait/sim/lang"
	"finwait/sim/lesson"
	"finwait/sim/model"
)

// played returns the log of an embedded lesson as the model plays it.
func played(t testing.TB, name string) []sim.Event {
	t.Helper()
	l, err := lesson.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	lab, opened := model.Open(model.Options{Wire: l.Net != sim.Loopback, KernelTimers: l.Timers == lesson.TimersKernel})
	p := lesson.NewPlayer(l)
	for _, e := range opened {
		p.Observe(e)
	}
	for n, s, ok := p.Next(); ok; n, s, ok = p.Next() {
		p.Started()
		for _, e := range lab.Do(n, s.Step) {
			p.Observe(e)
		}
	}
	return p.Log().All()
}

// walk returns the walk of the events up to the end of a step, and the newest connection.
func walk(events []sim.Event, steps int) (*Walk, int) {
	w, conn := new(Walk), 0
	for _, e := range events {
		if e.Step > steps {
			break
		}
		w.Apply(e)
		conn = max(conn, e.Conn())
	}
	return w, conn
}

// picture returns a drawing as text.
func picture(w *Walk, width, height int, o Options) string {
	var b strings.Builder
	for _, l := range w.Draw(width, height, o) {
		b.WriteString(l.String() + "\n")
	}
	return b.String()
}

// TestGolden: moments of lessons. Look at a golden file before you commit it: it is the picture.
func TestGolden(t *testing.T) {
	const wholeLesson = 1000
	for _, c := range []struct {
		name, lesson  string
		steps         int
		width, height int
		options       Options
	}{
		{"nothing", "client-gone", -1, 80, 16, Options{}},
		{"reset", "client-gone", 3, 80, 16, Options{}},
		{"reset-large", "client-gone", 3, 86, 37, Options{}},
		{"reset-half", "client-gone", 3, 80, 9, Options{}},
		{"reset-list", "client-gone", 3, 60, 10, Options{}},
		{"both", "states", wholeLesson, 80, 15, Options{}},
		{"both-large", "states", wholeLesson, 120, 40, Options{}},
		{"rfc", "states", wholeLesson, 80, 15, Options{RFC: true}},
		{"rfc-large", "states", wholeLesson, 86, 40, Options{RFC: true}},
		{"ascii", "four-way", wholeLesson, 80, 20, Options{ASCII: true}},
		{"ascii-large", "four-way", wholeLesson, 86, 40, Options{ASCII: true}},
		{"listens", "states", 1, 80, 16, Options{}},
		{"cut", "cable-cut", wholeLesson, 80, 17, Options{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w, conn := walk(played(t, c.lesson), c.steps)
			c.options.Lang, c.options.Conn = lang.English(), conn
			golden.RequireEqual(t, picture(w, c.width, c.height, c.options))
		})
	}
}

// Every change of state in every lesson is one that the model has an arrow for.
func TestLessonsWalkArrows(t *testing.T) {
	for _, l := range lesson.Embedded() {
		w, last := walk(played(t, l.Name), 1000)
		n := 0
		for conn := range last + 1 {
			for _, c := range w.Changes(conn) {
				n++
				if _, ok := c.Arrow(); !ok {
					t.Errorf("%s: %+v is no arrow", l.Name, c)
				}
			}
		}
		if n < 5 {
			t.Errorf("%s: %d changes", l.Name, n)
		}
	}
}

// What is walked and not drawn is told in a line, at each size with a line for it.
func TestNothingIsHidden(t *testing.T) {
	w, conn := walk(played(t, "client-gone"), 3)
	for width := 60; width < 130; width += 5 {
		for height := 8; height < 50; height++ {
			p := picture(w, width, height, Options{Lang: lang.English(), Conn: conn})
			for _, want := range []string{"FIN_WAIT2 → CLOSED  rcv data / RST", "CLOSE_WAIT → CLOSED  rcv RST"} {
				if !strings.Contains(p, want) {
					t.Errorf("%d×%d: no %q in\n%s", width, height, want, p)
				}
			}
		}
	}
}

// A picture has exactly as many rows as asked for, and no row is wider, whatever was walked.
func TestDrawFits(t *testing.T) {
	var logs [][]sim.Event
	for _, l := range lesson.Embedded() {
		logs = append(logs, played(t, l.Name))
	}
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SampledFrom(logs).Draw(t, "log")
		events = events[:rapid.IntRange(0, len(events)).Draw(t, "events")]
		w, conn := walk(events, 1000)
		width, height := rapid.IntRange(0, 220).Draw(t, "width"), rapid.IntRange(0, 70).Draw(t, "height")
		o := Options{
			Lang: lang.English(), ASCII: rapid.Bool().Draw(t, "ascii"), RFC: rapid.Bool().Draw(t, "rfc"),
			Conn: rapid.IntRange(0, conn+1).Draw(t, "conn"),
		}
		lines := w.Draw(width, height, o)
		if len(lines) != height {
			t.Fatalf("%d rows, want %d", len(lines), height)
		}
		for y, l := range lines {
			if l.Width() > width {
				t.Fatalf("row %d has %d cells, of %d: %s", y, l.Width(), width, l)
			}
			if o.ASCII && strings.ContainsFunc(fmt.Sprint(l), func(r rune) bool { return r > '~' }) {
				t.Fatalf("not in ASCII: %s", l)
			}
		}
	})
}

// Nonsense is drawn somehow.
func TestNonsense(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var w Walk
		for range rapid.IntRange(0, 60).Draw(t, "events") {
			conn := rapid.IntRange(-1, 3).Draw(t, "conn")
			state := func(name string) sim.State { return sim.State(rapid.IntRange(0, 14).Draw(t, name)) }
			w.Apply(sim.Event{
				At: rapid.SampledFrom([]sim.End{sim.Client, sim.Server, "", "elsewhere"}).Draw(t, "at"),
				Body: rapid.SampledFrom([]sim.Body{
					nil,
					sim.StepBegun{},
					sim.StateChanged{Conn: conn, From: state("from"), To: state("to")},
					sim.SignalTaken{Signal: rapid.String().Draw(t, "signal"), Action: sim.Killed},
					sim.CallEntered{Call: sim.Call{Name: sim.CallClose, FD: 3, Text: []string{rapid.String().Draw(t, "argument")}}},
					sim.SegmentMoved{Conn: conn, Segment: sim.Segment{
						Flags: sim.Flags(rapid.Byte().Draw(t, "flags")), ID: rapid.IntRange(0, 2).Draw(t, "id"), Seq: 1,
						Fate: rapid.SampledFrom([]sim.Fate{sim.Held, sim.Delivered, sim.Duplicated, sim.Retransmitted}).Draw(t, "fate"),
					}},
				}).Draw(t, "body"),
			})
		}
		width, height := rapid.IntRange(0, 120).Draw(t, "width"), rapid.IntRange(0, 50).Draw(t, "height")
		for _, l := range w.Draw(width, height, Options{Lang: lang.English(), Conn: rapid.IntRange(-1, 3).Draw(t, "drawn")}) {
			if l.Width() > width || strings.ContainsFunc(l.String(), func(r rune) bool { return r < ' ' }) {
				t.Fatalf("%d cells: %q", width, l)
			}
		}
	})
}
