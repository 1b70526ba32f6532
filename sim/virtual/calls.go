package virtual

import (
	"fmt"
	"strconv"
	"strings"

	"finwait/sim"
	"finwait/sim/tcp"
)

// call is one call to make: for the model, and as C spells it.
type call struct {
	in   tcp.Input
	text sim.Call
	data string
}

// lastFD stands for the descriptor that the newest socket or accept of the same request
// returned.
const lastFD = -2

// firstPort is one less than the port of the first connection's client.
const firstPort = 40000

func address(ip string, port int) string { return fmt.Sprintf("%s:%d", ip, port) }

// plain returns a call without anything special about it.
func plain(op tcp.Op, name string, fd, n int, args ...string) call {
	return call{in: tcp.Input{Op: op, FD: fd, N: n}, text: sim.Call{Name: name, FD: fd, Args: args}}
}

// socketCall is how every connection and every listener begins.
func socketCall() call {
	c := plain(tcp.OpSocket, "socket", sim.NoFD, 0, "AF_INET", "SOCK_STREAM", "0")
	return c
}

// callsOf returns the calls that a step consists of, and whether the rest is left out
// after one that failed.
func (h *hosts) callsOf(p *process, s sim.Step) (calls []call, stop bool, err error) {
	switch s.Verb {
	case sim.VerbListen:
		return h.listenCalls(s), true, nil
	case sim.VerbConnect:
		if s.At == sim.Server {
			calls, err := h.crossCalls()
			return calls, true, err
		}
		return h.connectCalls(), true, nil
	case sim.VerbKeepalive:
		calls, err := keepaliveCalls(p, s)
		return calls, true, err
	}
	accepts := false
	for t := &s; t != nil; t = t.Then {
		c, err := h.callOf(p, *t, accepts)
		if err != nil {
			return nil, false, err
		}
		accepts = accepts || t.Verb == sim.VerbAccept
		calls = append(calls, c)
	}
	return calls, false, nil
}

func (h *hosts) listenCalls(s sim.Step) []call {
	calls := []call{socketCall()}
	if s.How != "noreuse" {
		calls = append(calls, plain(tcp.OpReuseAddr, "setsockopt", lastFD, 1, "SOL_SOCKET", "SO_REUSEADDR", "1"))
	}
	return append(
		calls,
		plain(tcp.OpBind, "bind", lastFD, 0, h.info.Server),
		plain(tcp.OpListen, "listen", lastFD, sim.Backlog, strconv.Itoa(sim.Backlog)),
	)
}

// connectCalls also makes the connection known.
func (h *hosts) connectCalls() []call {
	c := &conn{n: len(h.conns) + 1}
	h.conns = append(h.conns, c)
	connect := plain(tcp.OpConnect, "connect", lastFD, 0, h.info.Server)
	connect.in.Conn = c.n
	return []call{
		socketCall(),
		plain(tcp.OpBind, "bind", lastFD, 0, address(h.info.Client, firstPort+c.n)),
		connect,
	}
}

// crossCalls has the server connect to the client that is connecting to it (RFC 9293
// section 3.5, figure 7).
func (h *hosts) crossCalls() ([]call, error) {
	if !h.wire {
		return nil, refuse("on loopback the client's SYN is refused before the server can connect; it takes a lesson with %q in its head", "net: wire")
	}
	n := len(h.conns)
	if now := h.world.View(tcp.Client, n).State; n == 0 || now != sim.SynSent {
		return nil, refuse("the client is in %s; the server can connect to it while it is in SYN_SENT, after %q", now, "client connect")
	}
	if h.conns[n-1].crossed {
		return nil, refuse("the server has connected to it before; %q begins another connection", "client connect")
	}
	connect := plain(tcp.OpConnect, "connect", lastFD, 0, address(h.info.Client, firstPort+n))
	connect.in.Conn = n
	return []call{
		socketCall(),
		plain(tcp.OpReuseAddr, "setsockopt", lastFD, 1, "SOL_SOCKET", "SO_REUSEADDR", "1"),
		plain(tcp.OpBind, "bind", lastFD, 0, h.info.Server),
		connect,
	}, nil
}

