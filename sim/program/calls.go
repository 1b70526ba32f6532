package program

import (
	"fmt"
	"net/netip"

	"finwait/sim"
)

// callsOf returns the calls that a process makes in a step, and whether the rest is left out
// after one that has failed.
func callsOf(t *sim.Table, p *sim.Process, s sim.Step, n Network) (calls []sim.Call, stop bool, err error) {
	switch s.Verb {
	case sim.VerbListen:
		return listen(s, n), true, nil
	case sim.VerbConnect:
		calls, err := connect(s, n)
		return calls, true, err
	case sim.VerbKeepalive:
		calls, err := keepalive(t, p, s)
		return calls, true, err
	}
	accepts := false
	for c := &s; c != nil; c = c.Then {
		call, err := callOf(t, p, *c, accepts)
		if err != nil {
			return nil, false, err
		}
		accepts = accepts || c.Verb == sim.VerbAccept
		calls = append(calls, call)
	}
	return calls, false, nil
}

// socket is how every connection and every listener begins.
func socket() sim.Call { return sim.Call{Name: sim.CallSocket, FD: sim.NoFD} }

// set sets a socket option.
func set(fd int, name sim.OptionName, value int) sim.Call {
	return sim.Call{Name: sim.CallSetsockopt, FD: fd, Option: sim.Option{Name: name, Value: value}}
}

// withAddress is bind(2) or connect(2) of the newest socket.
func withAddress(name sim.CallName, to netip.AddrPort) sim.Call {
	return sim.Call{Name: name, FD: sim.LastFD, Addr: to}
}

func listen(s sim.Step, n Network) []sim.Call {
	calls := []sim.Call{socket()}
	if s.How != "noreuse" {
		calls = append(calls, set(sim.LastFD, sim.OptReuseAddr, 1))
	}
	return append(
		calls,
		withAddress(sim.CallBind, n.Server),
		sim.Call{Name: sim.CallListen, FD: sim.LastFD, Backlog: sim.Backlog},
	)
}

// connect connects the client to the server. The server connects to the client that is
// connecting to it (RFC 9293 section 3.5, figure 7). On loopback there is no such moment: a
// SYN that meets no listener is refused before connect returns.
func connect(s sim.Step, n Network) ([]sim.Call, error) {
	if s.At == sim.Client {
		return []sim.Call{socket(), withAddress(sim.CallBind, n.Client), withAddress(sim.CallConnect, n.Server)}, nil
	}
	switch {
	case !n.Wire:
		return nil, &sim.Refusal{Kind: sim.RefusedCrossOnLoopback}
	case n.Newest.ClientState != sim.SynSent:
		return nil, &sim.Refusal{Kind: sim.RefusedNotConnecting, State: n.Newest.ClientState}
	case n.Newest.Crossed:
		return nil, &sim.Refusal{Kind: sim.RefusedCrossed}
	}
	return []sim.Call{
		socket(),
		set(sim.LastFD, sim.OptReuseAddr, 1),
		withAddress(sim.CallBind, n.Server),
		withAddress(sim.CallConnect, n.Newest.Client),
	}, nil
}

// keepalive sets the times of keepalive, in whole seconds (tcp(7)), and turns it on. In this
// order: a connection that has been idle for long sends its first probe as soon as it may,
// and then waits for the interval that is set by then.
func keepalive(t *sim.Table, p *sim.Process, s sim.Step) ([]sim.Call, error) {
	fd, err := descriptorFor(t, p, s, false)
	if err != nil {
		return nil, err
	}
	wholeSeconds := func(t sim.Seconds) int { return max(1, int(t+0.5)) }
	return []sim.Call{
		set(fd, sim.OptKeepIdle, wholeSeconds(s.For)),
		set(fd, sim.OptKeepIntvl, wholeSeconds(s.Every)),
		set(fd, sim.OptKeepCnt, s.N),
		set(fd, sim.OptKeepalive, 1),
	}, nil
}

