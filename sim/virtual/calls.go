package virtual

import (
	"net/netip"

	"finwait/sim"
	"finwait/sim/tcp"
)

// firstPort is one less than the port of the first connection's client.
const firstPort = 40000

// client returns the address of the client in a connection.
func (h *hosts) client(conn int) netip.AddrPort {
	ip, _ := netip.ParseAddr(h.info.Client) // the zero Addr where a log has none
	return netip.AddrPortFrom(ip, uint16(firstPort+conn))
}

// server returns the address that the server listens on.
func (h *hosts) server() netip.AddrPort {
	addr, _ := netip.ParseAddrPort(h.info.Server) // the zero AddrPort where a log has none
	return addr
}

// callsOf returns the calls that a step consists of, and whether the rest is left out
// after one that failed.
func (h *hosts) callsOf(p *process, s sim.Step) (calls []sim.Call, stop bool, err error) {
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

func (h *hosts) listenCalls(s sim.Step) []sim.Call {
	calls := []sim.Call{{Name: sim.CallSocket, FD: sim.NoFD}}
	if s.How != "noreuse" {
		calls = append(calls, reuseAddress())
	}
	return append(
		calls,
		sim.Call{Name: sim.CallBind, FD: sim.LastFD, Addr: h.server()},
		sim.Call{Name: sim.CallListen, FD: sim.LastFD, Backlog: sim.Backlog},
	)
}

// connectCalls also makes the connection known.
func (h *hosts) connectCalls() []sim.Call {
	c := &conn{n: len(h.conns) + 1}
	h.conns = append(h.conns, c)
	return []sim.Call{
		{Name: sim.CallSocket, FD: sim.NoFD},
		{Name: sim.CallBind, FD: sim.LastFD, Addr: h.client(c.n)},
		{Name: sim.CallConnect, FD: sim.LastFD, Addr: h.server()},
	}
}

// crossCalls has the server connect to the client that is connecting to it (RFC 9293
// section 3.5, figure 7).
func (h *hosts) crossCalls() ([]sim.Call, error) {
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
	return []sim.Call{
		{Name: sim.CallSocket, FD: sim.NoFD},
		reuseAddress(),
		{Name: sim.CallBind, FD: sim.LastFD, Addr: h.server()},
		{Name: sim.CallConnect, FD: sim.LastFD, Addr: h.client(n)},
	}, nil
}

// keepaliveCalls sets the times of keepalive, in whole seconds, and turns it on (tcp(7)).
func keepaliveCalls(p *process, s sim.Step) ([]sim.Call, error) {
	fd, err := p.descriptorFor(s, false)
	if err != nil {
		return nil, err
	}
	set := func(name sim.OptionName, value int) sim.Call {
		return sim.Call{Name: sim.CallSetsockopt, FD: fd, Option: sim.Option{Name: name, Value: value}}
	}
	return []sim.Call{
		set(sim.OptKeepIdle, wholeSeconds(s.For)),
		set(sim.OptKeepIntvl, wholeSeconds(s.Every)),
		set(sim.OptKeepCnt, s.N),
		set(sim.OptKeepalive, 1),
	}, nil
}

func wholeSeconds(t sim.Seconds) int { return max(1, int(t+0.5)) }

// reuseAddress sets SO_REUSEADDR on the socket that was opened last.
func reuseAddress() sim.Call {
	return sim.Call{Name: sim.CallSetsockopt, FD: sim.LastFD, Option: sim.Option{Name: sim.OptReuseAddr, Value: 1}}
}

// callOf returns the one call of a step. accepts is true after an accept of the
// same step, whose descriptor it uses.
func (h *hosts) callOf(p *process, s sim.Step, accepts bool) (sim.Call, error) {
	if s.Verb == sim.VerbSigpipe {
		return sim.Call{Name: sim.CallSigaction, FD: sim.NoFD, Disposition: sim.DispositionOf(s.How)}, nil
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
		return sim.LastFD, nil
	}
	if fd := p.newest(isConnection); fd >= 0 {
		return fd, nil
	}
	return -1, refuse("the %s holds no connection", s.At)
}

// callOn returns the call of a step on a descriptor.
func callOn(s sim.Step, fd int) sim.Call {
	c := sim.Call{FD: fd}
	switch s.Verb {
	case sim.VerbAccept:
		c.Name = sim.CallAccept
	case sim.VerbClose:
		c.Name = sim.CallClose
	case sim.VerbWrite:
		c.Name, c.Data, c.Fill = sim.CallWrite, []byte(s.Data), s.N
		if s.NoSignal {
			c.Name, c.Flags = sim.CallSend, sim.MsgNoSignal
		}
	case sim.VerbRead:
		c.Name, c.Size = sim.CallRead, s.N
	case sim.VerbShutdown:
		c.Name, c.How = sim.CallShutdown, shutdownHow(s.How)
	case sim.VerbDup:
		c.Name = sim.CallDup
	case sim.VerbPoll:
		c.Name = sim.CallPoll
	case sim.VerbError:
		c.Name, c.Option = sim.CallGetsockopt, sim.Option{Name: sim.OptError}
	case sim.VerbLinger2:
		c.Name, c.Option = sim.CallSetsockopt, sim.Option{Name: sim.OptLinger2, Value: s.N}
	case sim.VerbUserTimeout:
		c.Name, c.Option = sim.CallSetsockopt, sim.Option{Name: sim.OptUserTimeout, Value: int(s.For*1000 + 0.5)}
	case sim.VerbLinger:
		c.Name, c.Option = sim.CallSetsockopt, sim.Option{Name: sim.OptLinger, On: s.N != sim.LingerOff, Value: max(0, s.N)}
	}
	return c
}

func shutdownHow(how string) sim.ShutdownHow {
	switch how {
	case "rd":
		return sim.ShutRD
	case "wr":
		return sim.ShutWR
	}
	return sim.ShutRDWR
}
