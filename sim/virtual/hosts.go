package virtual

import (
	"cmp"
	"net/netip"

	"finwait/sim"
	"finwait/sim/program"
	"finwait/sim/tcp"
)

// hosts are the two machines of the model with their programs: what a step asks of them
// as inputs, and what comes of those as events. Who drives them decides when.
type hosts struct {
	info     *sim.Setting
	wire     bool
	world    tcp.World
	effects  []tcp.Effect
	programs [2][]*process // by side: every one that was started, dead ones included
	conns    []*conn
	pids     int
	flow     flow
	ids      map[int]int     // by the number that a segment on a live wire has there: the model's; nil on the model's own
	tell     func(sim.Event) // takes every event
}

// startBoth starts a program on either host.
func (h *hosts) startBoth() {
	for side := range h.programs {
		h.do(tcp.Input{Op: tcp.OpStart, Side: tcp.Side(side)})
	}
}

// firstPort is one less than the port of the first connection's client.
const firstPort = 40000

// client returns the address of the client in a connection.
func (h *hosts) client(conn int) netip.AddrPort {
	ip, _ := netip.ParseAddr(h.info.Client) // the zero Addr where a log has none
	return netip.AddrPortFrom(ip, uint16(firstPort+conn))
}

// known returns what the plan of a step needs to know of the network.
func (h *hosts) known() program.Network {
	newest := len(h.conns)
	n := program.Network{Wire: h.wire, Cut: h.world.Cut(), Client: h.client(newest + 1)}
	n.Server, _ = netip.ParseAddrPort(h.info.Server) // the zero AddrPort where a log has none
	if newest > 0 {
		n.Newest = program.Connection{
			Client: h.client(newest), Crossed: h.conns[newest-1].crossed,
			ClientState: h.world.View(tcp.Client, newest).State, ServerState: h.world.View(tcp.Server, newest).State,
		}
	}
	live := map[int]int{}
	for there, id := range h.ids {
		live[id] = there
	}
	for _, seg := range h.world.Flight(nil) {
		id := int(seg.ID)
		if h.ids != nil {
			id = live[id]
		}
		n.Flight = append(n.Flight, program.Segment{ID: id, From: seg.From.End()})
	}
	return n
}

// input returns a call of a process as the model takes it. conn is the connection that a
// connect makes.
func (h *hosts) input(p *process, c sim.Call, conn int) tcp.Input {
	in := tcp.CallInput(c)
	in.Proc = p.number
	if c.Name == sim.CallConnect {
		in.Conn = conn
	}
	return in
}

// enter has a process make a call, which the model takes as in.
func (h *hosts) enter(p *process, c sim.Call, in tcp.Input) {
	for len(h.conns) < min(in.Conn, maxConns) {
		h.conns = append(h.conns, &conn{n: len(h.conns) + 1})
	}
	p.busy, p.reported, p.call, p.conn = true, false, c, 0
	if c.Name.Writes() {
		p.conn = h.world.ConnOf(p.number, c.FD)
	}
	if p.conn != 0 {
		stream := &h.conns[p.conn-1].stream[tcp.SideOf(p.at)]
		p.base = len(*stream)
		*stream = append(*stream, c.Bytes()...)
	}
	h.tell(sim.Event{Kind: sim.KindCall, At: p.at, PID: p.pid, Call: c, Refers: in.Conn})
	h.do(in)
}

// maxConns is the number of connections that the model can tell apart.
const maxConns = 1<<16 - 1

// unwrite takes back what a write has not written.
func (h *hosts) unwrite(p *process, written int) {
	if p.conn != 0 {
		stream := &h.conns[p.conn-1].stream[tcp.SideOf(p.at)]
		*stream = (*stream)[:p.base+max(0, written)]
	}
}

// returned takes in the return of a call.
func (h *hosts) returned(fx tcp.Effect) {
	p := h.byNumber(fx.Side, int(fx.Proc))
	e := sim.Event{Kind: sim.KindReturn, At: p.at, PID: p.pid, Call: p.call, Result: h.resultOf(fx)}
	h.unwrite(p, int(fx.Ret))
	p.busy = false
	switch {
	case fx.Ret < 0 && p.stop:
		p.todo = nil
	case fx.Ret >= 0 && p.call.Name.Opens():
		p.last = int(fx.Ret)
	}
	if fx.Op == tcp.OpAccept && fx.Ret >= 0 {
		e.Refers = h.world.ConnOf(p.number, int(fx.Ret))
	}
	h.tell(e)
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
		e.Action, e.Call = sim.Handled, p.call
	}
	h.tell(e)
}
