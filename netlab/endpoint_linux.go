package netlab

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"finwait/netlab/app"
	"finwait/netlab/ipc"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// endpoint is one end of the laboratory: its programs and what they hold.
type endpoint struct {
	at     sim.End
	acting *process   // makes the calls
	parent *process   // the one that forked the acting one, nil without a fork
	all    []*process // every one that was started, dead ones included
}

// process is a program under test and what the lab knows of it.
type process struct {
	*app.Process
	fds  map[int]*descriptor
	open int // counts what was opened, to tell the newest

	calls    []sim.Call // of the request that runs, nil when it is idle
	index    int        // the call that is being made
	entered  bool       // it has said so
	enteredT int64
	reported bool // the call was reported as blocked

	gone    bool // its channel has ended
	dead    bool // it was waited for
	status  int  // as a shell shows it
	signal  string
	killed  unix.Signal // a kill step sent it
	killedT int64
	forked  *ipc.Channel // our end for the child that is being forked
}

// descriptor is what a descriptor of a program refers to.
type descriptor struct {
	conn     *conn // nil for a listener and for a socket that is neither
	listener bool
	order    int
}

// busy reports whether the process is making calls.
func (p *process) busy() bool { return !p.dead && p.calls != nil }

// current returns the call that is being made.
func (p *process) current() sim.Call { return p.calls[p.index] }

// asleep reports whether the process sleeps in its current call.
func (p *process) asleep() bool { return p.entered && !p.gone && p.Asleep(p.current()) }

// newest returns the newest open descriptor that ok accepts, -1 when there is
// none.
func (p *process) newest(ok func(*descriptor) bool) int {
	best := -1
	for fd, d := range p.fds {
		if ok(d) && (best < 0 || d.order > p.fds[best].order) {
			best = fd
		}
	}
	return best
}

func isListener(d *descriptor) bool { return d.listener }

func isConnection(d *descriptor) bool { return d.conn != nil }

// opened notes a new descriptor.
func (p *process) opened(fd int, d descriptor) {
	p.open++
	d.order = p.open
	p.fds[fd] = &d
}

// startProcess starts the endpoint's program, in place of the one before.
func (l *Lab) startProcess(e *endpoint) error {
	started, err := app.Start(l.net.host(e.at), "finwait-"+string(e.at), l.cpu)
	if err != nil {
		return err
	}
	e.acting, e.parent = l.adopt(e, started), nil
	return nil
}

// adopt takes a program that was started into the laboratory.
func (l *Lab) adopt(e *endpoint, started *app.Process) *process {
	p := &process{Process: started, fds: map[int]*descriptor{}}
	e.all = append(e.all, p)
	l.add(occurrence{at: time.Now().UnixNano(), event: sim.Event{Kind: sim.KindStart, At: e.at, PID: p.PID}})
	return p
}

// drainProcesses takes in every reply that is there and every death, and reports
// whether there was any.
func (l *Lab) drainProcesses() (bool, error) {
	found := false
	for _, at := range []sim.End{sim.Client, sim.Server} {
		e := l.ends[at]
		for _, p := range slices.Clone(e.all) {
			n, err := l.drainProcess(e, p)
			if err != nil {
				return found, err
			}
			found = found || n
		}
	}
	return found, nil
}

func (l *Lab) drainProcess(e *endpoint, p *process) (found bool, err error) {
	for !p.dead && !p.gone {
		r, err := p.TryRecv()
		if errors.Is(err, unix.EAGAIN) {
			break
		}
		found = true
		if errors.Is(err, io.EOF) {
			p.gone = true
			break
		}
		if err != nil {
			return found, fmt.Errorf("%s: %w", e.at, err)
		}
		if err := l.replied(e, p, r); err != nil {
			return found, err
		}
	}
	if !p.gone || p.dead {
		return found, nil
	}
	status, dead, err := p.Reap()
	if dead {
		l.died(e, p, status)
		err = p.Close()
	}
	return found || dead, err
}

