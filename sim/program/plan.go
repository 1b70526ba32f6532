package program

import (
	"fmt"

	"finwait/sim"
)

// Action is what a step asks for: Calls, Release, Type, Kill, Start, Handle, DeliverAll, Swap, Cable, Auto
// or Wait.
type Action interface{ action() }

// Calls has a process make calls, one after the other. A fork is such a call.
type Calls struct {
	PID   int
	Calls []sim.Call
	Stop  bool // the rest is left out after a call that has failed
}

// Release lets go a call that a program of an end is held at, or skips a sleep.
type Release struct {
	At   sim.End
	Skip bool
}

// Type types a text on the terminal of an end's program.
type Type struct {
	At   sim.End
	Text string
}

// Kill sends a signal to a process.
type Kill struct {
	PID    int
	Signal string // "SIGKILL"
}

// Start starts a process at an end, in place of its dead one.
type Start struct{ At sim.End }

// Handle does something to segments on the wire, one after the other.
type Handle struct {
	Do  sim.Verb // VerbDeliver, VerbDrop or VerbDuplicate
	IDs []int
}

// DeliverAll delivers what is on the wire, and what that brings, until nothing is.
type DeliverAll struct{}

// Swap lets the second segment of an end on the wire overtake its first.
type Swap struct{ From sim.End }

// Cable cuts the cable or mends it.
type Cable struct{ Cut bool }

// Auto has the wire deliver every segment at once, or hold each.
type Auto struct{ On bool }

func (Calls) action()      {}
func (Release) action()    {}
func (Type) action()       {}
func (Kill) action()       {}
func (Start) action()      {}
func (Handle) action()     {}
func (DeliverAll) action() {}
func (Swap) action()       {}
func (Cable) action()      {}
func (Auto) action()       {}
func (Wait) action()       {}

// Plan returns what a step asks for. The error is a *sim.Refusal where it cannot be done as
// things are.
func Plan(t *sim.Table, s sim.Step, n Network) (Action, error) {
	switch {
	case s.Verb == sim.VerbWait:
		return waitFor(s), nil
	case s.At == "":
		return n.plan(s)
	case s.Verb == sim.VerbStart:
		if p := t.Acting(s.At); p != nil && !p.Dead {
			return nil, &sim.Refusal{Kind: sim.RefusedAlive, At: s.At, PID: p.PID}
		}
		return Start{s.At}, nil
	case s.Verb == sim.VerbNext || s.Verb == sim.VerbSkip || s.Verb == sim.VerbType:
		return traced(s, n)
	}
	p, err := processFor(t, s)
	switch {
	case err != nil:
		return nil, err
	case s.Verb == sim.VerbKill:
		return Kill{p.PID, s.How}, nil
	case n.Traced:
		return nil, &sim.Refusal{Kind: sim.RefusedOwnCalls, At: s.At}
	case p.InCall:
		return nil, &sim.Refusal{Kind: sim.RefusedBlocked, At: s.At, Call: p.Call.String()}
	case s.Verb == sim.VerbFork && s.Parent && t.Parent(s.At) != nil:
		return nil, &sim.Refusal{Kind: sim.RefusedForked, At: s.At}
	}
	calls := Calls{PID: p.PID}
	calls.Calls, calls.Stop, err = callsOf(t, p, s, n)
	if err != nil {
		return nil, err
	}
	return calls, nil
}

// traced returns what a step asks for that is for a program that makes calls of its own.
func traced(s sim.Step, n Network) (Action, error) {
	switch {
	case !n.Traced:
		return nil, &sim.Refusal{Kind: sim.RefusedNotTraced, At: s.At}
	case s.Verb == sim.VerbType:
		return Type{s.At, s.Data}, nil
	}
	return Release{s.At, s.Verb == sim.VerbSkip}, nil
}

// processFor returns the living process that a step is for.
func processFor(t *sim.Table, s sim.Step) (*sim.Process, error) {
	p := t.Acting(s.At)
	if s.Parent {
		if p = t.NamedParent(s.At); p == nil {
			return nil, &sim.Refusal{Kind: sim.RefusedNoParent, At: s.At}
		}
	}
	if p == nil {
		return nil, fmt.Errorf("the %s was never started", s.At)
	}
	if p.Dead {
		return nil, &sim.Refusal{Kind: sim.RefusedDead, At: s.At, Parent: s.Parent, Status: p.Status}
	}
	return p, nil
}
