package tcp

import (
	"math"

	"finwait/sim"
)

// Timer is something that happens by itself.
type Timer uint8

// The timers.
const (
	TimerACK    Timer = iota // an acknowledgement that is owed leaves
	TimerResend              // retransmission, tail loss probe, or a probe of a closed window
	TimerKeep                // keepalive, or FIN_WAIT2 before its last minute
	TimerWait                // TIME_WAIT, or FIN_WAIT2 of an orphan in its last minute
	TimerLinger              // a close with SO_LINGER has waited long enough
)

// Due is when a timer fires: at At, but the kernel may have it fire at any time from
// From to To. What may happen and need not has Never there.
type Due struct {
	Side         Side
	Conn         int
	Timer        Timer
	At, From, To Time
}

// Never is later than everything.
const Never Time = math.MaxInt64

// Dues appends every timer that runs, in no order, and returns the extended slice.
func (w *World) Dues(dues []Due) []Due {
	for i := range w.sockets {
		s := &w.sockets[i]
		if s.kind == free {
			continue
		}
		add := func(t Timer, at, from, to Time) {
			if at != 0 {
				dues = append(dues, Due{s.side, int(s.conn), t, at, from, to})
			}
		}
		add(TimerACK, s.tm.ack, s.tm.owedAt, s.tm.owedAt+ackMax+tick)
		if s.tm.may {
			add(TimerACK, w.now, w.now, Never)
		}
		add(TimerResend, s.tm.resend, s.tm.resend, s.tm.resend+tick)
		add(TimerKeep, s.tm.keep, s.tm.keep, s.tm.keep+tick)
		add(TimerWait, s.tm.wait, s.tm.wait, s.tm.wait+s.tm.wait/32+w.patienceOf(s))
	}
	for i := range w.procs {
		if p := &w.procs[i]; p.alive && p.in == OpClose {
			s := &w.sockets[p.sock]
			dues = append(dues, Due{s.side, int(s.conn), TimerLinger, p.until, p.until, p.until + tick})
		}
	}
	return dues
}

// patienceOf is by how much longer an orphan may be in FIN_WAIT2: for three and a half times
// its timeout (tcp_fin_time), which is less than five times the longest round trip.
func (w *World) patienceOf(s *socket) Time {
	if s.state != sim.FinWait2 {
		return 0
	}
	return 5 * w.slowest * 7 / 2
}

// Next returns the timer that fires first.
func (w *World) Next() (first Due, ok bool) {
	var room [4 * maxSockets]Due
	for _, d := range w.Dues(room[:0]) {
		if !ok || d.At < first.At {
			first, ok = d, true
		}
	}
	return first, ok
}

// Owes reports whether an acknowledgement is owed: then nothing has settled yet.
func (w *World) Owes() bool {
	for i := range w.sockets {
		if s := &w.sockets[i]; s.kind != free && s.tm.ack != 0 {
			return true
		}
	}
	return false
}

// fire has a timer fire, whatever the time is. One that does not run does nothing. In doubt
// TimerKeep counts the probes that may still count, and TimerWait ends FIN_WAIT2 with a reset:
// the orphan is a whole socket still, because the acknowledgement of its FIN came while close
// held it (tcp_rcv_state_process, sock_owned_by_user; tcp_keepalive_timer).
func (m *machine) fire(side Side, conn int, t Timer) {
	if t == TimerLinger { // machine.lingered looks at the time
		for i := range m.procs {
			if p := &m.procs[i]; p.in == OpClose {
				p.sleeps, p.inTime = false, true
			}
		}
		return
	}
	s := m.socketOf(side, uint16(conn))
	if s == nil {
		return
	}
	switch {
	case t == TimerACK && (s.tm.ack != 0 || s.tm.may):
		if s.tm.suspect && s.tm.ack == 0 {
			s.rx.oow = m.now
		}
		m.sendACK(s)
		if s.rx.talks && s.maySend() {
			s.rx.talks = false // tcp_delack_timer_handler leaves pingpong mode
		}
	case t == TimerResend && s.tm.resend != 0:
		m.resend(s)
	case t == TimerKeep && s.tm.keep != 0:
		if m.doubt {
			s.tx.unanswered += s.tx.doubtful
			s.tx.doubtful = 0
		}
		m.keep(s)
	case t == TimerWait && s.tm.wait != 0:
		if m.doubt && s.state == sim.FinWait2 {
			m.sendReset(s)
		}
		m.set(s, sim.Close)
	}
}

