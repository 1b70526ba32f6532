package tcp

import "finwait/sim"

// Segment is one segment. A segment on lo has no ID.
type Segment struct {
	Flags  sim.Flags
	From   Side
	Fate   Fate
	Resent bool                    // the sequence numbers were sent before, in a segment that is no longer on the wire
	SACK   [maxSACKBlocks]sim.Span // ranges that its sender has received beyond a hole (RFC 2018)
	Conn   uint16
	ID     uint16
	Copies uint16
	Seq    sim.Seq
	Ack    sim.Seq
	Len    uint32
	Window uint32

	// SendOrder is the number of segments sent up to this one or its newest copy. It stands
	// for the timestamp of RFC 7323.
	SendOrder uint32
	// SentAt is when this segment or its newest copy was sent. Only an observed World sets it.
	SentAt Time
	// FirstSentAt is when the segment was sent for the first time. Only an observed World sets
	// it.
	FirstSentAt Time
}

// Fate is what became of a segment.
type Fate uint8

// The fates. They correspond to those of sim.Fate.
const (
	Delivered Fate = iota
	Held
	Dropped
	Duplicated
	Retransmitted
	Overtaken
)

// String returns the fate as sim.Fate spells it, and "fate(9)" for a value that is none.
func (f Fate) String() string {
	switch f {
	case Delivered:
		return string(sim.Delivered)
	case Held:
		return string(sim.Held)
	case Dropped:
		return string(sim.Dropped)
	case Duplicated:
		return string(sim.Duplicated)
	case Retransmitted:
		return string(sim.Retransmitted)
	case Overtaken:
		return string(sim.Overtaken)
	}
	return unnamed("fate", int(f))
}

// end returns the sequence number after the segment: a SYN and a FIN count as one (RFC 9293
// section 3.4).
func (s *Segment) end() sim.Seq {
	n := s.Seq.Add(int(s.Len))
	if s.Flags&(sim.SYN|sim.FIN) != 0 {
		n++
	}
	return n
}

// inWindow reports whether the segment lies in the window from from to edge (tcp_in_window).
func (s *Segment) inWindow(from, edge sim.Seq) bool {
	end := s.end()
	return s.Seq == from || end.After(from) && edge.After(s.Seq) || s.Seq == edge && end == edge
}

// Sim returns the segment in the vocabulary of the log.
func (s Segment) Sim() sim.Segment {
	return sim.Segment{
		Flags: s.Flags, Seq: s.Seq, Ack: s.Ack, Len: int(s.Len), Fate: sim.Fate(s.Fate.String()),
		ID: int(s.ID), Copies: int(s.Copies), Resent: s.Resent,
	}
}
