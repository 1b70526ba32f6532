package netlab

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"finwait/netlab/app"
	"finwait/netlab/ipc"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// refusal says why a step cannot be done as things are.
type refusal struct{ text string }

// Error returns the sentence.
func (r *refusal) Error() string { return r.text }

func refuse(format string, args ...any) error { return &refusal{fmt.Sprintf(format, args...)} }

// begin begins a step. What cannot be done is refused in the log; an error is the
// lab's own.
func (l *Lab) begin(r request) error {
	l.step = stepState{n: r.n, running: true}
	l.add(occurrence{at: time.Now().UnixNano(), event: sim.Event{Kind: sim.KindStep, Text: r.step.String()}})
	err := l.perform(r.step)
	var no *refusal
	if errors.As(err, &no) {
		l.add(occurrence{at: time.Now().UnixNano(), event: sim.Event{Kind: sim.KindRefused, At: r.step.At, Text: no.text}})
		return nil
	}
	return err
}

func (l *Lab) perform(s sim.Step) error {
	switch {
	case s.Verb == sim.VerbWait && s.From != "":
		l.waitUntil(s)
		return nil
	case s.At == "" && s.Verb != sim.VerbWait:
		return l.handle(s)
	case s.Verb == sim.VerbWait:
		l.step.until = time.Now().Add(time.Duration(float64(s.For) * float64(time.Second)))
		return nil
	}
	e := l.ends[s.At]
	if s.Verb == sim.VerbStart {
		return l.restart(e)
	}
	p, err := e.process(s.Parent)
	if err != nil {
		return err
	}
	if s.Verb == sim.VerbKill {
		p.killed, p.killedT = unix.SignalNum(s.How), time.Now().UnixNano()
		return p.Kill(p.killed)
	}
	if p.busy() {
		return refuse("the %s is blocked in %s", s.At, p.current())
	}
	if s.Verb == sim.VerbFork {
		return l.fork(e, p)
	}
	ask, err := l.calls(p, s)
	if err != nil {
		return err
	}
	return p.ask(ask)
}

// process returns the living process that a step is for.
func (e *endpoint) process(parent bool) (*process, error) {
	p, name := e.acting, string(e.at)
	if parent {
		if p, name = e.parent, string(e.at)+"'s parent"; p == nil {
			return nil, refuse("the %s has no parent: it has not forked", e.at)
		}
	}
	switch {
	case !p.dead && !p.gone:
		return p, nil
	case parent:
		return nil, refuse("the %s is dead (exit status %d)", name, p.status)
	}
	return nil, refuse("the %s is dead (exit status %d); %q gives it a new process", name, p.status, string(e.at)+" start")
}

// ask makes the process make calls.
func (p *process) ask(r app.Request, fds ...int) error {
	if err := p.Send(r, fds...); err != nil {
		if errors.Is(err, unix.EPIPE) || errors.Is(err, unix.ECONNRESET) {
			return refuse("the process %d has just died", p.PID)
		}
		return err
	}
	p.calls, p.index, p.entered = r.Calls, 0, false
	return nil
}

// restart starts a new process in place of a dead one.
func (l *Lab) restart(e *endpoint) error {
	if !e.acting.dead {
		return refuse("the %s lives (process %d): kill it first", e.at, e.acting.PID)
	}
	if err := l.startProcess(e); err != nil {
		return resource("start the "+string(e.at), err)
	}
	return nil
}

// fork makes the process fork; its child goes on in its place.
func (l *Lab) fork(e *endpoint, p *process) error {
	if p != e.acting {
		return refuse("the %s's parent has forked already", e.at)
	}
	channel, theirs, err := ipc.Pair()
	if err != nil {
		return resource("fork", err)
	}
	defer unix.Close(theirs)
	p.forked = channel
	return p.ask(app.Request{Calls: []sim.Call{{Name: sim.CallFork, FD: sim.NoFD}}}, theirs)
}

// calls returns the calls that a step consists of.
func (l *Lab) calls(p *process, s sim.Step) (app.Request, error) {
	switch s.Verb {
	case sim.VerbListen:
		return l.listenCalls(s), nil
	case sim.VerbConnect:
		if s.At == sim.Server {
			return l.crossCalls()
		}
		return l.connectCalls()
	case sim.VerbKeepalive:
		return keepaliveCalls(p, s)
	}
	var ask app.Request
	accepts := false
	for t := &s; t != nil; t = t.Then {
		c, err := l.call(p, *t, accepts)
		if err != nil {
			return ask, err
		}
		accepts = accepts || t.Verb == sim.VerbAccept
		ask.Calls = append(ask.Calls, c)
	}
	return ask, nil
}

