package tcp

import (
	"slices"

	"finwait/sim"
)

// process is a program: its descriptors and the call that it is in.
type process struct {
	alive   bool
	side    Side
	sigpipe Disposition
	fds     [maxFD]int8 // index of the socket plus one; 0 is a closed descriptor

	call   Op     // the call that has not returned; OpNone between calls
	fd     int16  // descriptor of the call
	ready  bool   // the call can return ret and errno
	ret    int32  // return value of the call
	errno  Errno  // error of the call
	events Events // result of a poll

	n            uint32       // bytes that a read asks for, or that a write has not queued yet
	wrote        uint32       // bytes that a write has queued
	flags        sim.MsgFlags // flags of a send or recv
	lingerSocket int8         // index of the socket on which a close with SO_LINGER is blocked
	lingerUntil  Time         // end of the time of SO_LINGER

	blockedReported bool // a Blocked effect was made for the call

	// The remaining fields are used by an observed World only.

	fatalSignal   Signal              // signal that kills the process at the next OpKill
	awaitsRecheck bool                // the blocked call checks again at an OpRecheck
	early         bool                // the call may return on an earlier condition, see recheck
	readable      [maxReadable]uint32 // amounts that could be read since the read blocked
	nReadable     uint8               // length of readable
}

// firstFD is the lowest descriptor for a socket: standard input, output and error are open.
const firstFD = 3

// startProcess starts a process without sockets.
func (m *machine) startProcess(side Side) {
	for i := range m.procs {
		if p := &m.procs[i]; !p.alive {
			*p = process{alive: true, side: side}
			m.effect(Effect{Kind: Started, Side: side, Proc: int16(i)})
			return
		}
	}
}

// socketAt returns the socket of a descriptor, or nil when the descriptor is closed.
func (m *machine) socketAt(p *process, fd int) *socket {
	if fd < firstFD || fd >= maxFD || p.fds[fd] == 0 {
		return nil
	}
	return &m.sockets[p.fds[fd]-1]
}

// installFD gives a socket the lowest free descriptor of a process (open(2)).
func (m *machine) installFD(p *process, s *socket) (int32, Errno) {
	for fd := firstFD; fd < maxFD; fd++ {
		if p.fds[fd] == 0 {
			p.fds[fd] = int8(s.id) + 1
			s.refs++
			return int32(fd), None
		}
	}
	m.unsupported = true // the kernel's limit is a setting (RLIMIT_NOFILE)
	return -1, EMFILE
}

// fork starts a child that shares every descriptor.
func (m *machine) fork(p *process, proc int) {
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
		m.reportReturn(p, proc)
		m.effect(Effect{Kind: Started, Side: p.side, Proc: int16(i), Ret: 1})
		return
	}
	m.unsupported = true
	p.ret, p.errno = -1, EAGAIN
}

// kill ends a process by a signal. In an observed World a process that gets SIGPIPE dies at
// the next OpKill.
func (m *machine) kill(proc int, sig Signal) {
	if proc < 0 || proc >= maxProcesses || !m.procs[proc].alive {
		return
	}
	p := &m.procs[proc]
	if p.fatalSignal == 0 {
		m.effect(Effect{Kind: Signaled, Side: p.side, Proc: int16(proc), Signal: sig})
	}
	if m.Observed && sig == SIGPIPE && p.fatalSignal == 0 {
		p.fatalSignal, p.awaitsRecheck = sig, true
		return
	}
	m.exit(p, proc, sig)
}

// exit closes the descriptors of a process. It closes descriptors in ascending order; the
// connections that lose their last descriptor are closed in descending order, because
// task_work_run takes the newest fput first (close_files). SO_LINGER does not delay an exit
// (inet_release, PF_EXITING).
func (m *machine) exit(p *process, proc int, sig Signal) {
	wrote := uint32(0)
	switch p.call {
	case OpClose:
		m.makeOrphan(&m.sockets[p.lingerSocket])
	case OpWrite:
		wrote = p.wrote
	}
	p.alive, p.call = false, OpNone
	var lastRefs [maxFD]*socket
	n := 0
	for fd := firstFD; fd < maxFD; fd++ {
		s := m.socketAt(p, fd)
		if s == nil {
			continue
		}
		p.fds[fd] = 0
		if s.refs--; s.refs == 0 {
			lastRefs[n] = s
			n++
		}
	}
	for _, s := range slices.Backward(lastRefs[:n]) {
		m.closeSocket(s)
		m.makeOrphan(s)
		m.deliverLoopback()
	}
	m.reportStates()
	m.effect(Effect{Kind: Exited, Side: p.side, Proc: int16(proc), Signal: sig, Ret: int32(wrote)})
}
