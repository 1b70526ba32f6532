package tcp

import (
	"math"

	"finwait/sim"
)

// Timer is something that happens by itself.
type Timer uint8

// The timers.
const (
	TimerACK        Timer = iota // an acknowledgement that is owed leaves
	TimerRetransmit              // retransmission, tail loss probe, or a probe of a closed window
	TimerKeepalive               // keepalive, or FIN_WAIT2 before its last minute
	TimerTimeWait                // TIME_WAIT, or FIN_WAIT2 of an orphan in its last minute
	TimerLinger                  // a close with SO_LINGER has waited long enough
)

// Due is when a timer fires: at At, but the kernel may have it fire at any time from
// From to To. What may happen and need not has Never there.
type Deadline struct {
	Side                 Side
	Conn                 int
	Timer                Timer
	At, Earliest, Latest Time
}

// Never is later than everything.
const Never Time = math.MaxInt64

// Dues appends every timer that runs, in no order, and returns the extended slice.
func (w *World) Deadlines(dues []Deadline) []Deadline {
	for i := range w.sockets {
		s := &w.sockets[i]
		if s.kind == free {
			continue
		}
		add := func(t Timer, at, from, to Time) {
			if at != 0 {
				dues = append(dues, Deadline{s.side, int(s.conn), t, at, from, to})
			}
		}
		add(TimerACK, s.timers.ack, s.timers.ackPendingSince, s.timers.ackPendingSince+delackMax+tick)
		if s.timers.ackOptional {
			add(TimerACK, w.now, w.now, Never)
		}
		add(TimerRetransmit, s.timers.retransmit, s.timers.retransmit, s.timers.retransmit+tick)
		add(TimerKeepalive, s.timers.keepalive, s.timers.keepalive, s.timers.keepalive+tick)
		add(TimerTimeWait, s.timers.timewait, s.timers.timewait, s.timers.timewait+s.timers.timewait/32+w.finWait2Slack(s))
	}
	for i := range w.procs {
		if p := &w.procs[i]; p.alive && p.call == OpClose {
			s := &w.sockets[p.lingerSocket]
			dues = append(dues, Deadline{s.side, int(s.conn), TimerLinger, p.lingerUntil, p.lingerUntil, p.lingerUntil + tick})
		}
	}
	return dues
}

// patienceOf is by how much longer an orphan may be in FIN_WAIT2: for three and a half times
// its timeout (tcp_fin_time), which is less than five times the longest round trip.
func (w *World) finWait2Slack(s *socket) Time {
	if s.state != sim.FinWait2 {
		return 0
	}
	return 5 * w.maxRTT * 7 / 2
}

// Next returns the timer that fires first.
func (w *World) Next() (first Deadline, ok bool) {
	var room [4 * maxSockets]Deadline
	for _, d := range w.Deadlines(room[:0]) {
		if !ok || d.At < first.At {
			first, ok = d, true
		}
	}
	return first, ok
}

// Owes reports whether an acknowledgement is owed: then nothing has settled yet.
func (w *World) AckPending() bool {
	for i := range w.sockets {
		if s := &w.sockets[i]; s.kind != free && s.timers.ack != 0 {
			return true
		}
	}
	return false
}

// fire has a timer fire, whatever the time is. One that does not run does nothing. In doubt
// TimerKeep counts the probes that may still count, and TimerWait ends FIN_WAIT2 with a reset:
// the orphan is a whole socket still, because the acknowledgement of its FIN came while close
// held it (tcp_rcv_state_process, sock_owned_by_user; tcp_keepalive_timer).
func (m *machine) fireTimer(side Side, conn int, timer Timer) {
	if timer == TimerLinger { // machine.lingered looks at the time
		for i := range m.procs {
			if p := &m.procs[i]; p.call == OpClose {
				p.awaitsRecheck, p.early = false, true
			}
		}
		return
	}
	s := m.lookup(side, uint16(conn))
	if s == nil {
		return
	}
	switch {
	case timer == TimerACK && (s.timers.ack != 0 || s.timers.ackOptional):
		if s.timers.optionalChallenge && s.timers.ack == 0 {
			s.rcv.lastOOWACKAt = m.now
		}
		m.sendACK(s)
		if s.rcv.pingpong && s.maySend() {
			s.rcv.pingpong = false // tcp_delack_timer_handler leaves pingpong mode
		}
	case timer == TimerRetransmit && s.timers.retransmit != 0:
		m.onRetransmitTimer(s)
	case timer == TimerKeepalive && s.timers.keepalive != 0:
		if m.alternative {
			s.snd.probesOut += s.snd.probesMaybeOut
			s.snd.probesMaybeOut = 0
		}
		m.onKeepaliveTimer(s)
	case timer == TimerTimeWait && s.timers.timewait != 0:
		if m.alternative && s.state == sim.FinWait2 {
			m.sendActiveReset(s)
		}
		m.setState(s, sim.Close)
	}
}