func (l *Lab) listenCalls(s sim.Step) app.Request {
	calls := []sim.Call{{Name: sim.CallSocket, FD: sim.NoFD}}
	if s.How != "noreuse" {
		calls = append(calls, sim.Call{Name: sim.CallSetsockopt, FD: sim.LastFD, Option: sim.Option{Name: sim.OptReuseAddr, Value: 1}})
	}
	return app.Request{Stop: true, Calls: append(
		calls,
		sim.Call{Name: sim.CallBind, FD: sim.LastFD, Addr: l.server},
		sim.Call{Name: sim.CallListen, FD: sim.LastFD, Backlog: sim.Backlog},
	)}
}

// keepaliveCalls sets the times of keepalive, in whole seconds (tcp(7)), and turns it
// on. In this order: a connection that has been idle for long sends its first probe
// as soon as it may, and then waits for the interval that is set by then.
func keepaliveCalls(p *process, s sim.Step) (app.Request, error) {
	fd, err := p.descriptorFor(s, false)
	if err != nil {
		return app.Request{}, err
	}
	set := func(name sim.OptionName, value int) sim.Call {
		return sim.Call{Name: sim.CallSetsockopt, FD: fd, Option: sim.Option{Name: name, Value: value}}
	}
	return app.Request{Stop: true, Calls: []sim.Call{
		set(sim.OptKeepIdle, wholeSeconds(s.For)),
		set(sim.OptKeepIntvl, wholeSeconds(s.Every)),
		set(sim.OptKeepCnt, s.N),
		set(sim.OptKeepalive, 1),
	}}, nil
}

func wholeSeconds(t sim.Seconds) int { return max(1, int(t+0.5)) }

// connectCalls also makes the connection known, so that its segments and states
// are followed from the SYN on.
func (l *Lab) connectCalls() (app.Request, error) {
	port, err := l.clientPort()
	if err != nil {
		return app.Request{}, resource("find a port", err)
	}
	from := netip.AddrPortFrom(l.net.address(sim.Client), port)
	l.connect(from)
	return app.Request{Stop: true, Calls: []sim.Call{
		{Name: sim.CallSocket, FD: sim.NoFD},
		{Name: sim.CallBind, FD: sim.LastFD, Addr: from},
		{Name: sim.CallConnect, FD: sim.LastFD, Addr: l.server},
	}}, nil
}

// crossCalls has the server connect to the client that is connecting to it (RFC 9293
// section 3.5, figure 7). On loopback there is no such moment: a SYN that meets no
// listener is refused before connect returns.
func (l *Lab) crossCalls() (app.Request, error) {
	if _, ok := l.net.(*wired); !ok {
		return app.Request{}, refuse("on loopback the client's SYN is refused before the server can connect; it takes a lesson with %q in its head", "net: wire")
	}
	if now := l.stateOf(sim.Client); now != sim.SynSent {
		return app.Request{}, refuse("the client is in %s; the server can connect to it while it is in SYN_SENT, after %q", now, "client connect")
	}
	c := l.conns[len(l.conns)-1]
	if c.crossed {
		return app.Request{}, refuse("the server has connected to it before; %q begins another connection", "client connect")
	}
	return app.Request{Stop: true, Calls: []sim.Call{
		{Name: sim.CallSocket, FD: sim.NoFD},
		{Name: sim.CallSetsockopt, FD: sim.LastFD, Option: sim.Option{Name: sim.OptReuseAddr, Value: 1}},
		{Name: sim.CallBind, FD: sim.LastFD, Addr: l.server},
		{Name: sim.CallConnect, FD: sim.LastFD, Addr: c.client.local},
	}}, nil
}

// call returns the one call of a step. accepts is true after an accept of
// the same step, whose descriptor it uses.
func (l *Lab) call(p *process, s sim.Step, accepts bool) (sim.Call, error) {
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
		if p.fds[s.N] == nil {
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

// errnoName returns the name of an errno, "" for none.
func errnoName(errno int) string {
	if errno == 0 {
		return ""
	}
	if name := unix.ErrnoName(syscall.Errno(errno)); name != "" {
		return name
	}
	return "errno " + strconv.Itoa(errno)
}
