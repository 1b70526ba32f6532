package wire

import (
	"net/netip"

	"finwait/sim"
)

// Flow makes sequence numbers relative, as sim.Segment wants them: a SYN has 0,
// the first byte of data 1. It learns the initial sequence numbers from SYN and
// SYN ACK, for any number of connections at once, and forgets none. A direction
// whose SYN it has not seen begins at 1 with the first number it meets.
//
// The zero value is ready. It must see the segments in the order they were
// sent, and is not safe for concurrent use.
type Flow struct {
	initial map[direction]sim.Seq
}

// direction is one of the two directions of a connection.
type direction struct{ src, dst netip.AddrPort }

func (d direction) back() direction { return direction{d.dst, d.src} }

// Segment returns p with relative numbers, as delivered. Without the ACK flag
// Ack is 0.
//
// A reset without the ACK flag answers a segment that had no right to come: its
// Seq is that segment's Ack (RFC 9293 section 3.10.7.1, tcp_v4_send_reset), so it
// counts in the numbering of the one who sends the reset. A reset that answers a
// SYN comes from a place without any numbering; its Seq is 0 and stays 0.
func (f *Flow) Segment(p Packet) sim.Segment {
	if f.initial == nil {
		f.initial = make(map[direction]sim.Seq)
	}
	there := direction{p.Src, p.Dst}
	f.learn(there, p)

	s := sim.Segment{Flags: p.Flags, Len: p.Len, Fate: sim.Delivered}
	if !unnumbered(p) {
		s.Seq = p.Seq - f.initial[there]
	}
	if p.Flags&sim.ACK != 0 {
		s.Ack = p.Ack - f.initial[there.back()]
	}
	return s
}

// learn takes from p what it says about the beginnings of its two directions.
func (f *Flow) learn(there direction, p Packet) {
	back := there.back()
	known, ok := f.initial[there]
	switch {
	case p.Flags&sim.SYN != 0 && p.Flags&sim.ACK == 0:
		// The same SYN again is a retransmission. Another one on the same ports is
		// another connection, of which the way back is not known yet. A first SYN
		// leaves the way back alone: the other end may have sent its own already
		// (simultaneous open).
		if ok && known != p.Seq {
			delete(f.initial, back)
		}
		f.initial[there] = p.Seq
		return
	case p.Flags&sim.SYN != 0:
		f.initial[there], f.initial[back] = p.Seq, p.Ack-1
		return
	case !ok && !unnumbered(p):
		f.initial[there] = p.Seq - 1
	}
	if _, ok := f.initial[back]; !ok && p.Flags&sim.ACK != 0 {
		f.initial[back] = p.Ack - 1
	}
}

// unnumbered reports whether p is the reset that answers a segment without the
// ACK flag, which in practice is a SYN: RST ACK with sequence number 0.
func unnumbered(p Packet) bool {
	const flags = sim.RST | sim.ACK
	return p.Flags&flags == flags && p.Seq == 0
}
