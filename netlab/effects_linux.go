package netlab

import (
	"slices"

	"finwait/netlab/program"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// effectsOf returns what a call of an end that has just returned did to connections. on is what
// its descriptor referred to before the call, t the table after it.
func (s *sockets) effectsOf(t *sim.Table, at sim.End, on sim.Socket, e program.Returned) []effect {
	call, ret := e.Call, e.Result.Ret
	switch {
	case call.Name == sim.CallClose && ret == 0:
		return s.released(t, at, on)
	case call.Name == sim.CallListen && ret == 0:
		s.listener.inherited = nil
		return nil
	case on.Listening && call.Name == sim.CallSetsockopt && ret == 0:
		s.listener.inherited = append(s.listener.inherited, optionEffects(call)...)
		return nil
	case on.Conn == 0:
		return nil
	case call.Name == sim.CallConnect && e.Result.Errno == unix.ErrnoName(unix.ECONNREFUSED):
		return s.conns[on.Conn-1].effect(at, wasRefused, 0)
	case ret < 0:
		return nil
	}
	c := s.conns[on.Conn-1]
	switch call.Name {
	case sim.CallConnect:
		repeated, client := 0, &c.client
		if client.now.State == sim.SynSent && e.At >= client.expires.UnixNano() {
			repeated = 1 // its timer has fired since the last reading
		}
		return append(c.effect(at, didConnect, repeated), c.all(sim.Server, s.listener.inherited)...)
	case sim.CallWrite, sim.CallSend:
		return c.effect(at, didWrite, ret)
	case sim.CallRead:
		return c.effect(at, didRead, ret)
	case sim.CallShutdown:
		var effects []effect
		if call.How != sim.ShutWR {
			effects = c.effect(at, didShutRead, 0)
		}
		if call.How != sim.ShutRD {
			effects = append(effects, c.effect(at, didShutWrite, 0)...)
		}
		return effects
	case sim.CallSetsockopt:
		return c.all(at, optionEffects(call))
	}
	return nil
}

// optionEffects returns what a setsockopt does to a connection, or to every connection that a
// listener brings from then on (tcp_create_openreq_child).
func optionEffects(call sim.Call) []effect {
	yes := func(is bool) int {
		if is {
			return 1
		}
		return 0
	}
	switch o := call.Option; o.Name {
	case sim.OptLinger:
		return []effect{{what: didLinger, n: yes(o.On && o.Value == 0)}}
	case sim.OptLinger2:
		return []effect{{what: didLinger2, n: yes(o.Value < 0)}}
	}
	return nil
}

// all returns effects as those on an end of the connection.
func (c *conn) all(at sim.End, effects []effect) []effect {
	mine := slices.Clone(effects)
	for i := range mine {
		mine[i].conn, mine[i].at = c.n, at
	}
	return mine
}

func (c *conn) effect(at sim.End, what effectKind, n int) []effect {
	return []effect{{conn: c.n, at: at, what: what, n: n}}
}

// released returns what it means to a socket's connection, or to those that wait in a
// listener's queue, that a descriptor was closed: nothing while another one refers to the same
// socket. t is the table without that descriptor.
func (s *sockets) released(t *sim.Table, at sim.End, on sim.Socket) []effect {
	if t.Open(on.Number) {
		return nil
	}
	if on.Conn != 0 {
		return s.conns[on.Conn-1].effect(at, didClose, 0)
	}
	var effects []effect
	for _, c := range s.conns {
		if on.Listening && !c.accepted && !c.dropped && c.server.cookie != 0 {
			c.dropped = true
			effects = append(effects, c.effect(at, wasDropped, 0)...)
		}
	}
	return effects
}

// abandoned closes everything that a process holds which has died, in the order of the kernel:
// what loses its last descriptor last comes first (close_files, task_work_run). t is the table
// before the death; it is not changed.
func (s *sockets) abandoned(t *sim.Table, at sim.End, pid int) []effect {
	var effects []effect
	after := *t
	for _, d := range t.Process(pid).Descriptors {
		on := after.Socket(pid, d.FD)
		after.Close(pid, d.FD)
		effects = append(s.released(&after, at, on), effects...)
	}
	return effects
}
