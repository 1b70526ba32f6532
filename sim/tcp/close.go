package tcp

import "finwait/sim"

// How connections end on this side: close, shutdown, and what an error leaves.

// close takes a descriptor from a process. The last one of a socket closes it.
func (m *machine) close(p *process, s *socket, in Input) {
	p.fds[in.FD] = 0
	s.refs--
	if s.refs > 0 {
		p.done(0, None)
		return
	}
	m.shut(s)
	if !s.linger || s.lingerFor == 0 {
		m.closed(s)
		p.done(0, None)
		return
	}
	s.closing = true
	p.sock, p.until = int8(s.id), m.now+s.lingerFor
}

// shut does what close does to a connection (__tcp_close; RFC 9293 section 3.10.4):
// a reset when data are unread (RFC 2525 section 2.17) or the program asked for it,
// else a FIN if there was none.
func (m *machine) shut(s *socket) {
	if s.state == sim.Listen {
		m.unlisten(s)
		return
	}
	s.rcvShut, s.sndShut = true, true
	switch {
	case s.state == sim.Close:
	case s.unread() > 0:
		m.abort(s, true)
	case s.linger && s.lingerFor == 0:
		m.abort(s, s.resets())
	default:
		m.finish(s)
	}
}

// resets reports whether an end with SO_LINGER {1, 0} sends a reset (tcp_need_reset,
// tcp_disconnect): not when its FIN is all that is missing.
func (s *socket) resets() bool {
	switch s.state {
	case sim.Established, sim.CloseWait, sim.FinWait1, sim.FinWait2, sim.SynRecv:
		return true
	case sim.Closing, sim.LastAck:
		return s.tx.nxt != s.tx.write
	}
	return false
}

// abort ends a connection without a word, or with a reset.
func (m *machine) abort(s *socket, reset bool) {
	if reset && s.state != sim.SynSent {
		m.sendReset(s)
	}
	m.over(s, None)
}

// finish sends a FIN if the state has one to send (tcp_close_state).
func (m *machine) finish(s *socket) {
	switch s.state {
	case sim.SynSent: // nothing is sent: a SYN ACK that comes later is refused
		m.over(s, None)
	case sim.SynRecv, sim.Established:
		if s.state == sim.SynRecv { // its SYN is still to be acknowledged, before the FIN
			s.tx.sent[0], s.tx.parts = part{to: s.tx.nxt, syn: true}, 1
		}
		m.sendFIN(s)
		m.set(s, sim.FinWait1)
	case sim.CloseWait:
		m.sendFIN(s)
		m.set(s, sim.LastAck)
	}
}

// closed ends a close: from now on the socket is nobody's. In FIN_WAIT2 its time
// begins to run (__tcp_close after sk_stream_wait_close).
func (m *machine) closed(s *socket) {
	s.closing, s.tx.hurried = false, m.now
	switch {
	case s.state != sim.FinWait2:
	case s.linger2 < 0:
		m.abort(s, true)
	default:
		m.forget(s)
	}
	m.touch(s)
}

// forget gives an orphan in FIN_WAIT2 its time. What is beyond the last minute a whole
// socket waits for (tcp_fin_time, TCP_TIMEWAIT_LEN).
func (m *machine) forget(s *socket) {
	length := m.finTime(s)
	if beyond := length - lastMinute; beyond > 0 {
		s.tm.keep = m.now + beyond
		return
	}
	m.timeWait(s, sim.FinWait2, length)
}

// finTime is how long an orphan waits in FIN_WAIT2 (tcp_fin_time).
func (m *machine) finTime(s *socket) Time {
	length := m.FinTimeout
	if s.linger2 > 0 {
		length = s.linger2
	}
	return max(length, s.timeout()*7/2)
}

// over ends a connection: err is what the next call will say (tcp_done_with_error).
// What was received stays readable; what was not sent is lost.
func (m *machine) over(s *socket, err Errno) {
	s.err = err
	s.rcvShut, s.sndShut = true, true
	s.tx.parts = 0
	s.tx.write, s.tx.una = s.tx.nxt, s.tx.nxt
	s.tm = timers{}
	s.bound = s.bound && s.keeps // one that was accepted does not (tcp_set_state, SOCK_BINDPORT_LOCK)
	m.set(s, sim.Close)
}

// unlisten ends a listener: every connection in its queue is reset, the oldest first
// (inet_csk_listen_stop). A handshake stays, and is refused when it ends.
func (m *machine) unlisten(l *socket) {
	for s := m.oldest(l); s != nil; s = m.oldest(l) {
		s.listener = -1
		m.abort(s, s.resets())
		m.touch(s)
	}
	for i := range m.sockets {
		if s := &m.sockets[i]; s.kind == request && s.listener == int8(l.id) {
			s.listener = -1
		}
	}
	m.set(l, sim.Close)
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
		s.rcvShut, s.sndShut = s.rcvShut || read, s.sndShut || write
		return ENOTCONN
	case s.state == sim.Listen:
		if read {
			m.unlisten(s)
		}
		return None
	case s.state == sim.SynSent:
		m.over(s, ECONNRESET) // tcp_disconnect
		s.rcvShut, s.sndShut = false, false
		return None
	}
	s.rcvShut, s.sndShut = s.rcvShut || read, s.sndShut || write
	if write && s.state != sim.SynRecv { // there it waits for ESTABLISHED (tcp_shutdown)
		m.finish(s)
	}
	return None
}
