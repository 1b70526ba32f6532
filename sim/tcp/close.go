package tcp

import "finwait/sim"

// How connections end on this side: close, shutdown, and what an error leaves.

// close takes a descriptor from a process. The last one of a socket closes it.
func (m *machine) close(p *process, s *socket, in Input) {
	p.fds[in.FD] = 0
	s.refs--
	if s.refs > 0 {
		p.complete(0, None)
		return
	}
	m.closeSocket(s)
	if !s.linger || s.lingerTime == 0 {
		m.makeOrphan(s)
		p.complete(0, None)
		return
	}
	s.lingering = true
	p.lingerSocket, p.lingerUntil = int8(s.id), m.now+s.lingerTime
}

// shut does what close does to a connection (__tcp_close; RFC 9293 section 3.10.4):
// a reset when data are unread (RFC 2525 section 2.17) or the program asked for it,
// else a FIN if there was none.
func (m *machine) closeSocket(s *socket) {
	if s.state == sim.Listen {
		m.stopListening(s)
		return
	}
	s.rcvShutdown, s.sndShutdown = true, true
	switch {
	case s.state == sim.Close:
	case s.unread() > 0:
		m.abort(s, true)
	case s.linger && s.lingerTime == 0:
		m.abort(s, s.needReset())
	default:
		m.closeState(s)
	}
}

// resets reports whether an end with SO_LINGER {1, 0} sends a reset (tcp_need_reset,
// tcp_disconnect): not when its FIN is all that is missing.
func (s *socket) needReset() bool {
	switch s.state {
	case sim.Established, sim.CloseWait, sim.FinWait1, sim.FinWait2, sim.SynRecv:
		return true
	case sim.Closing, sim.LastAck:
		return s.snd.NXT != s.snd.writeSeq
	}
	return false
}

// abort ends a connection without a word, or with a reset.
func (m *machine) abort(s *socket, reset bool) {
	if reset && s.state != sim.SynSent {
		m.sendActiveReset(s)
	}
	m.doneWithError(s, None)
}

// finish sends a FIN if the state has one to send (tcp_close_state).
func (m *machine) closeState(s *socket) {
	switch s.state {
	case sim.SynSent: // nothing is sent: a SYN ACK that comes later is refused
		m.doneWithError(s, None)
	case sim.SynRecv, sim.Established:
		if s.state == sim.SynRecv { // its SYN is still to be acknowledged, before the FIN
			s.snd.rtxQueue[0], s.snd.rtxLen = rtxSegment{end: s.snd.NXT, syn: true}, 1
		}
		m.sendFIN(s)
		m.setState(s, sim.FinWait1)
	case sim.CloseWait:
		m.sendFIN(s)
		m.setState(s, sim.LastAck)
	}
}

// closed ends a close: from now on the socket is nobody's. In FIN_WAIT2 its time
// begins to run (__tcp_close after sk_stream_wait_close).
func (m *machine) makeOrphan(s *socket) {
	s.lingering, s.snd.userTimeoutSetAt = false, m.now
	switch {
	case s.state != sim.FinWait2:
	case s.linger2 < 0:
		m.abort(s, true)
	default:
		m.orphanFinWait2(s)
	}
	m.markDirty(s)
}

// forget gives an orphan in FIN_WAIT2 its time. What is beyond the last minute a whole
// socket waits for (tcp_fin_time, TCP_TIMEWAIT_LEN).
func (m *machine) orphanFinWait2(s *socket) {
	length := m.finTime(s)
	if beyond := length - timewaitLen; beyond > 0 {
		s.timers.keepalive = m.now + beyond
		return
	}
	m.enterTimeWait(s, sim.FinWait2, length)
}

// finTime is how long an orphan waits in FIN_WAIT2 (tcp_fin_time).
func (m *machine) finTime(s *socket) Time {
	length := m.FinTimeout
	if s.linger2 > 0 {
		length = s.linger2
	}
	return max(length, s.rto()*7/2)
}

// over ends a connection: err is what the next call will say (tcp_done_with_error).
// What was received stays readable; what was not sent is lost.
func (m *machine) doneWithError(s *socket, err Errno) {
	s.err = err
	s.rcvShutdown, s.sndShutdown = true, true
	s.snd.rtxLen = 0
	s.snd.writeSeq, s.snd.UNA = s.snd.NXT, s.snd.NXT
	s.timers = timers{}
	s.bound = s.bound && s.portLocked // one that was accepted does not (tcp_set_state, SOCK_BINDPORT_LOCK)
	m.setState(s, sim.Close)
}

// unlisten ends a listener: every connection in its queue is reset, the oldest first
// (inet_csk_listen_stop). A handshake stays, and is refused when it ends.
func (m *machine) stopListening(l *socket) {
	for s := m.acceptQueueHead(l); s != nil; s = m.acceptQueueHead(l) {
		s.listener = -1
		m.abort(s, s.needReset())
		m.markDirty(s)
	}
	for i := range m.sockets {
		if s := &m.sockets[i]; s.kind == request && s.listener == int8(l.id) {
			s.listener = -1
		}
	}
	m.setState(l, sim.Close)
}

// shutdown shuts down one or both directions of a connection (inet_shutdown). Where there
// is no FIN to send it succeeds all the same; shutting down the reading side sends nothing.
func (m *machine) shutdown(s *socket, how int) Errno {
	read, write := how == ShutRead || how == ShutBoth, how == ShutWrite || how == ShutBoth
	switch {
	case how < ShutRead || how > ShutBoth:
		return EINVAL
	case s.state == sim.Close:
		// Not connected; yet poll shows it from now on (inet_shutdown).
		s.rcvShutdown, s.sndShutdown = s.rcvShutdown || read, s.sndShutdown || write
		return ENOTCONN
	case s.state == sim.Listen:
		if read {
			m.stopListening(s)
		}
		return None
	case s.state == sim.SynSent:
		m.doneWithError(s, ECONNRESET) // tcp_disconnect
		s.rcvShutdown, s.sndShutdown = false, false
		return None
	}
	s.rcvShutdown, s.sndShutdown = s.rcvShutdown || read, s.sndShutdown || write
	if write && s.state != sim.SynRecv { // there it waits for ESTABLISHED (tcp_shutdown)
		m.closeState(s)
	}
	return None
}
