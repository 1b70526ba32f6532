package tcp

import "finwait/sim"

// Segments that leave.

// transmit sends a segment of a socket. Everything that is sent acknowledges what has
// come, so nothing is owed after it (tcp_event_ack_sent).
func (m *machine) transmit(s *socket, flags sim.Flags, seq, n uint32) {
	seg := Segment{
		Flags: flags, From: s.side, Conn: s.conn, Seq: seq, Len: n,
		Window: m.window(s),
	}
	s.tx.last = m.now
	if flags&sim.ACK != 0 {
		seg.Ack = s.rx.nxt
		copy(seg.Sacks[:], s.rx.holes[:s.rx.spans])
		s.rx.acked, s.tm.ack, s.tm.may, s.tm.suspect = s.rx.nxt, 0, false, false
		s.rx.edge = s.rx.nxt + seg.Window
		s.rx.quick -= min(s.rx.quick, 1)
	}
	if flags&sim.SYN != 0 {
		bit := uint8(1)
		if flags&sim.ACK != 0 {
			bit = 2
		}
		seg.Resent = s.tx.syns&bit != 0
		s.tx.syns |= bit
	} else if next := seg.next(); next != seq {
		seg.Resent = after(s.tx.most, seq)
		if after(next, s.tx.most) {
			s.tx.most = next
		}
	}
	m.send(seg)
}

// window returns what a socket offers: never less than it has offered before (RFC 9293
// section 3.8.6).
func (w *World) window(s *socket) uint32 {
	used := min(s.unread(), uint32(w.Window))
	n := uint32(w.Window) - used
	if after(s.rx.edge, s.rx.nxt) {
		n = max(n, s.rx.edge-s.rx.nxt)
	}
	return n
}

// sendACK sends an acknowledgement, and nothing else.
func (m *machine) sendACK(s *socket) { m.transmit(s, sim.ACK, s.tx.nxt, 0) }

// sendSYN sends the SYN of a connect. It is repeated after a second (RFC 6298 section
// 2.1, TCP_TIMEOUT_INIT).
func (m *machine) sendSYN(s *socket) {
	m.transmit(s, sim.SYN, s.tx.iss, 0)
	s.tm.resend = m.now + Second
}

// sendSYNACK answers a SYN. It is repeated after a second, each time after twice as long, up to
// two minutes (tcp_reqsk_timeout, TCP_RTO_MAX).
func (m *machine) sendSYNACK(s *socket) {
	m.transmit(s, sim.SYN|sim.ACK, s.tx.iss, 0)
	s.tm.resend = m.now + min(Second<<min(s.tx.retransmits, 7), rtoMax)
}

// sendFIN queues a FIN behind what was written. It leaves in the last segment of data
// if that was not sent yet (tcp_send_fin).
func (m *machine) sendFIN(s *socket) {
	s.tx.fin = true
	s.tx.write++
	m.push(s)
}

// sendReset resets a connection (tcp_send_active_reset).
func (m *machine) sendReset(s *socket) { m.transmit(s, sim.RST|sim.ACK, s.tx.nxt, 0) }

// refuse answers a segment that has no right to come with a reset (tcp_v4_send_reset;
// RFC 9293 section 3.10.7.1).
func (m *machine) refuse(seg *Segment) {
	if seg.Flags&sim.RST != 0 {
		return
	}
	answer := Segment{Flags: sim.RST, From: seg.From.peer(), Conn: seg.Conn, Seq: seg.Ack}
	if seg.Flags&sim.ACK == 0 {
		answer.Flags, answer.Seq, answer.Ack = sim.RST|sim.ACK, 0, seg.next()
	}
	m.send(answer)
}

// challenge answers something suspicious with an acknowledgement, at most twice a
// second (RFC 5961; tcp_send_challenge_ack, tcp_invalid_ratelimit).
func (m *machine) challenge(s *socket) {
	if m.mayAnswer(s) {
		m.sendACK(s)
	}
}

