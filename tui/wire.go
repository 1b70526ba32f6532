package tui

import (
	tea "charm.land/bubbletea/v2"

	"finwait/sim"
)

// What a person does with the segments on the wire, beside the lesson.

// wired reports whether the lesson on the screen is played on the wire.
func (m *model) wired() bool {
	return m.play != nil && m.play.player.Lesson().Net == sim.Wire
}

// aside does something with the chosen segment, or with all: a step that is not
// the lesson's.
func (m *model) aside(verb sim.Verb, all bool) tea.Cmd {
	step := sim.Step{Verb: verb, N: m.wire.chosen}
	if all {
		step.N, step.How = 0, sim.PickAll
	}
	p := m.play
	p.settle()
	m.ladder.rewind()
	cmd := m.startAside(step)
	m.refresh()
	return cmd
}

// startAside starts a step beside the lesson, if the lab is there and idle.
func (m *model) startAside(step sim.Step) tea.Cmd {
	p := m.play
	if p.lab == nil {
		return nil
	}
	if p.player.Busy() {
		p.urged = true
		return nil
	}
	n, ok := p.player.Aside()
	if !ok {
		return nil
	}
	p.player.StartedAside()
	p.mark++
	return tea.Batch(m.shell.startStep(p.id, p.lab, n, step), m.shell.slowly(p.id, p.mark))
}

// aloof follows a log and tells the lesson's steps from those that a person has
// made beside it.
type aloof struct {
	step int      // number of the newest step
	verb sim.Verb // and what it does
	own  bool     // it is not the lesson's
	ever bool     // one was not
}

// apply takes one more event.
func (a *aloof) apply(e sim.Event) {
	if e.Kind != sim.KindStep {
		return
	}
	a.own = e.Step > 0 && e.Step == a.step
	a.ever = a.ever || a.own
	a.step, a.verb = e.Step, ""
	if s, err := sim.ParseStep(e.Text); err == nil {
		a.verb = s.Verb
	}
}

// excuses reports whether an event tells of something that fell short because the
// person has done it already, or has done otherwise: that is no failure.
func (a *aloof) excuses(e sim.Event) bool {
	switch e.Kind {
	case sim.KindExpect:
		return a.ever && !e.OK
	case sim.KindRefused:
		return a.ever && a.picks()
	}
	return false
}

// picks reports whether the newest step is about what is on the wire.
func (a *aloof) picks() bool {
	switch a.verb {
	case sim.VerbDeliver, sim.VerbDrop, sim.VerbDuplicate, sim.VerbSwap:
		return true
	}
	return false
}
