package check

import (
	"slices"

	"finwait/sim"
	"finwait/sim/model"
	"finwait/sim/tcp"
)

// What had happened before it was seen: the model does the newest thing again, after that.

// newest is the newest thing that the model has done, so that it can be done again.
type newest struct {
	in     tcp.Input
	before model.Checkpoint
	redo   func(tcp.Input)
	said   int // how much the model had said before
	ok     bool
}

// arrives has a segment arrive. What this changes in the world and on the wire can be taken
// back, what it brings to a program cannot.
func (s *Checker) arrives(in tcp.Input) {
	n := newest{in: in, before: s.hosts.Checkpoint(nil), said: len(s.said), redo: s.do}
	s.does(in)
	n.ok = !slices.ContainsFunc(s.effects, func(fx tcp.Effect) bool { return fx.Kind != tcp.SegmentMoved && fx.Kind != tcp.StateChanged })
	s.newest = n
}

// callsNow has a program make its call. What it does on a socket, other than to make or to
// lose a connection, can be taken back.
func (s *Checker) callsNow(p *model.Process, c sim.Call, in tcp.Input) {
	n := newest{in: in, before: s.hosts.Checkpoint(p), said: len(s.said), redo: func(in tcp.Input) { s.hosts.Enter(p, c, in) }}
	s.hosts.Enter(p, c, in)
	switch in.Op {
	case tcp.OpRead, tcp.OpWrite, tcp.OpShutdown, tcp.OpPoll, tcp.OpSoError, tcp.OpBind, tcp.OpListen:
		n.ok = true
	}
	s.newest = n
}

// explainEarlier is explain for how things were when the newest thing happened. A timer may
// have fired before a segment arrived, or while a call was on its way into the kernel,
// although it is seen later: the end may have been over by then, without a word. And some
// things are in doubt: see tcp.Input.
func (s *Checker) explainEarlier(fits func(*tcp.World, []tcp.Effect) bool) bool {
	n := s.newest
	paired := func(o outcome) bool { return o.paired }
	if !n.ok || slices.ContainsFunc(s.said[n.said:], paired) {
		return false
	}
	for _, first := range s.mayHaveHappened(&n.before.World) {
		first.Now = s.now
		try := n.before.World
		if fits(&try, try.Do(n.in, try.Do(first, nil))) {
			s.again(n, first)
			return true
		}
	}
	n.in.Alternative = true
	try := n.before.World
	if !fits(&try, try.Do(n.in, nil)) {
		return false
	}
	s.again(n)
	return true
}

// mayHaveHappened returns what may have happened before it was seen: a timer has fired, or
// somebody who was killed has died.
func (s *Checker) mayHaveHappened(before *tcp.World) (inputs []tcp.Input) {
	for _, d := range before.Deadlines(nil) {
		if d.Timer != tcp.TimerACK && d.Earliest <= s.now+ahead {
			inputs = append(inputs, s.fires(d))
		}
	}
	for _, p := range s.dying() {
		inputs = append(inputs, dies(p))
	}
	return inputs
}

// again does the newest thing again, after something else.
func (s *Checker) again(n newest, first ...tcp.Input) {
	s.hosts.Restore(&n.before)
	s.said = s.said[:n.said]
	for _, in := range first {
		s.do(in)
	}
	n.redo(n.in)
}
