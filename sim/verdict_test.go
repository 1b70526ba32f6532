package sim

import (
	"fmt"
	"testing"
)

// verdict is one on the state of an end, the connection 1 unless said otherwise.
func verdict(at End, model, kernel string) Event {
	return Event{At: at, Body: Verdict{Conn: 1, What: WhatState, Model: model, Kernel: kernel, Agree: model == kernel}}
}

func stepped(n int) Event {
	return Event{Step: n, Body: StepBegun{Step: MustParseStep("client close")}}
}

// said returns the verdicts on both ends in the scene, in one line.
func said(s Scene) string {
	text := ""
	for _, at := range []End{Client, Server} {
		for _, v := range s.Verdicts(at) {
			b := Of[Verdict](v)
			text += fmt.Sprintf("%s %s %t ", v.At, b.What, b.Agree)
		}
	}
	return text
}

// TestSceneVerdicts: a verdict is there from its event on until the next step begins,
// or its end does something else.
func TestSceneVerdicts(t *testing.T) {
	agrees := "client state true "
	differs := "server state false "
	both := append(connected(), stepped(1), verdict(Client, "FIN_WAIT2", "FIN_WAIT2"), verdict(Server, "CLOSE_WAIT", "CLOSED"))
	for _, c := range []struct {
		name string
		more []Event
		want string
	}{
		{"said", nil, agrees + differs},
		{"settled", []Event{{Body: StepSettled{}}, {Body: ExpectationChecked{OK: true}}}, agrees + differs},
		{"the next step", []Event{{Body: StepSettled{}}, stepped(2)}, ""},
		{"a state later", []Event{{Body: StepSettled{}}, turns(Server, 1, Established, Closed)}, agrees},
		{"a return later", []Event{{Body: StepSettled{}}, returns(Client, 10, Result{}, "read")}, differs},
		{"a death later", []Event{{Body: StepSettled{}}, exits(Client, 10, 137, "SIGKILL")}, differs},
		{"a timer later", []Event{{Body: StepSettled{}}, timer, queues}, agrees + differs},
		{"another connection", []Event{turns(Client, 2, Closed, SynSent)}, ""},
		{"of an older connection", []Event{turns(Client, 2, Closed, SynSent), verdict(Server, "CLOSED", "TIME_WAIT")}, ""},
		{"of nobody", []Event{verdict("", "a", "b")}, agrees + differs},
	} {
		if got := said(Fold(append(both[:len(both):len(both)], c.more...))); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

// TestVerdictChangesNothing: what the model says is not true of the scene: a connection
// that only the model knows does not take the place of the one there is.
func TestVerdictChangesNothing(t *testing.T) {
	s := Fold(connected())
	before := s
	v := verdict(Client, "SYN_SENT", "")
	Edit(&v, func(b *Verdict) { b.Conn = 2 })
	s.Apply(v)
	if len(s.Verdicts(Client)) != 1 {
		t.Errorf("the verdict is not there: %+v", s)
	}
	if s.Subject != before.Subject || line(s, Client) != line(before, Client) || line(s, Server) != line(before, Server) {
		t.Errorf("from %s, %s\nto   %s, %s", line(before, Client), line(before, Server), line(s, Client), line(s, Server))
	}
}

// A copy of a scene keeps its verdicts, whatever is said in the other.
func TestVerdictsAreValues(t *testing.T) {
	s := Fold([]Event{stepped(1), verdict(Client, "A", "A"), verdict(Client, "B", "B"), verdict(Client, "C", "C")})
	other := s
	s.Apply(verdict(Client, "D", "D"))
	other.Apply(verdict(Client, "E", "E"))
	if got := Of[Verdict](s.Verdicts(Client)[3]).Model; got != "D" {
		t.Errorf("the copy has changed the scene: %s", got)
	}
}

// TestAgreement: how far the two agree in a whole log. Each step is given by its verdicts: + the
// model agrees, - it differs, s it falls silent; the first is the set-up.
func TestAgreement(t *testing.T) {
	for _, c := range []struct {
		steps []string
		want  Agreement
	}{
		{[]string{"", "", ""}, Agreement{Steps: 2}},
		{[]string{"++"}, Agreement{Any: true}},
		{[]string{"++", "++", "+"}, Agreement{Any: true, Steps: 2, Judged: 2}},
		{[]string{"", "++", "", "+"}, Agreement{Any: true, Steps: 3, Judged: 2}},
		{[]string{"+", "+", "+", "s", ""}, Agreement{Any: true, Steps: 4, Judged: 2, Silent: ModelSilent{Why: "why"}}},
		{[]string{"+", "+", "+", "+-+-s", "", ""}, Agreement{Any: true, Steps: 5, Judged: 3, Differ: 1, First: 3, Silent: ModelSilent{Why: "why"}}},
		{[]string{"+", "+-+-", "++", "-"}, Agreement{Any: true, Steps: 3, Judged: 3, Differ: 2, First: 1}},
		{[]string{"-+", "+-"}, Agreement{Any: true, SetUp: true, Steps: 1, Judged: 1, Differ: 1, First: 1}},
	} {
		var a Agreement
		for n, verdicts := range c.steps {
			a.Apply(stepped(n))
			for i, v := range verdicts {
				e := verdict(Client, "A", "A")
				e.Step = n
				Edit(&e, func(b *Verdict) { b.Agree = v == '+' })
				if i == 1 {
					a.Apply(stepped(n)) // one more, beside the lesson
				}
				if v == 's' {
					e = Event{Step: n, Body: ModelSilent{Why: "why"}}
				}
				a.Apply(e)
			}
		}
		a.judged, a.differed = false, false
		if a != c.want {
			t.Errorf("%q: got %+v, want %+v", c.steps, a, c.want)
		}
	}
}
