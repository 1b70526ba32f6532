package check

import (
	"slices"

	"finwait/sim"
	"finwait/sim/model"
	"finwait/sim/tcp"
)

// checkpoint is the state before the newest input, so that the input can be replayed after
// something that had happened before it, although the log has it later.
type checkpoint struct {
	in        tcp.Input
	before    model.Checkpoint
	predicted int // number of predictions before the input
	replay    func(tcp.Input)
	ok        bool // the input can be taken back
}

// arrive has a segment arrive, or has something else become of it on the wire. What this
// changes in the kernels and on the wire can be taken back, what it changes for a process
// cannot.
func (f *follower) arrive(in tcp.Input) {
	c := checkpoint{
		in: in, before: f.hosts.Checkpoint(nil), predicted: len(f.outcomes.predicted),
		replay: func(in tcp.Input) { f.do(in) },
	}
	in.Now = f.now
	effects := f.do(in)
	c.ok = !slices.ContainsFunc(effects, func(fx tcp.Effect) bool { return fx.Kind != tcp.SegmentMoved && fx.Kind != tcp.StateChanged })
	f.newest = c
}

// enter has a process make its call. What a call does on a socket can be taken back, unless it
// makes or closes a connection.
func (f *follower) enter(p *model.Process, call sim.Call, in tcp.Input) {
	c := checkpoint{
		in: in, before: f.hosts.Checkpoint(p), predicted: len(f.outcomes.predicted),
		replay: func(in tcp.Input) { f.hosts.Enter(p, call, in) },
	}
	f.hosts.Enter(p, call, in)
	switch in.Op {
	case tcp.OpRead, tcp.OpWrite, tcp.OpShutdown, tcp.OpPoll, tcp.OpSoError, tcp.OpBind, tcp.OpListen:
		c.ok = true
	}
	f.newest = c
}

// canReplay reports whether the newest input can be taken back: the log has nothing yet that
// came of it.
func (f *follower) canReplay() bool {
	return f.newest.ok && !f.outcomes.matchedSince(f.newest.predicted)
}

// replay takes back the input after c, and gives the model other inputs and then that of c.
func (f *follower) replay(c checkpoint, first ...tcp.Input) {
	f.hosts.Restore(&c.before)
	f.outcomes.predicted = f.outcomes.predicted[:c.predicted]
	for _, in := range first {
		f.do(in)
	}
	c.replay(c.in)
}
