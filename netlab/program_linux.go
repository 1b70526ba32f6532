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
		return refuse("the %s is blocked in %s", s.At, callText(p.current()))
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
	return p.ask(app.Request{Calls: []app.Call{{Name: app.CallFork, FD: sim.NoFD}}}, theirs)
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
	calls := []app.Call{{Name: app.CallSocket, FD: sim.NoFD}}
	if s.How != "noreuse" {
		calls = append(calls, app.Call{Name: app.CallSetsockopt, FD: app.LastFD, Level: unix.SOL_SOCKET, Opt: unix.SO_REUSEADDR, Value: 1})
	}
	return app.Request{Stop: true, Calls: append(
		calls,
		app.Call{Name: app.CallBind, FD: app.LastFD, Addr: l.server.String()},
		app.Call{Name: app.CallListen, FD: app.LastFD, N: sim.Backlog},
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
	set := func(level, opt, value int) app.Call {
		return app.Call{Name: app.CallSetsockopt, FD: fd, Level: level, Opt: opt, Value: value}
	}
	return app.Request{Stop: true, Calls: []app.Call{
		set(unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, wholeSeconds(s.For)),
		set(unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, wholeSeconds(s.Every)),
		set(unix.IPPROTO_TCP, unix.TCP_KEEPCNT, s.N),
		set(unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1),
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
	return app.Request{Stop: true, Calls: []app.Call{
		{Name: app.CallSocket, FD: sim.NoFD},
		{Name: app.CallBind, FD: app.LastFD, Addr: from.String()},
		{Name: app.CallConnect, FD: app.LastFD, Addr: l.server.String()},
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
	return app.Request{Stop: true, Calls: []app.Call{
		{Name: app.CallSocket, FD: sim.NoFD},
		{Name: app.CallSetsockopt, FD: app.LastFD, Level: unix.SOL_SOCKET, Opt: unix.SO_REUSEADDR, Value: 1},
		{Name: app.CallBind, FD: app.LastFD, Addr: l.server.String()},
		{Name: app.CallConnect, FD: app.LastFD, Addr: c.client.local.String()},
	}}, nil
}

// call returns the one call of a step. accepts is true after an accept of
// the same step, whose descriptor it uses.
func (l *Lab) call(p *process, s sim.Step, accepts bool) (app.Call, error) {
	if s.Verb == sim.VerbSigpipe {
		return app.Call{Name: app.CallSigaction, FD: sim.NoFD, How: sim.Disposition(s.How)}, nil
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
		return app.LastFD, nil
	}
	if fd := p.newest(isConnection); fd >= 0 {
		return fd, nil
	}
	return -1, refuse("the %s holds no connection", s.At)
}

// callOn returns the call of a step on a descriptor.
func callOn(s sim.Step, fd int) app.Call {
	c := app.Call{FD: fd, Data: []byte(s.Data)}
	switch s.Verb {
	case sim.VerbAccept:
		c.Name = app.CallAccept
	case sim.VerbClose:
		c.Name = app.CallClose
	case sim.VerbWrite:
		c.Name, c.Fill = app.CallWrite, s.N
		if s.NoSignal {
			c.Name, c.N = app.CallSend, unix.MSG_NOSIGNAL
		}
	case sim.VerbRead:
		c.Name, c.N = app.CallRead, s.N
	case sim.VerbShutdown:
		c.Name, c.N = app.CallShutdown, shutdownHow(s.How)
	case sim.VerbDup:
		c.Name = app.CallDup
	case sim.VerbPoll:
		c.Name = app.CallPoll
	case sim.VerbError:
		c.Name = app.CallGetsockopt
	case sim.VerbLinger2:
		c.Name, c.Level, c.Opt, c.Value = app.CallSetsockopt, unix.IPPROTO_TCP, unix.TCP_LINGER2, s.N
	case sim.VerbUserTimeout:
		c.Name, c.Level, c.Opt, c.Value = app.CallSetsockopt, unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(s.For*1000+0.5)
	case sim.VerbLinger:
		c.Name, c.Level, c.Opt = app.CallSetsockopt, unix.SOL_SOCKET, unix.SO_LINGER
		if s.N != sim.LingerOff {
			c.Onoff, c.Value = 1, s.N
		}
	}
	return c
}

func shutdownHow(how string) int {
	switch how {
	case "rd":
		return unix.SHUT_RD
	case "wr":
		return unix.SHUT_WR
	}
	return unix.SHUT_RDWR
}

// callText returns a call as C spells it.
func callText(c app.Call) sim.Call {
	text := sim.Call{Name: c.Name, FD: c.FD}
	switch c.Name {
	case app.CallSocket:
		text.Args = []string{"AF_INET", "SOCK_STREAM", "0"}
	case app.CallSetsockopt:
		text.Args = optionText(c)
	case app.CallGetsockopt:
		text.Args = []string{"SOL_SOCKET", "SO_ERROR"}
	case app.CallBind, app.CallConnect:
		text.Args = []string{c.Addr}
	case app.CallListen, app.CallRead:
		text.Args = []string{strconv.Itoa(c.N)}
	case app.CallWrite:
		text.Args = dataText(c)
	case app.CallSend:
		text.Args = append(dataText(c), "MSG_NOSIGNAL")
	case app.CallShutdown:
		text.Args = []string{[]string{"SHUT_RD", "SHUT_WR", "SHUT_RDWR"}[c.N]}
	case app.CallSigaction:
		text.Args = []string{"SIGPIPE", c.How}
	}
	return text
}

// optionText returns the arguments of setsockopt after its descriptor.
func optionText(c app.Call) []string {
	level, name := "SOL_SOCKET", "SO_REUSEADDR"
	switch {
	case c.Level == unix.SOL_SOCKET && c.Opt == unix.SO_LINGER:
		return []string{level, "SO_LINGER", fmt.Sprintf("{%d, %d}", c.Onoff, c.Value)}
	case c.Level == unix.SOL_SOCKET && c.Opt == unix.SO_KEEPALIVE:
		name = "SO_KEEPALIVE"
	case c.Level == unix.IPPROTO_TCP:
		level = "IPPROTO_TCP"
		name = map[int]string{
			unix.TCP_KEEPIDLE: "TCP_KEEPIDLE", unix.TCP_KEEPINTVL: "TCP_KEEPINTVL", unix.TCP_KEEPCNT: "TCP_KEEPCNT",
			unix.TCP_USER_TIMEOUT: "TCP_USER_TIMEOUT", unix.TCP_LINGER2: "TCP_LINGER2",
		}[c.Opt]
	}
	return []string{level, name, strconv.Itoa(c.Value)}
}

// dataText returns the data of a write as its argument.
func dataText(c app.Call) []string {
	if c.Fill > 0 {
		return sim.FillerArgs(c.Fill)
	}
	return []string{sim.QuoteData(string(c.Data))}
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