// resend repeats what was not acknowledged, or gives up.
func (m *machine) resend(s *socket) {
	switch {
	case s.kind == request:
		m.resendSYNACK(s)
	case s.state == sim.SynSent:
		m.resendSYN(s)
	case s.state == sim.SynRecv:
		m.resendCrossed(s)
	case s.tm.persist:
		m.probeWindow(s)
	case s.tx.parts == 0:
		s.tm.resend = 0
	case m.Lazy && !s.tx.sent[0].syn:
		if m.impatient(s) || m.owesAgain(s, m.now) {
			m.timedOut(s)
		}
	case s.tm.fast: // what a SACK says is lost (tcp_rack_reo_timeout)
		s.tx.mended = true
		m.sendAgain(s, 0)
		s.tm.fast = false
		s.tm.resend = m.now + s.timeout()
	case s.tm.tail: // tcp_send_loss_probe: with what is new, else with what is newest
		s.tx.probing = true
		if !m.sendNext(s, true) {
			m.sendAgain(s, int(s.tx.parts)-1)
		}
		m.rearm(s)
	default:
		m.timedOut(s)
	}
}

// resendSYN repeats a SYN: four times a second apart, then with a backoff
// (tcp_syn_linear_timeouts). From then on nothing is sent beside it (tcp_enter_loss).
func (m *machine) resendSYN(s *socket) {
	if int(s.tx.retransmits) >= m.SynRetries+linear {
		m.over(s, ETIMEDOUT)
		return
	}
	s.tx.retransmits++
	if s.tx.retransmits > linear {
		s.tx.backoff++
	}
	s.tx.lost = s.tx.nxt
	m.transmit(s, sim.SYN, s.tx.iss, 0)
	s.tm.resend = m.since(s.tm.resend) + s.timeout()
}

// resendCrossed repeats the SYN ACK of a simultaneous open. What the SYN has tried counts
// (tcp_write_timeout), and each time takes twice as long.
func (m *machine) resendCrossed(s *socket) {
	if int(s.tx.retransmits) >= m.SynRetries {
		m.over(s, ETIMEDOUT)
		return
	}
	s.tx.retransmits++
	s.tx.backoff++
	s.tx.lost = s.tx.nxt
	m.transmit(s, sim.SYN|sim.ACK, s.tx.iss, 0)
	s.tm.resend = m.since(s.tm.resend) + s.timeout()
}

// resendSYNACK repeats a SYN ACK; in the end the request is forgotten, and nobody is
// told (reqsk_timer_handler).
func (m *machine) resendSYNACK(s *socket) {
	if s.listener < 0 || int(s.tx.retransmits) >= m.synAckRetries(s.listener) {
		s.listener = -1
		m.set(s, sim.Close)
		return
	}
	s.tx.retransmits++
	fired := m.since(s.tm.resend)
	m.sendSYNACK(s)
	s.tm.resend += fired - m.now
}

// synAckRetries is how often the SYN ACKs of a listener are repeated: less often when many
// wait for an answer, and few of them are new (reqsk_timer_handler).
func (m *machine) synAckRetries(listener int8) int {
	waiting, young := m.handshakes(listener)
	n := m.SynAckRetries
	if 2*waiting <= max(8, int(m.sockets[listener].backlog)) {
		return n
	}
	m.beyond = m.beyond || m.Lazy // the first whose timer fires makes room for the others: which that is nobody has seen
	for young *= 2; n > 2 && waiting >= young; young *= 2 {
		n--
	}
	return n
}

