package tcp

import "finwait/sim"

// Times and limits of the kernel, on a machine whose tick is 4 ms.
const (
	tick Time = 4 // HZ=250

	rtoMin               Time = 200          // TCP_RTO_MIN, from which retries are converted to time
	rtoMax                    = 120 * Second // TCP_RTO_MAX
	shortestRTO          Time = 208          // shortest retransmission timeout: tcp_rto_min_us and two ticks
	tlpDelay             Time = 12           // time before a tail loss probe with more than one segment out: TCP_TIMEOUT_MIN and a tick
	rackReorderWait      Time = 4            // time that RACK waits for what SACK blocks show as missing
	synLinearTimeouts         = 4            // tcp_syn_linear_timeouts
	defaultOrphanRetries      = 8            // retries of an orphan when tcp_orphan_retries is 0
	rtoDoublings              = 9            // doublings of rtoMin before TCP_RTO_MAX is reached
)

// rto returns the retransmission timeout with its backoff (RFC 6298).
func (s *socket) rto() Time { return min(s.rtoBeforeBackoff()<<min(s.snd.backoff, 10), rtoMax) }

// rtoBeforeBackoff returns the retransmission timeout before any backoff. It is one second
// while the SYN is unacknowledged, because no round trip was measured (RFC 6298 section 2.1).
func (s *socket) rtoBeforeBackoff() Time {
	if s.state == sim.SynSent || s.state == sim.SynRecv || s.snd.rtxLen > 0 && s.snd.rtxQueue[0].syn {
		return Second
	}
	return shortestRTO
}

// rearmRTO sets the timer for unacknowledged segments: first for a tail loss probe
// (tcp_schedule_loss_probe, RFC 8985), then for a retransmission.
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
		// With one segment out the probe waits longer: the peer may delay its acknowledgement.
		if s.snd.rtxLen > 1 && !s.snd.rtxQueue[0].syn {
			s.timers.retransmit = m.now + tlpDelay
		}
	}
}

// onRetransmitTimer sends again what is unacknowledged, probes a closed window, or gives up.
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
	case s.timers.fastRetransmit: // what SACK blocks show as lost (tcp_rack_reo_timeout)
		s.snd.fastRetransmitted = true
		m.retransmit(s, 0)
		s.timers.fastRetransmit = false
		s.timers.retransmit = m.now + s.rto()
	case s.timers.tlp: // new data if there are any, else the newest segment (tcp_send_loss_probe)
		s.snd.tlpOut = true
		if !m.sendNext(s, true) {
			m.retransmit(s, int(s.snd.rtxLen)-1)
		}
		m.rearmRTO(s)
	default:
		m.onRTO(s)
	}
}

// retransmitSYN sends a SYN again: four times a second apart, then with backoff
// (tcp_syn_linear_timeouts). The connection then begins in loss: nothing else is sent until
// the SYN is acknowledged (tcp_enter_loss).
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

// retransmitSynRecv sends the SYN ACK of a simultaneous open again. The retransmissions of
// the SYN count too (tcp_write_timeout), and each timeout is twice the one before.
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

// retransmitSYNACK sends the SYN ACK of a request again. After the last retransmission the
// request disappears without an error (reqsk_timer_handler).
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

// maxSynAckRetries returns how often a listener sends a SYN ACK again: less often when many
// requests are waiting and few of them are young (reqsk_timer_handler).
func (m *machine) maxSynAckRetries(listener int8) int {
	waiting, young := m.requestQueueLen(listener)
	n := m.SynAckRetries
	if 2*waiting <= max(8, int(m.sockets[listener].backlog)) {
		return n
	}
	// The request whose timer fires first makes room for the others. An observer does not see
	// which one that is.
	m.unsupported = m.unsupported || m.Observed
	for young *= 2; n > 2 && waiting >= young; young *= 2 {
		n--
	}
	return n
}

// onRTO sends the oldest segment again, or gives up without sending anything
// (tcp_retransmit_timer).
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

// writeTimedOut reports whether a segment was retransmitted for as long as the host permits
// (tcp_write_timeout).
func (m *machine) writeTimedOut(s *socket) bool {
	return s.snd.retransmits > 0 && m.now-s.snd.retransStamp+m.maxObservationDelay() >= m.writeTimeout(s)
}

// writeTimeout returns how long an end retransmits before it gives up. TCP_USER_TIMEOUT
// applies also to an orphan; without it the number of retries is converted to a time.
func (w *World) writeTimeout(s *socket) Time {
	if s.userTimeout > 0 {
		return s.userTimeout
	}
	return modelTimeout(w.maxRetries(s))
}

// maxRetries returns how often an end retransmits; an orphan does so less often
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

// modelTimeout returns how long a number of retransmissions takes: each timeout is twice the
// one before, up to TCP_RTO_MAX (tcp_model_timeout).
func modelTimeout(retries int) Time {
	if retries <= rtoDoublings {
		return (2<<retries - 1) * rtoMin
	}
	return (2<<rtoDoublings-1)*rtoMin + Time(retries-rtoDoublings)*rtoMax
}

// sendWindowProbe asks whether the peer's window is still closed, with a sequence number that
// is already acknowledged (tcp_probe_timer; RFC 9293 section 3.8.6.1).
func (m *machine) sendWindowProbe(s *socket) {
	if s.snd.retransStamp == 0 {
		s.snd.retransStamp = m.now
	}
	orphanGivesUp := s.isOrphan() && m.OrphanRetries == 0 && s.rto() == rtoMax
	userTimedOut := s.userTimeout > 0 && m.now-s.snd.retransStamp >= s.userTimeout
	if orphanGivesUp || userTimedOut || int(s.snd.probesOut) >= m.maxRetries(s) {
		m.doneWithError(s, ETIMEDOUT)
		return
	}
	// An answer resets the count (resetProbes), whatever window it offers.
	s.snd.probesOut++
	s.snd.backoff++
	m.transmit(s, sim.ACK, s.snd.NXT-1, 0)
	s.timers.retransmit = m.now + s.rto()
}
