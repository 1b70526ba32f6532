package check

import (
	"errors"
	"slices"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/model"
	"finwait/sim/program"
	"finwait/sim/tcp"
)

// Checker is the model beside the log of a live lab, as a fold over that log. The log of a lab
// that is no live one has no verdicts.
type Checker struct {
	table    sim.Table // processes and descriptors of the log
	step     sim.Step
	calls    map[int]sim.CallName // by process id: the call that a process of the log is in
	ends     endTable
	outcomes matcher
	model    follower
	explain  explainer
	// waiting has what became of segments that stand in the log before the model has sent them.
	// The ID of each is that in the log.
	waiting []tcp.Input

	live     bool            // the log is of real sockets
	wire     bool            // every segment is held
	silent   bool            // there are no more verdicts
	reason   sim.ModelSilent // why there are none
	silenced bool            // the log says that there are none
}

// New returns a Checker at the beginning of a log.
func New() *Checker {
	c := &Checker{calls: map[int]sim.CallName{}, ends: endTable{}, outcomes: matcher{ids: map[int]int{}}}
	c.model = follower{outcomes: &c.outcomes, ends: c.ends}
	c.explain = explainer{&c.model}
	return c
}

// Silent returns why there are no more verdicts, "" while there are: the model cannot follow
// any more, or has predicted something else than the kernel has done.
func (c *Checker) Silent() string { return c.reason.Why }

// fallSilent ends the verdicts. The first reason counts.
func (c *Checker) fallSilent(why sim.Silence) {
	if !c.silent {
		c.silent, c.reason = true, lang.Silent(why)
	}
}

// Follow is Observe for a log that has the model beside it: it returns what stands in that log
// where e stands in the log of the live lab. Before the settled event of a step stand the
// verdicts, and the reason for which there are no more, once.
func (c *Checker) Follow(e sim.Event) []sim.Event {
	events := c.Observe(e)
	c.silenced = c.silenced || e.Kind() == sim.KindSilent
	if c.silent && !c.silenced && e.Kind() == sim.KindSettled {
		c.silenced = true
		events = append(events, sim.Event{T: e.T, Step: e.Step, Body: c.reason})
	}
	return append(events, e)
}

// Observe takes the next event of the log. It returns the verdicts on a step that has settled;
// they belong before e.
func (c *Checker) Observe(e sim.Event) []sim.Event {
	if b, ok := e.Body.(sim.LabOpened); ok {
		c.open(b.Setting)
	}
	if !c.live || c.silent {
		return nil
	}
	c.model.now = max(c.model.now, tcp.Time(float64(e.T)*float64(tcp.Second))+1)
	c.model.fireUnnoticed()
	c.table.Apply(e)
	var verdicts []sim.Event
	if e.Kind() == sim.KindSettled {
		verdicts = c.settled(e)
	} else {
		c.take(e)
	}
	c.doWaiting()
	return verdicts
}

// take takes in an event within a step.
func (c *Checker) take(e sim.Event) {
	switch b := e.Body.(type) {
	case sim.StepBegun:
		c.begin(b.Step)
	case sim.ProcessStarted:
		c.start(e.At, b)
	case sim.CallEntered:
		c.call(e.At, b)
	case sim.SegmentMoved:
		c.segment(e, b)
	case sim.CableChanged:
		op := tcp.OpMend
		if b.Cable == sim.CableCut {
			op = tcp.OpCut
		}
		c.model.apply(tcp.Input{Op: op})
	case sim.SignalTaken:
		c.signal(e, b)
	case sim.StateChanged:
		c.state(e.At, b)
	case sim.TimerChanged:
		c.ends.of(endID{e.At, b.Conn}).timer = b.Timer
	case sim.CallReturned:
		delete(c.calls, b.PID)
		c.outcome(e)
	case sim.ProcessExited:
		c.exit(e, b)
	case sim.StepRefused:
		if c.step.Verb != sim.VerbWait { // how long a lab waits in vain is no matter of the kernel
			c.outcome(e)
		}
	case sim.ModelSilent: // the lab has not seen everything
		c.fallSilent(b.Silence)
	}
}

// open begins with the hosts of the log.
func (c *Checker) open(s *sim.Setting) {
	c.live, c.wire = s.Capture != sim.Modelled, s.Net == sim.Wire
	c.silent, c.reason = false, sim.ModelSilent{}
	settings, unknown := model.SettingsOf(s.Sysctls, !c.wire)
	if unknown != nil {
		c.fallSilent(sim.Silence{Kind: sim.SilentSetting, Name: unknown.Name, Value: unknown.Value})
	}
	settings.Observed = true
	c.model.unseen = s.Capture == sim.Inferred
	c.model.hosts, c.table = model.NewHosts(s, settings, c.model.predict), sim.Table{}
}

// network returns what the plan of a step needs to know of the network. A segment has the
// number that it has in the log.
func (c *Checker) network() program.Network {
	n := c.model.hosts.Network()
	live := map[int]int{}
	for there, id := range c.outcomes.ids {
		live[id] = there
	}
	for i := range n.Flight {
		n.Flight[i].ID = live[n.Flight[i].ID]
	}
	return n
}

