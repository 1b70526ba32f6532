package check

import (
	"cmp"
	"slices"

	"finwait/sim"
	"finwait/sim/tcp"
)

// explainer looks for a choice of the kernel that explains what the log has and the model has
// not predicted. The model is Observed: it leaves to its inputs what a kernel does at a moment of
// its own choice. The choice that explains is then given to the model.
type explainer struct {
	model *follower
}

// fit reports whether a world, after inputs that had these effects, is as the log has it.
type fit func(after *tcp.World, effects []tcp.Effect) bool

// maxEarly is how much sooner than the model's, in milliseconds, a timer of the kernel may seem
// to fire: what has set it stands in the log as much later as the machine is busy.
const maxEarly = 250

// explain looks for what explains an outcome in the log, and reports whether there is
// something: then the model has predicted the outcome.
func (x explainer) explain(o outcome) bool {
	fits := func(_ *tcp.World, fx []tcp.Effect) bool { return x.produces(fx, o) }
	choices := x.choices()
	switch o.what {
	case sim.WhatSegment:
		choices = append([]tcp.Input{x.emission(o)}, choices...)
		return x.choose(choices, fits) || x.chooseEarlier(fits) || x.chooseAfterEnd(choices, fits) ||
			x.model.reapKilled() && x.choose(choices, fits)
	case sim.WhatReturn:
		choices = append(choices, x.rechecks(o.ret)...)
		return x.choose(choices, fits) || x.chooseWithRecheck(fits) || x.chooseEarlier(fits)
	}
	return false
}

// explainState looks for what explains that an end is in a state.
func (x explainer) explainState(side tcp.Side, conn int, state sim.State) {
	x.choose(x.choices(), func(w *tcp.World, _ []tcp.Effect) bool { return w.View(side, conn).State == state })
}

// choose gives the model the first of the choices that fits, and reports whether there is one.
func (x explainer) choose(choices []tcp.Input, fits fit) bool {
	for _, in := range choices {
		try := x.model.hosts.World
		if fits(&try, try.Do(in, nil)) {
			x.model.do(in)
			return true
		}
	}
	return false
}

// chooseAfterEnd is choose for what follows from the end of a socket: a timer has ended it, and
// nothing shows that yet but its state.
func (x explainer) chooseAfterEnd(choices []tcp.Input, fits fit) bool {
	for _, end := range choices {
		after := x.model.hosts.World
		effects := after.Do(end, nil)
		if end.Op != tcp.OpTimer || len(effects) == 0 || slices.ContainsFunc(effects, func(fx tcp.Effect) bool { return fx.Kind != tcp.StateChanged }) {
			continue
		}
		for _, in := range choices {
			try := after
			if fits(&try, try.Do(in, nil)) {
				x.model.do(end)
				x.model.do(in)
				return true
			}
		}
	}
	return false
}

// chooseWithRecheck is choose for a call that returns because of the choice: two inputs in a
// row.
func (x explainer) chooseWithRecheck(fits fit) bool {
	for _, in := range x.choices() {
		for _, p := range x.model.blocked() {
			recheck := tcp.Input{Op: tcp.OpRecheck, Now: x.model.now, Proc: p.Number}
			try := x.model.hosts.World
			if fits(&try, try.Do(recheck, try.Do(in, nil))) {
				x.model.do(in)
				x.model.do(recheck)
				return true
			}
		}
	}
	return false
}

// chooseEarlier is choose for how things were when the newest input came: a timer may have fired
// before a segment arrived, or while a call was on its way into the kernel, although the log has
// it later. The last choice is that of the input itself: see Alternative in tcp.Input.
func (x explainer) chooseEarlier(fits fit) bool {
	if !x.model.canReplay() {
		return false
	}
	c := x.model.newest
	for _, first := range x.earlierChoices(&c.before.World) {
		first.Now = x.model.now
		try := c.before.World
		if fits(&try, try.Do(c.in, try.Do(first, nil))) {
			x.model.replay(c, first)
			return true
		}
	}
	c.in.Alternative = true
	try := c.before.World
	if !fits(&try, try.Do(c.in, nil)) {
		return false
	}
	x.model.replay(c)
	return true
}

