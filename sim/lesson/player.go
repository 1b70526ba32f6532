package lesson

import "finwait/sim"

// Player walks through one lesson and keeps the log of it. It only keeps count:
// the caller starts the steps on a lab and hands every event to Observe. Not safe
// for use by several goroutines.
type Player struct {
	lesson   *Lesson
	steps    []Step // set-up steps first
	setup    int    // how many of them are set-up steps
	started  int    // how many have been started
	busy     bool
	aside    bool // what keeps the player busy is not the lesson's
	failures int
	log      sim.Log
}

// NewPlayer returns a player at the beginning of the lesson.
func NewPlayer(l *Lesson) *Player {
	setup := l.setup()
	return &Player{lesson: l, steps: append(setup, l.Steps...), setup: len(setup)}
}

// Lesson returns the lesson.
func (p *Player) Lesson() *Lesson { return p.lesson }

// Next returns the step to start next and its number: 0 for a set-up step, which
// needs no key press, else 1, 2, 3... There is none when ok is false. While the
// player is busy it is the step after the one that runs.
func (p *Player) Next() (n int, s Step, ok bool) {
	if p.started == len(p.steps) {
		return 0, Step{}, false
	}
	return max(0, p.started-p.setup+1), p.steps[p.started], true
}

// Started moves on: the caller has started the step that Next returned. Without a
// next step, or while one runs, it does nothing.
func (p *Player) Started() {
	if p.busy || p.started == len(p.steps) {
		return
	}
	p.started++
	p.busy = true
}

// Aside returns the number under which the caller may start a step of its own on
// the lab, outside the lesson: that of the newest step. There is none while a step
// runs and before the connection is set up; ok is false then.
func (p *Player) Aside() (n int, ok bool) {
	return max(0, p.started-p.setup), !p.busy && p.started >= p.setup
}

// StartedAside says that the caller has started a step of its own, under the
// number that Aside returned. The player is busy until that has settled; nothing
// is expected of it, the lesson goes on after it where it stood, and a refusal is
// no failure. Where Aside permits none it does nothing.
func (p *Player) StartedAside() {
	if _, ok := p.Aside(); ok {
		p.busy, p.aside = true, true
	}
}

// Busy reports whether a step has been started and has not settled yet.
func (p *Player) Busy() bool { return p.busy }

// Done reports whether every step has settled.
func (p *Player) Done() bool { return !p.busy && p.started == len(p.steps) }

// Observe appends the event to the log. When it settles the step that runs, the
// step's expectations are checked: the verdicts are appended too, and returned.
func (p *Player) Observe(e sim.Event) []sim.Event {
	p.log.Append(e)
	if e.Kind == sim.KindRefused && !p.aside {
		p.failures++
	}
	if e.Kind != sim.KindSettled || !p.busy {
		return nil
	}
	p.busy = false
	if p.aside {
		p.aside = false
		return nil
	}
	events := p.log.All()
	var verdicts []sim.Event
	for _, x := range p.steps[p.started-1].Expect {
		ok, got := x.Check(events)
		if !ok {
			p.failures++
		}
		verdicts = append(verdicts, sim.Event{
			T: e.T, Step: e.Step, Kind: sim.KindExpect, Text: x.Text, OK: ok, Got: got,
		})
	}
	p.log.Append(verdicts...)
	return verdicts
}

// Log returns the log so far. The player owns it.
func (p *Player) Log() *sim.Log { return &p.log }

// Failures returns how many expectations fell short and how many steps were
// refused, in sum.
func (p *Player) Failures() int { return p.failures }
