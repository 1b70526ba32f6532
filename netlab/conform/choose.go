package conform

import (
	"math/rand/v2"

	"finwait/sim"
)

// move is a verb as walks make it.
type move struct {
	verb sim.Verb
	// weight is how often it comes where it makes sense as things are, for an end or about
	// it, and 0 where it makes none.
	weight func(s *situation, p *side) int
	// args chooses what the step says beside its verb and its end. It may be nil.
	args func(c *chooser, at sim.End, step *sim.Step)
}

// chooser chooses steps.
type chooser struct {
	*rand.Rand
	now *situation
}

// oneIn is true once in n times.
func (c *chooser) oneIn(n int) bool { return c.IntN(n) == 0 }

// pick returns one of several values.
func pick[T any](c *chooser, of ...T) T { return of[c.IntN(len(of))] }

// when returns the weight of what makes sense only then.
func when(yes bool, weight int) int {
	if yes {
		return weight
	}
	return 0
}

// senseless is how rarely a step is chosen without asking whether it makes sense: once in
// so many times.
const senseless = 10

// moves are the verbs with their weights: the calls of the programs, what happens to a
// program, and the wire. Every verb of the grammar is here.
var moves = []move{
	{sim.VerbListen, func(_ *situation, p *side) int { return when(free(p) && !p.listening, 16) }, func(c *chooser, _ sim.End, step *sim.Step) {
		step.How = pick(c, "", "", "noreuse")
	}},
	{sim.VerbConnect, func(_ *situation, p *side) int {
		return when(free(p), 1) + when(free(p) && !p.State.Connected(), 15)
	}, nil},
	{sim.VerbAccept, func(_ *situation, p *side) int { return when(free(p) && p.listening, 4) }, nil},
	{sim.VerbWrite, onConnection(14), func(c *chooser, _ sim.End, step *sim.Step) {
		step.Data = pick(c, "q", "abc", "hello", "hello", "first message", "a text of more than thirty-two bytes", "")
		if c.oneIn(6) {
			step.Data, step.N = "", pick(c, 1, 100, 1000, 1448)
		}
		step.NoSignal = c.oneIn(6)
	}},
	{sim.VerbRead, func(s *situation, p *side) int {
		return when(s.holds(p), 3) + when(s.live(p) && p.RecvQ > 0, 8)
	}, func(c *chooser, _ sim.End, step *sim.Step) {
		if step.N = pick(c, 1, 2, 3, 99); c.oneIn(4) {
			step.How = sim.ReadPeek
		}
	}},
	{sim.VerbShutdown, onConnection(6), func(c *chooser, _ sim.End, step *sim.Step) { step.How = pick(c, "wr", "wr", "rd", "rdwr") }},
	{sim.VerbClose, closeWeight, chooseClose},
	{sim.VerbDup, onConnection(2), nil},
	{sim.VerbPoll, onConnection(1), nil},
	{sim.VerbError, onConnection(2), nil},
	{sim.VerbLinger, afterLoss(30, onSocket(2)), chooseLinger},
	{sim.VerbLinger2, onSocket(1), func(c *chooser, at sim.End, step *sim.Step) {
		step.N, step.How = pick(c, 1, 2, 60, sim.Linger2None), c.socket(at)
	}},
	{sim.VerbKeepalive, onSocket(1), func(c *chooser, at sim.End, step *sim.Step) {
		step.For, step.Every, step.N, step.How = 1, 1, 1+c.IntN(3), c.socket(at)
	}},
	{sim.VerbUserTimeout, onSocket(1), func(c *chooser, at sim.End, step *sim.Step) {
		step.For, step.How = pick[sim.Seconds](c, 0.3, 1, 2), c.socket(at)
	}},

	{sim.VerbFork, func(_ *situation, p *side) int { return when(free(p), 1) }, nil},
	{sim.VerbSigpipe, func(_ *situation, p *side) int { return when(free(p), 2) }, func(c *chooser, _ sim.End, step *sim.Step) {
		step.How = pick(c, sim.SigpipeDefault, sim.SigpipeIgnore, sim.SigpipeHandler)
	}},
	{sim.VerbKill, afterLoss(6, func(_ *situation, p *side) int { return when(p.process.Alive(), 1) + when(p.process.Blocked, 3) }), func(c *chooser, _ sim.End, step *sim.Step) {
		step.How = pick(c, "SIGKILL", "SIGINT", "SIGTERM")
	}},
	{sim.VerbStart, func(_ *situation, p *side) int { return when(!p.process.Alive(), 16) }, nil},
	{sim.VerbWait, func(s *situation, _ *side) int { return 1 + when(s.timed, 2) }, chooseWait},

	{sim.VerbDeliver, inFlight(40), choosePick},
	{sim.VerbDrop, inFlight(4), choosePick},
	{sim.VerbDuplicate, inFlight(4), choosePick},
	{sim.VerbSwap, func(s *situation, p *side) int {
		return when(s.inFlight(p.at) > 1, 10) + when(s.resetFollows(p.at), 30)
	}, func(_ *chooser, at sim.End, step *sim.Step) {
		step.From = at
	}},
	{sim.VerbCut, func(s *situation, _ *side) int { return when(!s.scene.Cut, 1) }, nil},
	{sim.VerbMend, func(s *situation, _ *side) int { return when(s.scene.Cut, 12) }, nil},
	{sim.VerbAuto, func(s *situation, _ *side) int { return 1 + when(s.atOnce, 3) }, func(c *chooser, _ sim.End, step *sim.Step) {
		step.How = "on"
		if c.now.atOnce != c.oneIn(senseless) {
			step.How = "off"
		}
	}},
}

