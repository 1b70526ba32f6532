package tcp

import "finwait/sim"

// The system calls: what each checks, and what it begins. One that may have to wait goes on
// in machine.attempt.

// call begins a call. One that can return at once does when everything that it made
// the kernel send was dealt with; see machine.run.
func (m *machine) call(in Input) {
	if in.Proc < 0 || in.Proc >= maxProcesses || !m.procs[in.Proc].alive || m.procs[in.Proc].in != OpNone {
		return
	}
	p := &m.procs[in.Proc]
	p.in, p.fd, p.ready, p.told, p.sleeps, p.inTime = in.Op, int16(in.FD), false, false, false, false
	p.ret, p.errno, p.events, p.sights = 0, None, 0, 0
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
		p.done(0, None)
		return
	}
	s := m.socket(p, in.FD)
	if s == nil { // poll alone does not fail: it says so in its events
		p.events = PollNVAL
		if in.Op == OpPoll {
			p.done(1, None)
		} else {
			p.events = 0
			p.done(-1, EBADF)
		}
		return
	}
	m.callOn(p, s, in)
}

// callOn begins a call on a descriptor.
func (m *machine) callOn(p *process, s *socket, in Input) {
	switch in.Op {
	case OpReuse, OpLinger, OpLinger2, OpKeepTimes, OpKeepalive, OpUserTimeout:
		m.setOption(s, in)
		p.done(0, None)
	case OpBind:
		p.done(0, m.bind(s))
	case OpListen:
		p.done(0, m.listen(s, in))
	case OpConnect:
		m.connect(p, s, in)
	case OpRead:
		p.n = uint32(max(0, in.N))
	case OpWrite:
		p.n, p.wrote, p.silent = uint32(max(0, in.N)), 0, in.NoSignal
	case OpShutdown:
		p.done(0, m.shutdown(s, in.N))
	case OpClose:
		m.close(p, s, in)
	case OpDup:
		p.done(m.open(p, s))
	case OpPoll:
		if p.events = s.poll(m.World); p.events != 0 {
			p.ret = 1
		}
		p.ready = true
	case OpError:
		p.errno, p.ready = m.takeError(s), true
	}
}

func (m *machine) newSocket(p *process) {
	s := m.alloc(full, p.side, 0)
	if s == nil {
		p.done(-1, ENFILE)
		return
	}
	p.done(m.open(p, s))
	if p.errno != None {
		*s = socket{}
	}
}

// setOption sets a socket option.
func (m *machine) setOption(s *socket, in Input) {
	switch in.Op {
	case OpReuse:
		s.reuse = in.N != 0
	case OpLinger:
		s.linger, s.lingerFor = in.N >= 0, Time(max(0, in.N))*Second
	case OpLinger2:
		s.linger2 = Time(in.N) * Second
	case OpUserTimeout:
		s.patience, s.tx.hurried = in.Idle, m.now
	case OpKeepTimes:
		m.setKeepTime(s, in)
	case OpKeepalive:
		m.setKeepalive(s, in)
	}
}

// setKeepTime sets one of the times of keepalive. Where that is on already a new time counts
// from the last that was heard of the peer, and may be over (tcp_sock_set_keepidle_locked).
func (m *machine) setKeepTime(s *socket, in Input) {
	switch {
	case in.Every > 0:
		s.every = in.Every
	case in.N > 0:
		s.probes = uint8(in.N)
	default:
		s.idle = in.Idle
		if s.keepalive && s.state.Connected() {
			s.tm.keep = max(m.now, s.rx.alive+s.idle)
		}
	}
}

// setKeepalive turns keepalive on, and waits from now on (tcp_set_keepalive).
func (m *machine) setKeepalive(s *socket, in Input) {
	was := s.keepalive
	s.keepalive, s.idle, s.every, s.probes = true, in.Idle, in.Every, uint8(in.N)
	if s.state.Connected() && !was && s.tm.keep == 0 {
		s.tm.keep = m.now + s.idle
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
		if !s.reuse || !o.reuse || o.state == sim.Listen {
			return EADDRINUSE
		}
	}
	s.bound, s.keeps = true, true
	return None
}

