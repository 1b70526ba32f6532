package tcp

import (
	"slices"

	"finwait/sim"
)

// Processes: their descriptors, their deaths, and how their calls return.

// process is a program: its descriptors and the call that it is in.
type process struct {
	alive   bool
	side    Side
	sigpipe Disposition
	fds     [maxFD]int8       // index of a socket plus one; 0 is closed
	in      Op                // the call that it is in, OpNone between calls
	fd      int16             // its descriptor
	ready   bool              // the call can return: errno and ret are what it returns
	doomed  Signal            // in a Lazy world: what kills it, with OpKill
	told    bool              // it was told to be blocked
	inTime  bool              // in a Lazy world: see rouse
	sleeps  bool              // in a Lazy world: it looks again at OpWake
	saw     [maxSights]uint32 // how much there was to be read since it sleeps; of a read in a Lazy world
	sights  uint8
	errno   Errno
	ret     int32
	events  Events
	n       uint32 // bytes that a read asks for, or that a write has left
	wrote   uint32 // bytes that a write has queued
	silent  bool   // MSG_NOSIGNAL
	sock    int8   // index of the socket that a close with SO_LINGER waits for
	until   Time   // how long
}

// firstFD is the first descriptor that is free in a process: standard input, output
// and error are open.
const firstFD = 3

// start starts a process without any descriptor of ours.
func (m *machine) start(side Side) {
	for i := range m.procs {
		if p := &m.procs[i]; !p.alive {
			*p = process{alive: true, side: side}
			m.emit(Effect{Kind: Started, Side: side, Proc: int16(i)})
			return
		}
	}
}

// socket returns what a descriptor refers to, nil when it is closed.
func (m *machine) socket(p *process, fd int) *socket {
	if fd < firstFD || fd >= maxFD || p.fds[fd] == 0 {
		return nil
	}
	return &m.sockets[p.fds[fd]-1]
}

// open gives a socket the lowest free descriptor (open(2)).
func (m *machine) open(p *process, s *socket) (int32, Errno) {
	for fd := firstFD; fd < maxFD; fd++ {
		if p.fds[fd] == 0 {
			p.fds[fd] = int8(s.id) + 1
			s.refs++
			return int32(fd), None
		}
	}
	m.beyond = true // how many there can be is a setting of the kernel
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
		m.returned(p, number)
		m.emit(Effect{Kind: Started, Side: p.side, Proc: int16(i), Ret: 1})
		return
	}
	m.beyond = true
	p.ret, p.errno = -1, EAGAIN
}

// killed ends a process by a signal. In a Lazy world one that SIGPIPE kills has yet to
// die: OpKill.
func (m *machine) killed(number int, sig Signal) {
	if number < 0 || number >= maxProcesses || !m.procs[number].alive {
		return
	}
	p := &m.procs[number]
	if p.doomed == 0 {
		m.emit(Effect{Kind: Signaled, Side: p.side, Proc: int16(number), Signal: sig})
	}
	if m.Lazy && sig == SIGPIPE && p.doomed == 0 {
		p.doomed, p.sleeps = sig, true
		return
	}
	m.die(p, number, sig)
}

// die closes what a process had. Descriptors go in their order, and the connections that
// lose their last one by that are closed in the opposite order (close_files, task_work_run
// takes the newest fput). SO_LINGER does not make it wait (inet_release, PF_EXITING).
func (m *machine) die(p *process, number int, sig Signal) {
	wrote := uint32(0)
	switch p.in {
	case OpClose:
		m.closed(&m.sockets[p.sock])
	case OpWrite:
		wrote = p.wrote
	}
	p.alive, p.in = false, OpNone
	var last [maxFD]*socket
	n := 0
	for fd := firstFD; fd < maxFD; fd++ {
		s := m.socket(p, fd)
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
		m.shut(s)
		m.closed(s)
		m.arriveAll()
	}
	m.report()
	m.emit(Effect{Kind: Exited, Side: p.side, Proc: int16(number), Signal: sig, Ret: int32(wrote)})
}

// returned tells what the call of a process returns, and ends it.
func (m *machine) returned(p *process, number int) {
	m.emit(Effect{
		Kind: Returned, Side: p.side, Proc: int16(number), Op: p.in, FD: p.fd,
		Ret: p.ret, Errno: p.errno, Events: p.events,
	})
	p.in = OpNone
}

// wake lets the calls return that can, and reports whether one has. The one that was
// made last comes first.
func (m *machine) wake(caller int) bool {
	any := false
	for i := range m.procs {
		k := i
		if caller >= 0 && caller < maxProcesses {
			k = (i + caller) % maxProcesses
		}
		p := &m.procs[k]
		if p.in == OpNone || p.sleeps || !m.attempt(p, k) {
			continue
		}
		any = true
	}
	return any
}

// attempt lets the call of a process return if it can, and reports whether it has
// done anything.
func (m *machine) attempt(p *process, number int) bool {
	if p.ready {
		m.returned(p, number)
		return true
	}
	s := m.socket(p, int(p.fd))
	moved := false
	switch p.in {
	case OpAccept:
		moved = m.accept(p, s)
	case OpConnect:
		moved = m.connected(p, s)
	case OpRead:
		return m.read(p, s, number)
	case OpWrite:
		moved = m.write(p, s, number)
	case OpClose:
		moved = m.lingered(p)
	}
	if !p.alive || p.doomed != 0 {
		return true // SIGPIPE
	}
	if p.ready {
		m.returned(p, number)
		return true
	}
	if !moved {
		m.sleep(p, number)
	}
	return moved
}

// sleep tells once that a call sleeps.
func (m *machine) sleep(p *process, number int) {
	p.sleeps = m.Lazy
	if !p.told {
		p.told = true
		m.emit(Effect{Kind: Blocked, Side: p.side, Proc: int16(number), Op: p.in, FD: p.fd})
	}
}

// done has the call of a process return.
func (p *process) done(ret int32, errno Errno) {
	p.ready, p.ret, p.errno = true, ret, errno
	if errno != None {
		p.ret = -1
	}
}

// lingered lets a close with SO_LINGER return once its FIN was acknowledged, or when
// its time is over: always with 0 (sk_stream_wait_close).
func (m *machine) lingered(p *process) bool {
	s := &m.sockets[p.sock]
	switch s.state {
	case sim.FinWait1, sim.Closing, sim.LastAck:
		until := p.until
		if !p.inTime { // else it is the timer itself
			until += m.lateness()
		}
		if m.now < until {
			return false
		}
	}
	m.closed(s)
	p.done(0, None)
	return true
}
