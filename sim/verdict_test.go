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
	for _, p := range []Endpoint{s.Client, s.Server} {
		for _, v := range p.Verdicts {
			text += fmt.Sprint(v) + " "
		}
	}
	return text
}

// TestSceneVerdicts: a verdict is there from its event on until the next step begins,
// or its end does something else.
func TestSceneVerdicts(t *testing.T) {
	agrees := "client, state: the model agrees. "
	differs := "server, state: they differ, kernel: CLOSED, model: CLOSE_WAIT. "
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
	if len(s.Client.Verdicts) != 1 {
		t.Errorf("the verdict is not there: %+v", s.Client)
	}
	if s.Conn != before.Conn || line(s.Client) != line(before.Client) || line(s.Server) != line(before.Server) {
		t.Errorf("from %s, %s\nto   %s, %s", line(before.Client), line(before.Server), line(s.Client), line(s.Server))
	}
}

// A copy of a scene keeps its verdicts, whatever is said in the other.
func TestVerdictsAreValues(t *testing.T) {
	s := Fold([]Event{stepped(1), verdict(Client, "A", "A"), verdict(Client, "B", "B"), verdict(Client, "C", "C")})
	other := s
	s.Apply(verdict(Client, "D", "D"))
	other.Apply(verdict(Client, "E", "E"))
	if got := Of[Verdict](s.Client.Verdicts[3]).Model; got != "D" {
		t.Errorf("the copy has changed the scene: %s", got)
	}
}

func TestWhatValue(t *testing.T) {
	for _, c := range []struct {
		what       What
		said, want string
	}{
		{WhatState, "FIN_WAIT2, orphan", "FIN_WAIT2, orphan"},
		{WhatState, "", "no state"},
		{WhatSegment, "RST seq 2", "RST seq 2"},
		{WhatSegment, "", "no segment"},
		{WhatReturn, "write = 13", "write = 13"},
		{WhatReturn, "", "has not returned"},
		{WhatRefused, "", "nothing refused"},
		{WhatRefused, "why", "why"},
		{WhatSignal, "SIGPIPE killed", "SIGPIPE killed"},
		{WhatSignal, "", "no signal"},
		{WhatExit, "141", "exit 141"},
		{WhatExit, "", "no exit"},
		{WhatBlocked, "read", "blocked in read"},
		{WhatBlocked, "", "not blocked"},
	} {
		if got := c.what.Value(c.said); got != c.want {
			t.Errorf("%s %q: got %q, want %q", c.what, c.said, got, c.want)
		}
	}
}

// TestAgreement: what is said of a whole log. Each step is given by its verdicts: + the
// model agrees, - it differs, s it falls silent; the first is the set-up.
func TestAgreement(t *testing.T) {
	for _, c := range []struct {
		steps       []string
		want, short string
	}{
		{[]string{"", "", ""}, "", ""},
		{[]string{"++"}, "", ""},
		{[]string{"+", "", ""}, "", ""},
		{[]string{"++", "+"}, "The model agreed.", "The model agreed."},
		{[]string{"++", "++", "+"}, "The model agreed in all 2 steps.", "The model agreed."},
		{[]string{"", "++", "", "+"}, "The model agreed in all 2 steps with something to compare.", "The model agreed."},
		{[]string{"", "++", ""}, "The model agreed in the one step with something to compare.", "The model agreed."},
		{[]string{"+", "+", "+", "s", ""}, "The model agreed in 2 steps, then said nothing (why).", "The model agreed in 2 steps, then said nothing."},
		{[]string{"+", "s", ""}, "The model said nothing (why).", "The model said nothing."},
		{[]string{"s", ""}, "The model said nothing (why).", "The model said nothing."},
		{[]string{"+", "+", "+", "+-+-s", "", ""}, "The model agreed in 2 steps, differed in step 3, and said nothing after that.", "The model differed in step 3."},
		{[]string{"+", "+", "-s"}, "The model agreed in 1 step, and differed in step 2.", "The model differed in step 2."},
		{[]string{"+", "-s", ""}, "The model differed in step 1, and said nothing after that.", "The model differed in step 1."},
		{[]string{"+", "+-+-", "++", "-"}, "The model agreed in 1 step, and differed in 2 steps, first in step 1.", "The model differed in step 1."},
		{[]string{"+-s", ""}, "The model differed while the connection was made, and said nothing after that.", "The model differed while the connection was made."},
		{[]string{"-+", "+-"}, "The model differed while the connection was made, and differed in step 1.", "The model differed in step 1."},
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
		if got := a.String(); got != c.want {
			t.Errorf("%q: got %q, want %q", c.steps, got, c.want)
		}
		if got := a.Short(); got != c.short {
			t.Errorf("%q in short: got %q, want %q", c.steps, got, c.short)
		}
	}
}
