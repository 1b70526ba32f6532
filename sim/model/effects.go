package model

import (
	"cmp"

	"finwait/sim"
	"finwait/sim/tcp"
)

// Do gives the model one input, at its Now or later, and records what comes of it. It returns the
// effects, which are valid until the next input.
func (h *Hosts) Do(in tcp.Input) []tcp.Effect {
	in.Now = max(in.Now, h.World.Now())
	h.effects = h.World.Do(in, h.effects[:0])
	for _, fx := range h.effects {
		h.recordEffect(fx)
	}
	return h.effects
}

// Enter has a process make a call, which the model takes as in.
func (h *Hosts) Enter(p *Process, c sim.Call, in tcp.Input) {
	for len(h.conns) < min(in.Conn, maxConns) {
		h.conns = append(h.conns, &connection{n: len(h.conns) + 1})
	}
	p.Busy, p.reported, p.Call, p.writesTo = true, false, c, nil
	p.todo = p.todo[min(1, len(p.todo)):]
	if c.Name.Writes() {
		if conn := h.World.ConnOf(p.Number, c.FD); conn != 0 {
			p.write(h.conns[conn-1], c.Bytes())
		}
	}
	h.record(sim.Event{At: p.At, Body: sim.CallEntered{PID: p.PID, Call: c, Refers: in.Conn}})
	h.Do(in)
}

// recordEffect records what an effect is in the log.
func (h *Hosts) recordEffect(fx tcp.Effect) {
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
		if fx.Conn != 0 {
			h.conns[fx.Conn-1].ends[fx.Side].seen = true
		}
		h.record(sim.Event{
			At: at, Body: sim.StateChanged{
				Conn: int(fx.Conn), From: fx.From, To: fx.To, Orphan: fx.Orphan, By: sim.ByModel,
			},
		})
	case tcp.SegmentMoved:
		if at == sim.Server && fx.Segment.Flags == sim.SYN {
			h.conns[fx.Conn-1].crossed = true
		}
		h.numbers.Learn(fx.Segment.View())
		h.record(sim.Event{At: at, Body: sim.SegmentMoved{Conn: int(fx.Conn), Segment: h.Segment(fx.Segment), By: sim.ByModel}})
	case tcp.CableChanged:
		now := sim.CableMended
		if fx.Ret == 1 {
			now = sim.CableCut
		}
		h.record(sim.Event{Body: sim.CableChanged{Cable: now}})
	}
}

// signaled records a signal.
func (h *Hosts) signaled(fx tcp.Effect) {
	p := h.Process(fx.Side, int(fx.Proc))
	action := sim.Killed
	if fx.Ret == 1 {
		action = sim.Handled
	}
	h.record(sim.Event{At: p.At, Body: sim.SignalTaken{PID: p.PID, Signal: fx.Signal.String(), Action: action}})
}

// started takes in a new process.
func (h *Hosts) started(fx tcp.Effect) {
	h.pids++
	p := &Process{Number: int(fx.Proc), PID: firstPID + h.pids, At: fx.Side.End()}
	h.processes[fx.Side] = append(h.processes[fx.Side], p)
	h.record(sim.Event{At: p.At, Body: sim.ProcessStarted{PID: p.PID, Forked: fx.Ret == 1}})
}

// firstPID is one less than the process id of the first program.
const firstPID = 1000

// exited takes in a death.
func (h *Hosts) exited(fx tcp.Effect) {
	p := h.Process(fx.Side, int(fx.Proc))
	if p.Busy {
		p.unwrite(int(fx.Ret))
	}
	p.Dead, p.Busy, p.todo = true, false, nil
	h.record(sim.Event{At: p.At, Body: sim.ProcessExited{PID: p.PID, Status: 128 + int(fx.Signal), Signal: fx.Signal.String()}})
}

// returned takes in the return of a call.
func (h *Hosts) returned(fx tcp.Effect) {
	p := h.Process(fx.Side, int(fx.Proc))
	b := sim.CallReturned{PID: p.PID, Call: p.Call, Result: h.ResultOf(fx)}
	p.unwrite(int(fx.Ret))
	p.Busy = false
	switch {
	case fx.Ret < 0 && p.stop:
		p.todo = nil
	case fx.Ret >= 0 && p.Call.Name.Opens():
		p.last = int(fx.Ret)
	}
	if fx.Op == tcp.OpAccept && fx.Ret >= 0 {
		b.Refers = h.World.ConnOf(p.Number, int(fx.Ret))
	}
	h.record(sim.Event{At: p.At, Body: b})
}

// ResultOf returns what a call returns, as the log has it.
func (h *Hosts) ResultOf(fx tcp.Effect) sim.Result {
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
