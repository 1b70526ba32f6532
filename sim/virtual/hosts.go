package virtual

import (
	"cmp"

	"finwait/sim"
	"finwait/sim/tcp"
)

// hosts are the two machines of the model with their programs: what a step asks of them
// as inputs, and what comes of those as events. Who drives them decides when.
type hosts struct {
	info    *sim.Setting
	wire    bool
	world   tcp.World
	effects []tcp.Effect
	ends    [2]endpoint
	conns   []*conn
	pids    int
	flow    flow
	ids     map[int]int     // by the number that a segment on a live wire has there: the model's; nil on the model's own
	tell    func(sim.Event) // takes every event
}

// startBoth starts a program on either host.
func (h *hosts) startBoth() {
	for side := range h.ends {
		h.ends[side].side = tcp.Side(side)
		h.do(tcp.Input{Op: tcp.OpStart, Side: tcp.Side(side)})
	}
}

// nextCall returns the first of a process's calls as the model takes it.
func (h *hosts) nextCall(p *process) tcp.Input {
	c := &p.calls[0]
	if c.FD == sim.LastFD {
		c.FD = p.last
	}
	in := inputOf(*c)
	in.Proc = p.number
	if c.Name == sim.CallConnect {
		in.Conn = len(h.conns) // the step has made it known
	}
	return in
}

// enter has a process make the first of its calls, which the model takes as in.
func (h *hosts) enter(p *process, in tcp.Input) {
	c := p.calls[0]
	p.busy, p.reported, p.call = true, false, c
	d := p.fds[c.FD]
	if c.Name == sim.CallConnect {
		d.conn = in.Conn
		p.fds[c.FD] = d
	}
	if c.Name.Writes() && d.conn != 0 {
		stream := &h.conns[d.conn-1].stream[tcp.SideOf(p.at)]
		p.base = len(*stream)
		*stream = append(*stream, c.Bytes()...)
	}
	h.tell(sim.Event{Kind: sim.KindCall, At: p.at, PID: p.pid, Call: c})
	h.do(in)
}

// unwrite takes back what a write has not written.
func (h *hosts) unwrite(p *process, written int) {
	c := p.calls[0]
	if d := p.fds[c.FD]; c.Name.Writes() && d.conn != 0 {
		stream := &h.conns[d.conn-1].stream[tcp.SideOf(p.at)]
		*stream = (*stream)[:p.base+max(0, written)]
	}
}

// returned takes in the return of a call, and what it has changed.
func (h *hosts) returned(fx tcp.Effect) {
	p := h.byNumber(fx.Side, int(fx.Proc))
	c, result := p.calls[0], h.resultOf(fx)
	h.unwrite(p, int(fx.Ret))
	p.busy, p.calls = false, p.calls[1:]
	if p.stop && fx.Ret < 0 {
		p.calls = nil
	}
	h.tell(sim.Event{Kind: sim.KindReturn, At: p.at, PID: p.pid, Call: c, Result: result})
	if fx.Ret >= 0 {
		h.changed(p, c, int(fx.Ret))
	}
}

// resultOf returns what a call returns, as the log has it.
func (h *hosts) resultOf(fx tcp.Effect) sim.Result {
	result := sim.Result{Ret: int(fx.Ret), Errno: fx.Errno.String(), Note: fx.Events.String()}
	if fx.Op == tcp.OpRead && fx.Ret > 0 {
		data := h.conns[fx.Conn-1].stream[1-fx.Side]
		result.Data = string(data[fx.Offset : int(fx.Offset)+int(fx.Ret)])
	}
	if fx.Op == tcp.OpSoError && fx.Ret == 0 {
		result.Note, result.Errno = "["+cmp.Or(result.Errno, "0")+"]", ""
	}
	if fx.Op == tcp.OpFork && fx.Ret >= 0 {
		result.Ret = firstPID + h.pids + 1
	}
	return result
}

// changed notes what a call has done to the descriptors of a process.
func (h *hosts) changed(p *process, c sim.Call, ret int) {
	switch c.Name {
	case sim.CallSocket:
		p.open(ret, descriptor{})
	case sim.CallDup:
		p.open(ret, p.fds[c.FD])
	case sim.CallListen:
		d := p.fds[c.FD]
		d.listener = true
		p.fds[c.FD] = d
	case sim.CallAccept:
		p.open(ret, descriptor{conn: h.world.ConnOf(p.number, ret)})
	case sim.CallClose:
		delete(p.fds, c.FD)
	}
}

// do gives the model one input and tells what comes of it.
func (h *hosts) do(in tcp.Input) {
	in.Now = max(in.Now, h.world.Now())
	h.effects = h.world.Do(in, h.effects[:0])
	for _, fx := range h.effects {
		h.happened(fx)
	}
}

// happened tells one effect.
func (h *hosts) happened(fx tcp.Effect) {
	at := fx.Side.End()
	switch fx.Kind {
	case tcp.Started:
		h.started(fx)
	case tcp.Returned:
		h.returned(fx)
	case tcp.Signaled:
		h.signaled(fx)
	case tcp.Exited:
		h.exited(fx)
	case tcp.StateChanged:
		h.tell(sim.Event{
			Kind: sim.KindState, At: at, Conn: int(fx.Conn), From: fx.From, To: fx.To,
			Orphan: fx.Orphan, By: sim.ByModel,
		})
	case tcp.SegmentMoved:
		if at == sim.Server && fx.Segment.Flags == sim.SYN {
			h.conns[fx.Conn-1].crossed = true
		}
		h.flow.learn(fx.Segment)
		h.tell(sim.Event{Kind: sim.KindSegment, At: at, Conn: int(fx.Conn), Segment: h.flow.segment(fx.Segment), By: sim.ByModel})
	case tcp.CableChanged:
		text := sim.CableMended
		if fx.Ret == 1 {
			text = sim.CableCut
		}
		h.tell(sim.Event{Kind: sim.KindCable, Text: text})
	}
}

// signaled tells of a signal; one that a handler has taken names the call that raised it.
func (h *hosts) signaled(fx tcp.Effect) {
	p := h.byNumber(fx.Side, int(fx.Proc))
	e := sim.Event{Kind: sim.KindSignal, At: p.at, PID: p.pid, Signal: fx.Signal.String(), Action: sim.Killed}
	if fx.Ret == 1 {
		e.Action, e.Call = sim.Handled, p.calls[0]
	}
	h.tell(e)
}
