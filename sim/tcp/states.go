package tcp

import "finwait/sim"

// One function for each state: what a segment does to a socket in it.

// established is ESTABLISHED (tcp_rcv_established).
func (m *machine) established(s *socket, seg *Segment) {
	if !m.acceptable(s, seg) || !m.confirmed(s, seg) {
		return
	}
	m.queueData(s, seg)
}

// closeWait is CLOSE_WAIT: the peer sends no more, we still do.
func (m *machine) closeWait(s *socket, seg *Segment) {
	if !m.acceptable(s, seg) || !m.confirmed(s, seg) {
		return
	}
	m.afterFIN(s, seg)
}

// afterFIN is what comes once the peer's FIN was taken in (tcp_rcv_state_process, step 7).
// RFC 9293 section 3.10.7.4, seventh, ignores it; Linux only what begins beyond the FIN.
func (m *machine) afterFIN(s *socket, seg *Segment) {
	switch {
	case seg.next() == seg.Seq, !after(s.rx.nxt, seg.Seq):
	case s.brings(seg):
		m.refuseData(s, seg)
	default:
		m.oweAgain(s)
	}
}

// finWait1 is FIN_WAIT1: our FIN was sent and is not acknowledged. What comes with its
// acknowledgement is for FIN_WAIT2 already, as in the kernel (tcp_rcv_state_process).
func (m *machine) finWait1(s *socket, seg *Segment) {
	if !m.acceptable(s, seg) || !m.confirmed(s, seg) {
		return
	}
	if s.finConfirmed() {
		m.set(s, sim.FinWait2)
		if s.alone() {
			switch {
			case s.linger2 < 0, s.brings(seg):
				m.refuseData(s, seg)
				return
			case seg.Flags&sim.FIN == 0:
				if m.forget(s); s.state != sim.FinWait2 {
					return // what is left of it has no queue for the rest of the segment
				}
			}
		}
	}
	m.halfClosed(s, seg)
}

// halfClosed is what FIN_WAIT1 and FIN_WAIT2 share: data are taken in, unless nobody
// can read them any more. Then they are refused, with a descriptor and without (RFC
// 9293 section 3.10.7.4 would let them wait; RFC 2525 section 2.17).
func (m *machine) halfClosed(s *socket, seg *Segment) {
	if s.rcvShut && s.brings(seg) {
		m.refuseData(s, seg)
		return
	}
	m.queueData(s, seg)
}

// finWait2 is FIN_WAIT2 with a descriptor, or before its last minute.
func (m *machine) finWait2(s *socket, seg *Segment) {
	if !m.acceptable(s, seg) || !m.confirmed(s, seg) {
		return
	}
	m.halfClosed(s, seg)
}

// closingState is CLOSING: both FINs have crossed, ours is not acknowledged.
func (m *machine) closingState(s *socket, seg *Segment) {
	if !m.acceptable(s, seg) || !m.confirmed(s, seg) {
		return
	}
	if s.finConfirmed() {
		m.timeWait(s, sim.TimeWait, lastMinute)
		return
	}
	m.afterFIN(s, seg)
}

// lastAck is LAST_ACK: the acknowledgement of our FIN is all that is missing.
func (m *machine) lastAck(s *socket, seg *Segment) {
	if !m.acceptable(s, seg) || !m.confirmed(s, seg) {
		return
	}
	if s.finConfirmed() {
		m.over(s, None)
		return
	}
	m.afterFIN(s, seg)
}