// begin plans the step, to predict whether it is refused. What the step does stands in the log
// when it is done.
func (c *Checker) begin(step sim.Step) {
	c.step = step
	action, err := program.Plan(&c.table, step, c.network())
	if calls, ok := action.(program.Calls); ok {
		if p := c.model.hosts.ByPID(calls.PID); p != nil {
			p.Intend(calls)
		}
	}
	var no *sim.Refusal
	switch {
	case errors.As(err, &no):
		c.model.predict(sim.Event{At: step.At, Body: lang.Refused(no)})
	case err != nil: // the log may be of a newer finwait
		c.fallSilent(sim.Silence{Kind: sim.SilentUnknownStep})
	}
}

// start takes in a new process: one in place of a dead one, or the child of a fork, which is in
// the model already.
func (c *Checker) start(at sim.End, b sim.ProcessStarted) {
	if !b.Forked {
		c.model.apply(tcp.Input{Op: tcp.OpStart, Side: tcp.SideOf(at)})
	}
	for _, p := range c.model.hosts.Processes(tcp.SideOf(at)) {
		if p.PID == 0 {
			p.PID = b.PID
		}
	}
}

// call has the process of the model make the call that stands in the log.
func (c *Checker) call(at sim.End, b sim.CallEntered) {
	c.calls[b.PID] = b.Call.Name
	hosts := c.model.hosts
	p := hosts.ByPID(b.PID)
	if p == nil || p.Busy {
		c.compareWithModel(outcome{what: sim.WhatReturn, at: at, key: "calls " + string(b.Call.Name)})
		return
	}
	in := p.Input(b.Call, b.Refers)
	switch {
	case in.Op == tcp.OpNone:
		c.fallSilent(sim.Silence{Kind: sim.SilentUnknownCall})
		return
	case in.Op == tcp.OpWrite && in.N > hosts.World.MSS: // into which segments that is cut is not modelled
		c.fallSilent(sim.Silence{Kind: sim.SilentLongWrite})
		return
	}
	c.model.apply(tcp.Input{}) // what time it is
	c.model.enter(p, b.Call, in)
}

// signal takes in a signal. One from outside kills its process in the model as soon as the log
// shows that it has died. The model raises SIGPIPE itself.
func (c *Checker) signal(e sim.Event, b sim.SignalTaken) {
	if b.Signal == tcp.SIGPIPE.String() {
		c.outcome(e)
		return
	}
	if p := c.model.hosts.ByPID(b.PID); p != nil {
		p.Dying = tcp.SignalOf(b.Signal)
	}
}

// exit takes in the death of a process.
func (c *Checker) exit(e sim.Event, b sim.ProcessExited) {
	if p := c.model.hosts.ByPID(b.PID); p != nil && p.Dying != 0 {
		c.model.apply(killInput(p))
	}
	delete(c.calls, b.PID)
	c.outcome(e)
}

// segment takes in what happened to a segment. That it was sent is compared; what became of it
// on the wire was somebody's choice.
func (c *Checker) segment(e sim.Event, b sim.SegmentMoved) {
	ops := map[sim.Fate]tcp.Op{sim.Delivered: tcp.OpDeliver, sim.Dropped: tcp.OpDrop, sim.Duplicated: tcp.OpDuplicate}
	fate := b.Segment.Fate
	op, chosen := ops[fate]
	switch {
	case b.By != sim.ByKernel:
	case !c.wire, !chosen && fate != sim.Overtaken:
		c.outcome(e)
	case fate == sim.Overtaken:
		c.model.apply(tcp.Input{Op: tcp.OpSwap, Side: tcp.SideOf(e.At)})
	default:
		in := tcp.Input{Op: op, ID: b.Segment.ID}
		if id := c.outcomes.modelID(in.ID); id != 0 {
			in.ID = id
			c.model.arrive(in)
		} else {
			c.waiting = append(c.waiting, in)
		}
	}
}

// state takes in the state of an end.
func (c *Checker) state(at sim.End, b sim.StateChanged) {
	r := c.ends.of(endID{at, b.Conn})
	r.kernel, r.judged = stateText(b.To, b.Orphan), false
	side := tcp.SideOf(at)
	if b.By == sim.ByKernel && c.model.hosts.World.View(side, b.Conn).State != b.To {
		c.explain.explainState(side, b.Conn, b.To)
	}
}

// outcome takes in an event that has an outcome.
func (c *Checker) outcome(e sim.Event) {
	if o, ok := outcomeOf(e, c.outcomes.modelID); ok {
		c.compareWithModel(o)
	}
}

// compareWithModel looks for the prediction of an outcome in the log. Where there is none yet,
// a choice of the kernel may explain the outcome.
func (c *Checker) compareWithModel(o outcome) {
	o.paired = c.outcomes.match(o) || c.explain.explain(o) && c.outcomes.match(o)
	c.outcomes.observe(o)
}

// doWaiting does what became of segments that the model has sent by now.
func (c *Checker) doWaiting() {
	for i := 0; i < len(c.waiting); i++ {
		if id := c.outcomes.modelID(c.waiting[i].ID); id != 0 {
			in := c.waiting[i]
			c.waiting, i = slices.Delete(c.waiting, i, i+1), -1
			in.ID = id
			c.model.apply(in)
		}
	}
}
