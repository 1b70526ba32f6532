package check

import (
	"cmp"
	"slices"

	"finwait/sim"
	"finwait/sim/model"
	"finwait/sim/tcp"
)

// What a kernel does in its own time: the model is Observed, and its Shadow has it do what
// explains what the kernel has done.

// ahead is how much sooner than the model's a timer of the kernel may seem to fire: what
// set it was seen later than it was, by as much as the machine is busy.
const ahead = 250

// explain looks for something that the kernel may do in its own time and whose effects
// fit, and has the model do it. It reports whether there is one.
func (s *Checker) explain(may []tcp.Input, fits func(*tcp.World, []tcp.Effect) bool) bool {
	for _, in := range may {
		try := s.hosts.World
		if fits(&try, try.Do(in, nil)) {
			s.do(in)
			return true
		}
	}
	return false
}

// explainAfter is explain for what is so because an end was over by then: a timer has ended
// it, and nobody has been told.
func (s *Checker) explainAfter(may []tcp.Input, fits func(*tcp.World, []tcp.Effect) bool) bool {
	for _, end := range may {
		after := s.hosts.World
		effects := after.Do(end, nil)
		if end.Op != tcp.OpTimer || len(effects) == 0 || slices.ContainsFunc(effects, func(fx tcp.Effect) bool { return fx.Kind != tcp.StateChanged }) {
			continue
		}
		for _, in := range may {
			try := after
			if fits(&try, try.Do(in, nil)) {
				s.do(end)
				s.do(in)
				return true
			}
		}
	}
	return false
}

// explainReturn is explain for a call that returns because a timer has ended what it
// waited for: two things in a row.
func (s *Checker) explainReturn(fits func(*tcp.World, []tcp.Effect) bool) bool {
	for _, in := range s.mayHappen() {
		for _, p := range s.sleepers() {
			wake := tcp.Input{Op: tcp.OpRecheck, Now: s.now, Proc: p.Number}
			try := s.hosts.World
			if fits(&try, try.Do(wake, try.Do(in, nil))) {
				s.do(in)
				s.do(wake)
				return true
			}
		}
	}
	return false
}

// mayHappen returns what the kernel may do now, the likeliest first: send an
// acknowledgement that it owes, wake a program, have another timer fire.
func (s *Checker) mayHappen() []tcp.Input {
	dues := slices.DeleteFunc(s.hosts.World.Deadlines(nil), func(d tcp.Deadline) bool { return d.Earliest > s.now+ahead })
	slices.SortStableFunc(dues, func(a, b tcp.Deadline) int { return cmp.Compare(a.At, b.At) })
	var acks, others []tcp.Input
	for _, d := range dues {
		in := s.fires(d)
		in.Now = s.now
		switch d.Timer {
		case tcp.TimerACK:
			acks = append(acks, in)
		case tcp.TimerLinger:
			in.Now = max(s.now, d.At)
			fallthrough
		default:
			others = append(others, in)
			if d.Timer == tcp.TimerKeepalive {
				in.Alternative = true
				others = append(others, in)
			}
		}
	}
	for _, p := range s.sleepers() {
		acks = append(acks, tcp.Input{Op: tcp.OpRecheck, Now: s.now, Proc: p.Number})
	}
	for _, p := range s.dying() {
		others = append(others, dies(p))
	}
	return append(acks, others...)
}

// dying returns the processes that were killed and live on in the model.
func (s *Checker) dying() []*model.Process {
	return s.hosts.Living(func(p *model.Process) bool { return p.Dying != 0 })
}

// sleepers returns the programs that are in a call.
func (s *Checker) sleepers() []*model.Process {
	return s.hosts.Living(func(p *model.Process) bool { return p.Busy })
}

// bury has them die, and reports whether there was any.
func (s *Checker) bury() bool {
	all := s.dying()
	for _, p := range all {
		s.does(dies(p))
	}
	return len(all) > 0
}

// dies returns the input that has a process die that was killed.
func dies(p *model.Process) tcp.Input {
	return tcp.Input{Op: tcp.OpKill, Proc: p.Number, N: int(p.Dying)}
}

// fires returns the input that has a timer fire: that of FIN_WAIT2 as the kernel has it run.
func (s *Checker) fires(d tcp.Deadline) tcp.Input {
	in := tcp.Input{Op: tcp.OpTimer, Side: d.Side, Conn: d.Conn, Timer: d.Timer}
	if d.Timer == tcp.TimerTimeWait && s.watch(place{d.Side.End(), d.Conn}).timer == sim.TimerKeepalive {
		in.Alternative = true
	}
	return in
}

// catchUp has the timers fire that nobody notices, such as a keepalive timer that is set
// anew.
func (s *Checker) catchUp() {
	for range maxSilent {
		if !s.silent() {
			return
		}
	}
}

// maxSilent bounds how many timers fire unnoticed between two events.
const maxSilent = 64

// silent has one timer fire that is overdue and has no effect outside, and reports
// whether there was one.
func (s *Checker) silent() bool {
	for _, d := range s.hosts.World.Deadlines(nil) {
		if d.Latest >= s.now {
			continue
		}
		try := s.hosts.World
		in := s.fires(d)
		in.Now = d.At
		if len(try.Do(in, nil)) == 0 && try != s.hosts.World {
			s.hosts.World = try
			return true
		}
	}
	return false
}

// looked returns what has programs return that have looked earlier: a read that found no
// more than it returned, a connect whose connection was there.
func (s *Checker) looked(ret int) (inputs []tcp.Input) {
	for _, p := range s.sleepers() {
		inputs = append(inputs, tcp.Input{Op: tcp.OpRecheck, Now: s.now, Proc: p.Number, N: max(1, ret)})
	}
	return inputs
}
