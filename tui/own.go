package tui

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"finwait/sim"
)

// A person's own steps by keys: those of the wire, and the calls of an end.

// onKeyOwn does what a key of a person's own steps asks for, over a lesson. Done is false for any
// other key.
func (m *model) onKeyOwn(k tea.KeyPressMsg) (cmd tea.Cmd, done bool) {
	switch keys := m.keys; {
	case key.Matches(k, keys.own.another):
		return m.goBack(m.play.movesSeen()), true
	case key.Matches(k, keys.own.undo):
		return m.goBack(m.play.tree.Len() - 1), true
	case key.Matches(k, keys.places.open):
		m.openPlaces()
		return nil, true
	case key.Matches(k, keys.own.line):
		return m.openLineHere(), true
	case key.Matches(k, keys.acts.client):
		return m.chooseEnd(sim.Client), true
	case key.Matches(k, keys.acts.server):
		return m.chooseEnd(sim.Server), true
	case key.Matches(k, keys.wire.deliver):
		return m.own(sim.Step{Verb: sim.VerbDeliver, N: m.play.chosen.segment}), true
	case key.Matches(k, keys.wire.drop):
		return m.own(sim.Step{Verb: sim.VerbDrop, N: m.play.chosen.segment}), true
	case key.Matches(k, keys.wire.duplicate):
		return m.own(sim.Step{Verb: sim.VerbDuplicate, N: m.play.chosen.segment}), true
	case key.Matches(k, keys.wire.deliverAll):
		return m.own(sim.Step{Verb: sim.VerbDeliver, How: sim.PickAll}), true
	}
	return nil, false
}

// directSteps are the steps that one key makes once an end is chosen, by the names of their
// bindings.
func (k *actKeys) steps() []directStep {
	return []directStep{
		{&k.listen, sim.Step{Verb: sim.VerbListen}},
		{&k.connect, sim.Step{Verb: sim.VerbConnect}},
		{&k.accept, sim.Step{Verb: sim.VerbAccept}},
		{&k.write, sim.Step{Verb: sim.VerbWrite, Data: "hello"}},
		{&k.read, sim.Step{Verb: sim.VerbRead, N: 100}},
		{&k.shutdown, sim.Step{Verb: sim.VerbShutdown, How: "wr"}},
		{&k.close, sim.Step{Verb: sim.VerbClose}},
		{&k.poll, sim.Step{Verb: sim.VerbPoll}},
		{&k.error, sim.Step{Verb: sim.VerbError}},
		{&k.kill, sim.Step{Verb: sim.VerbKill, How: "SIGINT"}},
		{&k.start, sim.Step{Verb: sim.VerbStart}},
	}
}

// directStep is a step, but for its end, and the key that makes it.
type directStep struct {
	key  *key.Binding
	step sim.Step
}

// chooseEnd chooses the end whose calls the next key makes.
func (m *model) chooseEnd(at sim.End) tea.Cmd {
	m.mode, m.acting = modeActs, at
	return nil
}

// onKeyActs makes a call of the chosen end.
func (m *model) onKeyActs(k tea.KeyPressMsg) tea.Cmd {
	keys := &m.keys.acts
	switch {
	case key.Matches(k, keys.client):
		return m.chooseEnd(sim.Client)
	case key.Matches(k, keys.server):
		return m.chooseEnd(sim.Server)
	case key.Matches(k, keys.cancel):
		m.mode = modeLesson
		return m.resume()
	case key.Matches(k, keys.next):
		m.mode = modeLesson
		return tea.Batch(m.resume(), m.step())
	case key.Matches(k, keys.more):
		m.openLine(string(m.acting) + " ")
		return nil
	}
	for _, d := range keys.steps() {
		if key.Matches(k, *d.key) {
			d.step.At = m.acting
			m.mode = modeLesson
			return tea.Batch(m.resume(), m.own(d.step))
		}
	}
	return nil
}

// canAct returns the verbs that make sense for the acting process of an end as it is now.
func (p *play) canAct(at sim.End) []sim.Verb {
	acting, client := p.fold.scene.Table.Acting(at), at == sim.Client
	switch {
	case acting == nil:
		return nil
	case acting.Dead:
		return []sim.Verb{sim.VerbStart}
	case acting.InCall:
		return []sim.Verb{sim.VerbKill}
	}
	verbs := []sim.Verb{sim.VerbKill}
	listens := p.fold.scene.Table.Newest(acting, sim.IsListener) >= 0
	switch {
	case client:
		verbs = append(verbs, sim.VerbConnect)
	case listens:
		verbs = append(verbs, sim.VerbAccept)
	default:
		verbs = append(verbs, sim.VerbListen)
	}
	if p.fold.scene.Table.Newest(acting, sim.IsConnection) >= 0 {
		verbs = append(verbs, sim.VerbWrite, sim.VerbRead, sim.VerbShutdown, sim.VerbClose, sim.VerbPoll, sim.VerbError)
	}
	return verbs
}

// enable switches on the keys of the calls that make sense, once an end is chosen.
func (k *actKeys) enable(m mode, verbs []sim.Verb) {
	for _, d := range k.steps() {
		d.key.SetEnabled(m == modeActs && slices.Contains(verbs, d.step.Verb))
	}
}
