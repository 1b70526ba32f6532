package tui

import (
	"time"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
	"finwait/sim/way"
)

// newest is the moment of a play that does not look back.
const newest = -1

// play is a lesson being played: the player and its lab, how much of the log is
// on the screen, and which moment. It performs nothing; the model
// turns what it says into commands.
type play struct {
	id      int // the number that the messages of this play carry
	player  *lesson.Player
	lab     sim.Lab // nil until it is open, and after it has ended
	err     error   // why there is no lab
	instead error   // why the lesson is played on the model and not live; nil if nothing prevents that
	onModel bool    // the lab is opened on the model, whatever the lesson asks for
	opened  bool

	tree      way.Tree        // the ways that were taken through the lesson
	returning bool            // the steps that lead to a place in the tree are made once more
	replay    *way.Replay     // how far that has come; nil before its first step
	before    *play           // what the screen shows meanwhile
	differs   *way.Difference // where the kernel did something else than before, nil for nowhere
	upTo      int             // the lesson's steps before this one are made without a key; 0 for none

	animate bool
	quiet   bool // the clocks on the screen stand still between two events
	reveal  reveal
	history history
	moment  int    // index of the moment on the screen, or newest
	fold    *fold  // of that moment: one of the two that follow
	live    *fold  // of the newest moment, for the way back there
	past    *fold  // of the past moment that was on the screen last
	chosen  choice // the segment on the wire
	quiz    *quiz

	finished bool // the lesson was played to its end, and that is remembered

	now       time.Time // when the newest message came
	eventAt   time.Time // when the newest event came
	slowMark  int       // counts what may become slow: opening the lab, and each step
	slow      bool      // what was counted last is slow
	slowSince time.Time // when the newest step that is slow began
	ignored   bool      // a key was pressed while a step was running
	tick      int       // counts ticks: only the newest counts
	frames    bool      // a frame is on its way
}

// choice is the segment on the wire that the keys act on.
type choice struct {
	segment int // number of the segment, 0 for none
	row     int // index of the segment among those on the wire
}

func newPlay(id int, l *lesson.Lesson, animate bool) *play {
	live := newFold()
	return &play{
		id: id, player: lesson.NewPlayer(l), animate: animate,
		moment: newest, fold: live, live: live, past: newFold(), quiz: newQuiz(l),
	}
}

// unopened reports whether the lab did not open.
func (p *play) unopened() bool { return p.opened && p.lab == nil && p.player.Log().Len() == 0 }

// observe takes in events that came at the given time.
func (p *play) observe(events []sim.Event, at time.Time) {
	p.eventAt = at
	for _, e := range events {
		ran := p.player.Busy()
		p.player.Observe(e)
		if ran && !p.player.Busy() {
			p.moved()
		}
	}
	if !p.player.Busy() {
		p.slow, p.ignored = false, false
	}
	p.quiz.advance(p.player.Log().All())
	p.passTime(at)
}

// ask asks what the next step will do, if one can be made.
func (p *play) ask(w *lang.Catalogue, predicts bool) {
	n, next, ok := p.player.Next()
	if ok && n > 0 && p.lab != nil && !p.player.Busy() && !p.returning && !p.lookingBack() {
		p.quiz.prepare(w, n, next, predicts)
	}
}