// resend repeats what was not acknowledged, or gives up.
func (m *machine) onRetransmitTimer(s *socket) {
	switch {
	case s.kind == request:
		m.retransmitSYNACK(s)
	case s.state == sim.SynSent:
		m.retransmitSYN(s)
	case s.state == sim.SynRecv:
		m.retransmitSynRecv(s)
	case s.timers.persist:
		m.sendWindowProbe(s)
	case s.snd.rtxLen == 0:
		s.timers.retransmit = 0
	case m.Observed && !s.snd.rtxQueue[0].syn:
		if m.writeTimedOut(s) || m.retransmitOverdue(s, m.now) {
			m.onRTO(s)
		}
	case s.timers.fastRetransmit: // what a SACK says is lost (tcp_rack_reo_timeout)
		s.snd.fastRetransmitted = true
		m.retransmit(s, 0)
		s.timers.fastRetransmit = false
		s.timers.retransmit = m.now + s.rto()
	case s.timers.tlp: // tcp_send_loss_probe: with what is new, else with what is newest
		s.snd.tlpOut = true
		if !m.sendNext(s, true) {
			m.retransmit(s, int(s.snd.rtxLen)-1)
		}
		m.rearmRTO(s)
	default:
		m.onRTO(s)
	}
}

// resendSYN repeats a SYN: four times a second apart, then with a backoff
// (tcp_syn_linear_timeouts). From then on nothing is sent beside it (tcp_enter_loss).
func (m *machine) retransmitSYN(s *socket) {
	if int(s.snd.retransmits) >= m.SynRetries+synLinearTimeouts {
		m.doneWithError(s, ETIMEDOUT)
		return
	}
	s.snd.retransmits++
	if s.snd.retransmits > synLinearTimeouts {
		s.snd.backoff++
	}
	s.snd.lossHigh = s.snd.NXT
	m.transmit(s, sim.SYN, s.snd.ISS, 0)
	s.timers.retransmit = m.timerBase(s.timers.retransmit) + s.rto()
}

// resendCrossed repeats the SYN ACK of a simultaneous open. What the SYN has tried counts
// (tcp_write_timeout), and each time takes twice as long.
func (m *machine) retransmitSynRecv(s *socket) {
	if int(s.snd.retransmits) >= m.SynRetries {
		m.doneWithError(s, ETIMEDOUT)
		return
	}
	s.snd.retransmits++
	s.snd.backoff++
	s.snd.lossHigh = s.snd.NXT
	m.transmit(s, sim.SYN|sim.ACK, s.snd.ISS, 0)
	s.timers.retransmit = m.timerBase(s.timers.retransmit) + s.rto()
}

// resendSYNACK repeats a SYN ACK; in the end the request is forgotten, and nobody is
// told (reqsk_timer_handler).
func (m *machine) retransmitSYNACK(s *socket) {
	if s.listener < 0 || int(s.snd.retransmits) >= m.maxSynAckRetries(s.listener) {
		s.listener = -1
		m.setState(s, sim.Close)
		return
	}
	s.snd.retransmits++
	fired := m.timerBase(s.timers.retransmit)
	m.sendSYNACK(s)
	s.timers.retransmit += fired - m.now
}

// synAckRetries is how often the SYN ACKs of a listener are repeated: less often when many
// wait for an answer, and few of them are new (reqsk_timer_handler).
func (m *machine) maxSynAckRetries(listener int8) int {
	waiting, young := m.requestQueueLen(listener)
	n := m.SynAckRetries
	if 2*waiting <= max(8, int(m.sockets[listener].backlog)) {
		return n
	}
	m.unsupported = m.unsupported || m.Observed // the first whose timer fires makes room for the others: which that is nobody has seen
	for young *= 2; n > 2 && waiting >= young; young *= 2 {
		n--
	}
	return n
}