// choices returns what the kernel may do now, the likeliest first: send a delayed
// acknowledgement, wake a process, have another timer fire, end a process that was killed.
func (x explainer) choices() []tcp.Input {
	m := x.model
	deadlines := slices.DeleteFunc(m.hosts.World.Deadlines(nil), func(d tcp.Deadline) bool { return d.Earliest > m.now+maxEarly })
	slices.SortStableFunc(deadlines, func(a, b tcp.Deadline) int { return cmp.Compare(a.At, b.At) })
	var first, others []tcp.Input
	for _, d := range deadlines {
		in := m.timerInput(d)
		in.Now = m.now
		switch d.Timer {
		case tcp.TimerACK:
			first = append(first, in)
		case tcp.TimerLinger:
			in.Now = max(m.now, d.At)
			others = append(others, in)
		case tcp.TimerKeepalive:
			others = append(others, in)
			in.Alternative = true
			others = append(others, in)
		default:
			others = append(others, in)
		}
	}
	for _, p := range m.blocked() {
		first = append(first, tcp.Input{Op: tcp.OpRecheck, Now: m.now, Proc: p.Number})
	}
	for _, p := range m.dying() {
		in := killInput(p)
		in.Now = m.now // the process may have been killed long ago
		others = append(others, in)
	}
	return append(first, others...)
}

// earlierChoices returns what may have happened before it stands in the log: a timer has fired,
// or a process that was killed has died.
func (x explainer) earlierChoices(before *tcp.World) (inputs []tcp.Input) {
	for _, d := range before.Deadlines(nil) {
		if d.Timer != tcp.TimerACK && d.Earliest <= x.model.now+maxEarly {
			inputs = append(inputs, x.model.timerInput(d))
		}
	}
	for _, p := range x.model.dying() {
		inputs = append(inputs, killInput(p))
	}
	return inputs
}

// rechecks returns the inputs that have a blocked call return on a condition that held before:
// a read that found no more than it returned, a connect whose connection was there.
func (x explainer) rechecks(ret int) (inputs []tcp.Input) {
	for _, p := range x.model.blocked() {
		inputs = append(inputs, tcp.Input{Op: tcp.OpRecheck, Now: x.model.now, Proc: p.Number, N: max(1, ret)})
	}
	return inputs
}

// emission returns the input that has the model send a segment because the kernel has, again or
// late.
func (x explainer) emission(o outcome) tcp.Input {
	m, g := x.model, o.segment.Segment
	in := tcp.Input{
		Op: tcp.OpEmit, Now: m.now, Side: tcp.SideOf(o.at), Conn: o.conn, N: g.Len, Flags: g.Flags,
		Seq: m.hosts.Number(o.at, o.conn, g.Seq), Ack: m.hosts.Number(o.at.Peer(), o.conn, g.Ack),
	}
	if g.Fate == sim.Retransmitted {
		in.ID = m.outcomes.modelID(g.ID)
	}
	return in
}

// produces reports whether an outcome is among effects.
func (x explainer) produces(effects []tcp.Effect, o outcome) bool {
	hosts := x.model.hosts
	for _, fx := range effects {
		switch {
		case o.what == sim.WhatSegment && fx.Kind == tcp.SegmentMoved:
			e := sim.Event{At: fx.Segment.From.End(), Body: sim.SegmentMoved{Conn: int(fx.Segment.Conn), Segment: hosts.Segment(fx.Segment)}}
			if predicted, ok := outcomeOf(e, func(id int) int { return id }); ok && predicted.same(o) {
				return true
			}
		case o.what == sim.WhatReturn && fx.Kind == tcp.Returned && fx.Side.End() == o.at:
			p := hosts.Process(fx.Side, int(fx.Proc))
			if p != nil && p.PID == o.pid && o.key == returnText(sim.CallReturned{Call: p.Call, Result: hosts.ResultOf(fx)}) {
				return true
			}
		}
	}
	return false
}
