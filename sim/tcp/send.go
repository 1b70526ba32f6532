package tcp

import "finwait/sim"

// Segments that leave.

// transmit sends a segment of a socket. Everything that is sent acknowledges what has
// come, so nothing is owed after it (tcp_event_ack_sent).
func (m *machine) transmit(s *socket, flags sim.Flags, seq, n uint32) {
	seg := Segment{
		Flags: flags, From: s.side, Conn: s.conn, Seq: seq, Len: n,
		Window: m.rcvWindow(s),
	}
	s.snd.lastSentAt = m.now
	if flags&sim.ACK != 0 {
		seg.Ack = s.rcv.NXT
		copy(seg.SACK[:], s.rcv.outOfOrder[:s.rcv.nOutOfOrder])
		s.rcv.lastACKSent, s.timers.ack, s.timers.ackOptional, s.timers.optionalChallenge = s.rcv.NXT, 0, false, false
		s.rcv.wndEdge = s.rcv.NXT + seg.Window
		s.rcv.quickACKs -= min(s.rcv.quickACKs, 1)
	}
	if flags&sim.SYN != 0 {
		bit := uint8(1)
		if flags&sim.ACK != 0 {
			bit = 2
		}
		seg.Resent = s.snd.synsSent&bit != 0
		s.snd.synsSent |= bit
	} else if next := seg.end(); next != seq {
		seg.Resent = after(s.snd.maxSent, seq)
		if after(next, s.snd.maxSent) {
			s.snd.maxSent = next
		}
	}
	m.send(seg)
}

// window returns what a socket offers: never less than it has offered before (RFC 9293
// section 3.8.6).
func (w *World) rcvWindow(s *socket) uint32 {
	used := min(s.unread(), uint32(w.Window))
	n := uint32(w.Window) - used
	if after(s.rcv.wndEdge, s.rcv.NXT) {
		n = max(n, s.rcv.wndEdge-s.rcv.NXT)
	}
	return n
}

// sendACK sends an acknowledgement, and nothing else.
func (m *machine) sendACK(s *socket) { m.transmit(s, sim.ACK, s.snd.NXT, 0) }

// sendSYN sends the SYN of a connect. It is repeated after a second (RFC 6298 section
// 2.1, TCP_TIMEOUT_INIT).
func (m *machine) sendSYN(s *socket) {
	m.transmit(s, sim.SYN, s.snd.ISS, 0)
	s.timers.retransmit = m.now + Second
}

// sendSYNACK answers a SYN. It is repeated after a second, each time after twice as long, up to
// two minutes (tcp_reqsk_timeout, TCP_RTO_MAX).
func (m *machine) sendSYNACK(s *socket) {
	m.transmit(s, sim.SYN|sim.ACK, s.snd.ISS, 0)
	s.timers.retransmit = m.now + min(Second<<min(s.snd.retransmits, 7), rtoMax)
}

// sendFIN queues a FIN behind what was written. It leaves in the last segment of data
// if that was not sent yet (tcp_send_fin).
func (m *machine) sendFIN(s *socket) {
	s.snd.finQueued = true
	s.snd.writeSeq++
	m.writeXmit(s)
}

// sendReset resets a connection (tcp_send_active_reset).
func (m *machine) sendActiveReset(s *socket) { m.transmit(s, sim.RST|sim.ACK, s.snd.NXT, 0) }

// refuse answers a segment that has no right to come with a reset (tcp_v4_send_reset;
// RFC 9293 section 3.10.7.1).
func (m *machine) sendReset(seg *Segment) {
	if seg.Flags&sim.RST != 0 {
		return
	}
	answer := Segment{Flags: sim.RST, From: seg.From.peer(), Conn: seg.Conn, Seq: seg.Ack}
	if seg.Flags&sim.ACK == 0 {
		answer.Flags, answer.Seq, answer.Ack = sim.RST|sim.ACK, 0, seg.end()
	}
	m.send(answer)
}

// challenge answers something suspicious with an acknowledgement, at most twice a
// second (RFC 5961; tcp_send_challenge_ack, tcp_invalid_ratelimit).
func (m *machine) sendChallengeACK(s *socket) {
	if m.oowACKAllowed(s) {
		m.sendACK(s)
	}
}

