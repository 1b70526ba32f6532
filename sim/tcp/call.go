package tcp

import "finwait/sim"

// The system calls of a process. Each comment names the fields of Input that the call uses
// beside Proc and, unless it is socket or fork, FD.
const (
	OpNone Op = iota

	OpSocket        // socket
	OpReuseAddr     // setsockopt SO_REUSEADDR: N is the value
	OpLinger        // setsockopt SO_LINGER: N is the time in seconds, -1 turns it off
	OpLinger2       // setsockopt TCP_LINGER2: N is the time in seconds, -1 for no FIN_WAIT2
	OpKeepaliveTime // setsockopt TCP_KEEPIDLE (Idle), TCP_KEEPINTVL (Interval) or TCP_KEEPCNT (N): one is set, the others are 0
	OpKeepalive     // setsockopt SO_KEEPALIVE: on, with what OpKeepaliveTime has set
	OpUserTimeout   // setsockopt TCP_USER_TIMEOUT: Idle is the time
	OpBind          // bind: the server has one port
	OpListen        // listen: N is the backlog, ISN the first sequence number of a SYN ACK
	OpConnect       // connect: Conn is the number of the connection and stands for its ports; ISN
	OpAccept        // accept
	OpRead          // read, recv: N is the size of the buffer, Msg the flags
	OpWrite         // write, send: N is the number of bytes, Msg the flags
	OpShutdown      // shutdown: N is ShutRead, ShutWrite or ShutBoth
	OpClose         // close
	OpDup           // dup
	OpFork          // fork
	OpPoll          // poll for all events, without waiting
	OpSigpipe       // rt_sigaction of SIGPIPE: N is a Disposition
	OpSoError       // getsockopt SO_ERROR: the effect's Errno is the error
	endOfCalls
)

// The values of N in an OpShutdown.
const (
	ShutRead = iota
	ShutWrite
	ShutBoth
)

// CallInput returns the input that is a system call. The numbers of the process and, of a connect,
// of the connection are not in the call.
func CallInput(c sim.Call) Input {
	switch {
	case c.Name.Reads():
		return Input{Op: OpRead, FD: c.FD, N: c.Size, Msg: c.Flags}
	case c.Name.Writes():
		return Input{Op: OpWrite, FD: c.FD, N: max(c.Fill, len(c.Data)), Msg: c.Flags}
	}
	switch c.Name {
	case sim.CallSetsockopt:
		return optionInput(c)
	case sim.CallListen:
		return Input{Op: OpListen, FD: c.FD, N: c.Backlog}
	case sim.CallShutdown:
		how := map[sim.ShutdownHow]int{sim.ShutRD: ShutRead, sim.ShutWR: ShutWrite, sim.ShutRDWR: ShutBoth}[c.How]
		return Input{Op: OpShutdown, FD: c.FD, N: how}
	case sim.CallSigaction:
		how := map[sim.Disposition]Disposition{sim.SigIgn: Ignore, sim.SigHandler: Handler}[c.Disposition]
		return Input{Op: OpSigpipe, FD: c.FD, N: int(how)}
	}
	return Input{Op: plainOps[c.Name], FD: c.FD}
}

// plainOps are the calls without arguments that the model looks at.
var plainOps = map[sim.CallName]Op{
	sim.CallSocket: OpSocket, sim.CallBind: OpBind, sim.CallConnect: OpConnect, sim.CallAccept: OpAccept,
	sim.CallClose: OpClose, sim.CallDup: OpDup, sim.CallFork: OpFork, sim.CallPoll: OpPoll,
	sim.CallGetsockopt: OpSoError,
}

// optionInput returns a setsockopt as the model takes it.
func optionInput(c sim.Call) Input {
	in, value := Input{FD: c.FD}, c.Option.Value
	switch c.Option.Name {
	case sim.OptReuseAddr:
		in.Op, in.N = OpReuseAddr, value
	case sim.OptLinger:
		if in.Op, in.N = OpLinger, value; !c.Option.On {
			in.N = -1
		}
	case sim.OptLinger2:
		in.Op, in.N = OpLinger2, value
	case sim.OptKeepIdle:
		in.Op, in.Idle = OpKeepaliveTime, Time(value)*Second
	case sim.OptKeepIntvl:
		in.Op, in.Interval = OpKeepaliveTime, Time(value)*Second
	case sim.OptKeepCnt:
		in.Op, in.N = OpKeepaliveTime, value
	case sim.OptKeepalive:
		in.Op = OpKeepalive
	case sim.OptUserTimeout:
		in.Op, in.Idle = OpUserTimeout, Time(value)
	}
	return in
}

// call begins a system call. A call that need not wait returns after everything that it made
// the kernel send has been handled, see machine.settle; one that may block continues in
// tryCall.
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
	if s == nil { // every call but poll fails; poll reports POLLNVAL
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

// callOnSocket begins a call that has a descriptor.
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
	case OpRead, OpWrite:
		p.n, p.wrote, p.flags = uint32(max(0, in.N)), 0, in.Msg
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

// newSocket is socket(2).
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

// wakeCalls lets the calls return that can, and reports whether one did. It begins with the
// caller, the process that made the newest call.
func (m *machine) wakeCalls(caller int) bool {
	woke := false
	for i := range m.procs {
		k := i
		if caller >= 0 && caller < maxProcesses {
			k = (i + caller) % maxProcesses
		}
		p := &m.procs[k]
		if p.call == OpNone || p.awaitsRecheck || !m.tryCall(p, k) {
			continue
		}
		woke = true
	}
	return woke
}

// tryCall lets the call of a process return if it can. It reports whether anything has
// happened.
func (m *machine) tryCall(p *process, proc int) bool {
	if p.ready {
		m.reportReturn(p, proc)
		return true
	}
	s := m.socketAt(p, int(p.fd)) // nil in a close, which has freed the descriptor
	progress := false
	switch p.call {
	case OpAccept:
		progress = m.accept(p, s)
	case OpConnect:
		progress = m.finishConnect(p, s)
	case OpRead:
		return m.read(p, s, proc)
	case OpWrite:
		progress = m.write(p, s, proc)
	case OpClose:
		progress = m.finishLinger(p)
	}
	if !p.alive || p.fatalSignal != 0 {
		return true // SIGPIPE has ended the process, or will
	}
	if p.ready {
		m.reportReturn(p, proc)
		return true
	}
	if !progress {
		m.block(p, proc)
	}
	return progress
}

// block reports, once for each call, that the call blocks.
func (m *machine) block(p *process, proc int) {
	p.awaitsRecheck = m.Observed
	if !p.blockedReported {
		p.blockedReported = true
		m.effect(Effect{Kind: Blocked, Side: p.side, Proc: int16(proc), Op: p.call, FD: p.fd})
	}
}

// complete sets what the call of a process returns.
func (p *process) complete(ret int32, errno Errno) {
	p.ready, p.ret, p.errno = true, ret, errno
	if errno != None {
		p.ret = -1
	}
}

// reportReturn reports what the call of a process returns, and ends the call.
func (m *machine) reportReturn(p *process, proc int) {
	m.effect(Effect{
		Kind: Returned, Side: p.side, Proc: int16(proc), Op: p.call, FD: p.fd,
		Ret: p.ret, Errno: p.errno, Events: p.events,
	})
	p.call = OpNone
}
