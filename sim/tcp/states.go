package tcp

import "finwait/sim"

// One function for each state after the handshake: what a segment does to a socket in it.
// The functions follow RFC 9293 section 3.10.7.4. validateIncoming makes the first to fourth
// checks, processAck the fifth, queueData the seventh and eighth.

// rcvEstablished is ESTABLISHED (tcp_rcv_established): the segment's text and FIN are taken
// in.
func (m *machine) rcvEstablished(s *socket, seg *Segment) {
	if !m.validateIncoming(s, seg) || !m.processAck(s, seg) {
		return
	}
	m.queueData(s, seg)
}

// rcvCloseWait is CLOSE_WAIT: the peer has sent its FIN, the program can still write.
func (m *machine) rcvCloseWait(s *socket, seg *Segment) {
	if !m.validateIncoming(s, seg) || !m.processAck(s, seg) {
		return
	}
	m.rcvAfterFIN(s, seg)
}

// rcvAfterFIN handles the text of a segment in CLOSE_WAIT, CLOSING and LAST_ACK, where the
// peer's FIN has arrived (tcp_rcv_state_process, step 7). RFC 9293 section 3.10.7.4, seventh,
// ignores the text. Linux ignores only text that begins beyond the FIN.
func (m *machine) rcvAfterFIN(s *socket, seg *Segment) {
	switch {
	case seg.end() == seg.Seq, !s.rcv.NXT.After(seg.Seq):
	case s.hasNewData(seg):
		m.abortOnData(s, seg)
	default:
		m.enterQuickAck(s)
	}
}

// rcvFinWait1 is FIN_WAIT1: the FIN was sent and is not acknowledged. The acknowledgement of
// the FIN leads to FIN_WAIT2 (fifth check), and the rest of the same segment is handled in
// FIN_WAIT2, as in the kernel (tcp_rcv_state_process).
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
					return // a minisock has no queue for the rest of the segment
				}
			}
		}
	}
	m.rcvFinWait(s, seg)
}

// rcvFinWait handles the text and the FIN of a segment in FIN_WAIT1 and FIN_WAIT2. Data that
// no process can read end the connection, with or without a descriptor. RFC 9293 section
// 3.10.7.4 would keep such data; RFC 2525 section 2.17 asks for the reset.
func (m *machine) rcvFinWait(s *socket, seg *Segment) {
	if s.rcvShutdown && s.hasNewData(seg) {
		m.abortOnData(s, seg)
		return
	}
	m.queueData(s, seg)
}

// rcvFinWait2 is FIN_WAIT2 of a whole socket: of one with a descriptor, or of an orphan whose
// time is longer than timewaitLen.
func (m *machine) rcvFinWait2(s *socket, seg *Segment) {
	if !m.validateIncoming(s, seg) || !m.processAck(s, seg) {
		return
	}
	m.rcvFinWait(s, seg)
}

// rcvClosing is CLOSING: the two FINs have crossed. The acknowledgement of the FIN leads to
// TIME_WAIT (fifth check).
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

// rcvLastAck is LAST_ACK: the acknowledgement of the FIN ends the connection (fifth check).
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
