package way

import (
	"fmt"
	"slices"
	"strings"

	"finwait/sim"
)

// Replay is the moves that lead to another place of the tree, made once more on a fresh lab. It
// is a value.
type Replay struct {
	moves   []Move
	made    int
	wire    bool // segments are held: each is compared, also a bare acknowledgement
	virtual bool // time costs nothing: no wait is skipped
}

// NewReplay returns the replay of moves in a lab of those abilities.
func NewReplay(moves []Move, lab sim.Abilities) Replay {
	return Replay{moves: moves, wire: lab.Hold, virtual: lab.Virtual}
}

// Progress returns how many of the moves were made, and how many there are.
func (r Replay) Progress() (made, of int) { return r.made, len(r.moves) }

// Next returns the move to make next. If skip is set, it is a wait in which nothing happened: it
// need not be made. After the last move ok is false.
func (r Replay) Next() (m Move, skip, ok bool) {
	if r.made == len(r.moves) {
		return Move{}, false, false
	}
	m = r.moves[r.made]
	return m, !r.virtual && m.Step.Verb == sim.VerbWait && quiet(m.Happened), true
}

// quiet reports whether nothing happened in a step but that time went by.
func quiet(events []sim.Event) bool {
	return !slices.ContainsFunc(events, func(e sim.Event) bool {
		switch e.Body.(type) {
		case sim.StepBegun, sim.StepSettled, sim.TimerChanged, sim.QueuesChanged, sim.Verdict, sim.ModelSilent:
			return false
		}
		return true
	})
}

// Difference is where the kernel did something else than before.
type Difference struct {
	Move     int      // number of the move, from 1
	Step     sim.Step // what was made
	At       sim.End  // the end that did otherwise, empty for a refusal
	What     sim.What
	Was, Now string // empty for nothing
}

// Made takes in what happened in the move that Next returned: the events from StepBegun to
// StepSettled. The difference is nil if it is what happened before.
func (r Replay) Made(happened []sim.Event) (Replay, *Difference) {
	m := r.moves[r.made]
	r.made++
	was, now := factsOf(m.Happened, r.wire), factsOf(happened, r.wire)
	for _, what := range []sim.What{sim.WhatRefused, sim.WhatReturn, sim.WhatSignal, sim.WhatExit, sim.WhatBlocked, sim.WhatState, sim.WhatSegment} {
		for _, at := range []sim.End{"", sim.Client, sim.Server} {
			key := factKey{at, what}
			if before, after := strings.Join(was[key], sim.Between), strings.Join(now[key], sim.Between); before != after {
				return r, &Difference{r.made, m.Step, at, what, before, after}
			}
		}
	}
	return r, nil
}

// factKey is of which end a fact is, and of which kind.
type factKey struct {
	at   sim.End
	what sim.What
}

// facts are what an end did in a step, by kind, in order.
type facts map[factKey][]string

// factsOf returns what happened in the events, without times, ports and processes. Of the states
// the last of each connection counts, since some pass too quickly to be always seen. A bare
// acknowledgement counts where the wire holds it: elsewhere the kernel may merge it with what it
// sends later.
func factsOf(events []sim.Event, wire bool) facts {
	f := facts{}
	states := map[factKey]map[int]sim.StateChanged{}
	inCall := map[int]sim.Event{}
	var segments []sim.SentSegment
	for _, e := range events {
		switch b := e.Body.(type) {
		case sim.StepRefused:
			f.add("", sim.WhatRefused, string(b.Refusal.Kind))
		case sim.CallBlocked:
			inCall[b.PID] = e
		case sim.CallReturned:
			delete(inCall, b.PID)
			f.add(e.At, sim.WhatReturn, returned(b))
		case sim.SignalTaken:
			f.add(e.At, sim.WhatSignal, b.Signal+" "+string(b.Action))
		case sim.ProcessExited:
			delete(inCall, b.PID)
			f.add(e.At, sim.WhatExit, fmt.Sprint(b.Status))
		case sim.StateChanged:
			key := factKey{e.At, sim.WhatState}
			if states[key] == nil {
				states[key] = map[int]sim.StateChanged{}
			}
			states[key][b.Conn] = b
		case sim.SegmentMoved:
			if g := b.Segment; (g.Sent() || g.Fate == sim.Dropped) && !g.Resent {
				segments = append(segments, sim.SentSegment{Conn: b.Conn, From: e.At, Segment: g})
			}
		}
	}
	f.segments(segments, wire)
	for _, e := range inCall {
		f.add(e.At, sim.WhatBlocked, string(e.Call().Name))
	}
	f.states(states)
	for key := range f {
		if key.what == sim.WhatBlocked {
			slices.Sort(f[key])
		}
	}
	return f
}

func (f facts) add(at sim.End, what sim.What, text string) {
	f[factKey{at, what}] = append(f[factKey{at, what}], text)
}

// segments adds those that were sent for the first time, or lost. Where the wire does not hold
// them, how data are cut into segments is the kernel's choice.
func (f facts) segments(list []sim.SentSegment, wire bool) {
	if !wire {
		list = sim.Canonical(list)
	}
	for _, g := range list {
		if !wire && g.Flags == sim.ACK && g.Len == 0 {
			continue
		}
		text := fmt.Sprintf("%s seq %d", g.Flags, g.Seq)
		if g.Len > 0 {
			text += fmt.Sprintf(" len %d", g.Len)
		}
		if g.Fate == sim.Dropped {
			text += " " + string(g.Fate)
		}
		f.add(g.From, sim.WhatSegment, text)
	}
}

// states adds the last state of each connection, in the order of their numbers.
func (f facts) states(last map[factKey]map[int]sim.StateChanged) {
	for key, conns := range last {
		var numbers []int
		for n := range conns {
			numbers = append(numbers, n)
		}
		slices.Sort(numbers)
		for _, n := range numbers {
			text := conns[n].To.String()
			if conns[n].Orphan {
				text += ", orphan"
			}
			f.add(key.at, sim.WhatState, text)
		}
	}
}

// returned returns what a call returned, without the number of a process.
func returned(b sim.CallReturned) string {
	if b.Call.Name == sim.CallFork {
		return string(b.Call.Name)
	}
	r := b.Result
	if r.Errno != "" || b.Call.Name != sim.CallPoll {
		return string(b.Call.Name) + " = " + r.String()
	}
	r.Note = sim.PollEvents(r.Note)
	return string(b.Call.Name) + " = " + r.String()
}
