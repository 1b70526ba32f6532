package model

import (
	"finwait/sim"
	"finwait/sim/tcp"
)

// flow makes sequence numbers relative, as wire.Flow does it for a live laboratory: an end
// that is begun anew has another initial sequence number, and counts from that.
type flow struct {
	initial map[place]sim.Seq
}

// learn takes from a segment that was sent what it says about the beginnings.
func (f *flow) learn(seg tcp.Segment) {
	if f.initial == nil {
		f.initial = map[place]sim.Seq{}
	}
	there, back := f.places(seg)
	switch {
	case seg.Flags&sim.SYN == 0:
		return
	case seg.Flags&sim.ACK != 0:
		f.initial[back] = seg.Ack - 1
	case f.initial[there] != seg.Seq:
		delete(f.initial, back)
	}
	f.initial[there] = seg.Seq
}

// segment returns a segment as the log has it.
func (f *flow) segment(seg tcp.Segment) sim.Segment {
	there, back := f.places(seg)
	s := seg.Sim()
	switch {
	case seg.Flags&sim.SYN != 0:
		s.Seq = 0
	case seg.Flags&(sim.RST|sim.ACK) == sim.RST|sim.ACK && seg.Seq == 0: // answers a SYN
	default:
		s.Seq -= f.initial[there]
	}
	switch {
	case seg.Flags&sim.ACK == 0:
	case seg.Flags&sim.SYN != 0:
		s.Ack = 1
	default:
		s.Ack -= f.initial[back]
	}
	return s
}

// number returns the number in the model of one that an end has in the log.
func (f *flow) number(at sim.End, conn int, seq sim.Seq) sim.Seq {
	return f.initial[place{at, conn}] + seq
}

// place is one end of a connection.
type place struct {
	at   sim.End
	conn int
}

func (f *flow) places(seg tcp.Segment) (there, back place) {
	return place{seg.From.End(), int(seg.Conn)}, place{seg.From.End().Peer(), int(seg.Conn)}
}
