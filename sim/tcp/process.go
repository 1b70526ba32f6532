package tcp

import (
	"slices"

	"finwait/sim"
)

// Processes: their descriptors, their deaths, and how their calls return.

// process is a program: its descriptors and the call that it is in.
type process struct {
	alive           bool
	side            Side
	sigpipe         Disposition
	fds             [maxFD]int8         // index of a socket plus one; 0 is closed
	call            Op                  // the call that it is in, OpNone between calls
	fd              int16               // its descriptor
	ready           bool                // the call can return: errno and ret are what it returns
	fatalSignal     Signal              // in a Lazy world: what kills it, with OpKill
	blockedReported bool                // it was told to be blocked
	early           bool                // in a Lazy world: see rouse
	awaitsRecheck   bool                // in a Lazy world: it looks again at OpWake
	readable        [maxReadable]uint32 // how much there was to be read since it sleeps; of a read in a Lazy world
	nReadable       uint8
	errno           Errno
	ret             int32
	events          Events
	n               uint32 // bytes that a read asks for, or that a write has left
	wrote           uint32 // bytes that a write has queued
	noSignal        bool   // MSG_NOSIGNAL
	lingerSocket    int8   // index of the socket that a close with SO_LINGER waits for
	lingerUntil     Time   // how long
}

// firstFD is the first descriptor that is free in a process: standard input, output
// and error are open.
const firstFD = 3

// start starts a process without any descriptor of ours.
func (m *machine) startProcess(side Side) {
	for i := range m.procs {
		if p := &m.procs[i]; !p.alive {
			*p = process{alive: true, side: side}
			m.effect(Effect{Kind: Started, Side: side, Proc: int16(i)})
			return
		}
	}
}

// socket returns what a descriptor refers to, nil when it is closed.
func (m *machine) socketAt(p *process, fd int) *socket {
	if fd < firstFD || fd >= maxFD || p.fds[fd] == 0 {
		return nil
	}
	return &m.sockets[p.fds[fd]-1]
}

// open gives a socket the lowest free descriptor (open(2)).
func (m *machine) installFD(p *process, s *socket) (int32, Errno) {
	for fd := firstFD; fd < maxFD; fd++ {
		if p.fds[fd] == 0 {
			p.fds[fd] = int8(s.id) + 1
			s.refs++
			return int32(fd), None
		}
	}
	m.unsupported = true // how many there can be is a setting of the kernel
	return -1, EMFILE
}

// fork starts a second process that shares every descriptor.
func (m *machine) fork(p *process, number int) {
	for i := range m.procs {
		child := &m.procs[i]
		if child.alive {
			continue
		}
		*child = process{alive: true, side: p.side, sigpipe: p.sigpipe, fds: p.fds}
		for _, fd := range p.fds {
			if fd > 0 {
				m.sockets[fd-1].refs++
			}
		}
		p.ret = int32(i)
		m.reportReturn(p, number)
		m.effect(Effect{Kind: Started, Side: p.side, Proc: int16(i), Ret: 1})
		return
	}
	m.unsupported = true
	p.ret, p.errno = -1, EAGAIN
}

// killed ends a process by a signal. In a Lazy world one that SIGPIPE kills has yet to
// die: OpKill.
func (m *machine) kill(number int, sig Signal) {
	if number < 0 || number >= maxProcesses || !m.procs[number].alive {
		return
	}
	p := &m.procs[number]
	if p.fatalSignal == 0 {
		m.effect(Effect{Kind: Signaled, Side: p.side, Proc: int16(number), Signal: sig})
	}
	if m.Observed && sig == SIGPIPE && p.fatalSignal == 0 {
		p.fatalSignal, p.awaitsRecheck = sig, true
		return
	}
	m.exit(p, number, sig)
}

// die closes what a process had. Descriptors go in their order, and the connections that
// lose their last one by that are closed in the opposite order (close_files, task_work_run
// takes the newest fput). SO_LINGER does not make it wait (inet_release, PF_EXITING).
func (m *machine) exit(p *process, number int, sig Signal) {
	wrote := uint32(0)
	switch p.call {
	case OpClose:
		m.makeOrphan(&m.sockets[p.lingerSocket])
	case OpWrite:
		wrote = p.wrote
	}
	p.alive, p.call = false, OpNone
	var last [maxFD]*socket
	n := 0
	for fd := firstFD; fd < maxFD; fd++ {
		s := m.socketAt(p, fd)
		if s == nil {
			continue
		}
		p.fds[fd] = 0
		if s.refs--; s.refs == 0 {
			last[n] = s
			n++
		}
	}
	for _, s := range slices.Backward(last[:n]) {
		m.closeSocket(s)
		m.makeOrphan(s)
		m.deliverLoopback()
	}
	m.reportStates()
	m.effect(Effect{Kind: Exited, Side: p.side, Proc: int16(number), Signal: sig, Ret: int32(wrote)})
}

// returned tells what the call of a process returns, and ends it.
func (m *machine) reportReturn(p *process, number int) {
	m.effect(Effect{
		Kind: Returned, Side: p.side, Proc: int16(number), Op: p.call, FD: p.fd,
		Ret: p.ret, Errno: p.errno, Events: p.events,
	})
	p.call = OpNone
}

// wake lets the calls return that can, and reports whether one has. The one that was
// made last comes first.
func (m *machine) wakeCalls(caller int) bool {
	any := false
	for i := range m.procs {
		k := i
		if caller >= 0 && caller < maxProcesses {
			k = (i + caller) % maxProcesses
		}
		p := &m.procs[k]
		if p.call == OpNone || p.awaitsRecheck || !m.tryCall(p, k) {
			continue
		}
		any = true
	}
	return any
}

// attempt lets the call of a process return if it can, and reports whether it has
// done anything.
func (m *machine) tryCall(p *process, number int) bool {
	if p.ready {
		m.reportReturn(p, number)
		return true
	}
	s := m.socketAt(p, int(p.fd))
	moved := false
	switch p.call {
	case OpAccept:
		moved = m.accept(p, s)
	case OpConnect:
		moved = m.finishConnect(p, s)
	case OpRead:
		return m.read(p, s, number)
	case OpWrite:
		moved = m.write(p, s, number)
	case OpClose:
		moved = m.finishLinger(p)
	}
	if !p.alive || p.fatalSignal != 0 {
		return true // SIGPIPE
	}
	if p.ready {
		m.reportReturn(p, number)
		return true
	}
	if !moved {
		m.block(p, number)
	}
	return moved
}

// sleep tells once that a call sleeps.
func (m *machine) block(p *process, number int) {
	p.awaitsRecheck = m.Observed
	if !p.blockedReported {
		p.blockedReported = true
		m.effect(Effect{Kind: Blocked, Side: p.side, Proc: int16(number), Op: p.call, FD: p.fd})
	}
}

// done has the call of a process return.
func (p *process) complete(ret int32, errno Errno) {
	p.ready, p.ret, p.errno = true, ret, errno
	if errno != None {
		p.ret = -1
	}
}

// lingered lets a close with SO_LINGER return once its FIN was acknowledged, or when
// its time is over: always with 0 (sk_stream_wait_close).
func (m *machine) finishLinger(p *process) bool {
	s := &m.sockets[p.lingerSocket]
	switch s.state {
	case sim.FinWait1, sim.Closing, sim.LastAck:
		until := p.lingerUntil
		if !p.early { // else it is the timer itself
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