// mayChallenge answers what the kernel answers only if it was sent at least two
// milliseconds before what has overtaken it: it compares timestamps (tcp_paws_check).
func (m *machine) mayChallenge(s *socket) {
	if s.tm.may, s.tm.suspect = m.Lazy, m.Lazy; !m.Lazy {
		m.challenge(s)
	}
}

// mayAnswer reports whether the newest answer of this kind was long enough ago, and notes
// this one (__tcp_oow_rate_limited).
func (m *machine) mayAnswer(s *socket) bool {
	if s.rx.oow != 0 && m.now-s.rx.oow < challengeEvery {
		return false
	}
	s.rx.oow = m.now
	return true
}

// challengeEvery is how often the kernel answers what is not acceptable and brings no
// data (tcp_invalid_ratelimit).
const challengeEvery = 500

// push sends what may be sent (tcp_write_xmit): within the windows, and no small
// segment while another small one is not acknowledged (RFC 9293 section 3.7.4,
// tcp_minshall_check). A FIN never waits for that.
func (m *machine) push(s *socket) {
	if s.tx.repairs() || s.tx.tight && s.tx.parts > 0 || m.Lazy && s.tx.holed() {
		return // the congestion window is 1: until the loss is made good (tcp_enter_loss), or see establish
	}
	before := s.tx.nxt
	for m.sendNext(s, false) && !s.tx.tight {
	}
	switch {
	case s.tx.nxt != before:
		m.rearm(s)
	case s.tx.parts == 0 && s.tx.nxt != s.tx.write && s.tm.resend == 0:
		// Nothing is under way that could open the window (tcp_check_probe_timer).
		s.tm.resend, s.tm.persist = m.now+rto, true
	}
}

