package tcp

import "finwait/sim"

// The system calls: what each checks, and what it begins. One that may have to wait goes on
// in machine.attempt.

// call begins a call. One that can return at once does when everything that it made
// the kernel send was dealt with; see machine.run.
func (m *machine) call(in Input) {
	if in.Proc < 0 || in.Proc >= maxProcesses || !m.procs[in.Proc].alive || m.procs[in.Proc].call != OpNone {
		return
	}
	p := &m.procs[in.Proc]
	p.call, p.fd, p.ready, p.blockedReported, p.awaitsRecheck, p.early = in.Op, int16(in.FD), false, false, false, false
	p.ret, p.errno, p.events, p.nReadable = 0, None, 0, 0
	switch in.Op {
	case OpSocket:
		m.newSocket(p)
		return
	case OpFork:
		p.ready = true
		m.fork(p, in.Proc)
		return
	case OpSigpipe:
		p.sigpipe = Disposition(in.N)
		p.complete(0, None)
		return
	}
	s := m.socketAt(p, in.FD)
	if s == nil { // poll alone does not fail: it says so in its events
		p.events = PollNVAL
		if in.Op == OpPoll {
			p.complete(1, None)
		} else {
			p.events = 0
			p.complete(-1, EBADF)
		}
		return
	}
	m.callOnSocket(p, s, in)
}

// callOn begins a call on a descriptor.
func (m *machine) callOnSocket(p *process, s *socket, in Input) {
	switch in.Op {
	case OpReuseAddr, OpLinger, OpLinger2, OpKeepaliveTime, OpKeepalive, OpUserTimeout:
		m.setOption(s, in)
		p.complete(0, None)
	case OpBind:
		p.complete(0, m.bind(s))
	case OpListen:
		p.complete(0, m.listen(s, in))
	case OpConnect:
		m.connect(p, s, in)
	case OpRead:
		p.n = uint32(max(0, in.N))
	case OpWrite:
		p.n, p.wrote, p.noSignal = uint32(max(0, in.N)), 0, in.NoSignal
	case OpShutdown:
		p.complete(0, m.shutdown(s, in.N))
	case OpClose:
		m.close(p, s, in)
	case OpDup:
		p.complete(m.installFD(p, s))
	case OpPoll:
		if p.events = s.poll(m.World); p.events != 0 {
			p.ret = 1
		}
		p.ready = true
	case OpSoError:
		p.errno, p.ready = m.takeError(s), true
	}
}

func (m *machine) newSocket(p *process) {
	s := m.alloc(full, p.side, 0)
	if s == nil {
		p.complete(-1, ENFILE)
		return
	}
	p.complete(m.installFD(p, s))
	if p.errno != None {
		*s = socket{}
	}
}

// setOption sets a socket option.
func (m *machine) setOption(s *socket, in Input) {
	switch in.Op {
	case OpReuseAddr:
		s.reuseAddr = in.N != 0
	case OpLinger:
		s.linger, s.lingerTime = in.N >= 0, Time(max(0, in.N))*Second
	case OpLinger2:
		s.linger2 = Time(in.N) * Second
	case OpUserTimeout:
		s.userTimeout, s.snd.userTimeoutSetAt = in.Idle, m.now
	case OpKeepaliveTime:
		m.setKeepaliveTime(s, in)
	case OpKeepalive:
		m.setKeepalive(s, in)
	}
}

// setKeepTime sets one of the times of keepalive. Where that is on already a new time counts
// from the last that was heard of the peer, and may be over (tcp_sock_set_keepidle_locked).
func (m *machine) setKeepaliveTime(s *socket, in Input) {
	switch {
	case in.Interval > 0:
		s.keepIntvl = in.Interval
	case in.N > 0:
		s.keepCnt = uint8(in.N)
	default:
		s.keepIdle = in.Idle
		if s.keepalive && s.state.Connected() {
			s.timers.keepalive = max(m.now, s.rcv.lastHeardAt+s.keepIdle)
		}
	}
}

// setKeepalive turns keepalive on, and waits from now on (tcp_set_keepalive).
func (m *machine) setKeepalive(s *socket, in Input) {
	was := s.keepalive
	s.keepalive, s.keepIdle, s.keepIntvl, s.keepCnt = true, in.Idle, in.Interval, uint8(in.N)
	if s.state.Connected() && !was && s.timers.keepalive == 0 {
		s.timers.keepalive = m.now + s.keepIdle
	}
}

// bind gives a socket of the server the server's port; clients have one of their own
// each. Sockets can share a port only if each has SO_REUSEADDR and none listens
// (inet_csk_get_port, inet_csk_bind_conflict).
func (m *machine) bind(s *socket) Errno {
	if s.side == Client {
		return None
	}
	if s.bound {
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

// listen makes a socket a listener (inet_listen). Again it changes the backlog only; and
// a listener that was shut down listens again.
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
	s.rcvShutdown = false
	m.setState(s, sim.Listen)
	return None
}

// connect sends a SYN (RFC 9293 section 3.10.1). A socket that was connected once cannot
// be again, unless it was refused: then it is as before (inet_stream_connect).
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

// takePorts returns the initial sequence number of a connect, and whether its ports are
// free (__inet_check_established). Those of a connection of which only the last minute is
// left are: it ends, and the new one begins beyond it (tcp_twsk_unique).
func (m *machine) claimPorts(side Side, in Input) (isn uint32, ok bool) {
	old := m.lookup(side, uint16(in.Conn))
	if old == nil && in.ISN == 0 {
		return m.nextIncarnation(side, uint16(in.Conn)), true
	}
	if old == nil {
		return in.ISN, true
	}
	if old.kind != mini {
		return 0, false
	}
	isn = old.snd.NXT + isnGap
	m.setState(old, sim.Close)
	m.reportStates()
	return isn, true
}

// maxConn is the largest number of a connection.
const maxConn = 1<<16 - 1

// connected lets a connect return that has come to an end. After a failure the socket
// is as it was before (tcp_disconnect).
func (m *machine) finishConnect(p *process, s *socket) bool {
	switch s.state {
	case sim.SynSent, sim.SynRecv:
		return false
	case sim.Close:
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

// oldest returns the connection that came first into the queue of a listener, nil without.
func (w *World) acceptQueueHead(l *socket) (first *socket) {
	for i := range w.sockets {
		s := &w.sockets[i]
		if s.kind == full && s.listener == int8(l.id) && (first == nil || s.acceptSeq < first.acceptSeq) {
			first = s
		}
	}
	return first
}

// accept takes the connection that came first out of the queue (inet_csk_accept). That it
// was reset meanwhile is no error: its descriptor says so.
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
