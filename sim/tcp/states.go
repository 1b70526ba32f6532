package tcp

import "finwait/sim"

// One function for each state: what a segment does to a socket in it.

// established is ESTABLISHED (tcp_rcv_established).
func (m *machine) rcvEstablished(s *socket, seg *Segment) {
	if !m.validateIncoming(s, seg) || !m.processAck(s, seg) {
		return
	}
	m.queueData(s, seg)
}

// closeWait is CLOSE_WAIT: the peer sends no more, we still do.
func (m *machine) rcvCloseWait(s *socket, seg *Segment) {
	if !m.validateIncoming(s, seg) || !m.processAck(s, seg) {
		return
	}
	m.rcvAfterFIN(s, seg)
}

// afterFIN is what comes once the peer's FIN was taken in (tcp_rcv_state_process, step 7).
// RFC 9293 section 3.10.7.4, seventh, ignores it; Linux only what begins beyond the FIN.
func (m *machine) rcvAfterFIN(s *socket, seg *Segment) {
	switch {
	case seg.end() == seg.Seq, !after(s.rcv.NXT, seg.Seq):
	case s.hasNewData(seg):
		m.abortOnData(s, seg)
	default:
		m.enterQuickAck(s)
	}
}

// finWait1 is FIN_WAIT1: our FIN was sent and is not acknowledged. What comes with its
// acknowledgement is for FIN_WAIT2 already, as in the kernel (tcp_rcv_state_process).
func (m *machine) rcvFinWait1(s *socket, seg *Segment) {
	if !m.validateIncoming(s, seg) || !m.processAck(s, seg) {
		return
	}
	if s.finAcked() {
		m.setState(s, sim.FinWait2)
		if s.isOrphan() {
			switch {
			case s.linger2 < 0, s.hasNewData(seg):
				m.abortOnData(s, seg)
				return
			case seg.Flags&sim.FIN == 0:
				if m.orphanFinWait2(s); s.state != sim.FinWait2 {
					return // what is left of it has no queue for the rest of the segment
				}
			}
		}
	}
	m.rcvFinWait(s, seg)
}

// halfClosed is what FIN_WAIT1 and FIN_WAIT2 share: data are taken in, unless nobody
// can read them any more. Then they are refused, with a descriptor and without (RFC
// 9293 section 3.10.7.4 would let them wait; RFC 2525 section 2.17).
func (m *machine) rcvFinWait(s *socket, seg *Segment) {
	if s.rcvShutdown && s.hasNewData(seg) {
		m.abortOnData(s, seg)
		return
	}
	m.queueData(s, seg)
}

// finWait2 is FIN_WAIT2 with a descriptor, or before its last minute.
func (m *machine) rcvFinWait2(s *socket, seg *Segment) {
	if !m.validateIncoming(s, seg) || !m.processAck(s, seg) {
		return
	}
	m.rcvFinWait(s, seg)
}

// closingState is CLOSING: both FINs have crossed, ours is not acknowledged.
func (m *machine) rcvClosing(s *socket, seg *Segment) {
	if !m.validateIncoming(s, seg) || !m.processAck(s, seg) {
		return
	}
	if s.finAcked() {
		m.enterTimeWait(s, sim.TimeWait, timewaitLen)
		return
	}
	m.rcvAfterFIN(s, seg)
}

// lastAck is LAST_ACK: the acknowledgement of our FIN is all that is missing.
func (m *machine) rcvLastAck(s *socket, seg *Segment) {
	if !m.validateIncoming(s, seg) || !m.processAck(s, seg) {
		return
	}
	if s.finAcked() {
		m.doneWithError(s, None)
		return
	}
	m.rcvAfterFIN(s, seg)
}