// mayChallenge answers what the kernel answers only if it was sent at least two
// milliseconds before what has overtaken it: it compares timestamps (tcp_paws_check).
func (m *machine) allowChallengeACK(s *socket) {
	if s.timers.ackOptional, s.timers.optionalChallenge = m.Observed, m.Observed; !m.Observed {
		m.sendChallengeACK(s)
	}
}

// mayAnswer reports whether the newest answer of this kind was long enough ago, and notes
// this one (__tcp_oow_rate_limited).
func (m *machine) oowACKAllowed(s *socket) bool {
	if s.rcv.lastOOWACKAt != 0 && m.now-s.rcv.lastOOWACKAt < oowACKInterval {
		return false
	}
	s.rcv.lastOOWACKAt = m.now
	return true
}

// challengeEvery is how often the kernel answers what is not acceptable and brings no
// data (tcp_invalid_ratelimit).
const oowACKInterval = 500

// push sends what may be sent (tcp_write_xmit): within the windows, and no small
// segment while another small one is not acknowledged (RFC 9293 section 3.7.4,
// tcp_minshall_check). A FIN never waits for that.
func (m *machine) writeXmit(s *socket) {
	if s.snd.inLoss() || s.snd.cwndOne && s.snd.rtxLen > 0 || m.Observed && s.snd.hasSACKed() {
		return // the congestion window is 1: until the loss is made good (tcp_enter_loss), or see establish
	}
	before := s.snd.NXT
	for m.sendNext(s, false) && !s.snd.cwndOne {
	}
	switch {
	case s.snd.NXT != before:
		m.rearmRTO(s)
	case s.snd.rtxLen == 0 && s.snd.NXT != s.snd.writeSeq && s.timers.retransmit == 0:
		// Nothing is under way that could open the window (tcp_check_probe_timer).
		s.timers.retransmit, s.timers.persist = m.now+shortestRTO, true
	}
}

// sendNext sends the next segment, if there is one that may be sent. A probe is one more
// than the congestion window has room for, and may be small.
func (m *machine) sendNext(s *socket, probe bool) bool {
	if s.snd.NXT == s.snd.writeSeq || s.snd.rtxLen >= initCwnd && !probe || s.snd.rtxLen == maxRtxQueue {
		return false
	}
	left, fin := s.snd.writeSeq-s.snd.NXT, uint32(0)
	if s.snd.finQueued {
		fin = 1
	}
	room := s.snd.UNA + s.snd.WND - s.snd.NXT
	if int32(room) < int32(min(left, m.mss(s))) {
		m.unsupported = m.unsupported || m.Observed // a kernel makes its window larger (tcp_rcv_space_adjust)
	}
	if int32(room) <= 0 { // tcp_snd_wnd_test
		return false
	}
	n := min(left-fin, m.mss(s), room)
	last := n == left-fin
	if fin == 1 && last && n == room {
		fin = 0 // the FIN does not fit into the window
	}
	withFIN := fin == 1 && last
	if n == 0 && !withFIN || !probe && n < m.mss(s) && !withFIN && after(s.snd.smallEnd, s.snd.UNA) {
		return false
	}
	m.sendNewSegment(s, rtxSegment{end: s.snd.NXT + n, fin: withFIN, psh: last && n > 0})
	return true
}

// mss returns how many bytes of data a segment has room for, beside what it says has arrived
// beyond a hole (tcp_current_mss).
func (w *World) mss(s *socket) uint32 {
	n := uint32(w.MSS)
	if blocks := min(uint32(s.rcv.nOutOfOrder), maxSACKBlocks); blocks > 0 {
		n -= 4 + 8*blocks
	}
	return n
}

// sendPart sends a segment for the first time.
func (m *machine) sendNewSegment(s *socket, p rtxSegment) {
	if p.fin {
		p.end++
	}
	m.enqueueRtx(s, p)
	m.sendQueued(s, int(s.snd.rtxLen)-1)
}

// enqueuePart puts a segment that is about to be sent into the retransmission queue.
func (m *machine) enqueueRtx(s *socket, p rtxSegment) {
	if p.end-s.snd.NXT < m.mss(s) {
		s.snd.smallEnd = p.end
	}
	if p.sentAt = m.now; s.snd.rtxLen == 0 {
		s.snd.unackedSince = m.now
	}
	s.snd.rtxQueue[s.snd.rtxLen] = p
	s.snd.rtxLen++
	s.snd.NXT, s.snd.newestSentAt = p.end, m.now
	if s.rcv.gotData && m.now-s.rcv.lastDataAt < atoMin {
		s.rcv.pingpong = true // tcp_event_data_sent
	}
}

