package tcp

import "finwait/sim"

// after reports whether the sequence number a is later than b (RFC 9293 section 3.4).
func after(a, b uint32) bool { return int32(a-b) > 0 }

// maxSeq returns the later of two sequence numbers.
func maxSeq(a, b uint32) uint32 {
	if after(b, a) {
		return b
	}
	return a
}

// minSeq returns the earlier of two sequence numbers.
func minSeq(a, b uint32) uint32 {
	if after(a, b) {
		return b
	}
	return a
}

// seqRange is the range of sequence numbers from (inclusive) to (exclusive).
type seqRange struct{ from, to uint32 }

// Segment is one segment. A segment on lo has no ID.
type Segment struct {
	Flags  sim.Flags
	From   Side
	Fate   Fate
	Resent bool                    // the sequence numbers were sent before, in a segment that is no longer on the wire
	SACK   [maxSACKBlocks]seqRange // ranges that its sender has received beyond a hole (RFC 2018)
	Conn   uint16
	ID     uint16
	Copies uint16
	Seq    uint32
	Ack    uint32
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
func (s *Segment) end() uint32 {
	n := s.Seq + s.Len
	if s.Flags&(sim.SYN|sim.FIN) != 0 {
		n++
	}
	return n
}

// inWindow reports whether the segment lies in the window from from to edge (tcp_in_window).
func (s *Segment) inWindow(from, edge uint32) bool {
	end := s.end()
	return s.Seq == from || after(end, from) && after(edge, s.Seq) || s.Seq == edge && end == edge
}

// Sim returns the segment in the vocabulary of the log.
func (s Segment) Sim() sim.Segment {
	return sim.Segment{
		Flags: s.Flags, Seq: s.Seq, Ack: s.Ack, Len: int(s.Len), Fate: sim.Fate(s.Fate.String()),
		ID: int(s.ID), Copies: int(s.Copies), Resent: s.Resent,
	}
}
