package netlab

import (
	"errors"
	"io"
	"iter"
	"slices"
	"time"

	"finwait/netlab/host"
	"finwait/netlab/program"
	"finwait/netlab/program/puppet"
	"finwait/netlab/program/traced"
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

	// Of programs that are not finwait's own.
	commands map[sim.End]Command
	port     uint16
	tracers  map[*host.Host]*traced.Tracer
}

// traced reports whether the programs make calls of their own.
func (ps *programs) traced() bool { return len(ps.commands) > 0 }

// process is a program under test, and what its events have said so far.
type process struct {
	program.Program
	at        sim.End
	calls     []ongoing // those that have not returned, one a thread
	held      int64     // since when it is held at a call, wall clock in nanoseconds; 0 while it is not
	quiet     func()    // says in the log that there is the process; nil once it has
	dead      bool      // Gone was the last event
	signal    string    // what a kill step has sent; empty for nothing
	signalled int64     // when signal was sent, wall clock in nanoseconds
}

// ongoing is a call that has not returned.
type ongoing struct {
	tid     int // 0 for the main thread
	call    sim.Call
	entered int64 // wall clock in nanoseconds
	blocked bool  // the call was reported as blocked
}

// startFirst starts the programs that a lab begins with: one at each end, or the server's alone
// where they are not finwait's own. The caller must call wait, which returns when they have
// started or failed.
func (ps *programs) startFirst() (wait func() ([]*process, error)) {
	if !ps.traced() {
		return ps.startBoth()
	}
	return func() ([]*process, error) {
		server, err := ps.start(sim.Server)
		if err != nil {
			return nil, err
		}
		return []*process{server}, nil
	}
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
	if ps.traced() {
		return ps.trace(at)
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

// trace starts a program that is not finwait's own at an end. All of one host have one tracer,
// so that their stops have one order.
func (ps *programs) trace(at sim.End) (program.Program, error) {
	h := ps.net.host(at)
	t := ps.tracers[h]
	if t == nil {
		var err error
		if t, err = traced.StartTracer(h, ps.port); err != nil {
			return nil, resource("start the tracer", err)
		}
		if ps.tracers == nil {
			ps.tracers = map[*host.Host]*traced.Tracer{}
		}
		ps.tracers[h] = t
	}
	return t.Start(traced.Command(ps.commands[at]))
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
	case program.Held:
		if p.held == 0 {
			p.held = e.At
		}
	case program.Entered:
		p.returned(e.TID)
		p.calls = append(p.calls, ongoing{tid: e.TID, call: e.Call, entered: e.At})
	case program.Returned:
		p.returned(e.TID)
	case program.Gone:
		p.dead = true
		return errors.Join(report(p, e), p.Close())
	}
	return report(p, e)
}

// returned notes that a thread is in no call.
func (p *process) returned(tid int) {
	p.calls = slices.DeleteFunc(p.calls, func(c ongoing) bool { return c.tid == tid })
}

// killedAt returns when a deadly signal came: when a step sent it, or during the call that
// raised it. It is 0 for a signal that somebody else sent: only the death is known.
func (p *process) killedAt(e program.Gone) int64 {
	switch {
	case e.Killed != 0:
		return e.Killed
	case e.Signal == p.signal:
		return p.signalled
	case len(p.calls) > 0 && e.Signal == "SIGPIPE":
		return p.calls[0].entered
	}
	return 0
}

// release lets go the call that a program of an end has been held at for the longest, or has the
// sleep among them return at once. The error is program.ErrNotHeld where there is none.
func (ps *programs) release(at sim.End, skip bool) error {
	var oldest *process
	for p := range ps.living() {
		if p.at == at && p.held != 0 && (oldest == nil || p.held < oldest.held) {
			oldest = p
		}
	}
	if oldest == nil {
		return program.ErrNotHeld
	}
	err := oldest.Tell(program.Release{Skip: skip})
	if err == nil && !oldest.Program.(program.Settler).Holds() {
		oldest.held = 0
	}
	return err
}

// typed types a text on the terminal of an end's program.
func (ps *programs) typed(at sim.End, text string) error {
	for p := range ps.living() {
		if p.at == at {
			return p.Tell(program.Type(text))
		}
	}
	return program.ErrGone
}

// blocked says to the programs that make calls of their own that they have settled, if none is
// running.
func (ps *programs) blocked() {
	for p := range ps.living() {
		if s, ok := p.Program.(program.Settler); ok {
			s.Blocked()
		}
	}
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
	for _, t := range ps.tracers {
		errs = append(errs, t.Close())
	}
	return errors.Join(errs...)
}
