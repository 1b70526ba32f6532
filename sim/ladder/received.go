package ladder

import "finwait/sim"

// received is what has arrived at one end of a connection, as its kernel counts it: it
// tells which of several segments moved the end into its next state. The zero value is that of
// an end where nothing has arrived.
type received struct {
	begun  bool
	next   sim.Seq // the first number that is missing (RFC 9293: RCV.NXT)
	beyond sim.Spans
	fin    sim.Seq // the number after the FIN, if hasFIN
	hasFIN bool    // a FIN has arrived, be it before its data
	closed bool    // everything up to the FIN has arrived
}

// take takes in a segment that arrives. It reports whether everything up to the FIN is there
// with it, and was not before, and whether a RST is obeyed wherever the segment would be.
func (v *received) take(s sim.Segment) (fin, obeyed bool) {
	obeyed = v.obeys(s.Seq)
	if s.Flags&sim.RST != 0 {
		return false, obeyed
	}
	if !v.begun {
		v.begun, v.next = true, s.Seq
	}
	if s.Flags&sim.FIN != 0 {
		v.fin, v.hasFIN = s.Next(), true
	}
	v.beyond = v.beyond.Add(sim.Span{From: s.Seq, To: s.Next()})
	next, passed := v.beyond.Advance(v.next)
	v.next, v.beyond = next, v.beyond[passed:]
	was := v.closed
	v.closed = v.hasFIN && !v.next.Before(v.fin)
	return v.closed && !was, obeyed
}

// obeys reports whether a RST of that number ends the connection. Any other one in the window is
// answered by a challenge ACK (RFC 5961 section 3.2, tcp_validate_incoming): the number is the
// one that comes next, that of a FIN that was taken, or the end of what lies beyond a hole.
func (v *received) obeys(seq sim.Seq) bool {
	switch last := len(v.beyond) - 1; {
	case !v.begun, seq == v.next:
		return true
	case v.closed && seq.Add(1) == v.next:
		return true
	default:
		return last >= 0 && seq == v.beyond[last].To
	}
}
