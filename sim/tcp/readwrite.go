package tcp

import "finwait/sim"

// What descriptors return: read, write, poll.

// takeError returns the error of a socket, which is told once (sock_error).
func (m *machine) takeError(s *socket) Errno {
	err := s.err
	if s.errMayBeTimeout && m.alternative {
		err = ETIMEDOUT
	}
	s.err, s.errMayBeTimeout = None, false
	return err
}

// read lets a read return that can, and reports whether it has. The order is that of
// tcp_recvmsg_locked: data even after a reset; the end of file before an error.
func (m *machine) read(p *process, s *socket, number int) bool {
	n := min(s.unread(), p.n)
	switch {
	case s.state == sim.Listen:
		p.complete(-1, ENOTCONN)
	case n > 0:
		m.returnData(p, s, n, number)
		return true
	case s.finReceived:
		s.rcv.copiedSeq = s.rcv.NXT
		p.complete(0, None)
	case s.err != None:
		p.complete(-1, m.takeError(s))
	case s.rcvShutdown:
		p.complete(0, None)
	case s.state == sim.Close:
		p.complete(-1, ENOTCONN)
	default:
		m.block(p, number)
		return false
	}
	m.reportReturn(p, number)
	return true
}

// take has a read return n bytes. The kernel keeps the FIN with the last of the data:
// it is read with it.
func (m *machine) returnData(p *process, s *socket, n uint32, number int) {
	at := s.rcv.copiedSeq - s.rcv.IRS - 1
	s.rcv.copiedSeq += n
	if s.finReceived && s.unread() == 0 {
		s.rcv.copiedSeq = s.rcv.NXT
	}
	m.effect(Effect{Kind: Returned, Side: p.side, Proc: int16(number), Op: OpRead, FD: p.fd, Ret: int32(n), Conn: s.conn, Offset: at})
	p.call = OpNone
	m.recordReadable(s)
	m.updateWindow(s)
}

// write queues what there is room for, and lets the write return when all is queued.
// It reports whether anything has happened. An error that was left by the peer is told
// first; only EPIPE comes with SIGPIPE (sk_stream_error).
func (m *machine) write(p *process, s *socket, number int) bool {
	switch {
	case s.err != None || s.sndShutdown || !s.maySend():
		if s.state == sim.SynSent || s.state == sim.SynRecv {
			return false // not connected yet: it waits (sk_stream_wait_connect)
		}
		if p.wrote > 0 {
			p.complete(int32(p.wrote), None) // the error comes with the next call
			return true
		}
		m.failWrite(p, s, number)
		return true
	case p.n == 0:
		p.complete(int32(p.wrote), None)
		return true
	}
	used := s.snd.writeSeq - s.snd.UNA
	if used+p.n > uint32(m.SendBuffer) {
		m.unsupported = m.unsupported || m.Observed // a kernel makes its buffer larger (tcp_sndbuf_expand)
	}
	if used >= uint32(m.SendBuffer) {
		return false // sk_stream_wait_memory
	}
	n := min(p.n, uint32(m.SendBuffer)-used)
	s.snd.writeSeq += n
	p.n -= n
	p.wrote += n
	m.writeXmit(s)
	if p.n == 0 {
		p.complete(int32(p.wrote), None)
	}
	return true
}

// writeFailed has a write fail. The signal goes to the process that writes, before the
// call returns; if it kills, the call never does (sk_stream_error).
func (m *machine) failWrite(p *process, s *socket, number int) {
	err := m.takeError(s)
	if err == None {
		err = EPIPE
	}
	if err == EPIPE && !p.noSignal {
		switch p.sigpipe {
		case Default:
			m.kill(number, SIGPIPE)
			return
		case Handler:
			m.effect(Effect{Kind: Signaled, Side: p.side, Proc: int16(number), Signal: SIGPIPE, Ret: 1})
		}
	}
	p.complete(-1, err)
}

// poll returns the events of a socket (tcp_poll). HUP is said when both directions are
// over, IN and RDHUP when the peer's is, OUT also when a write would fail at once.
func (s *socket) poll(w *World) Events {
	var e Events
	if s.state == sim.Listen {
		if w.acceptQueueLen(s) > 0 {
			e = PollIn
		}
		return e
	}
	if s.rcvShutdown && s.sndShutdown || s.state == sim.Close {
		e |= PollHUP
	}
	if s.rcvShutdown {
		e |= PollIn | PollRDHUP
	}
	if s.state != sim.SynSent && s.state != sim.SynRecv {
		if s.unread() > 0 {
			e |= PollIn
		}
		if s.sndShutdown || s.snd.writeSeq-s.snd.UNA < uint32(w.SendBuffer) {
			e |= PollOut
		}
	}
	if s.err != None {
		e |= PollERR
	}
	return e
}

// waiting returns how many connections wait to be accepted.
func (w *World) acceptQueueLen(l *socket) int {
	n := 0
	for i := range w.sockets {
		if s := &w.sockets[i]; s.kind == full && s.listener == int8(l.id) {
			n++
		}
	}
	return n
}
