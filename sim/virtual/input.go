package virtual

import (
	"finwait/sim"
	"finwait/sim/tcp"
)

// inputOf returns a call as the model takes it. The numbers of the process and, of a connect,
// of the connection are not in the call.
func inputOf(c sim.Call) tcp.Input {
	switch c.Name {
	case sim.CallSetsockopt:
		return optionInput(c)
	case sim.CallListen:
		return tcp.Input{Op: tcp.OpListen, FD: c.FD, N: c.Backlog}
	case sim.CallRead:
		return tcp.Input{Op: tcp.OpRead, FD: c.FD, N: c.Size}
	case sim.CallWrite, sim.CallSend:
		return tcp.Input{Op: tcp.OpWrite, FD: c.FD, N: max(c.Fill, len(c.Data)), NoSignal: c.Flags&sim.MsgNoSignal != 0}
	case sim.CallShutdown:
		how := map[sim.ShutdownHow]int{sim.ShutRD: tcp.ShutRead, sim.ShutWR: tcp.ShutWrite, sim.ShutRDWR: tcp.ShutBoth}[c.How]
		return tcp.Input{Op: tcp.OpShutdown, FD: c.FD, N: how}
	case sim.CallSigaction:
		how := map[sim.Disposition]tcp.Disposition{sim.SigIgn: tcp.Ignore, sim.SigHandler: tcp.Handler}[c.Disposition]
		return tcp.Input{Op: tcp.OpSigpipe, FD: c.FD, N: int(how)}
	}
	return tcp.Input{Op: plainOps[c.Name], FD: c.FD}
}

// plainOps are the calls without arguments that the model looks at.
var plainOps = map[sim.CallName]tcp.Op{
	sim.CallSocket: tcp.OpSocket, sim.CallBind: tcp.OpBind, sim.CallConnect: tcp.OpConnect, sim.CallAccept: tcp.OpAccept,
	sim.CallClose: tcp.OpClose, sim.CallDup: tcp.OpDup, sim.CallFork: tcp.OpFork, sim.CallPoll: tcp.OpPoll,
	sim.CallGetsockopt: tcp.OpSoError,
}

// optionInput returns a setsockopt as the model takes it.
func optionInput(c sim.Call) tcp.Input {
	in, value := tcp.Input{FD: c.FD}, c.Option.Value
	switch c.Option.Name {
	case sim.OptReuseAddr:
		in.Op, in.N = tcp.OpReuseAddr, value
	case sim.OptLinger:
		if in.Op, in.N = tcp.OpLinger, value; !c.Option.On {
			in.N = -1
		}
	case sim.OptLinger2:
		in.Op, in.N = tcp.OpLinger2, value
	case sim.OptKeepIdle:
		in.Op, in.Idle = tcp.OpKeepaliveTime, tcp.Time(value)*tcp.Second
	case sim.OptKeepIntvl:
		in.Op, in.Interval = tcp.OpKeepaliveTime, tcp.Time(value)*tcp.Second
	case sim.OptKeepCnt:
		in.Op, in.N = tcp.OpKeepaliveTime, value
	case sim.OptKeepalive:
		in.Op = tcp.OpKeepalive
	case sim.OptUserTimeout:
		in.Op, in.Idle = tcp.OpUserTimeout, tcp.Time(value)
	}
	return in
}
