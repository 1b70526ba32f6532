package tcp

import "finwait/sim"

// receive takes in a segment (tcp_v4_rcv).
func (m *machine) receive(seg Segment) {
	m.beforeLastSegment = socket{}
	s := m.lookup(seg.From.peer(), seg.Conn)
	if s == nil {
		m.rcvNoSocket(&seg)
		return
	}
	switch s.kind {
	case request:
		m.rcvRequest(s, &seg)
	case mini:
		m.rcvMini(s, &seg)
	default:
		if m.Observed {
			m.beforeLastSegment, m.beforeLastSegmentUntil = *s, m.now+m.maxObservationDelay()
		}
		m.rcvByState(s, &seg)
		m.recordReadable(s)
		m.writeXmit(s) // data may have waited for this acknowledgement (tcp_data_snd_check)
	}
	if s.timers.ack != 0 && s.timers.ack <= m.now && !m.Observed {
		m.sendACK(s)
	}
}

// rcvByState calls the segment function of the socket's state (tcp_v4_do_rcv).
func (m *machine) rcvByState(s *socket, seg *Segment) {
	switch s.state {
	case sim.SynSent:
		m.rcvSynSent(s, seg)
	case sim.SynRecv:
		m.rcvSynRecv(s, seg)
	case sim.Established:
		m.rcvEstablished(s, seg)
	case sim.FinWait1:
		m.rcvFinWait1(s, seg)
	case sim.FinWait2:
		m.rcvFinWait2(s, seg)
	case sim.CloseWait:
		m.rcvCloseWait(s, seg)
	case sim.Closing:
		m.rcvClosing(s, seg)
	case sim.LastAck:
		m.rcvLastAck(s, seg)
	}
}

// validateIncoming makes the checks that come first in every synchronized state, and answers
// a segment that fails one (tcp_validate_incoming; RFC 9293 section 3.10.7.4, first to
// fourth, with RFC 5961). It reports whether the segment is acceptable.
func (m *machine) validateIncoming(s *socket, seg *Segment) bool {
	reset := seg.Flags&sim.RST != 0
	edge := m.rcvEdge(s)
	if m.rejectPAWS(s, seg) {
		return false
	}
	// First, the sequence number (tcp_sequence): the segment ends before the last
	// acknowledgement sent, or begins beyond the window.
	if s.rcv.lastACKSent.After(seg.end()) || seg.Seq.After(edge) {
		switch {
		case reset && s.resetMatchesFIN(seg):
			m.rcvReset(s)
		case reset:
		case seg.Len > 0 || seg.Flags&sim.FIN != 0:
			m.sendACK(s) // data are not rate limited (tcp_send_dupack)
		default:
			m.sendChallengeACK(s)
		}
		return false
	}
	// Second, RST. An exact reset, or one just beyond the last SACK block, is accepted. Any
	// other reset in the window is challenged: a peer that wants the reset sends an exact
	// one (RFC 5961 section 3.2).
	if reset {
		beyondSACK := s.rcv.nOutOfOrder > 0 && seg.Seq == s.rcv.outOfOrder[s.rcv.nOutOfOrder-1].To
		if seg.Seq == s.rcv.NXT || s.resetMatchesFIN(seg) || beyondSACK {
			m.rcvReset(s)
		} else {
			m.sendChallengeACK(s)
		}
		return false
	}
	// Fourth, SYN. It is challenged: a peer that has lost the connection answers with a
	// reset (RFC 5961 section 4.2).
	if seg.Flags&sim.SYN != 0 {
		m.sendChallengeACK(s)
		return false
	}
	return true
}

// resetMatchesFIN reports whether a reset has the sequence number of the peer's FIN. Such a
// reset comes from a host that does not remember having sent the FIN (tcp_reset_check).
func (s *socket) resetMatchesFIN(seg *Segment) bool {
	switch s.state {
	case sim.CloseWait, sim.LastAck, sim.Closing:
		return seg.Seq == s.rcv.NXT-1
	}
	return false
}

// rcvReset ends a connection that the peer has reset (tcp_reset). The error is EPIPE in
// CLOSE_WAIT, because the peer had already sent its FIN.
func (m *machine) rcvReset(s *socket) {
	err := ECONNRESET
	switch s.state {
	case sim.SynSent:
		err = ECONNREFUSED
	case sim.CloseWait:
		err = EPIPE
	}
	s.errMayBeTimeout = m.Observed && s.timers.retransmit != 0 && m.writeTimedOut(s)
	m.doneWithError(s, err)
}

// hasNewData reports whether a segment has data beyond RCV.NXT, in order or not. A FIN
// without data counts only beyond a hole (tcp_rcv_state_process).
func (s *socket) hasNewData(seg *Segment) bool {
	end := seg.end()
	if end == seg.Seq {
		return false
	}
	if seg.Flags&sim.FIN != 0 {
		end--
	}
	return end.After(s.rcv.NXT)
}

// abortOnData resets a connection whose data no process will read (TCP_ABORT_ON_DATA).
func (m *machine) abortOnData(s *socket, seg *Segment) {
	m.sendReset(seg)
	m.rcvReset(s)
}
