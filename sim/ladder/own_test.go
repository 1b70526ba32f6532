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
