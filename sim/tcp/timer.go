package tcp

import "finwait/sim"

// Timer is a timer of a socket or of a call.
type Timer uint8

// The timers.
const (
	TimerACK        Timer = iota // the pending acknowledgement leaves
	TimerRetransmit              // retransmission, tail loss probe, or probe of a closed window
	TimerKeepalive               // keepalive, or the time of an orphan in FIN_WAIT2 beyond timewaitLen
	TimerTimeWait                // end of a minisock in TIME_WAIT or FIN_WAIT2
	TimerLinger                  // end of the time that a close with SO_LINGER waits
)

// fireTimer lets a timer fire, whatever the time is. A timer that does not run does nothing.
//
// The alternative of TimerKeepalive counts the probes that a kernel may still count. The
// alternative of TimerTimeWait ends FIN_WAIT2 with a reset: the orphan is still a whole socket
// if the acknowledgement of its FIN arrived while close owned the socket
// (tcp_rcv_state_process, sock_owned_by_user; tcp_keepalive_timer).
func (m *machine) fireTimer(side Side, conn int, timer Timer) {
	if timer == TimerLinger { // finishLinger returns from the close
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

// onKeepaliveTimer sends a probe with a sequence number that is already acknowledged, or
// resets the connection when no probe was answered (tcp_keepalive_timer; RFC 9293 section
// 3.8.4). The same timer counts the time of an orphan in FIN_WAIT2 beyond timewaitLen.
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
	case s.snd.UNA != s.snd.writeSeq: // something is unacknowledged or unsent and has a timer of its own
		s.timers.keepalive = m.now + s.keepIdle
	case idle+m.tickRounding() < s.keepIdle:
		s.timers.keepalive = s.rcv.lastHeardAt + s.keepIdle
	case s.keepaliveTimedOut(idle):
		m.sendActiveReset(s)
		m.doneWithError(s, ETIMEDOUT)
	default:
		s.snd.probesOut++
		m.transmit(s, sim.ACK, s.snd.NXT-1, 0)
		s.timers.keepalive = fired + s.keepIntvl
	}
}

// keepaliveTimedOut reports whether enough probes are unanswered after an idle time.
// TCP_USER_TIMEOUT replaces the number of probes.
func (s *socket) keepaliveTimedOut(idle Time) bool {
	if s.userTimeout > 0 {
		return idle >= s.userTimeout && s.snd.probesOut > 0
	}
	return s.snd.probesOut >= s.keepCnt
}
