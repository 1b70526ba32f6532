package lesson

import (
	"fmt"
	"slices"
	"strings"

	"finwait/sim"
)

// Expectation is a condition that must hold when its step has settled. Text is the one
// spelling of the condition, without the word expect: "client FIN_WAIT2", "returns 13".
type Expectation struct {
	Text   string
	Line   int // the line in the file, from 1
	Column int // where Text begins in the line, in characters, from 1
	cond   condition
}

// Check reports whether the expectation holds after the events, which are the whole log up
// to where its step has settled, and what it found: "returned 14", "CLOSE_WAIT".
//
// States and processes are as the whole log leaves them. Calls, segments and signals are
// those of the newest step only. A call of which the expectation names no end is the one
// that the step itself makes.
func (x Expectation) Check(events []sim.Event) (ok bool, got string) {
	if x.cond == nil {
		return false, "nothing to check"
	}
	return x.cond.check(settledAfter(events))
}

// checked returns what the log says about the expectation.
func (x Expectation) checked(m *settledStep) sim.ExpectationChecked {
	ok, got := x.cond.check(m)
	return sim.ExpectationChecked{Text: x.Text, OK: ok, Got: got, Line: x.Line, Column: x.Column}
}

// condition is one form of expectation. String returns its text.
type condition interface {
	fmt.Stringer
	check(m *settledStep) (ok bool, got string)
}

// subject is a condition that needs something of its step: a call, or a process that acts.
type subject interface{ missingIn(s sim.Step) bool }

// belongsTo returns an error if the expectation is about something that the step has not.
func (x Expectation) belongsTo(s sim.Step) error {
	c, ok := x.cond.(subject)
	if !ok || !c.missingIn(s) {
		return nil
	}
	return &sim.SyntaxError{
		Col: x.Column, Msg: fmt.Sprintf("%s is about a call, and %s makes none of its own", sim.Quote(x.Text), s.Verb),
		Hint: fmt.Sprintf("name the end that is meant: expect client %s, or expect server %[1]s", x.Text),
	}
}

// settledStep is what an expectation is checked against.
type settledStep struct {
	scene sim.Scene
	step  []sim.Event // of the newest step
	at    sim.End     // the end that acts in the newest step, empty if none does
}

// settledAfter returns the newest step of the events: a person's own step, although it has
// the number of the lesson's step before it, is one.
func settledAfter(events []sim.Event) *settledStep {
	m := &settledStep{scene: sim.Fold(events), step: sim.LastStep(events)}
	for i := len(m.step) - 1; i >= 0; i-- {
		if b, ok := m.step[i].Body.(sim.StepBegun); ok {
			m.step, m.at = m.step[i:], b.Step.At
			break
		}
	}
	return m
}

// endFilter limits a condition to one end. The empty filter is for either.
type endFilter sim.End

func (b endFilter) includes(at sim.End) bool { return b == "" || sim.End(b) == at }

// prefix returns the end as the first word of an expectation.
func (b endFilter) prefix() string {
	if b == "" {
		return ""
	}
	return string(b) + " "
}

// inState expects an end of the subject to be in a state.
type inState struct {
	at    sim.End
	state sim.State
}

func (c inState) String() string { return fmt.Sprintf("%s %s", c.at, c.state) }

func (c inState) check(m *settledStep) (bool, string) {
	state := m.scene.End(c.at).State
	if state != c.state && len(m.scene.Connections) > 1 {
		return false, fmt.Sprintf("%s (of connection %d, the newest)", state, m.scene.Subject)
	}
	return state == c.state, state.String()
}

// listens expects an end to have a listening socket, or none.
type listens struct {
	at   sim.End
	none bool
}

func (c listens) String() string { return fmt.Sprintf("%s %s", c.at, listening(!c.none)) }

func (c listens) check(m *settledStep) (bool, string) {
	_, there := m.scene.Listener(c.at)
	return there != c.none, listening(there)
}

// listening says whether there is a listening socket, as an expectation spells it.
func listening(there bool) string {
	if there {
		return "listening"
	}
	return "not listening"
}

// alive expects the process of an end that did something last to live.
type alive struct{ at sim.End }

func (c alive) String() string { return string(c.at) + " alive" }

func (c alive) check(m *settledStep) (bool, string) {
	p := m.scene.Table.Latest(c.at)
	return p != nil && p.Alive(), processState(p)
}

// killed expects the process of an end that did something last to have died of a signal. Without
// an end it is that of the end that acts in the step.
type killed struct {
	endFilter
	signal string
}

func (c killed) String() string { return c.prefix() + "killed by " + c.signal }

// missingIn reports whether the step has no process that the expectation can be about.
func (c killed) missingIn(s sim.Step) bool { return c.endFilter == "" && s.At == "" }

func (c killed) check(m *settledStep) (bool, string) {
	at := sim.End(c.endFilter)
	if at == "" {
		at = m.at
	}
	if at == "" {
		return false, "neither end acts in this step"
	}
	p := m.scene.Table.Latest(at)
	return p != nil && p.Dead && p.Signal == c.signal, processState(p)
}

// processState returns what has become of a process, which is nil before the first.
func processState(p *sim.Process) string {
	switch {
	case p == nil:
		return "never started"
	case p.Alive():
		return "alive"
	case p.Signal != "":
		return "killed by " + p.Signal
	}
	return fmt.Sprintf("exited with status %d", p.Status)
}

// signalled expects a signal in the step, and what it did if that is asked; or no signal.
type signalled struct {
	endFilter
	none   bool
	signal string     // empty for any
	action sim.Action // empty for any
}

func (c signalled) String() string {
	words := []string{c.prefix() + "signal", c.signal, string(c.action)}
	if c.none {
		words[0] = "no signal"
	}
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}

func (c signalled) check(m *settledStep) (bool, string) {
	got := "no signal"
	if c.endFilter != "" {
		got += " at the " + string(c.endFilter)
	}
	for _, e := range m.step {
		b, ok := e.Body.(sim.SignalTaken)
		if !ok || !c.includes(e.At) {
			continue
		}
		got = fmt.Sprintf("%s: %s %s", e.At, b.Signal, b.Action)
		if (c.signal == "" || b.Signal == c.signal) && (c.action == "" || c.action == b.Action) {
			return !c.none, got
		}
	}
	return c.none, got
}

// exits expects a process to have ended with that status in the step.
type exits struct {
	endFilter
	status int
}

func (c exits) String() string { return fmt.Sprintf("%sexit %d", c.prefix(), c.status) }

func (c exits) check(m *settledStep) (bool, string) {
	got := "no process ended"
	for _, e := range m.step {
		b, ok := e.Body.(sim.ProcessExited)
		if !ok || !c.includes(e.At) {
			continue
		}
		got = fmt.Sprintf("%s: exit %d", e.At, b.Status)
		if b.Status == c.status {
			return true, got
		}
	}
	return false, got
}