// listen makes a socket a listener (inet_listen). Again it changes the backlog only; and
// a listener that was shut down listens again.
func (m *machine) listen(s *socket, in Input) Errno {
	if s.state != sim.Close && s.state != sim.Listen || s.conn != 0 {
		return EINVAL
	}
	s.backlog, s.isn = uint8(in.N), in.ISN
	if s.state == sim.Listen {
		return None
	}
	for i := range m.sockets {
		if o := &m.sockets[i]; o != s && o.kind == full && o.state == sim.Listen && o.side == s.side {
			return EADDRINUSE
		}
	}
	s.rcvShut = false
	m.set(s, sim.Listen)
	return None
}

// connect sends a SYN (RFC 9293 section 3.10.1). A socket that was connected once cannot
// be again, unless it was refused: then it is as before (inet_stream_connect).
func (m *machine) connect(p *process, s *socket, in Input) {
	switch {
	case s.state == sim.Listen, s.conn != 0 && s.shown != sim.Closed, s.conn != 0 && s.rcvShut:
		p.done(-1, EISCONN)
		return
	case in.Conn <= 0 || in.Conn > maxConn:
		p.done(-1, EINVAL)
		return
	}
	isn, ok := m.takePorts(s.side, in)
	if !ok {
		p.done(-1, EADDRNOTAVAIL)
		return
	}
	s.conn, s.opened = uint16(in.Conn), false
	s.err, s.done, s.rcvShut, s.sndShut = None, false, false, false
	s.tx, s.rx, s.tm = sender{wnd: uint32(m.Window), begun: m.now}, receiver{last: m.now}, timers{}
	s.tx.opens(isn)
	m.set(s, sim.SynSent)
	m.sendSYN(s)
}

// takePorts returns the initial sequence number of a connect, and whether its ports are
// free (__inet_check_established). Those of a connection of which only the last minute is
// left are: it ends, and the new one begins beyond it (tcp_twsk_unique).
func (m *machine) takePorts(side Side, in Input) (isn uint32, ok bool) {
	old := m.socketOf(side, uint16(in.Conn))
	if old == nil && in.ISN == 0 {
		return m.anew(side, uint16(in.Conn)), true
	}
	if old == nil {
		return in.ISN, true
	}
	if old.kind != mini {
		return 0, false
	}
	isn = old.tx.nxt + beyondOld
	m.set(old, sim.Close)
	m.report()
	return isn, true
}

// maxConn is the largest number of a connection.
const maxConn = 1<<16 - 1

// connected lets a connect return that has come to an end. After a failure the socket
// is as it was before (tcp_disconnect).
func (m *machine) connected(p *process, s *socket) bool {
	switch s.state {
	case sim.SynSent, sim.SynRecv:
		return false
	case sim.Close:
		if p.inTime && s.opened {
			p.done(0, None)
			return true
		}
		p.done(-1, m.takeError(s))
		if p.errno == None {
			p.errno, p.ret = ECONNRESET, -1
		}
		s.rcvShut, s.sndShut = false, false
	default:
		p.done(0, None)
	}
	return true
}

// oldest returns the connection that came first into the queue of a listener, nil without.
func (w *World) oldest(l *socket) (first *socket) {
	for i := range w.sockets {
		s := &w.sockets[i]
		if s.kind == full && s.listener == int8(l.id) && (first == nil || s.queue < first.queue) {
			first = s
		}
	}
	return first
}

// accept takes the connection that came first out of the queue (inet_csk_accept). That it
// was reset meanwhile is no error: its descriptor says so.
func (m *machine) accept(p *process, l *socket) bool {
	if l.state != sim.Listen {
		p.done(-1, EINVAL)
		return true
	}
	first := m.oldest(l)
	if first == nil {
		return false
	}
	p.done(m.open(p, first))
	if p.errno == None {
		first.listener = -1
		m.touch(first)
	}
	return true
}
