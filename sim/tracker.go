package sim

import "slices"

// Tracker follows one end of a connection through the states of RFC 9293 figure 5 by its
// segments alone. The states between two readings of the kernel are the Tracker's; at a reading
// the kernel's state counts. A Tracker knows orderly opening and closing and what a RST does,
// and nothing of timers or of segments that are not acceptable.
type Tracker struct {
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
	// A copy of a Tracker shares the array of beyond.
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
func (t *Tracker) Sent(s Segment) bool {
	before := t.State
	switch {
	case s.Flags&RST != 0:
		t.State = Closed
	case s.Flags&(SYN|ACK) == SYN:
		t.State = SynSent
	case s.Flags&SYN != 0:
		t.State = SynRecv
	case s.Flags&FIN != 0:
		t.finEnd = s.Next()
		t.sentFIN()
	}
	return t.State != before
}

func (t *Tracker) sentFIN() {
	switch t.State {
	case Established, SynRecv:
		t.State = FinWait1
	case CloseWait:
		t.State = LastAck
	}
}

// Received takes a segment that reached the end and reports whether its state
// changed.
func (t *Tracker) Received(s Segment) bool {
	before := t.State
	if s.Flags&RST != 0 {
		t.State = Closed
		return t.State != before
	}
	if s.Flags&ACK != 0 {
		t.acknowledged(s)
	}
	if t.peer.take(s) {
		t.receivedFIN()
	}
	return t.State != before
}

// acknowledged takes the ACK bit of a segment: it may end the handshake, or say
// that our FIN has arrived.
func (t *Tracker) acknowledged(s Segment) {
	switch {
	case t.State == SynSent && s.Flags&SYN != 0, t.State == SynRecv:
		t.State = Established
	case t.finEnd == 0 || s.Ack.Before(t.finEnd):
	case t.State == FinWait1:
		t.State = FinWait2
	case t.State == Closing:
		t.State = TimeWait
	case t.State == LastAck:
		t.State = Closed
	}
}

func (t *Tracker) receivedFIN() {
	switch t.State {
	case Established:
		t.State = CloseWait
	case FinWait1:
		t.State = Closing
	case FinWait2:
		t.State = TimeWait
	}
}
