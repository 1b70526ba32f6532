package model

import (
	"errors"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/program"
	"finwait/sim/tcp"
)

// perform performs a step up to the moment in which it has settled.
func (l *Lab) perform(n int, step sim.Step) {
	l.n, l.wait = n, wait{}
	l.record(sim.Event{Body: sim.StepBegun{Step: step}})
	err := l.begin(step)
	var no *sim.Refusal
	if errors.As(err, &no) {
		l.record(sim.Event{At: step.At, Body: lang.Refused(no)})
	}
	l.settle()
	l.reportBlocked()
	l.report()
	l.reportUnsupported()
	l.record(sim.Event{Body: sim.StepSettled{}})
	l.flush()
	l.all = false
}

// reportUnsupported says, once, that a kernel may do something else from here on, and why: what a
// checker falls silent for beside a kernel.
func (l *Lab) reportUnsupported() {
	kind := sim.SilentModelAlone
	if l.longWrite {
		kind = sim.SilentLongWriteAlone
	}
	if !l.unsupported && (l.longWrite || l.hosts.World.Unsupported()) {
		l.unsupported = true
		l.record(sim.Event{Body: lang.Silent(sim.Silence{Kind: kind})})
	}
}

// begin begins a step. What cannot be done is a *sim.Refusal.
func (l *Lab) begin(s sim.Step) error {
	action, err := program.Plan(&l.table, s, l.known())
	if err != nil {
		return err
	}
	switch a := action.(type) {
	case program.Wait:
		l.wait = wait{l.hosts.World.Now() + tcp.Time(float64(a.For)*float64(tcp.Second)+0.5), a}
	case program.Auto:
		l.auto = a.On
	case program.DeliverAll: // and what is sent in answer
		l.all = true
	case program.Calls:
		p := l.hosts.ByPID(a.PID)
		p.Intend(a)
		l.proceed()
	default:
		for _, in := range l.inputs(action) {
			l.hosts.Do(in)
		}
		l.proceed()
	}
	return nil
}

// inputs returns what happens to processes and to the wire as the model takes it.
func (l *Lab) inputs(action program.Action) (inputs []tcp.Input) {
	switch a := action.(type) {
	case program.Start:
		return []tcp.Input{{Op: tcp.OpStart, Side: tcp.SideOf(a.At)}}
	case program.Kill:
		return []tcp.Input{{Op: tcp.OpKill, Proc: l.hosts.ByPID(a.PID).Number, N: int(tcp.SignalOf(a.Signal))}}
	case program.Swap:
		return []tcp.Input{{Op: tcp.OpSwap, Side: tcp.SideOf(a.From)}}
	case program.Cable:
		if a.Cut {
			return []tcp.Input{{Op: tcp.OpCut}}
		}
		return []tcp.Input{{Op: tcp.OpMend}}
	case program.Handle:
		op := map[sim.Verb]tcp.Op{sim.VerbDeliver: tcp.OpDeliver, sim.VerbDrop: tcp.OpDrop, sim.VerbDuplicate: tcp.OpDuplicate}[a.Do]
		for _, id := range a.IDs {
			inputs = append(inputs, tcp.Input{Op: op, ID: id})
		}
	}
	return inputs
}

// proceed has the processes go on with their calls, until each has made all of them or
// is blocked.
func (l *Lab) proceed() {
	for {
		p := l.ready()
		if p == nil {
			return
		}
		c := p.todo[0]
		if c.FD == sim.LastFD {
			c.FD = p.last
		}
		conn := len(l.hosts.conns)
		if p.At == sim.Client {
			conn++
		}
		in := p.Input(c, conn)
		l.longWrite = l.longWrite || in.Op == tcp.OpWrite && in.N > l.hosts.World.MSS
		l.hosts.Enter(p, c, in)
	}
}

// ready returns the newest process that can make its next call, the server's before the
// client's; nil when there is none.
func (l *Lab) ready() *Process {
	var next *Process
	for _, all := range l.hosts.processes {
		for _, p := range all {
			if !p.Dead && !p.Busy && len(p.todo) > 0 {
				next = p
			}
		}
	}
	return next
}
