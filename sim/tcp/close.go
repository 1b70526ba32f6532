package tcp

import "finwait/sim"

// close closes a descriptor. The last descriptor of a socket closes the socket.
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

// closeSocket closes a socket (__tcp_close; RFC 9293 section 3.10.4). It sends a reset if
// data are unread (RFC 2525 section 2.17) or SO_LINGER asks for one, otherwise a FIN if none
// was sent yet.
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

// needReset reports whether a socket with SO_LINGER {1, 0} sends a reset when it is closed
// (tcp_need_reset, tcp_disconnect). It sends none when only the acknowledgement of its FIN is
// missing.
func (s *socket) needReset() bool {
	switch s.state {
	case sim.Established, sim.CloseWait, sim.FinWait1, sim.FinWait2, sim.SynRecv:
		return true
	case sim.Closing, sim.LastAck:
		return s.snd.NXT != s.snd.writeSeq
	}
	return false
}

// abort ends a connection, with a reset or silently (RFC 9293 section 3.10.5).
func (m *machine) abort(s *socket, reset bool) {
	if reset && s.state != sim.SynSent {
		m.sendActiveReset(s)
	}
	m.doneWithError(s, None)
}

// closeState sends a FIN if the state requires one, and changes the state (tcp_close_state).
func (m *machine) closeState(s *socket) {
	switch s.state {
	case sim.SynSent: // nothing is sent; a later SYN ACK is answered with a reset
		m.doneWithError(s, None)
	case sim.SynRecv, sim.Established:
		if s.state == sim.SynRecv { // the SYN ACK stays in the queue before the FIN
			s.snd.rtxQueue[0], s.snd.rtxLen = rtxSegment{end: s.snd.NXT, syn: true}, 1
		}
		m.sendFIN(s)
		m.setState(s, sim.FinWait1)
	case sim.CloseWait: // the peer's FIN came first
		m.sendFIN(s)
		m.setState(s, sim.LastAck)
	}
}

// finishLinger lets a close with SO_LINGER return when its FIN is acknowledged or the time is
// over. The close returns 0 in both cases (sk_stream_wait_close).
func (m *machine) finishLinger(p *process) bool {
	s := &m.sockets[p.lingerSocket]
	switch s.state {
	case sim.FinWait1, sim.Closing, sim.LastAck:
		until := p.lingerUntil
		if !p.early { // TimerLinger has not fired
			until += m.maxObservationDelay()
		}
		if m.now < until {
			return false
		}
	}
	m.makeOrphan(s)
	p.complete(0, None)
	return true
}

// makeOrphan ends the close of a socket: no process has it any more. In FIN_WAIT2 the time of
// tcp_fin_timeout begins (__tcp_close after sk_stream_wait_close).
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

// orphanFinWait2 starts the time of an orphan in FIN_WAIT2. A minisock waits for at most
// timewaitLen; for the time in excess of that the socket stays whole (tcp_fin_time,
// TCP_TIMEWAIT_LEN).
func (m *machine) orphanFinWait2(s *socket) {
	length := m.finTime(s)
	if excess := length - timewaitLen; excess > 0 {
		s.timers.keepalive = m.now + excess
		return
	}
	m.enterTimeWait(s, sim.FinWait2, length)
}

// finTime returns how long an orphan waits in FIN_WAIT2 (tcp_fin_time).
func (m *machine) finTime(s *socket) Time {
	length := m.FinTimeout
	if s.linger2 > 0 {
		length = s.linger2
	}
	return max(length, s.rto()*7/2)
}

// doneWithError ends a connection and leaves err for the next call (tcp_done_with_error).
// Received data stay readable; data that were not sent are lost.
func (m *machine) doneWithError(s *socket, err Errno) {
	s.err = err
	s.rcvShutdown, s.sndShutdown = true, true
	s.snd.rtxLen = 0
	s.snd.writeSeq, s.snd.UNA = s.snd.NXT, s.snd.NXT
	s.timers = timers{}
	s.bound = s.bound && s.portLocked // an accepted socket releases the port (tcp_set_state, SOCK_BINDPORT_LOCK)
	m.setState(s, sim.Close)
}

// stopListening ends a listener (inet_csk_listen_stop). It resets every connection in the
// accept queue, the oldest first. A request stays, and its ACK will be answered with a reset.
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

// shutdown shuts down one direction of a connection, or both (inet_shutdown). It succeeds
// also where there is no FIN to send. Shutting down the receiving side sends nothing.
func (m *machine) shutdown(s *socket, how int) Errno {
	read, write := how == ShutRead || how == ShutBoth, how == ShutWrite || how == ShutBoth
	switch {
	case how < ShutRead || how > ShutBoth:
		return EINVAL
	case s.state == sim.Close:
		// The call fails, but poll shows the shutdown from now on (inet_shutdown).
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
	if write && s.state != sim.SynRecv { // in SYN_RECV the FIN waits for ESTABLISHED (tcp_shutdown)
		m.closeState(s)
	}
	return None
}
