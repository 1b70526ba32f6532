package tui

import (
	tea "charm.land/bubbletea/v2"

	"finwait/sim"
	"finwait/sim/way"
)

// This file takes a play to another place in the tree of ways: a fresh lab is opened, and the steps
// that lead there are made once more, while the screen still shows the play before.

// goBack goes to where the first n moves of this way were made.
func (m *model) goBack(n int) tea.Cmd { return m.goTo(m.play.tree.Back(n)) }

// goTo goes to where one is in a tree of ways.
func (m *model) goTo(tree way.Tree) tea.Cmd {
	before := m.play
	if before.before != nil {
		before = before.before
	}
	cmd := m.begin(before.player.Lesson(), before.onModel, before.instead)
	m.play.tree, m.play.before, m.play.returning = tree, before, true
	m.play.quiz.keep(before.quiz, stepsOf(tree.Path()))
	m.refresh()
	return cmd
}

// stepsOf returns how many of the moves are steps of the lesson.
func stepsOf(moves []way.Move) int {
	n := 0
	for _, move := range moves {
		if !move.Own {
			n++
		}
	}
	return n
}

// moveOn starts the step that needs no key: one of the set-up, of a way that is made once more, or
// of the lesson up to where a person wants to be.
func (m *model) moveOn() tea.Cmd {
	p := m.play
	if p.lab == nil || p.player.Busy() {
		return nil
	}
	n, _, ok := p.player.Next()
	switch {
	case ok && n == 0:
		return m.startNext()
	case p.returning:
		return m.replayNext()
	case ok && n < p.upTo && !p.stuck():
		return m.startNext()
	}
	p.upTo = 0
	return m.enterEarly()
}

// replayNext makes the next step of a way once more. A wait in which nothing happened is left out.
func (m *model) replayNext() tea.Cmd {
	p := m.play
	if p.replay == nil {
		r := way.NewReplay(p.tree.Path(), p.lab.Abilities())
		p.replay = &r
	}
	for {
		move, skip, more := p.replay.Next()
		switch {
		case !more:
			p.arrive()
			return m.moveOn()
		case !skip:
			return m.start(move.Step, move.Own)
		}
		p.begin(move.Own)
		p.player.Skip(move.Step)
		p.replayed(move.Happened)
	}
}

// moved takes in that a move has settled: it belongs to the way, or is one that is made once more.
func (p *play) moved() {
	move, ok := lastMove(p.player.Log().All())
	switch {
	case !ok:
	case p.replay != nil:
		p.replayed(move.Happened)
	default:
		p.tree = p.tree.Made(move)
	}
}

// replayed takes in what happened in a move that was made once more. Where that is something
// else than before, the play stays there.
func (p *play) replayed(happened []sim.Event) {
	r, difference := p.replay.Made(happened)
	p.replay = &r
	if difference != nil {
		p.differs = difference
		p.tree = p.tree.Back(difference.Move)
		p.arrive()
	}
}

// arrive ends the replay of a way: the screen shows this play from now on.
func (p *play) arrive() {
	p.replay, p.before, p.returning = nil, nil, false
	p.showAll()
}

// stuck reports whether the newest step was refused, or fell short of what the lesson expects:
// nobody wants to be taken further than that.
func (p *play) stuck() bool {
	p.refold()
	return len(p.fold.problems) > 0
}

// lastMove returns the newest step of a log that has settled, unless it is one of the set-up.
func lastMove(log []sim.Event) (m way.Move, ok bool) {
	end := len(log)
	for end > 0 && log[end-1].Kind() != sim.KindSettled {
		end--
	}
	for i := end - 1; i >= 0; i-- {
		if b, begins := log[i].Body.(sim.StepBegun); begins {
			return way.Move{Step: b.Step, Own: b.Own, Happened: log[i:end:end]}, log[i].Step > 0 || b.Own
		}
	}
	return m, false
}

// seen returns the play that the screen shows: while a way is made once more, the one before.
func (p *play) seen() *play {
	if p.before != nil {
		return p.before
	}
	return p
}

// movesSeen returns how many moves begin up to the moment on the screen.
func (p *play) movesSeen() int { return way.Moves(p.player.Log().First(p.fold.k)) }
