package tui

import (
	"math"
	"time"

	"finwait/sim"
	"finwait/sim/lesson"
)

// newest is the moment of a play that does not look back.
const newest = -1

// play is a lesson being played: the player and its lab, how much of the log is
// on the screen, and which moment one looks at. It performs nothing; the model
// turns what it says into commands.
type play struct {
	id     int // of the messages that belong to it
	player *lesson.Player
	lab    sim.Lab // nil until it is open, and after it has ended
	err    error   // why there is none
	opened bool

	animate bool
	reveal  reveal
	history history
	moment  int // of the history, or newest
	fold    *fold

	now    time.Time // of the newest message
	seen   time.Time // when the newest event came
	mark   int       // counts what may turn out to be slow
	slow   bool      // and whether the newest has
	began  time.Time // when the newest step was known to be slow
	urged  bool      // a key was pressed while a step was running
	tick   int       // counts ticks: only the newest counts
	frames bool      // a frame is on its way
}

func newPlay(id int, l *lesson.Lesson, animate bool) *play {
	return &play{id: id, player: lesson.NewPlayer(l), animate: animate, moment: newest, fold: newFold()}
}

// observe takes in events that came at the given time.
func (p *play) observe(events []sim.Event, at time.Time) {
	p.seen = at
	for _, e := range events {
		p.player.Observe(e)
	}
	if !p.player.Busy() {
		p.slow, p.urged = false, false
	}
	p.pass(at)
}

// pass lets time pass.
func (p *play) pass(at time.Time) {
	if at.After(p.now) {
		p.now = at
	}
	log := p.player.Log().All()
	if p.animate && p.moment == newest {
		p.reveal.advance(log, p.now)
	} else {
		p.reveal.finish(log)
	}
	p.refold()
}

// refold makes the fold that of the events that are on the screen.
func (p *play) refold() {
	log := p.player.Log().All()
	p.history.to(log)
	k := p.reveal.k
	if p.moment != newest {
		k = p.history.end(p.moment)
	}
	p.fold.to(log[:k])
}

// revealing reports whether an arrow is growing on the screen.
func (p *play) revealing() bool { return p.moment == newest && p.reveal.growing }

// settle shows all there is.
func (p *play) settle() {
	p.reveal.finish(p.player.Log().All())
	p.refold()
}

// look goes to a moment; the last one is the newest.
func (p *play) look(moment int) {
	last := p.history.moments() - 1
	p.moment = min(max(0, moment), last)
	if p.moment == last {
		p.moment = newest
	}
	p.settle()
}

// at returns the moment one looks at, counted from 0, and how many there are.
func (p *play) at() (moment, of int) {
	of = p.history.moments()
	if p.moment == newest {
		return of - 1, of
	}
	return p.moment, of
}

// lookingBack reports whether the screen shows the past.
func (p *play) lookingBack() bool { return p.moment != newest }

// modelled reports whether a lab is the model, and not a kernel.
func modelled(lab *sim.Setting) bool { return lab != nil && lab.Capture == sim.Modelled }

// virtual reports whether the clock of the lab is virtual, so that it stands still between two
// events.
func (p *play) virtual() bool {
	return modelled(p.fold.scene.Setting) || p.lab != nil && p.lab.Abilities().Virtual
}

// clock returns the lab's time that the screen shows.
func (p *play) clock() sim.Seconds {
	now := p.fold.scene.Now
	if p.virtual() {
		return now
	}
	if p.moment == newest && p.lab != nil && p.fold.k == p.player.Log().Len() && p.fold.k > 0 {
		now += sim.Seconds(p.now.Sub(p.seen).Seconds())
	}
	return now
}

// redraw returns after what time a countdown on the screen changes, 0 for never.
func (p *play) redraw() time.Duration {
	if p.lookingBack() || p.lab == nil {
		return 0
	}
	wait := sim.Seconds(0)
	if p.slow && p.player.Busy() {
		wait = 1
	}
	if p.virtual() {
		return time.Duration(float64(wait) * float64(time.Second)) // nothing else goes on
	}
	if w := p.ages(); w > 0 && (wait == 0 || w < wait) {
		wait = w
	}
	for _, end := range []sim.Endpoint{p.fold.scene.Client, p.fold.scene.Server} {
		if w := changes(timeLeft(end, p.clock())); w > 0 && (wait == 0 || w < wait) {
			wait = w
		}
	}
	return time.Duration(float64(wait) * float64(time.Second))
}

// timeLeft returns how long an endpoint's timer has still to run, below zero when
// there is none.
func timeLeft(end sim.Endpoint, now sim.Seconds) sim.Seconds {
	if end.Timer == "" || end.Timer == sim.TimerOff {
		return -1
	}
	return max(0, end.Expires-(now-end.TimerAt))
}

// grows returns after what time the age of something reads differently.
func grows(age sim.Seconds) sim.Seconds {
	unit := sim.Seconds(1)
	if age >= minutesFrom {
		unit = 60
	}
	return max(0.05, unit-sim.Seconds(math.Mod(float64(max(0, age)), float64(unit))))
}

// changes returns after what time a countdown reads differently.
func changes(left sim.Seconds) sim.Seconds {
	switch {
	case left <= 0:
		return 0
	case left <= 1:
		return 0.1
	case left >= minutesFrom:
		return max(0.05, sim.Seconds(math.Mod(float64(left), 60))) // to the next whole minute
	}
	return max(0.05, left-sim.Seconds(int(left))) // to the next whole second
}

// problems returns what went wrong, as far as it belongs to what is shown: the end
// of the lab, and what the newest step did otherwise than expected. What the reader has
// made otherwise, beside the lesson, is one sentence: again is the key that helps.
func (p *play) problems(w *words, again string) []remark {
	var list []remark
	add := func(text string, quiet bool) { list = append(list, remark{text, quiet}) }
	switch {
	case !p.opened || p.lab != nil || p.lookingBack():
	case p.err == nil:
		add(w.labGone, false)
	case p.player.Log().Len() == 0:
		add(w.cannotOpen(p.err.Error()), false)
	default:
		add(w.labFailed(p.err.Error()), false)
	}
	strayed := false
	for _, e := range p.fold.problems {
		switch {
		case e.Kind == sim.KindExpect && e.excused:
			if !strayed {
				add(w.strayed(again), true)
			}
			strayed = true
		case e.Kind == sim.KindExpect:
			add(w.expected(e.Text, e.Got), false)
		case !e.excused:
			add(w.refused(e.Text), false)
		case p.fold.aloof.own:
			add(w.cannot(e.Text), true)
		default:
			add(w.nothingLeft(e.Text), true)
		}
	}
	return list
}
