package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
)

// Update implements tea.Model. It is a table of contents: size, results of
// commands, ticks, keys. After each message the picture is computed anew.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	if side := m.comparison.side(msg); side != nil {
		cmd = m.comparison.update(side, msg)
		m.refresh()
		return m, tea.Batch(cmd, m.pressLater())
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		cmd = m.onSize(msg.Width, msg.Height)
	case tea.ColorProfileMsg:
		m.onColorProfile(msg.Profile)
	case tea.BackgroundColorMsg:
		m.onBackground(msg.IsDark())
	case uv.PrimaryDeviceAttributesEvent:
		cmd = m.onAnswered()
	case signalMsg:
		cmd = m.onSignal(msg.signal)

	case openedMsg:
		cmd = m.onOpened(msg)
	case wireMsg:
		m.noWire = msg.err
	case startedMsg:
		m.onStarted(msg)
	case eventsMsg:
		cmd = m.onEvents(msg)
	case endedMsg:
		m.onEnded(msg)

	case frameMsg:
		cmd = m.onFrame(msg)
	case tickMsg:
		cmd = m.onTick(msg)
	case pressMsg:
		cmd = m.onPress(msg)
	case slowMsg:
		cmd = m.onSlow(msg)
	case fenceMsg:
		cmd = m.onFence()
	case answerTimeoutMsg:
		cmd = m.onAnswered()

	case lessonSavedMsg:
		cmd = m.onLessonSaved(msg)
	case rememberedMsg:
		delete(m.finished, msg.lesson)
	case savedMsg:
		m.onSaved(msg)

	case tea.KeyPressMsg:
		cmd = m.onKey(msg)
	case tea.PasteMsg:
		m.onPaste(msg.Content)
	}
	m.refresh()
	if press := m.pressLater(); press != nil {
		cmd = tea.Batch(cmd, press)
	}
	return m, cmd
}

// onOpened takes the lab that was opened, or closes it if nobody wants it now.
func (m *model) onOpened(msg openedMsg) tea.Cmd {
	if !m.current(msg.play) {
		return m.shell.closeLab(msg.lab)
	}
	p := m.play
	p.opened, p.lab, p.err, p.slow = true, msg.lab, msg.err, false
	m.last = msg.lab
	if p.lab == nil {
		p.arrive()
		return nil
	}
	return tea.Batch(m.shell.waitEvents(p.id, p.lab), m.moveOn())
}

// onStarted ends the play if the lab could not begin a step. A step that cannot be done is an
// event instead.
func (m *model) onStarted(msg startedMsg) {
	if msg.err != nil && m.current(msg.play) {
		m.play.fail(msg.err)
	}
}

// onEvents takes in what happened and waits for more.
func (m *model) onEvents(msg eventsMsg) tea.Cmd {
	if !m.current(msg.play) || m.play.lab == nil {
		return nil
	}
	m.play.observe(msg.events, msg.at)
	return tea.Batch(m.shell.waitEvents(m.play.id, m.play.lab), m.moveOn(), m.finish(), m.redrawLater())
}

// onEnded ends the play: its lab has ended without being asked.
func (m *model) onEnded(msg endedMsg) {
	if m.current(msg.play) {
		m.play.fail(msg.err)
	}
}

// onFrame draws the next frame of an arrow.
func (m *model) onFrame(msg frameMsg) tea.Cmd {
	if !m.current(msg.play) {
		return nil
	}
	m.play.frames = false
	m.play.passTime(msg.at)
	return m.redrawLater()
}

// onTick draws the countdowns.
func (m *model) onTick(msg tickMsg) tea.Cmd {
	if !m.current(msg.play) || msg.tick != m.play.tick {
		return nil
	}
	m.play.passTime(msg.at)
	return m.redrawLater()
}

// onSlow shows that something takes its time.
func (m *model) onSlow(msg slowMsg) tea.Cmd {
	if !m.current(msg.play) || msg.mark != m.play.slowMark || m.play.opened && !m.play.player.Busy() {
		return nil
	}
	m.play.slow, m.play.slowSince = true, msg.at.Add(-slowAfter)
	m.play.passTime(msg.at)
	return m.redrawLater()
}

// redrawLater asks for the next frame of an arrow that grows, or for the next tick of a
// clock that runs. Nothing is asked for while nothing moves.
func (m *model) redrawLater() tea.Cmd {
	p := m.play
	p.tick++ // an older tick is out of date
	if p.revealing() {
		if p.frames {
			return nil
		}
		p.frames = true
		return m.shell.nextFrame(p.id)
	}
	if d := p.redrawIn(); d > 0 && m.mode.onLesson() && !m.picture.layout.tooSmall() {
		return m.shell.tickAfter(p.id, p.tick, max(d, shortestTick))
	}
	return nil
}

// shortestTick is how often a clock is drawn at most.
const shortestTick = 50 * time.Millisecond

// resume asks for a tick after the clocks were not on the screen: until then they show an
// older time.
func (m *model) resume() tea.Cmd {
	if m.play == nil || !m.mode.onLesson() || m.play.revealing() || m.play.redrawIn() == 0 {
		return nil
	}
	m.play.tick++
	return m.shell.tickAfter(m.play.id, m.play.tick, shortestTick)
}

// current reports whether a message belongs to the play on the screen.
func (m *model) current(id int) bool { return m.play != nil && m.play.id == id }