// timedOut repeats the oldest segment, or gives up without a word (tcp_retransmit_timer).
func (m *machine) onRTO(s *socket) {
	if m.writeTimedOut(s) {
		m.doneWithError(s, ETIMEDOUT)
		return
	}
	if s.snd.retransStamp == 0 {
		s.snd.retransStamp = m.now
	}
	s.snd.retransmits++
	s.snd.backoff++
	s.snd.lossHigh = s.snd.NXT
	m.retransmit(s, 0)
	s.timers.fastRetransmit, s.timers.tlp = false, false
	s.timers.retransmit = m.now + s.rto()
	if s.userTimeout > 0 { // tcp_clamp_rto_to_user_timeout
		s.timers.retransmit = min(s.timers.retransmit, max(m.now+1, s.snd.retransStamp+s.userTimeout))
	}
}

// impatient reports whether a segment was repeated for as long as the host does that
// (tcp_write_timeout). How often is turned into a time. TCP_USER_TIMEOUT is one, and
// outlives the descriptor.
func (m *machine) writeTimedOut(s *socket) bool {
	return s.snd.retransmits > 0 && m.now-s.snd.retransStamp+m.maxObservationDelay() >= m.writeTimeout(s)
}

// limit is for how long an end repeats a segment.
func (w *World) writeTimeout(s *socket) Time {
	if s.userTimeout > 0 {
		return s.userTimeout
	}
	return modelTimeout(w.maxRetries(s))
}

// retriesOf is how often an end repeats what is not acknowledged: an orphan less often
// (tcp_orphan_retries).
func (w *World) maxRetries(s *socket) int {
	switch {
	case !s.isOrphan():
		return w.Retries
	case w.OrphanRetries == 0:
		return defaultOrphanRetries
	}
	return w.OrphanRetries
}

// timeFor is how long so many retransmissions take (tcp_model_timeout).
func modelTimeout(retries int) Time {
	if retries <= rtoDoublings {
		return (2<<retries - 1) * rtoMin
	}
	return (2<<rtoDoublings-1)*rtoMin + Time(retries-rtoDoublings)*rtoMax
}

// probeWindow asks whether the peer's window is still closed, with a number that it has
// acknowledged already (tcp_probe_timer; RFC 9293 section 3.8.6.1).
func (m *machine) sendWindowProbe(s *socket) {
	if s.snd.retransStamp == 0 {
		s.snd.retransStamp = m.now
	}
	slow := s.isOrphan() && m.OrphanRetries == 0 && s.rto() == rtoMax
	if slow || int(s.snd.probesOut) >= m.maxRetries(s) || s.userTimeout > 0 && m.now-s.snd.retransStamp >= s.userTimeout {
		m.doneWithError(s, ETIMEDOUT)
		return
	}
	s.snd.probesOut++
	s.snd.backoff++
	m.transmit(s, sim.ACK, s.snd.NXT-1, 0)
	s.timers.retransmit = m.now + s.rto()
}

// keep is the keepalive timer (tcp_keepalive_timer; RFC 9293 section 3.8.4): a probe with
// a number that was acknowledged already, and a reset when none was answered. It also
// counts the time of an orphan in FIN_WAIT2 beyond its last minute.
func (m *machine) onKeepaliveTimer(s *socket) {
	if s.state == sim.FinWait2 && s.isOrphan() {
		m.enterTimeWait(s, sim.FinWait2, m.finTime(s)-timewaitLen)
		return
	}
	fired := m.timerBase(s.timers.keepalive)
	s.timers.keepalive = 0
	if !s.keepalive || !s.state.Connected() {
		return
	}
	idle := m.now - s.rcv.lastHeardAt
	switch {
	case s.snd.UNA != s.snd.writeSeq: // something is under way, or waits, and has a timer of its own
		s.timers.keepalive = m.now + s.keepIdle
	case idle+m.tickRounding() < s.keepIdle:
		s.timers.keepalive = s.rcv.lastHeardAt + s.keepIdle
	case s.userTimeout > 0 && idle >= s.userTimeout && s.snd.probesOut > 0, s.userTimeout == 0 && s.snd.probesOut >= s.keepCnt:
		m.sendActiveReset(s)
		m.doneWithError(s, ETIMEDOUT)
	default:
		s.snd.probesOut++
		m.transmit(s, sim.ACK, s.snd.NXT-1, 0)
		s.timers.keepalive = fired + s.keepIntvl
	}
}
