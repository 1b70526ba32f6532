package virtual

import (
	"cmp"
	"errors"

	"finwait/sim"
	"finwait/sim/tcp"
)

// perform performs a step up to the moment in which it has settled.
func (l *Lab) perform(r request) {
	l.n, l.wait = r.n, wait{}
	l.tell(sim.Event{Kind: sim.KindStep, Text: r.step.String()})
	err := l.begin(r.step)
	var no *refusal
	if errors.As(err, &no) {
		l.tell(sim.Event{Kind: sim.KindRefused, At: r.step.At, Text: no.text})
	}
	l.settle()
	l.reportBlocked()
	l.report()
	l.tell(sim.Event{Kind: sim.KindSettled})
	l.flush()
	l.all = false
}

// begin begins a step. What cannot be done is a *refusal.
func (l *Lab) begin(s sim.Step) error {
	switch {
	case s.Verb == sim.VerbWait:
		l.waitFor(s)
		return nil
	case s.At == "":
		return l.handle(s)
	}
	e := l.end(s.At)
	if s.Verb == sim.VerbStart {
		if !e.acting.dead {
			return refuse("the %s lives (process %d): kill it first", s.At, e.acting.pid)
		}
		l.do(tcp.Input{Op: tcp.OpStart, Side: e.side})
		return nil
	}
	p, err := e.process(s.Parent)
	if err != nil {
		return err
	}
	if s.Verb == sim.VerbKill {
		signals := map[string]tcp.Signal{"SIGINT": tcp.SIGINT, "SIGTERM": tcp.SIGTERM}
		sig, ok := signals[s.How]
		if !ok {
			sig = tcp.SIGKILL
		}
		l.do(tcp.Input{Op: tcp.OpKill, Proc: p.number, N: int(sig)})
		return nil
	}
	if p.busy {
		return refuse("the %s is blocked in %s", s.At, p.calls[0].text)
	}
	return l.ask(e, p, s)
}

// ask has a process make the calls of a step.
func (l *Lab) ask(e *endpoint, p *process, s sim.Step) error {
	if s.Verb == sim.VerbFork {
		if p != e.acting {
			return refuse("the %s's parent has forked already", e.side.End())
		}
		p.calls = []call{plain(tcp.OpFork, "fork", sim.NoFD, 0)}
	} else {
		calls, stop, err := l.callsOf(p, s)
		if err != nil {
			return err
		}
		p.calls, p.stop = calls, stop
	}
	l.proceed(p)
	return nil
}

// proceed has the programs go on with their calls, p first, until each has made all of
// them or is blocked.
func (l *Lab) proceed(p *process) {
	for p != nil {
		for !p.dead && !p.busy && len(p.calls) > 0 {
			l.enter(p)
		}
		p = nil
		for i := range l.ends {
			for _, other := range l.ends[i].all {
				if !other.dead && !other.busy && len(other.calls) > 0 {
					p = other
				}
			}
		}
	}
}

// enter has a process make the first of its calls.
func (l *Lab) enter(p *process) {
	c := &p.calls[0]
	if c.in.FD == lastFD {
		c.in.FD, c.text.FD = p.last, p.last
	}
	c.in.Proc = p.number
	p.busy, p.reported = true, false
	d := p.fds[c.in.FD]
	if c.in.Op == tcp.OpConnect {
		d.conn = c.in.Conn
		p.fds[c.in.FD] = d
	}
	if c.in.Op == tcp.OpWrite && d.conn != 0 {
		stream := &l.conns[d.conn-1].stream[tcp.SideOf(p.at)]
		p.base = len(*stream)
		*stream = append(*stream, c.data...)
	}
	l.tell(sim.Event{Kind: sim.KindCall, At: p.at, PID: p.pid, Call: c.text})
	l.do(c.in)
}

// unwrite takes back what a write has not written.
func (l *Lab) unwrite(p *process, written int) {
	c := p.calls[0]
	if d := p.fds[c.in.FD]; c.in.Op == tcp.OpWrite && d.conn != 0 {
		stream := &l.conns[d.conn-1].stream[tcp.SideOf(p.at)]
		*stream = (*stream)[:p.base+max(0, written)]
	}
}

// returned takes in the return of a call, and what it has changed.
func (l *Lab) returned(fx tcp.Effect) {
	p := l.byNumber(fx.Side, int(fx.Proc))
	c := p.calls[0]
	result := sim.Result{Ret: int(fx.Ret), Errno: fx.Errno.String(), Note: fx.Events.String()}
	if fx.Op == tcp.OpRead && fx.Ret > 0 {
		data := l.conns[fx.Conn-1].stream[1-fx.Side]
		result.Data = string(data[fx.At : int(fx.At)+int(fx.Ret)])
	}
	if fx.Op == tcp.OpError && fx.Ret == 0 {
		result.Note, result.Errno = "["+cmp.Or(result.Errno, "0")+"]", ""
	}
	if fx.Op == tcp.OpFork && fx.Ret >= 0 {
		result.Ret = firstPID + l.pids + 1
	}
	l.unwrite(p, int(fx.Ret))
	p.busy, p.calls = false, p.calls[1:]
	if p.stop && fx.Ret < 0 {
		p.calls = nil
	}
	l.tell(sim.Event{Kind: sim.KindReturn, At: p.at, PID: p.pid, Call: c.text, Result: result})
	if fx.Ret >= 0 {
		l.changed(p, c, int(fx.Ret))
	}
}

