package netlab

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"finwait/netlab/ipc"
	"finwait/netlab/program/puppet"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// endpoint is one end of the laboratory: its programs.
type endpoint struct {
	at  sim.End
	all []*process // every one that was started, dead ones included
}

// process is a program under test as the lab drives it. What it holds stands in the table.
type process struct {
	*puppet.Process

	calls    []sim.Call // of the request that runs, nil when it is idle
	index    int        // the call that is being made
	entered  bool       // it has said so
	enteredT int64
	reported bool // the call was reported as blocked

	gone    bool        // its channel has ended
	dead    bool        // it was waited for
	killed  unix.Signal // a kill step sent it
	killedT int64
	forked  *ipc.Channel // our end for the child that is being forked
}

// busy reports whether the process is making calls.
func (p *process) busy() bool { return !p.dead && p.calls != nil }

// current returns the call that is being made.
func (p *process) current() sim.Call { return p.calls[p.index] }

// asleep reports whether the process sleeps in its current call.
func (p *process) asleep() bool { return p.entered && !p.gone && p.Asleep(p.current()) }

// startProcess starts the endpoint's program, in place of the one before.
func (l *Lab) startProcess(e *endpoint) error {
	started, err := puppet.Start(l.net.host(e.at), "finwait-"+string(e.at), l.cpu)
	if err != nil {
		return err
	}
	l.adopt(e, started, false)
	return nil
}

// adopt takes a program that was started into the laboratory.
func (l *Lab) adopt(e *endpoint, started *puppet.Process, forked bool) {
	e.all = append(e.all, &process{Process: started})
	l.happens(time.Now().UnixNano(), sim.Event{At: e.at, Body: sim.ProcessStarted{PID: started.PID, Forked: forked}})
}

// happens puts what a program does into the batch, and into the table.
func (l *Lab) happens(at int64, e sim.Event, deeds ...deed) {
	l.table.Apply(e)
	l.add(occurrence{at: at, event: e, deeds: deeds})
}

// processOf returns the living program with a number.
func (l *Lab) processOf(pid int) *process {
	for _, e := range l.ends {
		for _, p := range e.all {
			if p.PID == pid && !p.dead {
				return p
			}
		}
	}
	return nil
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
func (l *Lab) replied(e *endpoint, p *process, r puppet.Reply) error {
	if !p.busy() || r.Index != p.index {
		return fmt.Errorf("%s: a reply nobody waits for: %s of call %d", e.at, r.Kind, r.Index)
	}
	call := p.current()
	call.FD = r.FD
	switch r.Kind {
	case puppet.ReplyCall:
		p.entered, p.enteredT, p.reported = true, r.At, false
		p.calls[p.index].FD = r.FD // where it was sim.LastFD
		l.happens(r.At, sim.Event{At: e.at, Body: sim.CallEntered{PID: p.PID, Call: call, Refers: l.called(e.at, call)}})
	case puppet.ReplySignal:
		l.happens(r.At, sim.Event{At: e.at, Body: sim.SignalTaken{PID: p.PID, Signal: r.Note, Action: sim.Handled}})
	case puppet.ReplyReturn:
		return l.returned(e, p, call, r)
	}
	return nil
}

// returned takes in the return of a call, and moves on to the next.
func (l *Lab) returned(e *endpoint, p *process, call sim.Call, r puppet.Reply) (err error) {
	p.entered = false
	p.index++
	if r.Last {
		p.calls = nil
	}
	b := sim.CallReturned{PID: p.PID, Call: call}
	b.Result = sim.Result{Ret: r.Ret, Errno: errnoName(r.Errno), Data: string(r.Data), Note: r.Note}
	if call.Name == sim.CallAccept && r.Ret >= 0 {
		if b.Refers, err = l.accepted(r.Peer); err != nil {
			return err
		}
	}
	before := l.table.Socket(p.PID, call.FD)
	l.happens(r.At, sim.Event{At: e.at, Body: b})
	l.batch[len(l.batch)-1].deeds = l.deedsOf(e, before, call, r)
	if call.Name == sim.CallFork {
		return l.forked(e, p, r)
	}
	return nil
}

// forked takes in the child of a fork.
func (l *Lab) forked(e *endpoint, p *process, r puppet.Reply) error {
	channel := p.forked
	p.forked = nil
	if r.Ret < 0 {
		return channel.Close()
	}
	started, err := puppet.Forked(r.Ret, channel)
	if err != nil {
		return resource("fork", err)
	}
	l.adopt(e, started, true)
	return nil
}

// died notes a death: which signal, and the status a shell would show. Programs
// end by a signal only, or with finwait.
func (l *Lab) died(e *endpoint, p *process, status unix.WaitStatus) {
	now := time.Now().UnixNano()
	p.dead, p.calls = true, nil
	exit := sim.ProcessExited{PID: p.PID, Status: status.ExitStatus()}
	if status.Signaled() {
		exit.Status, exit.Signal = 128+int(status.Signal()), unix.SignalName(status.Signal())
		l.add(occurrence{
			at:    p.momentOf(status.Signal()),
			event: sim.Event{At: e.at, Body: sim.SignalTaken{PID: p.PID, Signal: exit.Signal, Action: sim.Killed}},
		})
	}
	l.happens(now, sim.Event{At: e.at, Body: exit}, l.abandoned(e, p.PID)...)
	_ = p.abandon()
}

// abandon ends the child that a dead process was forking.
func (p *process) abandon() error {
	if p.forked == nil {
		return nil
	}
	channel := p.forked
	p.forked = nil
	return puppet.Abandon(channel)
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
			woken := o.event.Kind() == sim.KindReturn && o.event.PID() != kill.event.PID() && l.cause(k) == none
			if (o.packet != nil || woken) && k != i {
				kill.at = min(kill.at, o.at-1)
			}
		}
	}
}
