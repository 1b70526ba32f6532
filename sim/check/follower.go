package check

import (
	"slices"

	"finwait/sim"
	"finwait/sim/model"
	"finwait/sim/tcp"
)

// follower has the model follow the log: it gives the hosts each input when the log has it, and
// takes in what they predict.
type follower struct {
	hosts    *model.Hosts
	now      tcp.Time // time of the newest event of the log
	outcomes *matcher
	ends     endTable
	unseen   bool // the log has no segments: nobody has seen them
	exiting  bool // the input kills a process that is in no call
	emitting bool // the input has the model send what the kernel has sent
	newest   checkpoint
}

// predict takes in an event of the model.
func (f *follower) predict(e sim.Event) {
	if e.Kind() == sim.KindStart {
		all := f.hosts.Processes(tcp.SideOf(e.At))
		all[len(all)-1].PID = 0 // until the log has its process id
		return
	}
	o, ok := outcomeOf(e, func(id int) int { return id })
	if !ok {
		return
	}
	if p := f.hosts.ByPID(e.PID()); p != nil && sim.Of[sim.SignalTaken](e).Action == sim.Killed {
		p.Dying = tcp.SIGPIPE
	}
	o.onExit, o.timingFree = f.exiting, f.emitting
	f.outcomes.predict(o)
}

// apply gives the model one input, now.
func (f *follower) apply(in tcp.Input) {
	in.Now = f.now
	f.do(in)
}

// do gives the model one input at its own time, and returns the effects.
//
// A thread that is in a call holds its descriptor until it has left that, so that nobody knows
// when this one is closed (fdget); the others are closed one after the other.
func (f *follower) do(in tcp.Input) []tcp.Effect {
	f.newest.ok = false
	f.exiting = in.Op == tcp.OpKill && !slices.ContainsFunc(f.blocked(), func(p *model.Process) bool { return p.Number == in.Proc })
	f.emitting = in.Op == tcp.OpEmit
	effects := f.hosts.Do(in)
	f.exiting, f.emitting = false, false
	return effects
}

// blocked returns the processes that are in a call.
func (f *follower) blocked() []*model.Process {
	return f.hosts.Living(func(p *model.Process) bool { return p.Busy })
}

// dying returns the processes that were killed and are still alive in the model.
func (f *follower) dying() []*model.Process {
	return f.hosts.Living(func(p *model.Process) bool { return p.Dying != 0 })
}

// reapKilled has the processes die that were killed, and reports whether there was one.
func (f *follower) reapKilled() bool {
	all := f.dying()
	for _, p := range all {
		f.apply(killInput(p))
	}
	return len(all) > 0
}

// killInput returns the input that has a process die that was killed.
func killInput(p *model.Process) tcp.Input {
	return tcp.Input{Op: tcp.OpKill, Proc: p.Number, N: int(p.Dying)}
}

// timerInput returns the input that has a timer fire. Which of its two timers FIN_WAIT2 has, the
// kernel's socket tells: the Alternative is the keepalive timer.
func (f *follower) timerInput(d tcp.Deadline) tcp.Input {
	in := tcp.Input{Op: tcp.OpTimer, Side: d.Side, Conn: d.Conn, Timer: d.Timer}
	if d.Timer == tcp.TimerTimeWait && f.ends.of(endID{d.Side.End(), d.Conn}).timer == sim.TimerKeepalive {
		in.Alternative = true
	}
	return in
}

// maxUnnoticed bounds how many timers fire unnoticed between two events.
const maxUnnoticed = 64

// fireUnnoticed has the timers fire that are overdue and whose firing nobody can notice, such as
// a keepalive timer that is only set anew.
func (f *follower) fireUnnoticed() {
	for range maxUnnoticed {
		if !f.fireOneUnnoticed() {
			return
		}
	}
}

// fireOneUnnoticed has one such timer fire, and reports whether there was one.
func (f *follower) fireOneUnnoticed() bool {
	for _, d := range f.hosts.World.Deadlines(nil) {
		if d.Latest >= f.now {
			continue
		}
		try := f.hosts.World
		in := f.timerInput(d)
		in.Now = d.At
		if len(try.Do(in, nil)) == 0 && try != f.hosts.World {
			f.hosts.World = try
			return true
		}
	}
	return false
}

// doOverdue has the model do what the kernel must have done when a step has settled.
//
//   - A delayed acknowledgement has left if its time is over. Where nobody has seen segments
//     every one has left, or the step would not have settled.
//   - Every other timer that is overdue has fired, except those of retransmissions that nobody
//     has seen.
//   - A process whose call can return has returned. A blocked write has not: the kernel wakes
//     it when there is room that is worth it (sk_stream_write_space).
func (f *follower) doOverdue() {
	for _, d := range f.hosts.World.Deadlines(nil) {
		if d.Timer == tcp.TimerACK && (f.unseen || d.Latest < f.now) {
			f.apply(f.timerInput(d))
		}
	}
	for _, d := range f.hosts.World.Overdue(f.now, nil) {
		if d.Timer != tcp.TimerRetransmit || !f.unseen {
			f.apply(f.timerInput(d))
		}
	}
	f.reapKilled()
	for _, p := range f.blocked() {
		if !p.Call.Name.Writes() {
			f.apply(tcp.Input{Op: tcp.OpRecheck, Proc: p.Number})
		}
	}
}