// timedOut repeats the oldest segment, or gives up without a word (tcp_retransmit_timer).
func (m *machine) timedOut(s *socket) {
	if m.impatient(s) {
		m.over(s, ETIMEDOUT)
		return
	}
	if s.tx.stamp == 0 {
		s.tx.stamp = m.now
	}
	s.tx.retransmits++
	s.tx.backoff++
	s.tx.lost = s.tx.nxt
	m.sendAgain(s, 0)
	s.tm.fast, s.tm.tail = false, false
	s.tm.resend = m.now + s.timeout()
	if s.patience > 0 { // tcp_clamp_rto_to_user_timeout
		s.tm.resend = min(s.tm.resend, max(m.now+1, s.tx.stamp+s.patience))
	}
}

// impatient reports whether a segment was repeated for as long as the host does that
// (tcp_write_timeout). How often is turned into a time. TCP_USER_TIMEOUT is one, and
// outlives the descriptor.
func (m *machine) impatient(s *socket) bool {
	return s.tx.retransmits > 0 && m.now-s.tx.stamp+m.lateness() >= m.limit(s)
}

// limit is for how long an end repeats a segment.
func (w *World) limit(s *socket) Time {
	if s.patience > 0 {
		return s.patience
	}
	return timeFor(w.retriesOf(s))
}

// retriesOf is how often an end repeats what is not acknowledged: an orphan less often
// (tcp_orphan_retries).
func (w *World) retriesOf(s *socket) int {
	switch {
	case !s.alone():
		return w.Retries
	case w.OrphanRetries == 0:
		return safeProbes
	}
	return w.OrphanRetries
}

// timeFor is how long so many retransmissions take (tcp_model_timeout).
func timeFor(retries int) Time {
	if retries <= linearMax {
		return (2<<retries - 1) * rtoMin
	}
	return (2<<linearMax-1)*rtoMin + Time(retries-linearMax)*rtoMax
}

// probeWindow asks whether the peer's window is still closed, with a number that it has
// acknowledged already (tcp_probe_timer; RFC 9293 section 3.8.6.1).
func (m *machine) probeWindow(s *socket) {
	if s.tx.stamp == 0 {
		s.tx.stamp = m.now
	}
	slow := s.alone() && m.OrphanRetries == 0 && s.timeout() == rtoMax
	if slow || int(s.tx.unanswered) >= m.retriesOf(s) || s.patience > 0 && m.now-s.tx.stamp >= s.patience {
		m.over(s, ETIMEDOUT)
		return
	}
	s.tx.unanswered++
	s.tx.backoff++
	m.transmit(s, sim.ACK, s.tx.nxt-1, 0)
	s.tm.resend = m.now + s.timeout()
}

// keep is the keepalive timer (tcp_keepalive_timer; RFC 9293 section 3.8.4): a probe with
// a number that was acknowledged already, and a reset when none was answered. It also
// counts the time of an orphan in FIN_WAIT2 beyond its last minute.
func (m *machine) keep(s *socket) {
	if s.state == sim.FinWait2 && s.alone() {
		m.timeWait(s, sim.FinWait2, m.finTime(s)-lastMinute)
		return
	}
	fired := m.since(s.tm.keep)
	s.tm.keep = 0
	if !s.keepalive || !s.state.Connected() {
		return
	}
	idle := m.now - s.rx.alive
	switch {
	case s.tx.una != s.tx.write: // something is under way, or waits, and has a timer of its own
		s.tm.keep = m.now + s.idle
	case idle+m.rounding() < s.idle:
		s.tm.keep = s.rx.alive + s.idle
	case s.patience > 0 && idle >= s.patience && s.tx.unanswered > 0, s.patience == 0 && s.tx.unanswered >= s.probes:
		m.sendReset(s)
		m.over(s, ETIMEDOUT)
	default:
		s.tx.unanswered++
		m.transmit(s, sim.ACK, s.tx.nxt-1, 0)
		s.tm.keep = fired + s.every
	}
}
