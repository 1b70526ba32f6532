package lesson

import (
	"slices"

	"finwait/sim"
)

// Player follows the run of one lesson and keeps its log. The caller starts the steps on a
// lab and hands every event to Observe. A Player is not safe for concurrent use.
type Player struct {
	lesson   *Lesson
	steps    []Step // the set-up steps first
	setups   int    // how many of the steps are set-up steps
	started  int    // how many of the steps have been started
	busy     bool
	own      bool // the step that runs is a person's own
	owns     int  // how many of those have been started
	failures int
	log      sim.Log
}

// NewPlayer returns a player at the beginning of the lesson.
func NewPlayer(l *Lesson) *Player {
	setup := l.setup()
	return &Player{lesson: l, steps: append(setup, l.Steps...), setups: len(setup)}
}

// Lesson returns the lesson.
func (p *Player) Lesson() *Lesson { return p.lesson }

// Next returns the step to start next and its number: 0 for a set-up step, which needs no
// key press, else 1, 2, 3... After the last step ok is false. While the player is busy it
// returns the step after the one that runs.
func (p *Player) Next() (n int, s Step, ok bool) {
	if p.started == len(p.steps) {
		return 0, Step{}, false
	}
	return max(0, p.started-p.setups+1), p.steps[p.started], true
}

// Started says that the caller has started the step that Next returned. After the last
// step, and while a step runs, it does nothing.
func (p *Player) Started() {
	if p.busy || p.started == len(p.steps) {
		return
	}
	p.started++
	p.busy = true
}

// Own returns the number for a person's own step, which the caller starts on the lab beside the
// lesson: that of the newest step; in a sandbox, which has no other steps, 1, 2, 3... While a
// step runs, and before the connection is established, ok is false and no such step may be
// started.
func (p *Player) Own() (n int, ok bool) {
	n = max(0, p.started-p.setups)
	if p.lesson.Sandbox() {
		n = p.owns + 1
	}
	return n, !p.busy && p.started >= p.setups
}

// StartedOwn says that the caller has started a person's own step, with the number that Own
// returned. The player is busy until the step settles. The step has no expectations, its
// refusal is no failure, and the lesson continues where it was. Where Own permits no such
// step, StartedOwn does nothing.
func (p *Player) StartedOwn() {
	if _, ok := p.Own(); ok {
		p.busy, p.own = true, true
		p.owns++
	}
}

// Skip settles the step that has just been started, in place of the lab: nothing happens in it.
// Its expectations are checked.
func (p *Player) Skip(step sim.Step) {
	var now sim.Seconds
	if n := p.log.Len(); n > 0 {
		now = p.log.All()[n-1].T
	}
	n := max(0, p.started-p.setups)
	if p.lesson.Sandbox() {
		n = p.owns
	}
	p.Observe(sim.Event{T: now, Step: n, Body: sim.StepBegun{Step: step, Skipped: true}})
	p.Observe(sim.Event{T: now, Step: n, Body: sim.StepSettled{}})
}

// Busy reports whether a step has been started and has not settled yet.
func (p *Player) Busy() bool { return p.busy }

// Done reports whether every step has settled.
func (p *Player) Done() bool { return !p.busy && p.started == len(p.steps) }

// Observe appends the event to the log, where the beginning of a person's own step is marked as
// such. When the event settles the step that runs, Observe checks what the lesson
// expects of the step, and the answers to its questions,
// appends the verdicts to the log and returns them.
func (p *Player) Observe(e sim.Event) []sim.Event {
	if p.own {
		sim.Edit(&e, func(b *sim.StepBegun) { b.Own = true })
	}
	p.log.Append(e)
	if e.Kind() == sim.KindRefused && !p.own {
		p.failures++
	}
	if e.Kind() != sim.KindSettled || !p.busy {
		return nil
	}
	p.busy = false
	if p.own {
		p.own = false
		return nil
	}
	var verdicts []sim.Event
	for _, checked := range p.steps[p.started-1].check(settledAfter(p.log.All())) {
		if !checked.OK {
			p.failures++
		}
		verdicts = append(verdicts, sim.Event{T: e.T, Step: e.Step, Body: checked})
	}
	p.log.Append(verdicts...)
	return verdicts
}

// check returns whether the lesson is right about the step. An answer is left out where
// there is nothing to say: a right one that the step expects as well, and a wrong one that
// does not hold.
func (s Step) check(m *settledStep) []sim.ExpectationChecked {
	var list []sim.ExpectationChecked
	for _, x := range s.Expect {
		list = append(list, x.checked(m))
	}
	for _, q := range s.Ask {
		for _, a := range q.Answers {
			c := a.checked(m)
			c.Answer = sim.WrongAnswer
			if a.Right {
				c.Answer = sim.RightAnswer
			}
			expected := slices.ContainsFunc(s.Expect, func(x Expectation) bool { return x.Text == a.Text })
			if a.Right != c.OK || a.Right && !expected {
				c.OK = a.Right && c.OK
				list = append(list, c)
			}
		}
	}
	return list
}

// Log returns the log so far. The player owns it.
func (p *Player) Log() *sim.Log { return &p.log }

// Failures returns the number of expectations and of answers that fell short plus the number
// of steps that were refused.
func (p *Player) Failures() int { return p.failures }
