package tui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"finwait/sim/text"
)

// autoplay presses the key for the next step by itself, as long as the newest moment of a lesson
// is on the screen. Before each press it leaves the time that the new text takes to be read.
type autoplay struct {
	pause time.Duration // the shortest time before a press; 0 where nothing is pressed by itself
	mark  int           // counts the waits: only the newest counts
	waits bool          // the end of a wait is on its way
	read  string        // the text that was waited for last
}

// pressLater begins the wait before the next press, where a press has something to do.
func (m *model) pressLater() tea.Cmd {
	a := &m.auto
	if a.pause == 0 || a.waits || !m.canPress() {
		return nil
	}
	shown, _ := m.inView()
	wait := a.pause
	if shown != a.read {
		wait = max(wait, readingTime(shown))
	}
	a.read, a.waits = shown, true
	a.mark++
	return m.shell.pressAfter(m.pressedFor(), a.mark, wait)
}

// canPress reports whether the lesson waits for the key of its next step.
func (m *model) canPress() bool {
	if m.mode == modeCompare {
		return !m.quitting && !m.picture.layout.tooSmall() && m.comparison.canStep()
	}
	return m.play != nil && m.mode == modeLesson && !m.quitting && !m.picture.layout.tooSmall() &&
		m.picture.prompt.phase == phaseReady && !m.play.revealing()
}

// pressedFor returns the number of the play whose next step a press makes: of two, that of the first.
func (m *model) pressedFor() int {
	if m.mode == modeCompare {
		return m.comparison.plays[0].play.id
	}
	return m.play.id
}

// inView returns the new text that the story and the question show, or two plays that differ, and whether there is more of the
// story below.
func (m *model) inView() (shown string, more bool) {
	if v := m.picture.compare; v != nil {
		return v.did[0] + " " + v.did[1], false
	}
	story, ok := m.panes[paneStory].(*storyPane)
	if !ok {
		return "", false
	}
	shown, more = story.inView(&m.picture, m.picture.layout[paneStory].size())
	return shown + questionPane{}.inView(&m.picture, m.picture.layout[paneQuestion].size()), more
}

// onPress presses the key for the next step, or that for the rest of the story where it has more.
func (m *model) onPress(msg pressMsg) tea.Cmd {
	if msg.mark != m.auto.mark {
		return nil
	}
	m.auto.waits = false
	if !m.canPress() || msg.play != m.pressedFor() {
		return nil
	}
	if m.mode == modeCompare {
		m.pressed.note(m.keys.step.next.Keys()[0])
		return m.stepBoth()
	}
	if _, more := m.inView(); more {
		m.pressed.note(m.keys.scroll.storyDown.Keys()[0])
		m.scroll(paneStory, 1)
		return nil
	}
	m.pressed.note(m.keys.step.next.Keys()[0])
	return m.step()
}

// interrupted begins the wait anew: a person has pressed a key.
func (a *autoplay) interrupted() {
	a.mark++
	a.waits = false
}

// How fast people read who also look at a picture.
const (
	timePerWord = time.Minute / 200
	timePerWide = time.Minute / 300 // a character of two cells, as in Chinese
)

// readingTime returns how long a person needs to read a text.
func readingTime(s string) time.Duration {
	wide := 0
	for _, r := range s {
		if r > '\u2e7f' && text.Cells(string(r)) == 2 {
			wide++
		}
	}
	return time.Duration(len(strings.Fields(s)))*timePerWord + time.Duration(wide)*timePerWide
}

// pressed is the key that was pressed last, and how often in a row.
type pressed struct {
	shown bool // the screen shows it
	key   string
	times int
}

// note notes a key.
func (p *pressed) note(name string) {
	if name != p.key {
		*p = pressed{shown: p.shown, key: name}
	}
	p.times++
}