// changed notes what a call has done to the descriptors of a process.
func (l *Lab) changed(p *process, c call, ret int) {
	switch c.in.Op {
	case tcp.OpSocket:
		p.open(ret, descriptor{})
	case tcp.OpDup:
		p.open(ret, p.fds[c.in.FD])
	case tcp.OpListen:
		d := p.fds[c.in.FD]
		d.listener = true
		p.fds[c.in.FD] = d
	case tcp.OpAccept:
		p.open(ret, descriptor{conn: l.world.ConnOf(p.number, ret)})
	case tcp.OpClose:
		delete(p.fds, c.in.FD)
	}
}

// do gives the model one input and tells what comes of it.
func (l *Lab) do(in tcp.Input) {
	in.Now = max(in.Now, l.world.Now())
	l.effects = l.world.Do(in, l.effects[:0])
	for _, fx := range l.effects {
		l.happened(fx)
	}
}

// happened tells one effect.
func (l *Lab) happened(fx tcp.Effect) {
	at := fx.Side.End()
	switch fx.Kind {
	case tcp.Started:
		l.started(fx)
	case tcp.Returned:
		l.returned(fx)
	case tcp.Signaled:
		e := sim.Event{Kind: sim.KindSignal, At: at, Signal: fx.Signal.String(), Action: sim.Killed}
		if e.PID = l.byNumber(fx.Side, int(fx.Proc)).pid; fx.Ret == 1 {
			e.Action = sim.Handled
		}
		l.signaled(e, fx)
	case tcp.Exited:
		l.exited(fx)
	case tcp.Changed:
		l.tell(sim.Event{
			Kind: sim.KindState, At: at, Conn: int(fx.Conn), From: fx.From, To: fx.To,
			Orphan: fx.Orphan, By: sim.ByModel,
		})
	case tcp.Moved:
		l.tell(sim.Event{Kind: sim.KindSegment, At: at, Conn: int(fx.Conn), Segment: fx.Segment.Sim(), By: sim.ByModel})
	case tcp.Cabled:
		text := sim.CableMended
		if fx.Ret == 1 {
			text = sim.CableCut
		}
		l.tell(sim.Event{Kind: sim.KindCable, Text: text})
	}
}

// signaled tells of a signal; one that a call has raised names the call.
func (l *Lab) signaled(e sim.Event, fx tcp.Effect) {
	if e.Action == sim.Handled {
		e.Call = l.byNumber(fx.Side, int(fx.Proc)).calls[0].text
	}
	l.tell(e)
}

// handle does what a step asks of the wire.
func (l *Lab) handle(s sim.Step) error {
	if !l.wire {
		return refuse("there is no wire on loopback; it takes a lesson with %q in its head", "net: wire")
	}
	switch s.Verb {
	case sim.VerbAuto:
		l.auto = s.How == "on"
		return nil
	case sim.VerbCut:
		if l.world.Cut() {
			return refuse("the cable is cut already")
		}
		l.do(tcp.Input{Op: tcp.OpCut})
		return nil
	case sim.VerbMend:
		if !l.world.Cut() {
			return refuse("the cable is not cut")
		}
		l.do(tcp.Input{Op: tcp.OpMend})
		return nil
	case sim.VerbSwap:
		return l.swap(s)
	}
	if s.How == sim.PickAll {
		return l.handleAll(s)
	}
	ops := map[sim.Verb]tcp.Op{sim.VerbDeliver: tcp.OpDeliver, sim.VerbDrop: tcp.OpDrop, sim.VerbDuplicate: tcp.OpDuplicate}
	op, ok := ops[s.Verb]
	if !ok {
		return refuse("%s is not for the wire", s.Verb)
	}
	id, err := l.pick(s)
	if err == nil {
		l.do(tcp.Input{Op: op, ID: id})
		l.proceed(l.ends[tcp.Client].acting)
	}
	return err
}

// handleAll delivers everything, and what that brings, until the wire is empty; or drops
// what is there.
func (l *Lab) handleAll(s sim.Step) error {
	flight := l.world.Flight(nil)
	switch {
	case len(flight) == 0:
		return refuse("nothing is on the wire")
	case s.Verb == sim.VerbDeliver:
		l.all = true
		return nil
	}
	for _, h := range flight {
		l.do(tcp.Input{Op: tcp.OpDrop, ID: int(h.ID)})
	}
	return nil
}

func (l *Lab) swap(s sim.Step) error {
	n := 0
	for _, h := range l.world.Flight(nil) {
		if h.From == tcp.SideOf(s.From) {
			n++
		}
	}
	if n < 2 {
		return refuse("the %s does not have two segments on the wire", s.From)
	}
	l.do(tcp.Input{Op: tcp.OpSwap, Side: tcp.SideOf(s.From)})
	return nil
}

// pick returns the segment that a step means.
func (l *Lab) pick(s sim.Step) (int, error) {
	for _, h := range l.world.Flight(nil) {
		if s.N == int(h.ID) || s.N == 0 && (s.From == "" || h.From == tcp.SideOf(s.From)) {
			return int(h.ID), nil
		}
	}
	switch {
	case s.N != 0:
		return 0, refuse("segment %d is not on the wire", s.N)
	case s.From != "":
		return 0, refuse("the %s has nothing on the wire", s.From)
	}
	return 0, refuse("nothing is on the wire")
}
