package tcp

import "finwait/sim"

// What descriptors return: read, write, poll.

// takeError returns the error of a socket, which is told once (sock_error).
func (m *machine) takeError(s *socket) Errno {
	err := s.err
	if s.late && m.doubt {
		err = ETIMEDOUT
	}
	s.err, s.late = None, false
	return err
}

// read lets a read return that can, and reports whether it has. The order is that of
// tcp_recvmsg_locked: data even after a reset; the end of file before an error.
func (m *machine) read(p *process, s *socket, number int) bool {
	n := min(s.unread(), p.n)
	switch {
	case s.state == sim.Listen:
		p.done(-1, ENOTCONN)
	case n > 0:
		m.take(p, s, n, number)
		return true
	case s.done:
		s.rx.read = s.rx.nxt
		p.done(0, None)
	case s.err != None:
		p.done(-1, m.takeError(s))
	case s.rcvShut:
		p.done(0, None)
	case s.state == sim.Close:
		p.done(-1, ENOTCONN)
	default:
		m.sleep(p, number)
		return false
	}
	m.returned(p, number)
	return true
}

// take has a read return n bytes. The kernel keeps the FIN with the last of the data:
// it is read with it.
func (m *machine) take(p *process, s *socket, n uint32, number int) {
	at := s.rx.read - s.rx.irs - 1
	s.rx.read += n
	if s.done && s.unread() == 0 {
		s.rx.read = s.rx.nxt
	}
	m.emit(Effect{Kind: Returned, Side: p.side, Proc: int16(number), Op: OpRead, FD: p.fd, Ret: int32(n), Conn: s.conn, At: at})
	p.in = OpNone
	m.noteUnread(s)
	m.readAway(s)
}

// write queues what there is room for, and lets the write return when all is queued.
// It reports whether anything has happened. An error that was left by the peer is told
// first; only EPIPE comes with SIGPIPE (sk_stream_error).
func (m *machine) write(p *process, s *socket, number int) bool {
	switch {
	case s.err != None || s.sndShut || !s.maySend():
		if s.state == sim.SynSent || s.state == sim.SynRecv {
			return false // not connected yet: it waits (sk_stream_wait_connect)
		}
		if p.wrote > 0 {
			p.done(int32(p.wrote), None) // the error comes with the next call
			return true
		}
		m.writeFailed(p, s, number)
		return true
	case p.n == 0:
		p.done(int32(p.wrote), None)
		return true
	}
	used := s.tx.write - s.tx.una
	if used+p.n > uint32(m.SendBuffer) {
		m.beyond = m.beyond || m.Lazy // a kernel makes its buffer larger (tcp_sndbuf_expand)
	}
	if used >= uint32(m.SendBuffer) {
		return false // sk_stream_wait_memory
	}
	n := min(p.n, uint32(m.SendBuffer)-used)
	s.tx.write += n
	p.n -= n
	p.wrote += n
	m.push(s)
	if p.n == 0 {
		p.done(int32(p.wrote), None)
	}
	return true
}

// writeFailed has a write fail. The signal goes to the process that writes, before the
// call returns; if it kills, the call never does (sk_stream_error).
func (m *machine) writeFailed(p *process, s *socket, number int) {
	err := m.takeError(s)
	if err == None {
		err = EPIPE
	}
	if err == EPIPE && !p.silent {
		switch p.sigpipe {
		case Default:
			m.killed(number, SIGPIPE)
			return
		case Handler:
			m.emit(Effect{Kind: Signaled, Side: p.side, Proc: int16(number), Signal: SIGPIPE, Ret: 1})
		}
	}
	p.done(-1, err)
}

// poll returns the events of a socket (tcp_poll). HUP is said when both directions are
// over, IN and RDHUP when the peer's is, OUT also when a write would fail at once.
func (s *socket) poll(w *World) Events {
	var e Events
	if s.state == sim.Listen {
		if w.waiting(s) > 0 {
			e = PollIn
		}
		return e
	}
	if s.rcvShut && s.sndShut || s.state == sim.Close {
		e |= PollHUP
	}
	if s.rcvShut {
		e |= PollIn | PollRDHUP
	}
	if s.state != sim.SynSent && s.state != sim.SynRecv {
		if s.unread() > 0 {
			e |= PollIn
		}
		if s.sndShut || s.tx.write-s.tx.una < uint32(w.SendBuffer) {
			e |= PollOut
		}
	}
	if s.err != None {
		e |= PollERR
	}
	return e
}

// waiting returns how many connections wait to be accepted.
func (w *World) waiting(l *socket) int {
	n := 0
	for i := range w.sockets {
		if s := &w.sockets[i]; s.kind == full && s.listener == int8(l.id) {
			n++
		}
	}
	return n
}
