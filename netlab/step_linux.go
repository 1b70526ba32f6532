package netlab

import (
	"errors"
	"net/netip"
	"strconv"
	"syscall"
	"time"

	"finwait/netlab/ipc"
	"finwait/netlab/program/puppet"
	"finwait/sim"
	"finwait/sim/program"

	"golang.org/x/sys/unix"
)

// begin begins a step. What cannot be done is refused in the log; an error is the
// lab's own.
func (l *Lab) begin(r request) error {
	l.step = stepState{n: r.n, running: true}
	l.add(occurrence{at: time.Now().UnixNano(), event: sim.Event{Body: sim.StepBegun{Step: r.step}}})
	err := l.perform(r.step)
	var no *program.Refusal
	if errors.As(err, &no) {
		l.add(occurrence{at: time.Now().UnixNano(), event: sim.Event{At: r.step.At, Body: sim.StepRefused{Why: no.Error()}}})
		return nil
	}
	return err
}

// perform does what a step asks for.
func (l *Lab) perform(s sim.Step) error {
	known := l.known()
	if s.Verb == sim.VerbConnect && s.At == sim.Client {
		port, err := l.clientPort()
		if err != nil {
			return resource("find a port", err)
		}
		known.Client = netip.AddrPortFrom(l.net.address(sim.Client), port)
	}
	action, err := program.Plan(&l.table, s, known)
	if err != nil {
		return err
	}
	switch a := action.(type) {
	case program.Wait:
		l.step.until = time.Now().Add(time.Duration(float64(a.For) * float64(time.Second)))
		l.step.wait = a
	case program.Start:
		if err := l.startProcess(l.ends[a.At]); err != nil {
			return resource("start the "+string(a.At), err)
		}
	case program.Kill:
		p := l.processOf(a.PID)
		p.killed, p.killedT = unix.SignalNum(a.Signal), time.Now().UnixNano()
		return p.Kill(p.killed)
	case program.Calls:
		return l.tell(a)
	default:
		return l.handle(l.net.(*wired), action)
	}
	return nil
}

// tell has a program make calls.
func (l *Lab) tell(a program.Calls) error {
	p := l.processOf(a.PID)
	if a.Calls[0].Name == sim.CallFork {
		return p.fork(a)
	}
	l.expect(a.Calls)
	return p.ask(a)
}

// expect makes the connection known that the client is about to make, so that its segments
// and states are followed from the SYN on.
func (l *Lab) expect(calls []sim.Call) {
	var from netip.AddrPort
	for _, c := range calls {
		switch {
		case c.Name == sim.CallBind:
			from = c.Addr
		case c.Name == sim.CallConnect && c.Addr == l.server:
			l.connect(from)
		}
	}
}

// ask makes the process make calls, and gives it copies of the descriptors.
func (p *process) ask(a program.Calls, fds ...int) error {
	if err := p.Send(puppet.Request{Calls: a.Calls, Stop: a.Stop}, fds...); err != nil {
		if errors.Is(err, unix.EPIPE) || errors.Is(err, unix.ECONNRESET) {
			return &program.Refusal{Kind: program.JustDied, PID: p.PID}
		}
		return err
	}
	p.calls, p.index, p.entered = a.Calls, 0, false
	return nil
}

// fork makes the process fork. The child's end of a new channel goes with the request.
func (p *process) fork(a program.Calls) error {
	channel, theirs, err := ipc.Pair()
	if err != nil {
		return resource("fork", err)
	}
	defer unix.Close(theirs)
	p.forked = channel
	return p.ask(a, theirs)
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