// sendNext sends the next segment, if there is one that may be sent. A probe is one more
// than the congestion window has room for, and may be small.
func (m *machine) sendNext(s *socket, probe bool) bool {
	if s.tx.nxt == s.tx.write || s.tx.parts >= firstWindow && !probe || s.tx.parts == maxSent {
		return false
	}
	left, fin := s.tx.write-s.tx.nxt, uint32(0)
	if s.tx.fin {
		fin = 1
	}
	room := s.tx.una + s.tx.wnd - s.tx.nxt
	if int32(room) < int32(min(left, m.mss(s))) {
		m.beyond = m.beyond || m.Lazy // a kernel makes its window larger (tcp_rcv_space_adjust)
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
	if n == 0 && !withFIN || !probe && n < m.mss(s) && !withFIN && after(s.tx.small, s.tx.una) {
		return false
	}
	m.sendPart(s, part{to: s.tx.nxt + n, fin: withFIN, push: last && n > 0})
	return true
}

// mss returns how many bytes of data a segment has room for, beside what it says has arrived
// beyond a hole (tcp_current_mss).
func (w *World) mss(s *socket) uint32 {
	n := uint32(w.MSS)
	if blocks := min(uint32(s.rx.spans), maxSacks); blocks > 0 {
		n -= 4 + 8*blocks
	}
	return n
}

// sendPart sends a segment for the first time.
func (m *machine) sendPart(s *socket, p part) {
	if p.fin {
		p.to++
	}
	m.enqueuePart(s, p)
	m.sendSent(s, int(s.tx.parts)-1)
}

// enqueuePart puts a segment that is about to be sent into the retransmission queue.
func (m *machine) enqueuePart(s *socket, p part) {
	if p.to-s.tx.nxt < m.mss(s) {
		s.tx.small = p.to
	}
	if p.at = m.now; s.tx.parts == 0 {
		s.tx.begun = m.now
	}
	s.tx.sent[s.tx.parts] = p
	s.tx.parts++
	s.tx.nxt, s.tx.at = p.to, m.now
	if s.rx.heard && m.now-s.rx.last < ato {
		s.rx.talks = true // tcp_event_data_sent
	}
}

// begin returns the number with which a segment of the retransmission queue begins.
func (t *sender) begin(i int) uint32 {
	if i == 0 {
		return t.una
	}
	return t.sent[i-1].to
}

// sendSent sends a segment of the retransmission queue.
func (m *machine) sendSent(s *socket, i int) {
	from := s.tx.begin(i)
	p := s.tx.sent[i]
	if p.syn {
		m.transmit(s, sim.SYN|sim.ACK, from, 0)
		return
	}
	flags, n := sim.ACK, p.to-from
	if p.fin {
		flags |= sim.FIN
		n--
	}
	if p.push && n > 0 {
		flags |= sim.PSH
	}
	m.transmit(s, flags, from, n)
}

// sendAgain repeats a segment of the retransmission queue, and with it the small ones
// behind it that fit: a FIN travels with the data before it then
// (tcp_retrans_try_collapse), but never with a SYN.
func (m *machine) sendAgain(s *socket, i int) {
	from := s.tx.begin(i)
	for i+1 < int(s.tx.parts) && !s.tx.sent[i].syn {
		next := s.tx.sent[i+1]
		n := next.to - from
		if next.fin {
			n--
		}
		if next.sacked || n > uint32(m.MSS) || after(next.to, s.tx.una+s.tx.wnd) {
			break
		}
		next.push = next.push || s.tx.sent[i].push
		s.tx.sent[i] = next
		copy(s.tx.sent[i+1:], s.tx.sent[i+2:s.tx.parts])
		s.tx.parts--
		s.tx.sent[s.tx.parts] = part{}
	}
	m.sendSent(s, i)
}

// rearm sets the timer that watches over what was sent: a probe with the newest
// segment first (tcp_schedule_loss_probe, RFC 8985), then retransmission.
func (m *machine) rearm(s *socket) {
	s.tm.fast, s.tm.persist, s.tm.tail = false, false, false
	switch {
	case s.tx.parts == 0:
		s.tm.resend = 0
	case s.tx.probing || s.tx.retransmits > 0 || !s.maySend() && !s.tx.fin:
		s.tm.resend = m.now + s.timeout()
	default:
		s.tm.tail = true
		s.tm.resend = m.now + s.firstTimeout()
		if s.tx.parts > 1 && !s.tx.sent[0].syn {
			s.tm.resend = m.now + probeAfter
		}
	}
}

// Times of the kernel, as a machine with a tick of 4 ms keeps them.
const (
	rto        Time = 208          // the shortest retransmission timeout: tcp_rto_min_us and two ticks
	probeAfter Time = 12           // a tail loss probe when more than one segment is out: TCP_TIMEOUT_MIN and a tick
	rtoMax          = 120 * Second // TCP_RTO_MAX
	ato        Time = 40           // TCP_ATO_MIN, TCP_DELACK_MIN
	tick       Time = 4            // HZ=250
	ackMax     Time = 200          // TCP_DELACK_MAX
	lastMinute      = 60 * Second  // TCP_TIMEWAIT_LEN
	reorder    Time = 4            // how long RACK waits for what a SACK says is missing
	linear          = 4            // tcp_syn_linear_timeouts
	safeProbes      = 8            // tcp_orphan_retries when it is 0
	rtoMin     Time = 200          // TCP_RTO_MIN, from which retries are turned into time
	linearMax       = 9            // how often it doubles until TCP_RTO_MAX
)

// timeout returns the retransmission timeout after its backoff (RFC 6298).
func (s *socket) timeout() Time { return min(s.firstTimeout()<<min(s.tx.backoff, 10), rtoMax) }

// firstTimeout returns the retransmission timeout before any backoff: a second while the
// SYN is not acknowledged, for no round trip was measured (RFC 6298 section 2.1).
func (s *socket) firstTimeout() Time {
	if s.state == sim.SynSent || s.state == sim.SynRecv || s.tx.parts > 0 && s.tx.sent[0].syn {
		return Second
	}
	return rto
}
