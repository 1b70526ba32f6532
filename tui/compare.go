package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"finwait/sim"
	"finwait/sim/ladder"
	"finwait/sim/way"
)

// Two plays beside each other, whose steps are made by one key.

// comparison is two plays, and what is shown of them. Each play is in a model of its own, which has
// no screen: it opens the lab, takes in the messages of its play and makes its steps, as the model
// of a lesson does.
type comparison struct {
	sides [2]Side
	plays [2]*model

	pair  *ladder.Pair
	drawn [2]int // how many events of each log are in pair

	judge  way.Comparison
	judged [2]int // how many events of each log are in judge

	shown   int  // the side that is drawn where there is room for one
	at      int  // the step that a person looks back at, or newest
	ignored bool // a key was pressed while a step was running
}

// beginComparison opens both labs, after those before them are closed, and lets the steps before one be made without a key.
func (m *model) beginComparison(sides [2]Side, upTo int) tea.Cmd {
	before := m.comparison
	c := &comparison{sides: sides, pair: new(ladder.Pair), at: newest}
	c.judge.Held = sides[0].Lesson.HasWire() && sides[1].Lesson.HasWire()
	for i, side := range sides {
		c.plays[i] = m.newSide(side)
		c.plays[i].play.upTo = upTo
		if before != nil {
			c.plays[i].last = before.plays[i].last
			c.shown = before.shown
		}
	}
	m.comparison, m.mode = c, modeCompare
	m.rewind(paneCompare)
	return c.plays[0].opening() // the other follows
}

// update hands a message to the side that it belongs to. The second lab is opened after the first:
// so the first has the usual port.
func (c *comparison) update(side *model, msg tea.Msg) tea.Cmd {
	_, cmd := side.Update(msg)
	if _, opened := msg.(openedMsg); opened && side == c.plays[0] {
		cmd = tea.Batch(cmd, c.plays[1].opening())
	}
	return cmd
}

// newSide returns the model of one side.
func (m *model) newSide(s Side) *model {
	m.plays++
	outside := m.shell
	outside.beside, outside.finished = true, nil
	side := newModel(Config{First: s.Lesson, Lang: m.words, Animate: m.animate, ASCII: m.look.ascii, Dark: &m.look.dark}, outside)
	side.play.id, side.play.onModel, side.play.quiet = m.plays, s.OnModel, true
	side.w, side.h = MinWidth, MinHeight
	return side
}

// openComparison compares what there is to compare in the lesson on the screen, up to where it is.
func (m *model) openComparison() tea.Cmd {
	sides, ok := m.sides()
	if !ok {
		return nil
	}
	return m.beginComparison(sides, m.play.nextStep())
}

// sides returns what there is to compare in the lesson on the screen.
func (m *model) sides() (sides [2]Side, ok bool) {
	l := m.play.player.Lesson()
	if l.Sandbox() {
		return sides, false
	}
	return Sides(l, m.modelling && !m.play.onModel, m.words)
}

// leaveComparison goes back to the lesson, and closes both labs.
func (m *model) leaveComparison() tea.Cmd {
	var cmds []tea.Cmd
	for _, side := range m.comparison.plays {
		cmds = append(cmds, m.shell.closeLab(side.last))
	}
	m.comparison, m.mode = nil, modeLesson
	return tea.Batch(append(cmds, m.resume())...)
}

// side returns the model whose play a message belongs to, nil for none.
func (c *comparison) side(msg tea.Msg) *model {
	id := 0
	switch msg := msg.(type) {
	case openedMsg:
		id = msg.play
	case startedMsg:
		id = msg.play
	case eventsMsg:
		id = msg.play
	case endedMsg:
		id = msg.play
	case frameMsg:
		id = msg.play
	case tickMsg:
		id = msg.play
	case slowMsg:
		id = msg.play
	}
	if c != nil {
		for _, side := range c.plays {
			if side.current(id) {
				return side
			}
		}
	}
	return nil
}

// onKeyCompare makes a step of both sides, or shows something else of them.
func (m *model) onKeyCompare(k tea.KeyPressMsg) tea.Cmd {
	c := m.comparison
	switch keys := m.keys; {
	case key.Matches(k, keys.step.next):
		return m.stepBoth()
	case key.Matches(k, keys.step.restart):
		return m.beginComparison(c.sides, 0)
	case key.Matches(k, keys.compare.other):
		c.shown = 1 - c.shown
	case key.Matches(k, keys.compare.leave):
		return m.leaveComparison()
	case key.Matches(k, keys.look.back):
		m.lookAtStep(c.step() - 1)
	case key.Matches(k, keys.look.forward), key.Matches(k, keys.look.onward):
		m.lookAtStep(c.step() + 1)
	case key.Matches(k, keys.look.first):
		m.lookAtStep(0)
	case key.Matches(k, keys.look.last):
		m.lookAtStep(c.made())
	case key.Matches(k, keys.scroll.up):
		m.scroll(paneCompare, -1)
	case key.Matches(k, keys.scroll.down):
		m.scroll(paneCompare, 1)
	}
	return nil
}