// passTime lets time pass.
func (p *play) passTime(at time.Time) {
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

// refold folds the events that are on the screen.
func (p *play) refold() {
	log := p.player.Log().All()
	p.history.advance(log)
	f, k := p.live, p.reveal.k
	if p.moment != newest {
		f, k = p.past, p.history.end(p.moment)
	}
	f.chosen, p.fold = p.fold.chosen, f
	f.goTo(log[:k])
	if p.moment == newest {
		p.keepChoice()
	}
}

// revealing reports whether an arrow is growing on the screen.
func (p *play) revealing() bool { return p.moment == newest && p.reveal.growing }

// growth returns how much of the newest arrow is to be drawn.
func (p *play) growth() float64 {
	if p.revealing() {
		return p.reveal.grow
	}
	return 1
}

// showAll shows every event that belongs to the moment: no arrow grows.
func (p *play) showAll() {
	p.reveal.finish(p.player.Log().All())
	p.refold()
}

// fail ends the play: its lab tells nothing any more. The first reason counts.
func (p *play) fail(err error) {
	if p.err == nil {
		p.err = err
	}
	p.lab = nil
	p.showAll()
}

// look goes to a moment; the last one is the newest.
func (p *play) look(moment int) {
	last := p.history.moments() - 1
	p.moment = min(max(0, moment), last)
	if p.moment == last {
		p.moment = newest
	}
	p.showAll()
}

// at returns the number of the moment on the screen, from 0, and how many there are.
func (p *play) at() (moment, of int) {
	of = p.history.moments()
	if p.moment == newest {
		return of - 1, of
	}
	return p.moment, of
}

// moveFocus draws another connection: the next, or with a negative number one before, round the
// list. Whoever comes to the subject follows it again.
func (p *play) moveFocus(by int) {
	scene, i := &p.fold.scene, 0
	for n, c := range scene.Connections {
		if c.Number == p.fold.focus() {
			i = n
		}
	}
	n := len(scene.Connections)
	if p.fold.chosen = scene.Connections[((i+by)%n+n)%n].Number; p.fold.chosen == scene.Subject {
		p.fold.chosen = 0
	}
	p.refold()
}

// lookingBack reports whether the screen shows the past.
func (p *play) lookingBack() bool { return p.moment != newest }

// wired reports whether the lesson is played on the wire.
func (p *play) wired() bool { return p.player.Lesson().HasWire() }

// modelled reports whether the lab is the model, and not a kernel.
func (p *play) modelled() bool {
	lab := p.fold.scene.Setting
	return lab != nil && lab.Capture == sim.Modelled
}

// choose moves the choice to segment i of those on the wire, or to the nearest.
func (p *play) choose(i int) {
	flight := p.fold.scene.Flight
	p.chosen = choice{row: max(0, min(i, len(flight)-1))}
	if len(flight) > 0 {
		p.chosen.segment = flight[p.chosen.row].Segment().ID
	}
}

// keepChoice keeps the choice where it is. When its segment has gone, the one that was
// behind it is chosen.
func (p *play) keepChoice() {
	for i, e := range p.fold.scene.Flight {
		if e.Segment().ID == p.chosen.segment {
			p.chosen.row = i
			return
		}
	}
	p.choose(p.chosen.row)
}

// begin counts a step that starts now and returns its number: the lesson's next step, or a
// person's own. There is none when ok is false.
func (p *play) begin(own bool) (n int, ok bool) {
	if own {
		if n, ok = p.player.Own(); ok {
			p.player.StartedOwn()
		}
	} else if n, _, ok = p.player.Next(); ok {
		p.player.Started()
	}
	if ok {
		p.slowMark++
	}
	return n, ok
}

// virtual reports whether the clocks on the screen stand still between two events, as that of the
// model does.
func (p *play) virtual() bool {
	return p.quiet || p.modelled() || p.lab != nil && p.lab.Abilities().Virtual
}

// clock returns the lab's time that the screen shows.
func (p *play) clock() sim.Seconds {
	now := p.fold.scene.Now
	if p.virtual() {
		return now
	}
	if p.moment == newest && p.lab != nil && p.fold.k == p.player.Log().Len() && p.fold.k > 0 {
		now += sim.Seconds(p.now.Sub(p.eventAt).Seconds())
	}
	return now
}

// redrawIn returns after what time a countdown or an age on the screen reads differently,
// 0 for never.
func (p *play) redrawIn() time.Duration {
	if p.lookingBack() || p.lab == nil {
		return 0
	}
	wait := sim.Seconds(0)
	sooner := func(w sim.Seconds) {
		if w > 0 && (wait == 0 || w < wait) {
			wait = w
		}
	}
	if p.slow && p.player.Busy() {
		sooner(1)
	}
	if !p.virtual() {
		now := p.clock()
		for _, e := range p.fold.scene.Flight {
			sooner(ageChangesIn(now - e.T))
		}
		drawn := p.fold.scene.Connection(p.fold.focus())
		for _, at := range []sim.End{sim.Client, sim.Server} {
			sooner(countdownChangesIn(timeLeft(drawn.End(at), now)))
		}
	}
	return time.Duration(float64(wait) * float64(time.Second))
}