// begin returns the number with which a segment of the retransmission queue begins.
func (t *sender) startOf(i int) uint32 {
	if i == 0 {
		return t.UNA
	}
	return t.rtxQueue[i-1].end
}

// sendSent sends a segment of the retransmission queue.
func (m *machine) sendQueued(s *socket, i int) {
	from := s.snd.startOf(i)
	p := s.snd.rtxQueue[i]
	if p.syn {
		m.transmit(s, sim.SYN|sim.ACK, from, 0)
		return
	}
	flags, n := sim.ACK, p.end-from
	if p.fin {
		flags |= sim.FIN
		n--
	}
	if p.psh && n > 0 {
		flags |= sim.PSH
	}
	m.transmit(s, flags, from, n)
}

// sendAgain repeats a segment of the retransmission queue, and with it the small ones
// behind it that fit: a FIN travels with the data before it then
// (tcp_retrans_try_collapse), but never with a SYN.
func (m *machine) retransmit(s *socket, i int) {
	from := s.snd.startOf(i)
	for i+1 < int(s.snd.rtxLen) && !s.snd.rtxQueue[i].syn {
		next := s.snd.rtxQueue[i+1]
		n := next.end - from
		if next.fin {
			n--
		}
		if next.sacked || n > uint32(m.MSS) || after(next.end, s.snd.UNA+s.snd.WND) {
			break
		}
		next.psh = next.psh || s.snd.rtxQueue[i].psh
		s.snd.rtxQueue[i] = next
		copy(s.snd.rtxQueue[i+1:], s.snd.rtxQueue[i+2:s.snd.rtxLen])
		s.snd.rtxLen--
		s.snd.rtxQueue[s.snd.rtxLen] = rtxSegment{}
	}
	m.sendQueued(s, i)
}

// rearm sets the timer that watches over what was sent: a probe with the newest
// segment first (tcp_schedule_loss_probe, RFC 8985), then retransmission.
func (m *machine) rearmRTO(s *socket) {
	s.timers.fastRetransmit, s.timers.persist, s.timers.tlp = false, false, false
	switch {
	case s.snd.rtxLen == 0:
		s.timers.retransmit = 0
	case s.snd.tlpOut || s.snd.retransmits > 0 || !s.maySend() && !s.snd.finQueued:
		s.timers.retransmit = m.now + s.rto()
	default:
		s.timers.tlp = true
		s.timers.retransmit = m.now + s.rtoBeforeBackoff()
		if s.snd.rtxLen > 1 && !s.snd.rtxQueue[0].syn {
			s.timers.retransmit = m.now + tlpDelay
		}
	}
}

// Times of the kernel, as a machine with a tick of 4 ms keeps them.
const (
	shortestRTO          Time = 208          // the shortest retransmission timeout: tcp_rto_min_us and two ticks
	tlpDelay             Time = 12           // a tail loss probe when more than one segment is out: TCP_TIMEOUT_MIN and a tick
	rtoMax                    = 120 * Second // TCP_RTO_MAX
	atoMin               Time = 40           // TCP_ATO_MIN, TCP_DELACK_MIN
	tick                 Time = 4            // HZ=250
	delackMax            Time = 200          // TCP_DELACK_MAX
	timewaitLen               = 60 * Second  // TCP_TIMEWAIT_LEN
	rackReorderWait      Time = 4            // how long RACK waits for what a SACK says is missing
	synLinearTimeouts         = 4            // tcp_syn_linear_timeouts
	defaultOrphanRetries      = 8            // tcp_orphan_retries when it is 0
	rtoMin               Time = 200          // TCP_RTO_MIN, from which retries are turned into time
	rtoDoublings              = 9            // how often it doubles until TCP_RTO_MAX
)

// timeout returns the retransmission timeout after its backoff (RFC 6298).
func (s *socket) rto() Time { return min(s.rtoBeforeBackoff()<<min(s.snd.backoff, 10), rtoMax) }

// firstTimeout returns the retransmission timeout before any backoff: a second while the
// SYN is not acknowledged, for no round trip was measured (RFC 6298 section 2.1).
func (s *socket) rtoBeforeBackoff() Time {
	if s.state == sim.SynSent || s.state == sim.SynRecv || s.snd.rtxLen > 0 && s.snd.rtxQueue[0].syn {
		return Second
	}
	return shortestRTO
}
