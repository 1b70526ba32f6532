package cable

import (
	"maps"

	"finwait/sim"
)

// Numbers makes sequence numbers relative, as sim.Segment wants them: a SYN has 0, the first
// byte of data 1. It learns the initial sequence numbers from SYN and SYN ACK, for any number
// of connections at once, and forgets none. An end that begins anew counts from its new
// initial sequence number. A direction whose SYN was not seen begins at 1 with the first
// number that is seen of it.
//
// The zero value is ready. It is not safe for concurrent use.
type Numbers[P comparable] struct {
	initial map[Direction[P]]sim.Seq
}

// Clone returns a copy that learns by itself.
func (n *Numbers[P]) Clone() Numbers[P] { return Numbers[P]{maps.Clone(n.initial)} }

// Learn takes what a segment says about the initial sequence numbers of its two directions, and
// returns its relative numbers, as Relative does. It must see the segments in the order in
// which they were sent.
func (n *Numbers[P]) Learn(seg Segment[P]) (seq, ack sim.Seq) {
	if n.initial == nil {
		n.initial = map[Direction[P]]sim.Seq{}
	}
	back := seg.Back()
	isn, known := n.initial[seg.Direction]
	switch {
	case Phase(seg.Flags) == sim.SYN:
		// The same SYN again is a retransmission. Another SYN begins another connection, of
		// which the way back is not known yet. The first SYN leaves the way back alone: the
		// other end may have sent its own already (simultaneous open).
		if known && isn != seg.Span.From {
			delete(n.initial, back)
		}
		n.initial[seg.Direction] = seg.Span.From
		return 0, 0
	case seg.Flags&sim.SYN != 0:
		n.initial[seg.Direction], n.initial[back] = seg.Span.From, seg.Ack-1
		return 0, 1
	case !known && !unnumbered(seg):
		isn = seg.Span.From - 1
		n.initial[seg.Direction] = isn
	}
	peer, known := n.initial[back]
	if !known && seg.Flags&sim.ACK != 0 {
		peer = seg.Ack - 1
		n.initial[back] = peer
	}
	return relative(seg, isn, peer)
}

// Relative returns the relative numbers of a segment. Without the ACK flag ack is 0.
//
// A reset without the ACK flag answers a segment that has no connection: its sequence number
// is that segment's acknowledgement number (RFC 9293 section 3.10.7.1, tcp_v4_send_reset), so
// it counts in the numbering of its sender. A reset that answers a SYN has no numbering at
// all: its sequence number is 0 and stays 0.
func (n *Numbers[P]) Relative(seg Segment[P]) (seq, ack sim.Seq) {
	return relative(seg, n.initial[seg.Direction], n.initial[seg.Back()])
}

// relative returns the relative numbers of a segment, given the initial sequence numbers of its
// sender and of the other end.
func relative[P comparable](seg Segment[P], isn, peer sim.Seq) (seq, ack sim.Seq) {
	syn := seg.Flags&sim.SYN != 0
	if !syn && !unnumbered(seg) {
		seq = seg.Span.From - isn
	}
	switch {
	case seg.Flags&sim.ACK == 0:
		return seq, 0
	case syn:
		return seq, 1
	}
	return seq, seg.Ack - peer
}

// Absolute returns the number in a header that is the relative number seq in a direction.
func (n *Numbers[P]) Absolute(in Direction[P], seq sim.Seq) sim.Seq { return n.initial[in] + seq }

// unnumbered reports whether a segment is the reset that answers a segment without the ACK
// flag, which in practice is a SYN: RST ACK with sequence number 0.
func unnumbered[P comparable](seg Segment[P]) bool {
	const flags = sim.RST | sim.ACK
	return seg.Flags&flags == flags && seg.Span.From == 0
}

// Sent is what every sender has sent so far. The zero value is ready. It is not safe for
// concurrent use.
type Sent[P comparable] struct {
	next map[phase[P]]sim.Seq // number after everything sent in a phase
}

// phase is a phase of a sender; see Phase.
type phase[P comparable] struct {
	sender  Direction[P]
	opening sim.Flags
}

// Add adds a segment, and reports whether any of its sequence numbers was sent before.
func (s *Sent[P]) Add(seg Segment[P]) (resent bool) {
	if seg.Span.Empty() {
		return false
	}
	if s.next == nil {
		s.next = map[phase[P]]sim.Seq{}
	}
	k := phase[P]{seg.Direction, Phase(seg.Flags)}
	next, known := s.next[k]
	resent = known && seg.Span.From.Before(next)
	if k.opening != 0 {
		resent = known && seg.Span.To == next
		if !resent { // another connection on the same ports
			delete(s.next, phase[P]{sender: k.sender})
		}
	}
	if !resent || seg.Span.To.After(next) {
		s.next[k] = seg.Span.To
	}
	return resent
}
