package lesson

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"finwait/sim"
)

// Expectation is something that must hold when its step has settled. Text is its
// one form, without the word expect: "client FIN_WAIT2", "returns 13".
type Expectation struct {
	Text string
	Line int // in the file
	cond condition
}

// Check tells whether the expectation holds after the events, which are the whole
// log up to where its step has settled, and what is there in its place or in
// fulfilment of it: "returned 14", "CLOSE_WAIT".
//
// What a socket or a process is, is asked of everything that happened. Calls,
// segments and signals are those of the newest step only.
func (x Expectation) Check(events []sim.Event) (ok bool, got string) {
	if x.cond == nil {
		return false, "nothing to check"
	}
	return x.cond.check(&moment{scene: sim.Fold(events), step: sim.LastStep(events)})
}

// condition is one form of expectation. String is its text.
type condition interface {
	fmt.Stringer
	check(m *moment) (ok bool, got string)
}

// moment is what an expectation is checked against.
type moment struct {
	scene sim.Scene
	step  []sim.Event // the newest step's
}

// by limits what is asked to one end; the empty by is either.
type by sim.End

func (b by) includes(at sim.End) bool { return b == "" || sim.End(b) == at }

// prefix returns the end as the first word of an expectation.
func (b by) prefix() string {
	if b == "" {
		return ""
	}
	return string(b) + " "
}

// stateIs expects an end of the newest connection to be in a state.
type stateIs struct {
	at    sim.End
	state sim.State
}

func (c stateIs) String() string { return fmt.Sprintf("%s %s", c.at, c.state) }

func (c stateIs) check(m *moment) (bool, string) {
	state := m.scene.End(c.at).State
	return state == c.state, state.String()
}

// isAlive expects the acting process of an end to live.
type isAlive struct{ at sim.End }

func (c isAlive) String() string { return string(c.at) + " alive" }

func (c isAlive) check(m *moment) (bool, string) {
	end := m.scene.End(c.at)
	return end.Alive, fortune(end)
}

// isKilled expects the acting process of an end to have died of a signal.
type isKilled struct {
	at     sim.End
	signal string
}

func (c isKilled) String() string { return fmt.Sprintf("%s killed by %s", c.at, c.signal) }

func (c isKilled) check(m *moment) (bool, string) {
	end := m.scene.End(c.at)
	return end.PID != 0 && !end.Alive && end.Signal == c.signal, fortune(end)
}

// fortune tells what has become of a process.
func fortune(end *sim.Endpoint) string {
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
	by
	value int
}

func (c returns) String() string { return fmt.Sprintf("%sreturns %d", c.prefix(), c.value) }

func (c returns) check(m *moment) (bool, string) {
	o := m.outcome(c.by)
	return o.returned && o.result.Ret == c.value, o.String()
}

// fails expects the newest call of the step to have failed.
type fails struct {
	by
	errno string
}

func (c fails) String() string { return c.prefix() + "fails " + c.errno }

func (c fails) check(m *moment) (bool, string) {
	o := m.outcome(c.by)
	return o.returned && o.result.Errno == c.errno, o.String()
}

// reads expects the newest call of the step to have been a read of that text.
type reads struct {
	by
	text string
}

func (c reads) String() string { return c.prefix() + "reads " + strconv.Quote(c.text) }

func (c reads) check(m *moment) (bool, string) {
	o := m.outcome(c.by)
	ok := o.returned && o.made.Name.Reads() && o.result.Errno == "" && o.result.Data == c.text
	return ok, o.String()
}

// brings expects the newest call of the step to have taken that error from the socket,
// as SO_ERROR.
type brings struct {
	by
	errno string // noError for none
}

// noError is the SO_ERROR of a socket on which no error waits.
const noError = "0"

func (c brings) String() string { return c.prefix() + "error " + c.errno }

func (c brings) check(m *moment) (bool, string) {
	o := m.outcome(c.by)
	return o.returned && sim.SocketError(o.made, o.result) == c.errno, o.String()
}

// blocked expects the newest call of the step to wait in the kernel.
type blocked struct{ by }

func (c blocked) String() string { return c.prefix() + "blocked" }

func (c blocked) check(m *moment) (bool, string) {
	o := m.outcome(c.by)
	return o.blocked, o.String()
}

// signalled expects a signal in the step and perhaps what it did, or none.
type signalled struct {
	by
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

func (c signalled) check(m *moment) (bool, string) {
	got := "no signal"
	if c.by != "" {
		got += " at the " + string(c.by)
	}
	for _, e := range m.step {
		if e.Kind != sim.KindSignal || !c.includes(e.At) {
			continue
		}
		got = fmt.Sprintf("%s: %s %s", e.At, e.Signal, e.Action)
		if (c.signal == "" || e.Signal == c.signal) && (c.action == "" || c.action == e.Action) {
			return !c.none, got
		}
	}
	return c.none, got
}

// exits expects a process to have ended in the step, with that status.
type exits struct {
	by
	status int
}

func (c exits) String() string { return fmt.Sprintf("%sexit %d", c.prefix(), c.status) }

func (c exits) check(m *moment) (bool, string) {
	got := "no process ended"
	for _, e := range m.step {
		if e.Kind != sim.KindExit || !c.includes(e.At) {
			continue
		}
		got = fmt.Sprintf("%s: exit %d", e.At, e.Status)
		if e.Status == c.status {
			return true, got
		}
	}
	return false, got
}

// outcome is how the newest call of a step went.
type outcome struct {
	pid      int
	made     sim.Call
	open     bool // it was made and has not returned
	blocked  bool
	returned bool
	result   sim.Result
	death    string // how its process ended within it
	refused  string // why there was no call
}

// outcome follows the calls of one end, or of both, through the step.
func (m *moment) outcome(b by) outcome {
	var o outcome
	for _, e := range m.step {
		if e.At != "" && !b.includes(e.At) {
			continue
		}
		switch e.Kind {
		case sim.KindCall:
			o = outcome{pid: e.PID, made: e.Call, open: true}
		case sim.KindBlocked:
			if !o.open || o.pid == e.PID {
				o = outcome{pid: e.PID, made: e.Call, open: true, blocked: true}
			}
		case sim.KindReturn:
			o = outcome{pid: e.PID, made: e.Call, returned: true, result: e.Result}
		case sim.KindExit:
			if o.open && o.pid == e.PID {
				o.death = fmt.Sprintf("exit %d", e.Status)
				if e.Signal != "" {
					o.death = "killed by " + e.Signal
				}
			}
		case sim.KindRefused:
			o = outcome{refused: e.Text}
		}
	}
	return o
}

// String tells the outcome: "returned 13", "read is still blocked".
func (o outcome) String() string {
	switch {
	case o.refused != "":
		return "refused: " + o.refused
	case o.returned && sim.SocketError(o.made, o.result) != "":
		return "SO_ERROR = " + sim.SocketError(o.made, o.result)
	case o.returned:
		return "returned " + o.result.String()
	case o.death != "":
		return "the call never returned: " + o.death
	case o.blocked:
		return string(o.made.Name) + " is still blocked"
	case o.open:
		return string(o.made.Name) + " has not returned"
	}
	return "no call"
}
