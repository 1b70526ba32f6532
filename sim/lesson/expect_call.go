package lesson

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"finwait/sim"
)

// callOf says which call an expectation is about: the newest one that an end has made or that
// has returned there in the step, or, without an end, the one that the step itself makes.
// A call of the other end that the step only wakes up is never the step's own.
type callOf struct{ endFilter }

// outcome returns what became of the call.
func (c callOf) outcome(m *settledStep) callOutcome {
	if c.endFilter == "" {
		return outcomeOf(m.ownCalls())
	}
	return outcomeOf(m.eventsAt(sim.End(c.endFilter)))
}

// missingIn reports whether the step has no call that the expectation can be about.
func (c callOf) missingIn(s sim.Step) bool { return c.endFilter == "" && !makesCall(s) }

// makesCall reports whether a step is a system call of one of the programs.
func makesCall(s sim.Step) bool {
	return s.At != "" && s.Verb != sim.VerbKill && s.Verb != sim.VerbStart
}

// eventsAt returns the events of the step at one end, and those of no end.
func (m *settledStep) eventsAt(at sim.End) []sim.Event {
	return slices.DeleteFunc(slices.Clone(m.step), func(e sim.Event) bool { return e.At != "" && e.At != at })
}

// ownCalls returns the events of the step that are about the process that acts in it: the
// first one at the end of the step that enters a call.
func (m *settledStep) ownCalls() []sim.Event {
	own := 0
	var list []sim.Event
	for _, e := range m.eventsAt(m.at) {
		pid, entered := callerIn(e)
		if own == 0 && entered {
			own = pid
		}
		if e.Kind() == sim.KindRefused || pid != 0 && pid == own {
			list = append(list, e)
		}
	}
	return list
}

// callerIn returns the process whose call an event is about, or whose end it is, 0 if it is
// about something else. Entered reports whether the process makes the call here.
func callerIn(e sim.Event) (pid int, entered bool) {
	switch b := e.Body.(type) {
	case sim.CallEntered:
		return b.PID, true
	case sim.CallBlocked:
		return b.PID, false
	case sim.CallReturned:
		return b.PID, false
	case sim.ProcessExited:
		return b.PID, false
	}
	return 0, false
}

// returns expects the call to have returned a value.
type returns struct {
	callOf
	value int
}

func (c returns) String() string { return fmt.Sprintf("%sreturns %d", c.prefix(), c.value) }

func (c returns) check(m *settledStep) (bool, string) {
	o := c.outcome(m)
	return o.returned && o.result.Ret == c.value, o.String()
}

// fails expects the call to have failed with one of those errors.
type fails struct {
	callOf
	errnos []string // at least one
}

func (c fails) String() string { return c.prefix() + "fails " + strings.Join(c.errnos, " "+or+" ") }

func (c fails) check(m *settledStep) (bool, string) {
	o := c.outcome(m)
	return o.returned && slices.Contains(c.errnos, o.result.Errno), o.String()
}

// reads expects the call to have been a read of that text.
type reads struct {
	callOf
	text string
}

func (c reads) String() string { return c.prefix() + "reads " + strconv.Quote(c.text) }

func (c reads) check(m *settledStep) (bool, string) {
	o := c.outcome(m)
	if o.returned && !o.call.Name.Reads() {
		return false, o.named()
	}
	return o.returned && o.result.Errno == "" && o.result.Data == c.text, o.String()
}

// socketError expects the call to have read that error as SO_ERROR.
type socketError struct {
	callOf
	errno string // noError for none
}

// noError is the SO_ERROR of a socket without a pending error.
const noError = "0"

func (c socketError) String() string { return c.prefix() + "error " + c.errno }

func (c socketError) check(m *settledStep) (bool, string) {
	o := c.outcome(m)
	if o.returned && o.call.Name != sim.CallGetsockopt {
		return false, o.named()
	}
	return o.returned && sim.SocketError(o.call, o.result) == c.errno, o.String()
}

// blocked expects the call to sleep in the kernel.
type blocked struct{ callOf }

func (c blocked) String() string { return c.prefix() + "blocked" }

func (c blocked) check(m *settledStep) (bool, string) {
	o := c.outcome(m)
	return o.blocked, o.String()
}

// eventsSet expects the call to have been a poll that brought events.
type eventsSet struct {
	callOf
	mode  eventsMode
	names []string // in the order of pollEvents; may be empty for noEvents alone
}

// eventsMode is how the events that poll brought compare with those that are named.
type eventsMode uint8

const (
	atLeastEvents eventsMode = iota // the named events came; others may have come with them
	onlyEvents                      // exactly the named events came
	noEvents                        // none of the named events came; without a name, no event at all
)

// pollEvents are the events that poll(2) can report of a socket, in the order in which the log
// has them.
func pollEvents() []string { return []string{"IN", "OUT", "RDHUP", "HUP", "ERR", "NVAL"} }

func (c eventsSet) String() string {
	form := map[eventsMode]string{atLeastEvents: "events", onlyEvents: "events only", noEvents: "no events"}[c.mode]
	return c.prefix() + strings.Join(append([]string{form}, c.names...), " ")
}

func (c eventsSet) check(m *settledStep) (bool, string) {
	o := c.outcome(m)
	if o.returned && o.call.Name != sim.CallPoll {
		return false, o.named()
	}
	if !o.returned || o.result.Errno != "" {
		return false, o.String()
	}
	came := strings.Fields(o.result.Note)
	named := func(event string) bool { return slices.Contains(c.names, event) }
	ok := false
	switch c.mode {
	case atLeastEvents, onlyEvents:
		ok = !slices.ContainsFunc(c.names, func(name string) bool { return !slices.Contains(came, name) }) &&
			(c.mode == atLeastEvents || len(came) == len(c.names))
	case noEvents:
		ok = len(came) == 0 || len(c.names) > 0 && !slices.ContainsFunc(came, named)
	}
	return ok, o.String()
}

// callOutcome is what became of a call.
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

// outcomeOf returns what became of the newest call in the events.
func outcomeOf(events []sim.Event) callOutcome {
	var o callOutcome
	for _, e := range events {
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

// named returns the outcome of a call that is another one than was expected: "close
// returned 0".
func (o callOutcome) named() string { return string(o.call.Name) + " " + o.String() }

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
