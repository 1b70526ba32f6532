package model

import (
	"cmp"
	"net/netip"

	"finwait/sim"
	"finwait/sim/cable"
	"finwait/sim/program"
	"finwait/sim/tcp"
)

// Hosts are the two machines of the model with their processes and the bytes that those
// write. A call or what happens to a segment goes in as an input of the model, and what comes
// of it goes to report as events. Who drives the hosts decides when: a Lab by its own clock,
// a check.Checker by the clock of a live log.
type Hosts struct {
	World tcp.World // the kernels and the wire between them

	setting  *sim.Setting
	wire     bool
	effects  []tcp.Effect  // of the newest input
	programs [2][]*Process // by side: every process that was started, dead ones included
	conns    []*conn
	pids     int
	numbers  cable.Numbers[tcp.Endpoint] // makes sequence numbers relative
	tell     func(sim.Event)             // takes every event
}

// NewHosts returns two hosts without a process. setting says which addresses they have, as the
// log begins. Each event goes to tell as soon as it happens, without time and step.
func NewHosts(setting *sim.Setting, settings tcp.Settings, tell func(sim.Event)) *Hosts {
	return &Hosts{World: tcp.New(settings), setting: setting, wire: !settings.Loopback, tell: tell}
}

// Processes returns every process that was started on a host, dead ones included, in that
// order.
func (h *Hosts) Processes(side tcp.Side) []*Process { return h.programs[side] }

// Connections returns how many connections there have been. Their numbers begin with 1.
func (h *Hosts) Connections() int { return len(h.conns) }

// Segment returns a segment as the log has it, with relative numbers.
func (h *Hosts) Segment(seg tcp.Segment) sim.Segment {
	s := seg.Sim()
	s.Seq, s.Ack = h.numbers.Relative(seg.View())
	return s
}

// Number returns the sequence number in the model of one that an end has in the log.
func (h *Hosts) Number(at sim.End, conn int, seq sim.Seq) sim.Seq {
	return h.numbers.Absolute(tcp.DirectionFrom(tcp.SideOf(at), conn), seq)
}

// startBoth starts a program on either host.
func (h *Hosts) startBoth() {
	for side := range h.programs {
		h.Do(tcp.Input{Op: tcp.OpStart, Side: tcp.Side(side)})
	}
}

// firstPort is one less than the port of the first connection's client.
const firstPort = 40000

// client returns the address of the client in a connection.
func (h *Hosts) client(conn int) netip.AddrPort {
	ip, _ := netip.ParseAddr(h.setting.Client) // the zero Addr where a log has none
	return netip.AddrPortFrom(ip, uint16(firstPort+conn))
}

// Network returns what the plan of a step needs to know of the network.
func (h *Hosts) Network() program.Network {
	newest := len(h.conns)
	n := program.Network{Wire: h.wire, Cut: h.World.Cut(), Client: h.client(newest + 1)}
	n.Server, _ = netip.ParseAddrPort(h.setting.Server) // the zero AddrPort where a log has none
	if newest > 0 {
		n.Newest = program.Connection{
			Client: h.client(newest), Crossed: h.conns[newest-1].crossed,
			ClientState: h.World.View(tcp.Client, newest).State, ServerState: h.World.View(tcp.Server, newest).State,
		}
	}
	for _, seg := range h.World.Flight(nil) {
		n.Flight = append(n.Flight, program.Segment{ID: int(seg.ID), From: seg.From.End()})
	}
	return n
}

// Input returns a call of a process as the model takes it. conn is the connection that a
// connect makes.
func (h *Hosts) Input(p *Process, c sim.Call, conn int) tcp.Input {
	in := tcp.CallInput(c)
	in.Proc = p.Number
	if c.Name == sim.CallConnect {
		in.Conn = conn
	}
	return in
}

// Enter has a process make a call, which the model takes as in.
func (h *Hosts) Enter(p *Process, c sim.Call, in tcp.Input) {
	for len(h.conns) < min(in.Conn, maxConns) {
		h.conns = append(h.conns, &conn{n: len(h.conns) + 1})
	}
	p.Busy, p.reported, p.Call, p.conn = true, false, c, 0
	if c.Name.Writes() {
		p.conn = h.World.ConnOf(p.Number, c.FD)
	}
	if p.conn != 0 {
		stream := &h.conns[p.conn-1].stream[tcp.SideOf(p.At)]
		p.base = len(*stream)
		*stream = append(*stream, c.Bytes()...)
	}
	h.tell(sim.Event{At: p.At, Body: sim.CallEntered{PID: p.PID, Call: c, Refers: in.Conn}})
	h.Do(in)
}

// maxConns is the number of connections that the model can tell apart.
const maxConns = 1<<16 - 1

// unwrite takes back what a write has not written.
func (h *Hosts) unwrite(p *Process, written int) {
	if p.conn != 0 {
		stream := &h.conns[p.conn-1].stream[tcp.SideOf(p.At)]
		*stream = (*stream)[:p.base+max(0, written)]
	}
}

// returned takes in the return of a call.
func (h *Hosts) returned(fx tcp.Effect) {
	p := h.Process(fx.Side, int(fx.Proc))
	b := sim.CallReturned{PID: p.PID, Call: p.Call, Result: h.ResultOf(fx)}
	h.unwrite(p, int(fx.Ret))
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
	h.tell(sim.Event{At: p.At, Body: b})
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

// Do gives the model one input, at its Now or later, and tells what comes of it. It returns the
// effects, which are valid until the next input.
func (h *Hosts) Do(in tcp.Input) []tcp.Effect {
	in.Now = max(in.Now, h.World.Now())
	h.effects = h.World.Do(in, h.effects[:0])
	for _, fx := range h.effects {
		h.happened(fx)
	}
	return h.effects
}

// happened tells one effect.
func (h *Hosts) happened(fx tcp.Effect) {
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
			At: at, Body: sim.StateChanged{
				Conn: int(fx.Conn), From: fx.From, To: fx.To, Orphan: fx.Orphan, By: sim.ByModel,
			},
		})
	case tcp.SegmentMoved:
		if at == sim.Server && fx.Segment.Flags == sim.SYN {
			h.conns[fx.Conn-1].crossed = true
		}
		h.numbers.Learn(fx.Segment.View())
		h.tell(sim.Event{At: at, Body: sim.SegmentMoved{Conn: int(fx.Conn), Segment: h.Segment(fx.Segment), By: sim.ByModel}})
	case tcp.CableChanged:
		now := sim.CableMended
		if fx.Ret == 1 {
			now = sim.CableCut
		}
		h.tell(sim.Event{Body: sim.CableChanged{Cable: now}})
	}
}

// signaled tells of a signal.
func (h *Hosts) signaled(fx tcp.Effect) {
	p := h.Process(fx.Side, int(fx.Proc))
	action := sim.Killed
	if fx.Ret == 1 {
		action = sim.Handled
	}
	h.tell(sim.Event{At: p.At, Body: sim.SignalTaken{PID: p.PID, Signal: fx.Signal.String(), Action: action}})
}