// callOf returns the one call of a step. accepts is true after an accept of the same step.
func callOf(t *sim.Table, p *sim.Process, s sim.Step, accepts bool) (sim.Call, error) {
	switch s.Verb {
	case sim.VerbFork:
		return sim.Call{Name: sim.CallFork, FD: sim.NoFD}, nil
	case sim.VerbSigpipe:
		return sim.Call{Name: sim.CallSigaction, FD: sim.NoFD, Disposition: sim.DispositionOf(s.How)}, nil
	}
	fd, err := descriptorFor(t, p, s, accepts)
	if err != nil {
		return sim.Call{}, err
	}
	return callOn(fd, s)
}

// descriptorFor returns the descriptor that a step is about; after an accept of the same
// step that is the one that accept returns.
func descriptorFor(t *sim.Table, p *sim.Process, s sim.Step, accepts bool) (int, error) {
	switch {
	case s.Verb == sim.VerbAccept, s.How == sim.OfListener:
		if fd := t.Newest(p, sim.IsListener); fd >= 0 {
			return fd, nil
		}
		return -1, &sim.Refusal{Kind: sim.RefusedNotListening, At: s.At}
	case s.Verb == sim.VerbClose && s.How == "fd":
		if t.Socket(p.PID, s.N).Number == 0 {
			return -1, &sim.Refusal{Kind: sim.RefusedNoDescriptor, At: s.At, FD: s.N}
		}
		return s.N, nil
	case accepts:
		return sim.LastFD, nil
	}
	if fd := t.Newest(p, sim.IsConnection); fd >= 0 {
		return fd, nil
	}
	return -1, &sim.Refusal{Kind: sim.RefusedNoConnection, At: s.At}
}

// callOn returns the call of a step on a descriptor.
func callOn(fd int, s sim.Step) (sim.Call, error) {
	switch s.Verb {
	case sim.VerbAccept:
		return sim.Call{Name: sim.CallAccept, FD: fd}, nil
	case sim.VerbClose:
		return sim.Call{Name: sim.CallClose, FD: fd}, nil
	case sim.VerbWrite:
		c := sim.Call{Name: sim.CallWrite, FD: fd, Data: []byte(s.Data), Fill: s.N}
		if s.NoSignal {
			c.Name, c.Flags = sim.CallSend, sim.MsgNoSignal
		}
		return c, nil
	case sim.VerbRead:
		c := sim.Call{Name: sim.CallRead, FD: fd, Size: s.N}
		if s.How == sim.ReadPeek {
			c.Name, c.Flags = sim.CallRecv, sim.MsgPeek
		}
		return c, nil
	case sim.VerbShutdown:
		return sim.Call{Name: sim.CallShutdown, FD: fd, How: directions(s.How)}, nil
	case sim.VerbDup:
		return sim.Call{Name: sim.CallDup, FD: fd}, nil
	case sim.VerbPoll:
		return sim.Call{Name: sim.CallPoll, FD: fd}, nil
	case sim.VerbError:
		return sim.Call{Name: sim.CallGetsockopt, FD: fd, Option: sim.Option{Name: sim.OptError}}, nil
	case sim.VerbLinger:
		return sim.Call{Name: sim.CallSetsockopt, FD: fd, Option: sim.Option{Name: sim.OptLinger, On: s.N != sim.LingerOff, Value: max(0, s.N)}}, nil
	case sim.VerbLinger2:
		return set(fd, sim.OptLinger2, s.N), nil
	case sim.VerbUserTimeout:
		return set(fd, sim.OptUserTimeout, int(s.For*1000+0.5)), nil
	}
	return sim.Call{}, fmt.Errorf("program: no call for %q", s.Verb)
}

// directions returns the directions that a shutdown step names.
func directions(how string) sim.ShutdownHow {
	switch how {
	case "rd":
		return sim.ShutRD
	case "wr":
		return sim.ShutWR
	}
	return sim.ShutRDWR
}
