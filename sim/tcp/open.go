package tcp

import "finwait/sim"

// bind gives a socket of the server the server's port. Each client has a port of its own.
// Two sockets can share a port only if both have SO_REUSEADDR and neither listens
// (inet_csk_get_port, inet_csk_bind_conflict).
func (m *machine) bind(s *socket) Errno {
	if s.side == Client {
		return None
	}
	if s.bound { // a socket is bound once
		return EINVAL
	}
	for i := range m.sockets {
		o := &m.sockets[i]
		if o == s || o.kind == free || o.kind == request || !o.bound || o.side != s.side {
			continue
		}
		if !s.reuseAddr || !o.reuseAddr || o.state == sim.Listen {
			return EADDRINUSE
		}
	}
	s.bound, s.portLocked = true, true
	return None
}

// listen makes a socket a listener (inet_listen; RFC 9293 section 3.10.1, passive OPEN). On a
// listener it changes only the backlog. A listener that was shut down can listen again.
func (m *machine) listen(s *socket, in Input) Errno {
	if s.state != sim.Close && s.state != sim.Listen || s.conn != 0 {
		return EINVAL
	}
	s.backlog, s.listenISN = uint8(in.N), in.ISN
	if s.state == sim.Listen {
		return None
	}
	for i := range m.sockets {
		if o := &m.sockets[i]; o != s && o.kind == full && o.state == sim.Listen && o.side == s.side {
			return EADDRINUSE
		}
	}
	s.rcvShutdown = false // a shutdown before listen may have set it
	m.setState(s, sim.Listen)
	return None
}

// connect sends a SYN (RFC 9293 section 3.10.1, active OPEN). A socket can be connected a
// second time only if the first connect failed (inet_stream_connect).
func (m *machine) connect(p *process, s *socket, in Input) {
	switch {
	case s.state == sim.Listen, s.conn != 0 && s.reportedState != sim.Closed, s.conn != 0 && s.rcvShutdown:
		p.complete(-1, EISCONN)
		return
	case in.Conn <= 0 || in.Conn > maxConn:
		p.complete(-1, EINVAL)
		return
	}
	isn, ok := m.claimPorts(s.side, in)
	if !ok {
		p.complete(-1, EADDRNOTAVAIL)
		return
	}
	s.conn, s.wasEstablished = uint16(in.Conn), false
	s.err, s.finReceived, s.rcvShutdown, s.sndShutdown = None, false, false, false
	s.snd, s.rcv, s.timers = sender{WND: uint32(m.Window), unackedSince: m.now}, receiver{lastDataAt: m.now}, timers{}
	s.snd.start(isn)
	m.setState(s, sim.SynSent)
	m.sendSYN(s)
}

// claimPorts returns the initial sequence number of a connect, and whether the connection's
// ports are free (__inet_check_established). Ports of a minisock are free: the minisock ends,
// and the new sequence numbers begin beyond the old ones (tcp_twsk_unique).
func (m *machine) claimPorts(side Side, in Input) (isn sim.Seq, ok bool) {
	old := m.lookup(side, uint16(in.Conn))
	if old == nil && in.ISN == 0 {
		return m.nextIncarnation(side, uint16(in.Conn)), true
	}
	if old == nil {
		return in.ISN, true
	}
	if old.kind != mini { // a whole socket or a request holds the ports
		return 0, false
	}
	isn = old.snd.NXT + isnGap
	m.setState(old, sim.Close)
	m.reportStates()
	return isn, true
}

// maxConn is the highest number of a connection.
const maxConn = 1<<16 - 1

// finishConnect lets a connect return once the handshake has ended. After a failure the
// socket can be connected again (tcp_disconnect).
func (m *machine) finishConnect(p *process, s *socket) bool {
	switch s.state {
	case sim.SynSent, sim.SynRecv:
		return false
	case sim.Close:
		// The connection was established, and ended before the process woke up.
		if p.early && s.wasEstablished {
			p.complete(0, None)
			return true
		}
		p.complete(-1, m.takeError(s))
		if p.errno == None {
			p.errno, p.ret = ECONNRESET, -1
		}
		s.rcvShutdown, s.sndShutdown = false, false
	default:
		p.complete(0, None)
	}
	return true
}

// acceptQueueLen returns the number of connections in the accept queue of a listener.
func (w *World) acceptQueueLen(l *socket) int {
	n := 0
	for i := range w.sockets {
		if s := &w.sockets[i]; s.kind == full && s.listener == int8(l.id) {
			n++
		}
	}
	return n
}

// acceptQueueHead returns the oldest connection in the accept queue of a listener, or nil.
func (w *World) acceptQueueHead(l *socket) (first *socket) {
	for i := range w.sockets {
		s := &w.sockets[i]
		if s.kind == full && s.listener == int8(l.id) && (first == nil || s.acceptSeq < first.acceptSeq) {
			first = s
		}
	}
	return first
}

// accept takes the oldest connection from the accept queue (inet_csk_accept). It succeeds for
// a connection that was reset in the queue; the new descriptor reports the error.
func (m *machine) accept(p *process, l *socket) bool {
	if l.state != sim.Listen {
		p.complete(-1, EINVAL)
		return true
	}
	first := m.acceptQueueHead(l)
	if first == nil {
		return false
	}
	p.complete(m.installFD(p, first))
	if p.errno == None {
		first.listener = -1
		m.markDirty(first)
	}
	return true
}
