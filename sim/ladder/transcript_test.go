package ladder_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"finwait/sim"
	. "finwait/sim/ladder"
	"finwait/sim/lesson"
)

const prose = `The client goes away; the server does not notice, or does not care, and goes on sending what it has to say.

- A FIN says one thing: *I will send no more.* It does not say that nobody is listening: half-closed is legal.
- ` + "`write`" + ` only puts bytes into the send buffer.

| a | table |

    code stays
`

// transcript plays a log: the prose stands before the first step.
func transcript(t Transcript, log []sim.Event) string {
	var lines []string
	told := false
	for _, e := range log {
		if e.Kind() == sim.KindStep && e.Step == 1 && !told {
			told = true
			lines = append(lines, t.Story(prose)...)
		}
		lines = append(lines, t.Apply(e)...)
	}
	return strings.Join(append(lines, t.Flush()...), "\n") + "\n"
}

func failing() []sim.Event {
	s := refusedStep()
	s.settled()
	return append(clientKilled().log, s.log[len(s.log)-6:]...)
}

func TestTranscript(t *testing.T) {
	for name, tr := range map[string]Transcript{
		"usual": {}, "wide": {Width: 98}, "ascii": {ASCII: true}, "plain": {Plain: true},
	} {
		t.Run(name, func(t *testing.T) { golden.RequireEqual(t, transcript(tr, failing())) })
	}
	for name, tr := range map[string]Transcript{"wire": {}, "wire-plain": {Plain: true}} {
		t.Run(name, func(t *testing.T) {
			golden.RequireEqual(t, transcript(tr, append(wireLostFIN().log, sim.Event{Body: sim.StepSettled{}})))
		})
	}
	for name, tr := range map[string]Transcript{"differs": {}, "differs-ascii": {ASCII: true}, "differs-plain": {Plain: true}} {
		t.Run(name, func(t *testing.T) {
			golden.RequireEqual(t, transcript(tr, append(differs().log, sim.Event{Body: sim.StepSettled{}})))
		})
	}
	t.Run("met", func(t *testing.T) {
		s := fourWay()
		s.expect("client CLOSED", "")
		golden.RequireEqual(t, transcript(Transcript{}, s.log))
	})
}

// TestTranscriptNamesThePlace: what fell short stands after its place in the lesson's file,
// where that is known. A person's own step is in no file.
func TestTranscriptNamesThePlace(t *testing.T) {
	failed := sim.Event{Step: 1, Body: sim.ExpectationChecked{Text: "returns 13", Got: "returned 14", Line: 12, Column: 8}}
	refused := sim.Event{Step: 1, Body: sim.StepRefused{Why: "no"}}
	of := &lesson.Lesson{File: "x\x1b.md", Steps: []lesson.Step{{Line: 11}}}
	for _, test := range []struct {
		of     Transcript
		events []sim.Event
		want   string
	}{
		{Transcript{Lesson: of}, []sim.Event{failed}, "✗ x\\x1b.md:12:8: expected returns 13, got returned 14\n"},
		{Transcript{}, []sim.Event{failed}, "✗ expected returns 13, got returned 14\n"},
		{Transcript{Lesson: of, Plain: true}, []sim.Event{failed}, "1  x\\x1b.md:12:8: expected: returns 13: no, got returned 14.\n"},
		{Transcript{Lesson: of}, []sim.Event{{Step: 1, Body: sim.StepBegun{}}, refused}, "✗ x\\x1b.md:11:1: refused: no\n"},
		{Transcript{Lesson: of, Plain: true}, []sim.Event{{Step: 1, Body: sim.StepBegun{}}, refused}, "1  x\\x1b.md:11:1: refused: no.\n"},
		{Transcript{Lesson: of}, []sim.Event{{Step: 1, Body: sim.StepBegun{Own: true}}, refused}, "✗ refused: no\n"},
		{Transcript{}, []sim.Event{refused}, "✗ refused: no\n"},
	} {
		if got := transcript(test.of, test.events); !strings.Contains(got, test.want) {
			t.Errorf("got\n%s\nwhich has no %q", got, test.want)
		}
	}
}

// TestTranscriptOfAgreement: that the model agrees is one line, at the end, in each form.
func TestTranscriptOfAgreement(t *testing.T) {
	for _, plain := range []bool{false, true} {
		s := newScript(sim.Captured).connected()
		s.clientCloses(1, 1)
		s.settled()
		without := transcript(Transcript{Plain: plain}, s.log)
		s = newScript(sim.Captured).connected()
		s.agrees(client, sim.WhatState, "ESTABLISHED")
		s.clientCloses(1, 1)
		s.agrees(client, sim.WhatState, "FIN_WAIT2, orphan")
		s.agrees(server, sim.WhatState, "CLOSE_WAIT")
		s.settled()
		if got, want := transcript(Transcript{Plain: plain}, s.log), without+"= 1 of 1 step was compared with the model: no difference.\n"; got != want {
			t.Errorf("got\n%s, want\n%s", got, want)
		}
	}
}
