package way

import (
	"fmt"
	"slices"
	"strings"

	"finwait/sim"
)

// Fact is something that an end did in one of two steps, and did not do, or did otherwise, in the
// other.
type Fact struct {
	At       sim.End // empty for a refusal
	What     sim.What
	Was, Now string // in the first and in the second step; empty for nothing
}

// Said returns what there was in the first step, or in the second; empty for nothing.
func (f Fact) Said(second bool) string {
	if second {
		return f.Now
	}
	return f.Was
}

// Differences returns in what two steps differ by meaning, what a person sees first before the
// rest; nothing if they are the same. The events of a step are those from StepBegun to StepSettled.
// If held is set, segments are held in both steps, and each is compared, also a bare
// acknowledgement.
func Differences(was, now []sim.Event, held bool) []Fact {
	before, after := factsOf(was, held), factsOf(now, held)
	var list []Fact
	for _, what := range []sim.What{sim.WhatRefused, sim.WhatReturn, sim.WhatSignal, sim.WhatExit, sim.WhatBlocked, sim.WhatState, sim.WhatSegment} {
		for _, at := range []sim.End{"", sim.Client, sim.Server} {
			key := factKey{at, what}
			if b, a := strings.Join(before[key], sim.Between), strings.Join(after[key], sim.Between); b != a {
				list = append(list, Fact{at, what, b, a})
			}
		}
	}
	return list
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