// replied takes in one reply.
func (l *Lab) replied(e *endpoint, p *process, r app.Reply) error {
	if !p.busy() || r.Index != p.index {
		return fmt.Errorf("%s: a reply nobody waits for: %s of call %d", e.at, r.Kind, r.Index)
	}
	call := p.current()
	call.FD = r.FD
	event := sim.Event{At: e.at, PID: p.PID, Call: call}
	switch r.Kind {
	case app.ReplyCall:
		p.entered, p.enteredT, p.reported = true, r.At, false
		p.calls[p.index].FD = r.FD // where it was sim.LastFD
		event.Kind = sim.KindCall
		l.called(e, p, call)
	case app.ReplySignal:
		event.Kind, event.Signal, event.Action = sim.KindSignal, r.Note, sim.Handled
	case app.ReplyReturn:
		event.Kind = sim.KindReturn
		event.Result = sim.Result{Ret: r.Ret, Errno: errnoName(r.Errno), Data: string(r.Data), Note: r.Note}
	}
	l.add(occurrence{at: r.At, event: event})
	if r.Kind != app.ReplyReturn {
		return nil
	}
	i, d := len(l.batch)-1, p.fds[call.FD]
	err := l.returned(e, p, call, r)
	l.batch[i].deeds = l.deedsOf(e, d, call, r)
	return err
}

// returned notes what a call has changed, and moves on to the next.
func (l *Lab) returned(e *endpoint, p *process, c sim.Call, r app.Reply) error {
	p.entered = false
	p.index++
	if r.Last {
		p.calls = nil
	}
	if c.Name == sim.CallFork {
		return l.forked(e, p, r)
	}
	if r.Ret < 0 {
		return nil
	}
	switch c.Name {
	case sim.CallSocket:
		p.opened(r.Ret, descriptor{})
	case sim.CallDup:
		if d := p.fds[c.FD]; d != nil {
			p.opened(r.Ret, *d)
		}
	case sim.CallListen:
		if d := p.fds[c.FD]; d != nil {
			d.listener = true
		}
	case sim.CallAccept:
		c, err := l.accepted(r.Peer)
		if err != nil {
			return err
		}
		p.opened(r.Ret, descriptor{conn: c})
	case sim.CallClose:
		delete(p.fds, c.FD)
	}
	return nil
}

// forked takes in the child of a fork: from now on it acts, and the one that
// forked is the parent.
func (l *Lab) forked(e *endpoint, p *process, r app.Reply) error {
	channel := p.forked
	p.forked = nil
	if r.Ret < 0 {
		return channel.Close()
	}
	started, err := app.Forked(r.Ret, channel)
	if err != nil {
		return resource("fork", err)
	}
	child := l.adopt(e, started)
	l.batch[len(l.batch)-1].event.Forked = true
	for fd, d := range p.fds {
		same := *d
		child.fds[fd] = &same
	}
	child.open = p.open
	e.parent, e.acting = p, child
	return nil
}

// died notes a death: which signal, and the status a shell would show. Programs
// end by a signal only, or with finwait. In place of a dead child its parent goes
// on.
func (l *Lab) died(e *endpoint, p *process, status unix.WaitStatus) {
	now := time.Now().UnixNano()
	p.dead, p.calls = true, nil
	p.status = status.ExitStatus()
	if status.Signaled() {
		p.status = 128 + int(status.Signal())
		p.signal = unix.SignalName(status.Signal())
		l.add(occurrence{
			at:    p.momentOf(status.Signal()),
			event: sim.Event{Kind: sim.KindSignal, At: e.at, PID: p.PID, Signal: p.signal, Action: sim.Killed},
		})
	}
	l.add(occurrence{
		at: now, deeds: l.abandoned(e, p),
		event: sim.Event{Kind: sim.KindExit, At: e.at, PID: p.PID, Status: p.status, Signal: p.signal},
	})
	if p == e.acting && e.parent != nil && !e.parent.dead {
		e.acting, e.parent = e.parent, nil
	}
	_ = p.abandon()
}

// abandon ends the child that a dead process was forking.
func (p *process) abandon() error {
	if p.forked == nil {
		return nil
	}
	channel := p.forked
	p.forked = nil
	return app.Abandon(channel)
}

// momentOf returns when a deadly signal came: when the lab sent it, or during the
// call that raised it. Of a signal from elsewhere only the death is known; then it
// is 0.
func (p *process) momentOf(sig unix.Signal) int64 {
	switch {
	case sig == p.killed:
		return p.killedT
	case p.entered && sig == unix.SIGPIPE:
		return p.enteredT
	}
	return 0
}

// dateKills gives the signals from elsewhere their time: what the dying process
// sent comes after them, and so does what that woke up.
func (l *Lab) dateKills() {
	for i := range l.batch {
		kill := &l.batch[i]
		if kill.at != 0 {
			continue
		}
		kill.at = l.batch[i+1].at // that of the exit
		for k, o := range l.batch {
			woken := o.event.Kind == sim.KindReturn && o.event.PID != kill.event.PID && l.cause(k) == none
			if (o.packet != nil || woken) && k != i {
				kill.at = min(kill.at, o.at-1)
			}
		}
	}
}
