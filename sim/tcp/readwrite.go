package tcp

import "finwait/sim"

// takeError returns the pending error of a socket and clears it (sock_error): a pending error
// is reported once.
func (m *machine) takeError(s *socket) Errno {
	err := s.err
	if s.errMayBeTimeout && m.alternative {
		err = ETIMEDOUT
	}
	s.err, s.errMayBeTimeout = None, false
	return err
}

// read lets a read return if it can, and reports whether it did. The order is that of
// tcp_recvmsg_locked: data come first, even after a reset; the end of file comes before an
// error. With MSG_PEEK data and end of file stay; a pending error is taken all the same.
func (m *machine) read(p *process, s *socket, proc int) bool {
	n := min(s.unread(), p.n)
	switch {
	case s.state == sim.Listen:
		p.complete(-1, ENOTCONN)
	case n > 0:
		m.returnData(p, s, n, proc)
		return true
	case s.finReceived: // end of file; err stays pending
		if p.flags&sim.MsgPeek == 0 {
			s.rcv.copiedSeq = s.rcv.NXT
		}
		p.complete(0, None)
	case s.err != None:
		p.complete(-1, m.takeError(s))
	case s.rcvShutdown:
		p.complete(0, None)
	case s.state == sim.Close:
		p.complete(-1, ENOTCONN)
	default:
		m.block(p, proc)
		return false
	}
	m.reportReturn(p, proc)
	return true
}

// returnData lets a read return n bytes. The kernel keeps the FIN in the buffer of the last
// data, so a read that takes the last data also passes the FIN.
func (m *machine) returnData(p *process, s *socket, n uint32, proc int) {
	offset := uint32(s.rcv.copiedSeq - s.rcv.IRS - 1)
	m.effect(Effect{Kind: Returned, Side: p.side, Proc: int16(proc), Op: OpRead, FD: p.fd, Ret: int32(n), Conn: s.conn, Offset: offset})
	p.call = OpNone
	if p.flags&sim.MsgPeek != 0 {
		return
	}
	s.rcv.copiedSeq = s.rcv.copiedSeq.Add(int(n))
	if s.finReceived && s.unread() == 0 {
		s.rcv.copiedSeq = s.rcv.NXT
	}
	m.recordReadable(s)
	m.updateWindow(s)
}

// write queues the data for which the send buffer has room, and lets the write return when
// all data are queued. It reports whether anything has happened. A pending error is reported
// first (sk_stream_error).
func (m *machine) write(p *process, s *socket, proc int) bool {
	switch {
	case s.err != None || s.sndShutdown || !s.maySend():
		if s.state == sim.SynSent || s.state == sim.SynRecv {
			return false // the write waits for the connection (sk_stream_wait_connect)
		}
		if p.wrote > 0 {
			p.complete(int32(p.wrote), None) // the next call reports the error
			return true
		}
		m.failWrite(p, s, proc)
		return true
	case p.n == 0:
		p.complete(int32(p.wrote), None)
		return true
	}
	used := s.snd.queued()
	if used+p.n > uint32(m.SendBuffer) {
		m.unsupported = m.unsupported || m.Observed // a kernel enlarges the send buffer (tcp_sndbuf_expand)
	}
	if used >= uint32(m.SendBuffer) {
		return false // the write waits for room (sk_stream_wait_memory)
	}
	n := min(p.n, uint32(m.SendBuffer)-used)
	s.snd.writeSeq = s.snd.writeSeq.Add(int(n))
	p.n -= n
	p.wrote += n
	m.writeXmit(s)
	if p.n == 0 {
		p.complete(int32(p.wrote), None)
	}
	return true
}

// failWrite lets a write fail. EPIPE comes with SIGPIPE, other errors come without it. The
// signal is delivered to the writing process before the call returns; if the signal kills,
// the call never returns (sk_stream_error).
func (m *machine) failWrite(p *process, s *socket, proc int) {
	err := m.takeError(s)
	if err == None {
		err = EPIPE
	}
	if err == EPIPE && p.flags&sim.MsgNoSignal == 0 {
		switch p.sigpipe {
		case Default:
			m.kill(proc, SIGPIPE)
			return
		case Handler:
			m.effect(Effect{Kind: Signaled, Side: p.side, Proc: int16(proc), Signal: SIGPIPE, Ret: 1})
		}
	}
	p.complete(-1, err)
}

// poll returns the events of a socket (tcp_poll). HUP means that both directions are shut
// down, RDHUP that the receiving direction is. OUT is set also when a write would fail at
// once.
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
		if s.sndShutdown || s.snd.queued() < uint32(w.SendBuffer) {
			e |= PollOut
		}
	}
	if s.err != None {
		e |= PollERR
	}
	return e
}
