package tcp

import "finwait/sim"

// transmit sends a segment of a socket. Every segment with ACK acknowledges everything
// received, so no acknowledgement is pending afterwards (tcp_event_ack_sent).
func (m *machine) transmit(s *socket, flags sim.Flags, seq sim.Seq, n uint32) {
	seg := Segment{
		Flags: flags, From: s.side, Conn: s.conn, Seq: seq, Len: n,
		Window: m.rcvWindow(s),
	}
	s.snd.lastSentAt = m.now
	if flags&sim.ACK != 0 {
		seg.Ack = s.rcv.NXT
		copy(seg.SACK[:], s.rcv.outOfOrder[:s.rcv.nOutOfOrder])
		s.rcv.lastACKSent, s.timers.ack, s.timers.ackOptional, s.timers.optionalChallenge = s.rcv.NXT, 0, false, false
		s.rcv.wndEdge = s.rcv.NXT.Add(int(seg.Window))
		s.rcv.quickACKs -= min(s.rcv.quickACKs, 1)
	}
	// Resent depends on what was sent before: for a SYN on its kind, for data on the sequence
	// numbers.
	if flags&sim.SYN != 0 {
		bit := uint8(1)
		if flags&sim.ACK != 0 {
			bit = 2
		}
		seg.Resent = s.snd.synsSent&bit != 0
		s.snd.synsSent |= bit
	} else if next := seg.end(); next != seq {
		seg.Resent = s.snd.maxSent.After(seq)
		s.snd.maxSent = s.snd.maxSent.Later(next)
	}
	m.send(seg)
}

// rcvEdge returns the sequence number after the window that a socket offers.
func (w *World) rcvEdge(s *socket) sim.Seq { return s.rcv.NXT.Add(int(w.rcvWindow(s))) }

// rcvWindow returns the window that a socket offers (RCV.WND). The window never shrinks from
// what was offered before (RFC 9293 section 3.8.6).
func (w *World) rcvWindow(s *socket) uint32 {
	used := min(s.unread(), uint32(w.Window))
	n := uint32(w.Window) - used
	if s.rcv.wndEdge.After(s.rcv.NXT) {
		n = max(n, uint32(s.rcv.wndEdge-s.rcv.NXT))
	}
	return n
}

// sendACK sends a bare acknowledgement.
func (m *machine) sendACK(s *socket) { m.transmit(s, sim.ACK, s.snd.NXT, 0) }

// sendSYN sends the SYN of a connect. The first retransmission follows after a second (RFC
// 6298 section 2.1, TCP_TIMEOUT_INIT).
func (m *machine) sendSYN(s *socket) {
	m.transmit(s, sim.SYN, s.snd.ISS, 0)
	s.timers.retransmit = m.now + Second
}

// sendSYNACK answers a SYN. The first retransmission follows after a second, and each further
// one after twice the time, up to two minutes (tcp_reqsk_timeout, TCP_RTO_MAX).
func (m *machine) sendSYNACK(s *socket) {
	m.transmit(s, sim.SYN|sim.ACK, s.snd.ISS, 0)
	s.timers.retransmit = m.now + min(Second<<min(s.snd.retransmits, 7), rtoMax)
}

// sendFIN queues a FIN after the written data. The FIN leaves with the last data if these
// were not sent yet (tcp_send_fin).
func (m *machine) sendFIN(s *socket) {
	s.snd.finQueued = true
	s.snd.writeSeq++
	m.writeXmit(s)
}

// sendActiveReset resets a connection (tcp_send_active_reset).
func (m *machine) sendActiveReset(s *socket) { m.transmit(s, sim.RST|sim.ACK, s.snd.NXT, 0) }

// sendReset answers an unacceptable segment with a reset (tcp_v4_send_reset; RFC 9293 section
// 3.10.7.1). A reset is never answered.
func (m *machine) sendReset(seg *Segment) {
	if seg.Flags&sim.RST != 0 {
		return
	}
	// The reset takes its sequence number from the acknowledgement, so that the peer accepts
	// it. Without an acknowledgement it has ACK and acknowledges the segment (RFC 9293 section
	// 3.5.2).
	answer := Segment{Flags: sim.RST, From: seg.From.peer(), Conn: seg.Conn, Seq: seg.Ack}
	if seg.Flags&sim.ACK == 0 {
		answer.Flags, answer.Seq, answer.Ack = sim.RST|sim.ACK, 0, seg.end()
	}
	m.send(answer)
}

// oowACKInterval is the least time between two answers to unacceptable segments without data
// (tcp_invalid_ratelimit).
const oowACKInterval = 500

// sendChallengeACK answers a suspicious segment with an acknowledgement, at most twice a
// second (RFC 5961; tcp_send_challenge_ack, tcp_invalid_ratelimit).
func (m *machine) sendChallengeACK(s *socket) {
	if m.oowACKAllowed(s) {
		m.sendACK(s)
	}
}

// allowChallengeACK handles a segment that the kernel answers only if its timestamp is old
// enough (tcp_paws_check): in an observed World an answer becomes optional, otherwise it is
// sent.
func (m *machine) allowChallengeACK(s *socket) {
	if s.timers.ackOptional, s.timers.optionalChallenge = m.Observed, m.Observed; !m.Observed {
		m.sendChallengeACK(s)
	}
}

// oowACKAllowed reports whether the rate limit permits another answer to an unacceptable
// segment, and counts the answer (__tcp_oow_rate_limited).
func (m *machine) oowACKAllowed(s *socket) bool {
	if s.rcv.lastOOWACKAt != 0 && m.now-s.rcv.lastOOWACKAt < oowACKInterval {
		return false
	}
	s.rcv.lastOOWACKAt = m.now
	return true
}