// stepBoth makes the next step of each side that has one, unless a step is running.
func (m *model) stepBoth() tea.Cmd {
	c := m.comparison
	if c.busy() >= 0 {
		c.ignored = true
		return nil
	}
	m.rewind(paneCompare)
	var cmds []tea.Cmd
	for _, side := range c.plays {
		cmds = append(cmds, side.step())
	}
	return tea.Batch(cmds...)
}

// lookAtStep shows both sides as they were when a step had been made; after the last, as they are.
func (m *model) lookAtStep(step int) {
	c := m.comparison
	for _, side := range c.plays {
		side.play.showAll()
	}
	if c.at = max(0, step); c.at >= c.made() {
		c.at = newest
	}
	m.rewind(paneCompare)
}

// busy returns the side that is not ready for a step, below 0 for neither. A side without a lab is
// as ready as it will be.
func (c *comparison) busy() int {
	for i, side := range c.plays {
		if p := side.play; !p.opened || p.lab != nil && (p.player.Busy() || p.player.Log().Len() == 0 || c.settingUp(i)) {
			return i
		}
	}
	return -1
}

// canStep reports whether both sides wait for the key of the next step.
func (c *comparison) canStep() bool {
	if c.busy() >= 0 || c.at != newest {
		return false
	}
	more := false
	for i, side := range c.plays {
		if side.play.revealing() {
			return false
		}
		more = more || side.play.lab != nil && c.next(i) != nil
	}
	return more
}

// settingUp reports whether the next step of a side needs no key.
func (c *comparison) settingUp(side int) bool {
	n, _, ok := c.plays[side].play.player.Next()
	return ok && n == 0
}

// stepOf returns the newest step of a side that is shown.
func (c *comparison) stepOf(side int) int {
	step := c.plays[side].play.fold.scene.Step
	if c.at != newest {
		return min(step, c.at)
	}
	return step
}

// step returns the newest step that is shown, and made the newest there is, of the side that has
// more.
func (c *comparison) step() int { return max(c.stepOf(0), c.stepOf(1)) }

func (c *comparison) made() int {
	return max(c.plays[0].play.fold.scene.Step, c.plays[1].play.fold.scene.Step)
}

// title returns what is compared.
func (c *comparison) title() string {
	a, b := c.sides[0].Lesson.Title, c.sides[1].Lesson.Title
	if a == b {
		return a
	}
	return a + " / " + b
}

// usable says what the keys can do.
func (c *comparison) usable(u *usable, v *compareView, s size) {
	u.next, u.past, u.future = !v.over, c.step() > 0, v.past
	u.one, u.rows = s.w < besideFrom, c.pair.Len() > compareRows(s)
}

// differs reports whether a difference was found; there is none without a comparison.
func (c *comparison) differs() bool {
	if c == nil {
		return false
	}
	_, _, differ := c.judge.First()
	return differ
}

// fold takes in the events that are shown now.
func (c *comparison) fold() {
	var logs [2][]sim.Event
	for i, side := range c.plays {
		log := side.play.player.Log().First(side.play.fold.k)
		for _, e := range log[c.judged[i]:] {
			c.judge.Apply(i, e)
		}
		c.judged[i] = len(log)
		if side.play.player.Done() && len(log) == side.play.player.Log().Len() {
			c.judge.End(i)
		}
		logs[i] = c.upTo(log)
	}
	if len(logs[0]) < c.drawn[0] || len(logs[1]) < c.drawn[1] {
		c.pair, c.drawn = new(ladder.Pair), [2]int{}
	}
	for i, log := range logs {
		for _, e := range log[c.drawn[i]:] {
			c.pair.Apply(i, e)
		}
		c.drawn[i] = len(log)
	}
}

// upTo returns the events up to the end of the step that a person looks back at.
func (c *comparison) upTo(log []sim.Event) []sim.Event {
	if c.at == newest {
		return log
	}
	for i, e := range log {
		if e.Kind() == sim.KindStep && e.Step > c.at {
			return log[:i]
		}
	}
	return log
}
