package lesson

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"finwait/sim"
)

// Expectation is a condition that must hold when its step has settled. Text is the one
// spelling of the condition, without the word expect: "client FIN_WAIT2", "returns 13".
type Expectation struct {
	Text string
	Line int // the line in the file
	cond condition
}

// Check reports whether the expectation holds after the events, which are the whole log up
// to where its step has settled, and what it found: "returned 14", "CLOSE_WAIT".
//
// States and processes are as the whole log leaves them. Calls, segments and signals are
// those of the newest step only.
func (x Expectation) Check(events []sim.Event) (ok bool, got string) {
	if x.cond == nil {
		return false, "nothing to check"
	}
	return x.cond.check(settledAfter(events))
}

// condition is one form of expectation. String returns its text.
type condition interface {
	fmt.Stringer
	check(m *settledStep) (ok bool, got string)
}

// settledStep is what an expectation is checked against.
type settledStep struct {
	scene sim.Scene
	step  []sim.Event // of the newest step
	at    sim.End     // the end that acts in the newest step, empty if none does
}

func settledAfter(events []sim.Event) *settledStep {
	m := &settledStep{scene: sim.Fold(events), step: sim.LastStep(events)}
	for _, e := range m.step {
		if b, ok := e.Body.(sim.StepBegun); ok {
			m.at = b.Step.At
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

// inState expects an end of the newest connection to be in a state.
type inState struct {
	at    sim.End
	state sim.State
}

func (c inState) String() string { return fmt.Sprintf("%s %s", c.at, c.state) }

func (c inState) check(m *settledStep) (bool, string) {
	state := m.scene.End(c.at).State
	return state == c.state, state.String()
}

// listens expects an end to have a listening socket, or none.
type listens struct {
	at   sim.End
	none bool
}

func (c listens) String() string { return fmt.Sprintf("%s %s", c.at, listening(!c.none)) }

func (c listens) check(m *settledStep) (bool, string) {
	there := m.scene.End(c.at).Listening
	return there != c.none, listening(there)
}

// listening says whether there is a listening socket, as an expectation spells it.
func listening(there bool) string {
	if there {
		return "listening"
	}
	return "not listening"
}

// alive expects the acting process of an end to live.
type alive struct{ at sim.End }

func (c alive) String() string { return string(c.at) + " alive" }

func (c alive) check(m *settledStep) (bool, string) {
	end := m.scene.End(c.at)
	return end.Alive, processState(end)
}

// killed expects the acting process of an end to have died of a signal. Without an end it
// is that of the end that acts in the step.
type killed struct {
	endFilter
	signal string
}

func (c killed) String() string { return c.prefix() + "killed by " + c.signal }

func (c killed) check(m *settledStep) (bool, string) {
	at := sim.End(c.endFilter)
	if at == "" {
		at = m.at
	}
	if at == "" {
		return false, "neither end acts in this step"
	}
	end := m.scene.End(at)
	return end.PID != 0 && !end.Alive && end.Signal == c.signal, processState(end)
}

// processState returns what has become of the process of an end.
func processState(end *sim.Endpoint) string {
	switch {
	case end.PID == 0:
		return "never started"
	case end.Alive:
		return "alive"
	case end.Signal != "":
		return "killed by " + end.Signal
	}
	return fmt.Sprintf("exited with status %d", end.Status)
}

// returns expects the newest call of the step to have returned a value.
type returns struct {
	endFilter
	value int
}

func (c returns) String() string { return fmt.Sprintf("%sreturns %d", c.prefix(), c.value) }

func (c returns) check(m *settledStep) (bool, string) {
	o := m.callOutcome(c.endFilter)
	return o.returned && o.result.Ret == c.value, o.String()
}

// fails expects the newest call of the step to have failed.
type fails struct {
	endFilter
	errno string
}

func (c fails) String() string { return c.prefix() + "fails " + c.errno }

func (c fails) check(m *settledStep) (bool, string) {
	o := m.callOutcome(c.endFilter)
	return o.returned && o.result.Errno == c.errno, o.String()
}

// reads expects the newest call of the step to have been a read of that text.
type reads struct {
	endFilter
	text string
}

func (c reads) String() string { return c.prefix() + "reads " + strconv.Quote(c.text) }

func (c reads) check(m *settledStep) (bool, string) {
	o := m.callOutcome(c.endFilter)
	ok := o.returned && o.call.Name.Reads() && o.result.Errno == "" && o.result.Data == c.text
	return ok, o.String()
}

// socketError expects the newest call of the step to have read that error as SO_ERROR.
type socketError struct {
	endFilter
	errno string // noError for none
}

// noError is the SO_ERROR of a socket without a pending error.
const noError = "0"

func (c socketError) String() string { return c.prefix() + "error " + c.errno }

func (c socketError) check(m *settledStep) (bool, string) {
	o := m.callOutcome(c.endFilter)
	return o.returned && sim.SocketError(o.call, o.result) == c.errno, o.String()
}

// blocked expects the newest call of the step to sleep in the kernel.
type blocked struct{ endFilter }

func (c blocked) String() string { return c.prefix() + "blocked" }

func (c blocked) check(m *settledStep) (bool, string) {
	o := m.callOutcome(c.endFilter)
	return o.blocked, o.String()
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

// callOutcome is what became of the newest call of a step.
type callOutcome struct {
	pid      int
	call     sim.Call
	open     bool // the call was made and has not returned
	blocked  bool
	returned bool
	result   sim.Result
	death    string // how the process ended in the call
	refused  string // why there was no call
}

// callOutcome returns what became of the newest call in the step.
func (m *settledStep) callOutcome(b endFilter) callOutcome {
	var o callOutcome
	for _, e := range m.step {
		if e.At != "" && !b.includes(e.At) {
			continue
		}
		switch b := e.Body.(type) {
		case sim.CallEntered:
			o = callOutcome{pid: b.PID, call: b.Call, open: true}
		case sim.CallBlocked:
			if !o.open || o.pid == b.PID {
				o = callOutcome{pid: b.PID, call: b.Call, open: true, blocked: true}
			}
		case sim.CallReturned:
			o = callOutcome{pid: b.PID, call: b.Call, returned: true, result: b.Result}
		case sim.ProcessExited:
			if o.open && o.pid == b.PID {
				o.death = fmt.Sprintf("exit %d", b.Status)
				if b.Signal != "" {
					o.death = "killed by " + b.Signal
				}
			}
		case sim.StepRefused:
			o = callOutcome{refused: b.Why}
		}
	}
	return o
}

// String returns the outcome: "returned 13", "read is still blocked".
func (o callOutcome) String() string {
	switch {
	case o.refused != "":
		return "refused: " + o.refused
	case o.returned && sim.SocketError(o.call, o.result) != "":
		return "SO_ERROR = " + sim.SocketError(o.call, o.result)
	case o.returned:
		return "returned " + o.result.String()
	case o.death != "":
		return "the call never returned: " + o.death
	case o.blocked:
		return string(o.call.Name) + " is still blocked"
	case o.open:
		return string(o.call.Name) + " has not returned"
	}
	return "no call"
}
