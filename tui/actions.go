package tui

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"finwait/sim"
	"finwait/sim/lesson"
)

// What each key does. The keys are matched here, top down: what lies over everything first.

// onKey hands a key to what lies on top: the help, then the mode.
func (m *model) onKey(k tea.KeyPressMsg) tea.Cmd {
	m.saved = ""
	m.pressed.note(k.String())
	m.auto.interrupted()
	switch keys := m.keys; {
	case m.quitting:
		return nil
	case key.Matches(k, keys.leave.interrupt):
		return m.interrupt()
	case key.Matches(k, keys.leave.suspend):
		return tea.Suspend
	case m.picture.layout.tooSmall():
		if key.Matches(k, keys.leave.quit) {
			return m.quit()
		}
		return nil // what cannot be shown has no keys
	case key.Matches(k, keys.show.help):
		m.openHelp(modeHelp)
		return nil
	case key.Matches(k, keys.show.settings) && m.mode != modeSettings:
		m.openHelp(modeSettings)
		return nil
	case key.Matches(k, keys.show.save):
		return m.save()
	case key.Matches(k, keys.show.keys):
		m.pressed.shown = !m.pressed.shown
		return nil
	case key.Matches(k, keys.leave.quit):
		return m.quit()
	}
	switch m.mode {
	case modeHelp, modeSettings, modeFinale:
		return m.onKeyHelp(k)
	case modeMenu:
		return m.onKeyMenu(k)
	case modeSearch:
		return m.onKeySearch(k)
	case modeLesson:
		return m.onKeyLesson(k)
	case modeLine:
		return m.onKeyLine(k)
	case modeActs:
		return m.onKeyActs(k)
	case modePlaces:
		return m.onKeyPlaces(k)
	case modeCompare:
		return m.onKeyCompare(k)
	}
	return nil
}

// onKeyHelp reads and closes what lies over the lesson or the menu. Other keys wait
// until it is closed, and the last row says so.
func (m *model) onKeyHelp(k tea.KeyPressMsg) tea.Cmd {
	m.note = ""
	switch keys := m.keys; {
	case key.Matches(k, keys.show.close), key.Matches(k, keys.show.settings):
		m.mode = m.below
		return m.resume()
	case key.Matches(k, keys.scroll.up):
		m.scroll(paneHelp, -1)
	case key.Matches(k, keys.scroll.down):
		m.scroll(paneHelp, 1)
	case key.Matches(k, keys.scroll.storyUp):
		m.scroll(paneHelp, -m.helpPage())
	case key.Matches(k, keys.scroll.storyDown):
		m.scroll(paneHelp, m.helpPage())
	default:
		m.note = m.words.CloseFirst
	}
	return nil
}

// helpPage returns by how many rows a page of the help scrolls: one row stays in view.
func (m *model) helpPage() int { return max(1, m.picture.layout[paneHelp].h-1) }

func (m *model) onKeyLesson(k tea.KeyPressMsg) tea.Cmd {
	if cmd, done := m.onKeyOwn(k); done {
		return cmd
	}
	switch keys, moment := m.keys, m.picture.moment; {
	case key.Matches(k, keys.step.next):
		return m.step()
	case key.Matches(k, keys.step.skip):
		return m.skipWait()
	case key.Matches(k, keys.step.restart):
		return m.restart()
	case key.Matches(k, keys.step.successor):
		return m.beginSuccessor()
	case key.Matches(k, keys.step.simulate):
		return m.begin(m.play.player.Lesson(), true, m.play.err)

	case key.Matches(k, keys.look.onward):
		return m.lookAt(moment + 1)
	case key.Matches(k, keys.quiz.toggle):
		m.predicts = !m.predicts
	case key.Matches(k, keys.quiz.answer):
		m.picture.quiz.open.given = slices.Index(digits, k.String())

	case key.Matches(k, keys.look.back):
		return m.lookAt(moment - 1)
	case key.Matches(k, keys.look.forward):
		return m.lookAt(moment + 1)
	case key.Matches(k, keys.look.first):
		return m.lookAt(0)
	case key.Matches(k, keys.look.last):
		return m.lookAt(m.picture.moments)

	case key.Matches(k, keys.focus.next):
		m.moveFocus(1)
	case key.Matches(k, keys.focus.previous):
		m.moveFocus(-1)

	case key.Matches(k, keys.scroll.up):
		m.upDown(-1)
	case key.Matches(k, keys.scroll.down):
		m.upDown(1)
	case key.Matches(k, keys.scroll.ladderUp):
		m.scroll(paneLadder, -1)
	case key.Matches(k, keys.scroll.ladderDown):
		m.scroll(paneLadder, 1)
	case key.Matches(k, keys.scroll.storyUp):
		m.scroll(paneStory, -1)
	case key.Matches(k, keys.scroll.storyDown):
		m.scroll(paneStory, 1)

	case key.Matches(k, keys.leave.menu):
		return m.leave()
	default:
		return m.onKeyShow(k)
	}
	return nil
}

