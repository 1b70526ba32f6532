package tui

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"finwait/sim"
)

// Update implements tea.Model. It is a table of contents: size, results of
// commands, ticks, keys.
func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
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
	case startedMsg:
		cmd = m.onStarted(msg)
	case eventsMsg:
		cmd = m.onEvents(msg)
	case endedMsg:
		m.onEnded(msg)

	case frameMsg:
		cmd = m.onFrame(msg)
	case tickMsg:
		cmd = m.onTick(msg)
	case slowMsg:
		cmd = m.onSlow(msg)
	case fenceMsg:
		cmd = m.onFence()
	case patienceMsg:
		cmd = m.onAnswered()

	case tea.KeyPressMsg:
		cmd = m.onKey(msg)
	}
	return m, cmd
}

// onKey hands a key to what lies on top: the help, then the mode.
func (m *model) onKey(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case m.quitting:
		return nil
	case key.Matches(k, m.keys.interrupt):
		return m.interrupt()
	case key.Matches(k, m.keys.suspend):
		return tea.Suspend
	case m.small.shown():
		return m.onKeySmall(k)
	case key.Matches(k, m.keys.help):
		m.openHelp(modeHelp)
		return nil
	case key.Matches(k, m.keys.settings) && m.mode != modeSettings:
		m.openHelp(modeSettings)
		return nil
	case key.Matches(k, m.keys.quit):
		return m.quit()
	}
	switch m.mode {
	case modeHelp, modeSettings:
		return m.onKeyHelp(k)
	case modeMenu:
		return m.onKeyMenu(k)
	case modeLesson:
		return m.onKeyLesson(k)
	}
	return nil
}

// onKeySmall leaves what cannot be shown: q has its meaning, nothing else has.
func (m *model) onKeySmall(k tea.KeyPressMsg) tea.Cmd {
	if key.Matches(k, m.keys.quit) {
		return m.quit()
	}
	return nil
}

// onKeyHelp reads and closes what lies over the lesson or the menu. Other keys wait
// until it is closed, and the last row says so.
func (m *model) onKeyHelp(k tea.KeyPressMsg) tea.Cmd {
	m.footer.setNote("")
	switch {
	case key.Matches(k, m.keys.close), key.Matches(k, m.keys.settings):
		m.setMode(m.below)
		return m.resume()
	case key.Matches(k, m.keys.up):
		m.help.scroll(-1)
	case key.Matches(k, m.keys.down):
		m.help.scroll(1)
	default:
		m.footer.setNote(m.words.closeFirst)
	}
	return nil
}

func (m *model) onKeyMenu(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case key.Matches(k, m.keys.up):
		m.menu.choose(m.menu.chosen - 1)
	case key.Matches(k, m.keys.down):
		m.menu.choose(m.menu.chosen + 1)
	case key.Matches(k, m.keys.first):
		m.menu.choose(0)
	case key.Matches(k, m.keys.last):
		m.menu.choose(len(m.lessons) - 1)
	case key.Matches(k, m.keys.open):
		return m.openChosen()
	}
	return nil
}

func (m *model) onKeyLesson(k tea.KeyPressMsg) tea.Cmd {
	moment, _ := m.play.at()
	switch {
	case key.Matches(k, m.keys.next):
		return m.step()
	case key.Matches(k, m.keys.back):
		return m.lookAt(moment - 1)
	case key.Matches(k, m.keys.forward):
		return m.lookAt(moment + 1)
	case key.Matches(k, m.keys.first):
		return m.lookAt(0)
	case key.Matches(k, m.keys.last):
		return m.lookAt(m.play.history.moments())
	case key.Matches(k, m.keys.up):
		m.onUpDown(-1)
	case key.Matches(k, m.keys.down):
		m.onUpDown(1)
	case key.Matches(k, m.keys.scrollUp):
		m.ladder.scroll(-1)
	case key.Matches(k, m.keys.scrollDown):
		m.ladder.scroll(1)
	case key.Matches(k, m.keys.deliver):
		return m.aside(sim.VerbDeliver, false)
	case key.Matches(k, m.keys.drop):
		return m.aside(sim.VerbDrop, false)
	case key.Matches(k, m.keys.duplicate):
		return m.aside(sim.VerbDuplicate, false)
	case key.Matches(k, m.keys.deliverAll):
		return m.aside(sim.VerbDeliver, true)
	case key.Matches(k, m.keys.storyUp):
		m.story.page(-1)
	case key.Matches(k, m.keys.storyDown):
		m.story.page(1)
	case key.Matches(k, m.keys.restart):
		return m.restart()
	case key.Matches(k, m.keys.another):
		return m.beginAnother()
	case key.Matches(k, m.keys.leave):
		return m.leave()
	}
	return nil
}

// onUpDown chooses another segment on the wire, or scrolls the ladder of a lesson
// that has no wire.
func (m *model) onUpDown(by int) {
	if m.wired() {
		m.wire.choose(m.wire.at + by)
		return
	}
	m.ladder.scroll(by)
}

// onSize takes the size of the terminal.
func (m *model) onSize(w, h int) tea.Cmd {
	m.w, m.h = w, h
	m.arrange()
	return m.resume()
}

// setMode changes what the screen is about.
func (m *model) setMode(to mode) {
	m.mode = to
	m.arrange()
}

// openHelp shows the help, or the settings of the hosts alone.
func (m *model) openHelp(as mode) {
	if m.mode == modeMenu || m.mode == modeLesson {
		m.below = m.mode
	}
	m.footer.setNote("")
	s := m.scenery()
	m.help.setContents(m.keys.entries(m.words.keys, m.occasions(s)), m.words.signsOf(s))
	m.help.show(as == modeSettings)
	m.setMode(as)
}

// scenery returns what there is whose signs are to be explained; in the menu, all that
// there can be.
func (m *model) scenery() scenery {
	if m.play == nil {
		return scenery{wire: true, beside: !m.simulated, model: m.simulated}
	}
	return scenery{wire: m.wired(), beside: m.play.fold.model.Any, model: modelled(m.play.fold.scene.Setting)}
}

// occasions returns where the keys of the help are to be used.
func (m *model) occasions(s scenery) occasions {
	if m.play == nil {
		return everywhere()
	}
	return occasions{wire: s.wire, leaves: !m.direct, quits: m.direct}
}
