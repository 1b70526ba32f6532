package netlab

import (
	"errors"
	"io"
	"iter"
	"slices"
	"time"

	"finwait/netlab/program"
	"finwait/netlab/program/puppet"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// programs are the programs under test of both ends. What they hold stands in the journal's
// table.
type programs struct {
	net     network
	cpu     int        // the only CPU that they run on
	clients []*process // dead ones included, as in servers
	servers []*process
}

// process is a program under test, and what its events have said so far.
type process struct {
	program.Program
	at        sim.End
	inCall    bool
	call      sim.Call // the newest; inCall tells whether it has returned
	entered   int64    // when call began, wall clock in nanoseconds
	blocked   bool     // call was reported as blocked
	dead      bool     // Gone was the last event
	signal    string   // what a kill step has sent; empty for nothing
	signalled int64    // when signal was sent, wall clock in nanoseconds
}

// startBoth starts a program at each end, at the same time, as soon as the end's host is ready.
// The caller must call wait, which returns when both have started or failed. The client comes
// first among the processes, and its error before the server's.
func (ps *programs) startBoth() (wait func() ([]*process, error)) {
	type started struct {
		program program.Program
		err     error
	}
	begun := map[sim.End]chan started{sim.Client: make(chan started, 1), sim.Server: make(chan started, 1)}
	for at, done := range begun {
		go func() {
			p, err := ps.begin(at)
			done <- started{p, err}
		}()
	}
	return func() (both []*process, err error) {
		for _, at := range []sim.End{sim.Client, sim.Server} {
			s := <-begun[at]
			if s.err == nil {
				both = append(both, ps.adopt(at, s.program))
			} else if err == nil {
				err = s.err
			}
		}
		return both, err
	}
}

// start starts a program at an end.
func (ps *programs) start(at sim.End) (*process, error) {
	p, err := ps.begin(at)
	if err != nil {
		return nil, err
	}
	return ps.adopt(at, p), nil
}

// begin starts a program at an end, once the end's host is ready, and returns it. It may be
// called for both ends at the same time.
func (ps *programs) begin(at sim.End) (program.Program, error) {
	if err := ps.net.ready(at); err != nil {
		return nil, err
	}
	p, err := puppet.New(ps.net.host(at), "finwait-"+string(at), ps.cpu)
	if errors.Is(err, io.EOF) {
		return nil, &UnavailableError{Why: "the process of the " + string(at) + " ended before it had begun", Remedy: limitRemedy(err)}
	}
	if err != nil {
		return nil, resource("start the "+string(at), err)
	}
	return p, nil
}

// adopt takes in a program that runs.
func (ps *programs) adopt(at sim.End, p program.Program) *process {
	adopted := &process{Program: p, at: at}
	if at == sim.Client {
		ps.clients = append(ps.clients, adopted)
	} else {
		ps.servers = append(ps.servers, adopted)
	}
	return adopted
}

// living yields the processes that have not ended, the client's first.
func (ps *programs) living() iter.Seq[*process] {
	return func(yield func(*process) bool) {
		for _, all := range [][]*process{ps.clients, ps.servers} {
			for _, p := range all {
				if !p.dead && !yield(p) {
					return
				}
			}
		}
	}
}

// tell tells a living process something. The error is program.ErrGone if it has just ended.
func (ps *programs) tell(pid int, r program.Request) error {
	for p := range ps.living() {
		if p.PID() != pid {
			continue
		}
		if s, ok := r.(program.Signal); ok {
			p.signal, p.signalled = string(s), time.Now().UnixNano()
		}
		return p.Tell(r)
	}
	return program.ErrGone
}

// drain reports every event that is there, each once, and whether there was any. report may
// adopt a process; its events come with the next drain.
func (ps *programs) drain(report func(*process, program.Event) error) (found bool, err error) {
	for _, p := range slices.Collect(ps.living()) {
		for !p.dead {
			e, err := p.Next()
			if err == nil && e == nil {
				break
			}
			found = true
			if err == nil {
				err = p.take(e, report)
			}
			if err != nil {
				return found, resource("follow the "+string(p.at), err)
			}
		}
	}
	return found, nil
}

// take notes what an event says of the process, and reports it.
func (p *process) take(e program.Event, report func(*process, program.Event) error) error {
	switch e := e.(type) {
	case program.Entered:
		p.inCall, p.call, p.entered, p.blocked = true, e.Call, e.At, false
	case program.Returned:
		p.inCall = false
	case program.Gone:
		p.dead = true
		return errors.Join(report(p, e), p.Close())
	}
	return report(p, e)
}

// killedAt returns when a deadly signal came: when a step sent it, or during the call that
// raised it. It is 0 for a signal that somebody else sent: only the death is known.
func (p *process) killedAt(signal string) int64 {
	switch {
	case signal == p.signal:
		return p.signalled
	case p.inCall && signal == "SIGPIPE":
		return p.entered
	}
	return 0
}

// running reports whether a program goes on by itself: what it does next belongs before what
// is read from now on.
func (ps *programs) running() bool {
	for p := range ps.living() {
		if p.Running() {
			return true
		}
	}
	return false
}

// stirring reports whether a program that was told nothing runs: it may be dying.
func (ps *programs) stirring() bool {
	for p := range ps.living() {
		if p.Stirring() {
			return true
		}
	}
	return false
}

// kill kills all programs and does not wait for them: they die at the same time.
func (ps *programs) kill() {
	for p := range ps.living() {
		_ = p.Tell(program.Signal(unix.SignalName(unix.SIGKILL))) // Close does it again, and reports why not
	}
}

// close ends all programs, and waits for them.
func (ps *programs) close() error {
	ps.kill()
	var errs []error
	for p := range ps.living() {
		errs = append(errs, p.Close())
	}
	return errors.Join(errs...)
}