// keepaliveCalls sets the times of keepalive, in whole seconds, and turns it on (tcp(7)).
func keepaliveCalls(p *process, s sim.Step) ([]call, error) {
	fd, err := p.descriptorFor(s, false)
	if err != nil {
		return nil, err
	}
	idle, every := max(1, int(s.For+0.5)), max(1, int(s.Every+0.5))
	all := tcp.Input{Op: tcp.OpKeepalive, Idle: tcp.Time(idle) * tcp.Second, Interval: tcp.Time(every) * tcp.Second, N: s.N}
	var calls []call
	for _, o := range []struct {
		level, name string
		value       int
		in          tcp.Input
	}{
		{"IPPROTO_TCP", "TCP_KEEPIDLE", idle, tcp.Input{Op: tcp.OpKeepaliveTime, Idle: all.Idle}},
		{"IPPROTO_TCP", "TCP_KEEPINTVL", every, tcp.Input{Op: tcp.OpKeepaliveTime, Interval: all.Interval}},
		{"IPPROTO_TCP", "TCP_KEEPCNT", s.N, tcp.Input{Op: tcp.OpKeepaliveTime, N: s.N}},
		{"SOL_SOCKET", "SO_KEEPALIVE", 1, all},
	} {
		c := plain(o.in.Op, "setsockopt", fd, o.in.N, o.level, o.name, strconv.Itoa(o.value))
		c.in.Idle, c.in.Interval = o.in.Idle, o.in.Interval
		calls = append(calls, c)
	}
	return calls, nil
}

// callOf returns the one call of a step. accepts is true after an accept of the
// same step, whose descriptor it uses.
func (h *hosts) callOf(p *process, s sim.Step, accepts bool) (call, error) {
	if s.Verb == sim.VerbSigpipe {
		how := map[string]tcp.Disposition{sim.SigpipeIgnore: tcp.Ignore, sim.SigpipeHandler: tcp.Handler}[s.How]
		return plain(tcp.OpSigpipe, "rt_sigaction", sim.NoFD, int(how), "SIGPIPE", sim.Disposition(s.How)), nil
	}
	fd, err := p.descriptorFor(s, accepts)
	return callOn(s, fd), err
}

// descriptorFor returns the descriptor that a step is about; after an accept in the same
// step the one that this returns.
func (p *process) descriptorFor(s sim.Step, accepts bool) (int, error) {
	switch {
	case s.Verb == sim.VerbAccept, s.How == sim.OfListener:
		if fd := p.newest(isListener); fd >= 0 {
			return fd, nil
		}
		return -1, refuse("the %s is not listening", s.At)
	case s.Verb == sim.VerbClose && s.How == "fd":
		if _, ok := p.fds[s.N]; !ok {
			return -1, refuse("the %s has no descriptor %d", s.At, s.N)
		}
		return s.N, nil
	}
	if accepts {
		return lastFD, nil
	}
	if fd := p.newest(isConnection); fd >= 0 {
		return fd, nil
	}
	return -1, refuse("the %s holds no connection", s.At)
}

// callOn returns the call of a step on a descriptor.
func callOn(s sim.Step, fd int) call {
	switch s.Verb {
	case sim.VerbAccept:
		return plain(tcp.OpAccept, "accept", fd, 0)
	case sim.VerbClose:
		return plain(tcp.OpClose, "close", fd, 0)
	case sim.VerbWrite:
		c := plain(tcp.OpWrite, "write", fd, len(s.Data), sim.QuoteData(s.Data))
		if c.data = s.Data; s.N > 0 {
			c.in.N, c.data, c.text.Args = s.N, strings.Repeat(string(sim.Filler), s.N), sim.FillerArgs(s.N)
		}
		if s.NoSignal {
			c.text.Name, c.in.NoSignal = "send", true
			c.text.Args = append(c.text.Args, "MSG_NOSIGNAL")
		}
		return c
	case sim.VerbRead:
		return plain(tcp.OpRead, "read", fd, s.N, strconv.Itoa(s.N))
	case sim.VerbShutdown:
		how := map[string]int{"rd": tcp.ShutRead, "wr": tcp.ShutWrite, "rdwr": tcp.ShutBoth}[s.How]
		return plain(tcp.OpShutdown, "shutdown", fd, how, []string{"SHUT_RD", "SHUT_WR", "SHUT_RDWR"}[how])
	case sim.VerbDup:
		return plain(tcp.OpDup, "dup", fd, 0)
	case sim.VerbPoll:
		return plain(tcp.OpPoll, "poll", fd, 0)
	case sim.VerbError:
		return plain(tcp.OpSoError, "getsockopt", fd, 0, "SOL_SOCKET", "SO_ERROR")
	case sim.VerbLinger2:
		return plain(tcp.OpLinger2, "setsockopt", fd, s.N, "IPPROTO_TCP", "TCP_LINGER2", strconv.Itoa(s.N))
	case sim.VerbUserTimeout:
		ms := int(s.For*1000 + 0.5)
		c := plain(tcp.OpUserTimeout, "setsockopt", fd, 0, "IPPROTO_TCP", "TCP_USER_TIMEOUT", strconv.Itoa(ms))
		c.in.Idle = tcp.Time(ms)
		return c
	}
	on := 1
	if s.N == sim.LingerOff {
		on = 0
	}
	return plain(tcp.OpLinger, "setsockopt", fd, s.N, "SOL_SOCKET", "SO_LINGER", fmt.Sprintf("{%d, %d}", on, max(0, s.N)))
}
