package cable

import "finwait/sim"

// MaxAckDelay is the longest time in milliseconds for which a host delays an acknowledgement:
// TCP_DELACK_MAX (include/net/tcp.h) and a timer tick of 250 Hz. A segment that is not
// acknowledged by then was rejected.
const MaxAckDelay = 204

// Direction is one of the two directions of a connection. P identifies one end of it: an
// address and port, or a host and the number of the connection.
type Direction[P comparable] struct{ Src, Dst P }

// Back returns the other direction.
func (d Direction[P]) Back() Direction[P] { return Direction[P]{d.Dst, d.Src} }

// Segment is what the rules see of a segment. It is small, so that it travels in registers.
type Segment[P comparable] struct {
	Direction[P]
	Flags sim.Flags
	Ack   sim.Seq  // meaningful with the ACK flag only
	Span  sim.Span // sequence numbers, empty for a bare ACK and for a reset
}

// Phase returns the flags that tell three phases of a sender apart: its SYN, its SYN ACK, and
// everything after it. In a simultaneous open the SYN and the SYN ACK of one end have the same
// sequence number and are different segments.
func Phase(f sim.Flags) sim.Flags {
	if f&sim.SYN == 0 {
		return 0
	}
	return f & (sim.SYN | sim.ACK)
}

// SamePhase reports whether both segments belong to the same phase of the same sender.
func (s Segment[P]) SamePhase(other Segment[P]) bool {
	return s.Direction == other.Direction && Phase(s.Flags) == Phase(other.Flags)
}

// Acknowledges reports whether the segment acknowledges all of other, which the other end has
// sent, or resets the connection.
func (s Segment[P]) Acknowledges(other Segment[P]) bool {
	switch {
	case s.Direction != other.Back():
		return false
	case s.Flags&sim.RST != 0:
		return true
	}
	return s.Flags&sim.ACK != 0 && !s.Ack.Before(other.Span.To)
}

// RepliesTo reports whether the segment was sent by the receiver of other and says what that has
// accepted. It replies to every segment delivered before: a segment that it does not acknowledge
// was rejected.
func (s Segment[P]) RepliesTo(other Segment[P]) bool {
	return s.Direction == other.Back() && s.Flags&(sim.ACK|sim.RST) != 0
}

// Replaces reports whether the segment, a copy of other, travels on in its place: its
// timestamps are the sender's latest. A copy with another acknowledgement number does not:
// other was sent before that.
func (s Segment[P]) Replaces(other Segment[P]) bool {
	return s.Direction == other.Direction && s.Span == other.Span && s.Ack == other.Ack
}