// onKeyShow shows something else of the lesson, or shows it otherwise.
func (m *model) onKeyShow(k tea.KeyPressMsg) tea.Cmd {
	switch keys := m.keys; {
	case key.Matches(k, keys.show.diagram):
		m.diagram = !m.diagram
	case key.Matches(k, keys.show.hide):
		m.hidden = m.hidden.following()
	case key.Matches(k, keys.show.larger):
		m.larger = !m.larger
		m.rewind(paneLadder)
	case key.Matches(k, keys.show.names):
		m.rfc = !m.rfc
	case key.Matches(k, keys.compare.open):
		return m.openComparison()
	}
	return nil
}

// openHelp shows the help, or the settings of the hosts alone.
func (m *model) openHelp(as mode) {
	if m.mode != modeHelp && m.mode != modeSettings {
		m.below = m.mode
	}
	m.note = ""
	m.rewind(paneHelp)
	m.mode = as
}

// modelOnly reports whether a lesson of the menu can only be played on the model here.
func (m *model) modelOnly(l *lesson.Lesson) bool {
	return m.modelling && m.noWire != nil && l.Net == sim.Wire
}

// begin opens a lesson on a fresh lab, or on the model: then instead says what prevents that it
// is played live, nil if nothing does.
func (m *model) begin(l *lesson.Lesson, onModel bool, instead error) tea.Cmd {
	m.plays++
	m.play = newPlay(m.plays, l, m.animate)
	m.play.onModel, m.play.instead, m.play.quiet = onModel, instead, m.auto.pause > 0
	m.rewind(paneLadder, paneStory)
	m.mode = modeLesson
	return m.opening()
}

// opening opens the lab of the play that has just begun.
func (m *model) opening() tea.Cmd {
	before := m.last
	m.last = nil
	return tea.Batch(m.shell.openLab(m.play.id, m.play.player.Lesson(), m.play.onModel, before), m.shell.slowLater(m.play.id, m.play.slowMark))
}

// restart begins the same lesson again, on the model if it is there already. The ways that were
// taken are kept.
func (m *model) restart() tea.Cmd {
	before := m.play
	cmd := m.begin(before.player.Lesson(), before.onModel, before.instead)
	m.play.tree = before.tree.Back(0)
	return cmd
}

// indexOf returns which of the lessons has that name, -1 for none.
func (m *model) indexOf(name string) int {
	return slices.IndexFunc(m.lessons(), func(l *lesson.Lesson) bool { return l.Name == name })
}

// successor returns which of the lessons follows that on the screen, -1 for none.
func (m *model) successor() int {
	i := m.indexOf(m.play.player.Lesson().Name)
	if i < 0 || i+1 == len(m.lessons()) {
		return -1
	}
	return i + 1
}

// beginSuccessor opens the lesson after the one that is over. After the last one it shows the card
// that says what to do now.
func (m *model) beginSuccessor() tea.Cmd {
	next := m.successor()
	if next < 0 {
		m.openHelp(modeFinale)
		return nil
	}
	m.choose(next)
	return m.openChosen()
}

// leave goes back to the menu.
func (m *model) leave() tea.Cmd {
	m.play = nil
	m.mode = modeMenu
	return m.shell.closeLab(m.last)
}

// step makes the lesson's next step, unless one is running.
func (m *model) step() tea.Cmd {
	m.play.showAll()
	m.rewind(paneLadder)
	return m.startNext()
}

// skipWait settles the lesson's next step, a wait in which nothing will happen, without waiting. The
// clocks of the lab do not advance.
func (m *model) skipWait() tea.Cmd {
	p := m.play
	_, next, _ := p.player.Next()
	if _, ok := p.begin(false); !ok {
		return nil
	}
	p.player.Skip(next.Step)
	p.moved()
	p.quiz.advance(p.player.Log().All())
	p.showAll()
	m.rewind(paneLadder)
	return tea.Batch(m.moveOn(), m.finish())
}

// own makes a person's own step.
func (m *model) own(step sim.Step) tea.Cmd {
	m.play.showAll()
	m.rewind(paneLadder)
	return m.start(step, true)
}

// startNext starts the lesson's next step, if there is one.
func (m *model) startNext() tea.Cmd {
	_, next, _ := m.play.player.Next()
	return m.start(next.Step, false)
}

// start starts a step if the lab is there and idle: the lesson's next one, or a person's own.
func (m *model) start(step sim.Step, own bool) tea.Cmd {
	p := m.play
	switch {
	case p.lab == nil:
		return nil
	case p.player.Busy():
		p.ignored = true
		return nil
	}
	n, ok := p.begin(own)
	if !ok {
		return nil
	}
	return tea.Batch(m.shell.startStep(p.id, p.lab, n, step), m.shell.slowLater(p.id, p.slowMark))
}

// lookAt shows a moment of the past, or the newest.
func (m *model) lookAt(moment int) tea.Cmd {
	m.play.look(moment)
	m.rewind(paneLadder)
	return m.resume()
}

// moveFocus draws another connection.
func (m *model) moveFocus(by int) {
	m.play.moveFocus(by)
	m.rewind(paneLadder)
}

// upDown chooses another segment on the wire, or scrolls the ladder of a lesson
// that has no wire.
func (m *model) upDown(by int) {
	if m.play.wired() {
		m.play.choose(m.play.chosen.row + by)
		return
	}
	m.scroll(paneLadder, by)
}
