package virtual

import (
	"finwait/sim"
	"finwait/sim/tcp"
)

// plan returns what a step does at once: to the wire, to a process. The calls of a step
// are noted in its process, which enters one after the other. What cannot be done is a
// *refusal. Time and automatic delivery are not its business.
func (h *hosts) plan(s sim.Step) ([]tcp.Input, error) {
	if s.At == "" {
		return h.planWire(s)
	}
	e := h.end(s.At)
	if s.Verb == sim.VerbStart {
		if !e.acting.dead {
			return nil, refuse("the %s lives (process %d): kill it first", s.At, e.acting.pid)
		}
		return []tcp.Input{{Op: tcp.OpStart, Side: e.side}}, nil
	}
	p, err := e.process(s.Parent)
	if err != nil {
		return nil, err
	}
	if s.Verb == sim.VerbKill {
		return []tcp.Input{{Op: tcp.OpKill, Proc: p.number, N: int(signalOf(s.How))}}, nil
	}
	if p.busy {
		return nil, refuse("the %s is blocked in %s", s.At, p.calls[0])
	}
	return nil, h.planCalls(e, p, s)
}

// signalOf returns the signal of that name.
func signalOf(name string) tcp.Signal {
	for _, s := range []tcp.Signal{tcp.SIGINT, tcp.SIGTERM} {
		if s.String() == name {
			return s
		}
	}
	return tcp.SIGKILL
}

// planCalls notes the calls of a step in a process.
func (h *hosts) planCalls(e *endpoint, p *process, s sim.Step) error {
	if s.Verb == sim.VerbFork {
		if p != e.acting {
			return refuse("the %s's parent has forked already", e.side.End())
		}
		p.calls, p.stop = []sim.Call{{Name: sim.CallFork, FD: sim.NoFD}}, false
		return nil
	}
	calls, stop, err := h.callsOf(p, s)
	if err == nil {
		p.calls, p.stop = calls, stop
	}
	return err
}

// planWire returns what a step does to the wire.
func (h *hosts) planWire(s sim.Step) ([]tcp.Input, error) {
	if !h.wire {
		return nil, refuse("there is no wire on loopback; it takes a lesson with %q in its head", "net: wire")
	}
	switch s.Verb {
	case sim.VerbCut:
		if h.world.Cut() {
			return nil, refuse("the cable is cut already")
		}
		return []tcp.Input{{Op: tcp.OpCut}}, nil
	case sim.VerbMend:
		if !h.world.Cut() {
			return nil, refuse("the cable is not cut")
		}
		return []tcp.Input{{Op: tcp.OpMend}}, nil
	case sim.VerbSwap:
		return h.planSwap(s)
	}
	ops := map[sim.Verb]tcp.Op{sim.VerbDeliver: tcp.OpDeliver, sim.VerbDrop: tcp.OpDrop, sim.VerbDuplicate: tcp.OpDuplicate}
	op, ok := ops[s.Verb]
	if !ok {
		return nil, refuse("%s is not for the wire", s.Verb)
	}
	if s.How == sim.PickAll {
		return h.planAll(op)
	}
	id, err := h.pick(s)
	if err != nil {
		return nil, err
	}
	return []tcp.Input{{Op: op, ID: id}}, nil
}

// planAll does the same to everything that is on the wire.
func (h *hosts) planAll(op tcp.Op) ([]tcp.Input, error) {
	flight := h.world.Flight(nil)
	if len(flight) == 0 {
		return nil, refuse("nothing is on the wire")
	}
	var inputs []tcp.Input
	for _, seg := range flight {
		inputs = append(inputs, tcp.Input{Op: op, ID: int(seg.ID)})
	}
	return inputs, nil
}

func (h *hosts) planSwap(s sim.Step) ([]tcp.Input, error) {
	n := 0
	for _, seg := range h.world.Flight(nil) {
		if seg.From == tcp.SideOf(s.From) {
			n++
		}
	}
	if n < 2 {
		return nil, refuse("the %s does not have two segments on the wire", s.From)
	}
	return []tcp.Input{{Op: tcp.OpSwap, Side: tcp.SideOf(s.From)}}, nil
}

// pick returns the segment that a step means.
func (h *hosts) pick(s sim.Step) (int, error) {
	named := s.N
	if h.ids != nil {
		named = h.ids[s.N]
	}
	for _, seg := range h.world.Flight(nil) {
		if s.N != 0 && named == int(seg.ID) || s.N == 0 && (s.From == "" || seg.From == tcp.SideOf(s.From)) {
			return int(seg.ID), nil
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