// onConnection is the weight of a call on the connection. One that is over has less to
// say.
func onConnection(n int) func(*situation, *side) int {
	return func(s *situation, p *side) int {
		if s.live(p) {
			return n
		}
		return when(s.holds(p), (n+2)/3)
	}
}

// onSocket is the weight of an option: on the connection, more often while it waits for the
// last word of its peer; or on the listener, most of all before there is a connection.
func onSocket(n int) func(*situation, *side) int {
	return func(s *situation, p *side) int {
		listens := free(p) && p.listening
		ends := s.live(p) && (p.State == sim.Closing || p.State == sim.LastAck)
		return onConnection(n)(s, p) + when(ends, n) + when(listens, 1) + when(listens && !s.holds(p), 2)
	}
}

// afterLoss is the weight n more while the peer misses something that the end has sent. A reset
// then is in the window of the peer and not exact (RFC 9293 section 3.10.7.4), a FIN waits
// behind the gap: few other steps lead there.
func afterLoss(n int, weight func(*situation, *side) int) func(*situation, *side) int {
	return func(s *situation, p *side) int { return weight(s, p) + when(s.gap(p), n) }
}

// closeWeight is the weight of a close: more often after a loss, most of all when it resets.
func closeWeight(s *situation, p *side) int {
	return afterLoss(10, onConnection(6))(s, p) + when(s.live(p) && s.resets[p.at], 15) + when(s.gap(p) && s.resets[p.at], 40)
}

// chooseLinger chooses how long a close waits: mostly not at all after a loss, so that it resets.
func chooseLinger(c *chooser, at sim.End, step *sim.Step) {
	step.N, step.How = pick(c, 0, 0, 1, sim.LingerOff), c.socket(at)
	if c.now.gap(c.now.side(at)) && !c.oneIn(4) {
		step.N, step.How = 0, ""
	}
}

// socket chooses whose option is set.
func (c *chooser) socket(at sim.End) string {
	p := c.now.side(at)
	if p.listening && (!c.now.holds(p) || c.oneIn(3)) {
		return sim.OfListener
	}
	return ""
}

// inFlight is the weight of what needs a segment on the wire.
func inFlight(n int) func(*situation, *side) int {
	return func(s *situation, p *side) int { return when(s.inFlight(p.at) > 0, n) }
}

// chooseClose mostly closes the connection.
func chooseClose(c *chooser, at sim.End, step *sim.Step) {
	switch {
	case c.oneIn(4):
		step.How, step.N = "fd", 3+c.IntN(4)
	case at == sim.Server && c.oneIn(4):
		step.How = sim.OfListener
	}
}

// chooseWait chooses how long: a wait is there for the timers, and takes as long as it says.
func chooseWait(c *chooser, _ sim.End, step *sim.Step) {
	step.For = 0.3
	if c.now.timed && c.oneIn(3) {
		step.For = pick[sim.Seconds](c, 1, 2, 3)
	}
}

// choosePick chooses a segment on the wire, mostly the next of an end.
func choosePick(c *chooser, at sim.End, step *sim.Step) {
	switch {
	case step.Verb != sim.VerbDuplicate && c.oneIn(12):
		step.How = sim.PickAll
	case c.oneIn(10):
		step.N = 1 + c.IntN(c.now.newest+1)
	case !c.oneIn(5):
		step.From = at
	}
}

// step chooses the next step.
func (c *chooser) step() sim.Step {
	type option struct {
		*move
		usage sim.Usage
		at    sim.End
		upTo  int // the sum of the weights up to it
	}
	var options []option
	total, anything := 0, c.oneIn(senseless)
	both := []*side{c.now.side(sim.Client), c.now.side(sim.Server)}
	for i := range moves {
		u := usage(moves[i].verb)
		if u.Wire && !c.now.wire {
			continue
		}
		for _, p := range both {
			if u.Only == "" || u.Only == p.at {
				if anything {
					total++
				} else {
					total += moves[i].weight(c.now, p)
				}
				options = append(options, option{&moves[i], u, p.at, total})
			}
		}
	}
	n := c.IntN(total)
	for options[0].upTo <= n {
		options = options[1:]
	}
	return c.written(options[0].move, options[0].usage, options[0].at)
}

// written returns a step with everything that it says.
func (c *chooser) written(m *move, u sim.Usage, at sim.End) sim.Step {
	step := sim.Step{Verb: m.verb}
	if !u.Whole {
		step.At = at
		step.Parent = c.now.forked[at] && c.oneIn(3)
	}
	if m.args != nil {
		m.args(c, at, &step)
	}
	if u.Chain && c.oneIn(8) {
		step.Then = c.then(step)
	}
	return step
}

// then chooses the call that follows another in the same process.
func (c *chooser) then(first sim.Step) *sim.Step {
	var next []move
	for _, m := range moves {
		if u := usage(m.verb); u.Chain && (u.Only == "" || u.Only == first.At) {
			next = append(next, m)
		}
	}
	m := pick(c, next...)
	step := sim.Step{At: first.At, Parent: first.Parent, Verb: m.verb}
	if m.args != nil {
		m.args(c, first.At, &step)
	}
	return &step
}

func usage(v sim.Verb) sim.Usage {
	for _, u := range sim.Usages() {
		if u.Verb == v {
			return u
		}
	}
	panic("conform: no verb " + string(v))
}
