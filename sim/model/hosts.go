package model

import (
	"net/netip"

	"finwait/sim"
	"finwait/sim/cable"
	"finwait/sim/program"
	"finwait/sim/tcp"
)

// Hosts are the two machines of the model with their processes and the bytes that those
// write. A call, or what becomes of a segment, goes in as an input of the model; what comes of it
// goes out as events. Who drives the hosts decides when: a Lab by its own clock, a
// check.Checker by the clock of a live log.
type Hosts struct {
	World tcp.World // the kernels and the wire between them

	setting   *sim.Setting
	wire      bool          // every segment is held
	effects   []tcp.Effect  // of the newest input
	processes [2][]*Process // by side: every process that was started, dead ones included
	pids      int           // number of processes that were started
	conns     []*connection
	numbers   cable.Numbers[tcp.Endpoint] // makes sequence numbers relative
	record    func(sim.Event)             // takes every event
}

// NewHosts returns two hosts without a process. setting says which addresses they have, as the
// log begins. Each event goes to record as soon as it happens, without time and step.
func NewHosts(setting *sim.Setting, settings tcp.Settings, record func(sim.Event)) *Hosts {
	return &Hosts{World: tcp.New(settings), setting: setting, wire: !settings.Loopback, record: record}
}

// Process returns the process that the model knows under a number: the newest.
func (h *Hosts) Process(side tcp.Side, number int) *Process {
	all := h.processes[side]
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Number == number && !all[i].Dead {
			return all[i]
		}
	}
	return nil
}

// ByPID returns a process that lives in the model.
func (h *Hosts) ByPID(pid int) *Process {
	for _, all := range h.processes {
		for _, p := range all {
			if p.PID == pid && !p.Dead {
				return p
			}
		}
	}
	return nil
}

// Living returns the processes that are alive in the model and satisfy ok.
func (h *Hosts) Living(ok func(*Process) bool) (all []*Process) {
	for _, processes := range h.processes {
		for _, p := range processes {
			if !p.Dead && ok(p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// Processes returns every process that was started on a host, dead ones included, in that
// order.
func (h *Hosts) Processes(side tcp.Side) []*Process { return h.processes[side] }

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

// firstPort is one less than the port of the first connection's client.
const firstPort = 40000

// clientOf returns the address of the client in a connection.
func clientOf(setting *sim.Setting, conn int) netip.AddrPort {
	ip, _ := netip.ParseAddr(setting.Client) // the zero Addr where a log has none
	return netip.AddrPortFrom(ip, uint16(firstPort+conn))
}

// Network returns what the plan of a step needs to know of the network.
func (h *Hosts) Network() program.Network {
	newest := len(h.conns)
	n := program.Network{Wire: h.wire, Cut: h.World.Cut(), Client: clientOf(h.setting, newest+1)}
	n.Server, _ = netip.ParseAddrPort(h.setting.Server) // the zero AddrPort where a log has none
	if newest > 0 {
		n.Newest = program.Connection{
			Client: clientOf(h.setting, newest), Crossed: h.conns[newest-1].crossed,
			ClientState: h.World.View(tcp.Client, newest).State, ServerState: h.World.View(tcp.Server, newest).State,
		}
	}
	for _, seg := range h.World.Flight(nil) {
		n.Flight = append(n.Flight, program.Segment{ID: int(seg.ID), From: seg.From.End()})
	}
	return n
}

// maxConns is the number of connections that the model can tell apart.
const maxConns = 1<<16 - 1
