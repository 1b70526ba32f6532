package tcp_test

import (
	"strings"

	"finwait/sim"
	"finwait/sim/diagram"
	"finwait/sim/tcp"
)

// edges returns the changes of state in a transition.
func (p *Transition) edges() []diagram.Edge {
	var all []diagram.Edge
	for _, side := range sides {
		if from, to := p.Before[side], p.After[side]; from != to {
			from, to = p.ends(side, from, to)
			all = append(all, diagram.Edge{From: from, To: to, Event: p.event(side, to), Sends: p.sends(side)})
		}
	}
	return all
}

// ends returns the two states of a change, which state may have mixed with those of a listener. Only
// a connection in a handshake of the listener returns to LISTEN.
func (p *Transition) ends(side tcp.Side, from, to sim.State) (sim.State, sim.State) {
	active := p.before.world.InCall(int(side)) // the process is in connect
	switch {
	case to == sim.Listen && from != sim.Closed && (from != sim.SynRecv || active):
		to = sim.Closed
	case from == sim.Listen && to == sim.SynSent:
		from = sim.Closed
	}
	return from, to
}

// callEvents are the events that are calls.
var callEvents = map[Act]string{
	Listen: "listen", Unlisten: "close", Connect: "connect", Write: "write", Read: "read", Shutdown: "close", Close: "close", Kill: "close",
}

// event returns what changed the state of a side.
func (p *Transition) event(side tcp.Side, to sim.State) string {
	switch p.Move.Act {
	case Deliver, Copy:
		for _, e := range p.Effects {
			if e.Kind == tcp.SegmentMoved && e.Segment.From != side && (e.Segment.Fate == tcp.Delivered || e.Segment.Fate == tcp.Duplicated) {
				return "rcv " + p.received(side, to, e.Segment)
			}
		}
	case Fire, GiveUp:
		return p.timeout(side)
	case Close, Kill, Unlisten:
		switch {
		case p.Before[side] == sim.Listen || p.sends(side) != "RST":
		case p.before.world.StateOf(int(side), connection) == p.Before[side]:
			return "close, unread data"
		default:
			return "close of the listener"
		}
	}
	return callEvents[p.Move.Act]
}

// timeout returns the name of the timer that fired.
func (p *Transition) timeout(side tcp.Side) string {
	switch p.Before[side] {
	case sim.TimeWait:
		return "2MSL timeout"
	case sim.FinWait2:
		return "FIN_WAIT2 timeout"
	}
	return "gives up"
}

// received returns what in a segment changed the state of a side.
func (p *Transition) received(side tcp.Side, to sim.State, seg tcp.Segment) string {
	from, fin, data := p.Before[side], seg.Flags&sim.FIN != 0, seg.Len > 0
	switch {
	case seg.Flags&(sim.RST|sim.SYN) != 0:
		return sentAs(seg)
	case to == sim.Closed && p.sends(side) == "RST" && from != sim.SynRecv && data:
		return "data"
	case to == sim.Closed && p.sends(side) == "RST" && from != sim.SynRecv && fin:
		return "FIN, data missing"
	}
	var words []string
	if took := to == sim.CloseWait || to == sim.Closing || to == sim.TimeWait && from != sim.Closing; took && fin {
		words = append(words, "FIN")
	} else if took {
		words = append(words, "data before FIN")
	}
	switch {
	case from == sim.SynRecv:
		words = append(words, "ACK of SYN")
	case p.Facts.Sent[side] && seg.Ack == p.Facts.FIN[side] && from != sim.FinWait2:
		words = append(words, "ACK of FIN")
	}
	if words == nil {
		return "ACK"
	}
	return strings.Join(words, ", ")
}

// sends returns what a side sent in the transition.
func (p *Transition) sends(side tcp.Side) string {
	var words []string
	for _, e := range p.Effects {
		if e.Kind == tcp.SegmentMoved && e.Segment.From == side && (e.Segment.Fate == tcp.Held || e.Segment.Fate == tcp.Retransmitted) && p.Move.Act != GiveUp {
			words = append(words, sentAs(e.Segment))
		}
	}
	for _, d := range p.after.world.Deadlines(nil) {
		if d.Side == side && d.Timer == tcp.TimerACK && p.Move.Act != GiveUp {
			words = append(words, "ACK later")
		}
	}
	return strings.Join(words, ", ")
}

// sentAs returns a segment in the words of figure 5.
func sentAs(seg tcp.Segment) string {
	switch {
	case seg.Flags&sim.RST != 0:
		return "RST"
	case seg.Flags&sim.SYN != 0 && seg.Flags&sim.ACK != 0:
		return "SYN,ACK"
	case seg.Flags&sim.SYN != 0:
		return "SYN"
	case seg.Flags&sim.FIN != 0 && seg.Len > 0:
		return "data, FIN"
	case seg.Flags&sim.FIN != 0:
		return "FIN"
	case seg.Len > 0:
		return "data"
	}
	return "ACK"
}
