package tui

import (
	"slices"
	"time"

	tea "charm.land/bubbletea/v2"

	"finwait/sim/lesson"
)

// What the keys of a lesson do, and what becomes of what its lab tells.

// openChosen opens the lesson chosen in the menu.
func (m *model) openChosen() tea.Cmd {
	if len(m.lessons) == 0 {
		return nil
	}
	return m.begin(m.lessons[m.menu.chosen])
}

// begin opens a lesson on a fresh lab.
func (m *model) begin(l *lesson.Lesson) tea.Cmd {
	m.plays++
	m.play = newPlay(m.plays, l, m.animate)
	m.ladder.rewind()
	m.story.rewind()
	m.wire.rewind()
	m.setMode(modeLesson)
	return m.opening()
}

// opening opens the lab of the play that has just begun.
func (m *model) opening() tea.Cmd {
	before := m.last
	m.last = nil
	return tea.Batch(m.shell.openLab(m.play.id, m.play.player.Lesson(), before), m.shell.slowly(m.play.id, m.play.mark))
}

// restart begins the same lesson again.
func (m *model) restart() tea.Cmd { return m.begin(m.play.player.Lesson()) }

// another returns which of the lessons follows that on the screen, -1 for none.
func (m *model) another() int {
	name := m.play.player.Lesson().Name
	i := slices.IndexFunc(m.lessons, func(l *lesson.Lesson) bool { return l.Name == name })
	if i < 0 || i+1 == len(m.lessons) {
		return -1
	}
	return i + 1
}

// beginAnother opens the lesson after the one that is over.
func (m *model) beginAnother() tea.Cmd {
	m.menu.choose(m.another())
	return m.openChosen()
}

// leave goes back to the menu.
func (m *model) leave() tea.Cmd {
	m.play = nil
	m.setMode(modeMenu)
	return m.shell.closeLab(m.last)
}

// step is the key for the next step: forward while looking back, else the next
// step, unless one is running.
func (m *model) step() tea.Cmd {
	p := m.play
	if p.lookingBack() {
		return m.lookAt(p.moment + 1)
	}
	p.settle()
	m.ladder.rewind()
	cmd := m.startNext()
	m.refresh()
	return cmd
}

// startNext starts the next step, if the lab is there and idle.
func (m *model) startNext() tea.Cmd {
	p := m.play
	if p.lab == nil {
		return nil
	}
	if p.player.Busy() {
		p.urged = true
		return nil
	}
	n, step, ok := p.player.Next()
	if !ok {
		return nil
	}
	p.player.Started()
	p.mark++
	return tea.Batch(m.shell.startStep(p.id, p.lab, n, step.Step), m.shell.slowly(p.id, p.mark))
}

// lookAt shows a moment of the past, or the newest.
func (m *model) lookAt(moment int) tea.Cmd {
	m.play.look(moment)
	m.ladder.rewind()
	m.refresh()
	return m.resume()
}

// onOpened takes the lab that was opened, or closes it if nobody wants it now.
func (m *model) onOpened(msg openedMsg) tea.Cmd {
	if !m.current(msg.play) {
		return m.shell.closeLab(msg.lab)
	}
	p := m.play
	p.opened, p.lab, p.err, p.slow = true, msg.lab, msg.err, false
	m.last = msg.lab
	begin := m.setUp() // before the screen says that a key begins it
	m.refresh()
	if p.lab == nil {
		return nil
	}
	return tea.Batch(m.shell.waitEvents(p.id, p.lab), begin)
}

// setUp starts the next step if that is one of those that make the connection a
// lesson begins with: they need no key.
func (m *model) setUp() tea.Cmd {
	if n, _, ok := m.play.player.Next(); !ok || n > 0 || m.play.player.Busy() {
		return nil
	}
	return m.startNext()
}

// onStarted hears of a step that the lab could not begin. Why comes with the end
// of the lab's events; a lab that goes on telling has a reason of its own.
func (m *model) onStarted(msg startedMsg) tea.Cmd {
	if msg.err == nil || !m.current(msg.play) {
		return nil
	}
	m.fail(msg.err)
	return nil
}

// onEvents takes in what happened and waits for more.
func (m *model) onEvents(msg eventsMsg) tea.Cmd {
	if !m.current(msg.play) || m.play.lab == nil {
		return nil
	}
	m.play.observe(msg.events, msg.at)
	again := m.shell.waitEvents(m.play.id, m.play.lab)
	return tea.Batch(again, m.setUp(), m.moved())
}

// onEnded takes the end of a lab that was not asked to end.
func (m *model) onEnded(msg endedMsg) {
	if m.current(msg.play) {
		m.fail(msg.err)
	}
}

// fail ends the play: its lab tells nothing any more. The first reason counts.
func (m *model) fail(err error) {
	p := m.play
	if p.err == nil {
		p.err = err
	}
	p.lab = nil
	p.settle()
	m.refresh()
}

// onFrame draws the next frame of an arrow.
func (m *model) onFrame(msg frameMsg) tea.Cmd {
	if !m.current(msg.play) {
		return nil
	}
	m.play.frames = false
	m.play.pass(msg.at)
	return m.moved()
}

// onTick draws the countdowns.
func (m *model) onTick(msg tickMsg) tea.Cmd {
	if !m.current(msg.play) || msg.tick != m.play.tick {
		return nil
	}
	m.play.pass(msg.at)
	return m.moved()
}

// onSlow shows that something takes its time.
func (m *model) onSlow(msg slowMsg) tea.Cmd {
	if !m.current(msg.play) || msg.mark != m.play.mark || m.play.opened && !m.play.player.Busy() {
		return nil
	}
	m.play.slow, m.play.began = true, msg.at.Add(-slowAfter)
	m.play.pass(msg.at)
	return m.moved()
}

// moved draws what has changed and asks for the next frame of an arrow that
// grows, or the next tick of a clock that runs. Nothing is asked for while nothing
// moves.
func (m *model) moved() tea.Cmd {
	p := m.play
	m.refresh()
	p.tick++ // an older tick has nothing to say
	if p.revealing() {
		if p.frames {
			return nil
		}
		p.frames = true
		return m.shell.nextFrame(p.id)
	}
	if d := p.redraw(); d > 0 && m.mode == modeLesson && !m.small.shown() {
		return m.shell.tickAfter(p.id, p.tick, max(d, shortestTick))
	}
	return nil
}

// shortestTick is how often a clock is drawn at most.
const shortestTick = 50 * time.Millisecond

// resume lets the clocks run again that stood still while they were not on the
// screen: what they show is late until the first tick.
func (m *model) resume() tea.Cmd {
	if m.play == nil || m.mode != modeLesson || m.play.revealing() || m.play.redraw() == 0 {
		return nil
	}
	m.play.tick++
	return m.shell.tickAfter(m.play.id, m.play.tick, shortestTick)
}

// current reports whether a message belongs to the play on the screen.
func (m *model) current(id int) bool { return m.play != nil && m.play.id == id }
