package sim

import "slices"

// Passage follows one end of a connection through the states of RFC 9293 figure
// 5 by its segments alone. It says what the end must have passed through between
// two readings of the kernel; the readings decide where it is. It knows orderly
// opening and closing and what a RST does, nothing of timers or of segments that
// are not acceptable.
type Passage struct {
	State State
	// finEnd is the sequence number after the end's own FIN, 0 before it has sent one.
	finEnd Seq
	peer   arrivals
}

// arrivals are the peer's sequence numbers that have arrived. A FIN counts once everything
// before it has arrived.
type arrivals struct {
	begun    bool
	next     Seq   // first number that has not arrived
	beyond   Spans // spans that have arrived after it
	fin      bool  // a FIN has arrived
	finEnd   Seq   // number after that FIN
	reported bool  // take has reported the FIN
}

// take takes a segment and reports whether the FIN counts now.
func (a *arrivals) take(s Segment) bool {
	switch {
	case s.Flags&SYN != 0:
		*a = arrivals{begun: true, next: s.Next()}
		return false
	case !a.begun:
		a.begun, a.next = true, s.Seq
	}
	if s.Flags&FIN != 0 {
		a.fin, a.finEnd = true, s.Next()
	}
	// A copy of a Passage shares the array of beyond.
	a.beyond = slices.Clone(a.beyond).Add(Span{s.Seq, s.Next()})
	next, passed := a.beyond.Advance(a.next)
	a.next, a.beyond = next, a.beyond[passed:]
	if a.reported || !a.fin || a.next.Before(a.finEnd) {
		return false
	}
	a.reported = true
	return true
}

// Sent takes a segment that the end sent and reports whether its state changed.
func (p *Passage) Sent(s Segment) bool {
	before := p.State
	switch {
	case s.Flags&RST != 0:
		p.State = Closed
	case s.Flags&(SYN|ACK) == SYN:
		p.State = SynSent
	case s.Flags&SYN != 0:
		p.State = SynRecv
	case s.Flags&FIN != 0:
		p.finEnd = s.Next()
		p.sentFIN()
	}
	return p.State != before
}

func (p *Passage) sentFIN() {
	switch p.State {
	case Established, SynRecv:
		p.State = FinWait1
	case CloseWait:
		p.State = LastAck
	}
}

// Received takes a segment that reached the end and reports whether its state
// changed.
func (p *Passage) Received(s Segment) bool {
	before := p.State
	if s.Flags&RST != 0 {
		p.State = Closed
		return p.State != before
	}
	if s.Flags&ACK != 0 {
		p.acknowledged(s)
	}
	if p.peer.take(s) {
		p.receivedFIN()
	}
	return p.State != before
}

// acknowledged takes the ACK bit of a segment: it may end the handshake, or say
// that our FIN has arrived.
func (p *Passage) acknowledged(s Segment) {
	switch {
	case p.State == SynSent && s.Flags&SYN != 0, p.State == SynRecv:
		p.State = Established
	case p.finEnd == 0 || s.Ack.Before(p.finEnd):
	case p.State == FinWait1:
		p.State = FinWait2
	case p.State == Closing:
		p.State = TimeWait
	case p.State == LastAck:
		p.State = Closed
	}
}

func (p *Passage) receivedFIN() {
	switch p.State {
	case Established:
		p.State = CloseWait
	case FinWait1:
		p.State = Closing
	case FinWait2:
		p.State = TimeWait
	}
}
