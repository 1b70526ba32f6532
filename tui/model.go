package tui

import (
	"cmp"
	"os"
	"sync"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
	"finwait/sim/line"
)

// mode is what the screen shows. It decides on the layout and on which keys are enabled.
type mode int

// The modes.
const (
	modeMenu mode = iota
	modeLesson
	modeLine   // a lesson, and the line that a person types
	modeActs   // a lesson, and an end whose calls the next key makes
	modePlaces // the steps of a lesson and the ways that were taken, to go to
	modeHelp
	modeSettings // the settings of the hosts, over a lesson
	modeSearch   // the menu, and the line with what is searched in it
	modeFinale   // the card after the last lesson
	modeCompare  // two plays beside each other
	modeCount
)

// String returns the name of the mode.
func (m mode) String() string {
	switch m {
	case modeMenu:
		return "menu"
	case modeLesson:
		return "lesson"
	case modeLine:
		return "line"
	case modeActs:
		return "acts"
	case modePlaces:
		return "places"
	case modeHelp:
		return "help"
	case modeSettings:
		return "settings"
	case modeSearch:
		return "search"
	case modeFinale:
		return "finale"
	case modeCompare:
		return "compare"
	}
	return "mode(?)"
}

// onLesson reports whether the screen shows a lesson.
func (m mode) onLesson() bool { return m == modeLesson || m == modeLine || m == modeActs }

// model is the one tea.Model: what there is to show and the panes that show it.
type model struct {
	words *lang.Catalogue
	keys  *keyMap
	look  look
	style *styles
	shell shell

	w, h      int
	mode      mode
	below     mode    // the mode that the help lies over
	typing    typing  // the line that a person types
	place     int     // index of the row that is chosen in modePlaces
	acting    sim.End // the end that is chosen in modeActs
	note      string  // why the newest key did nothing, "" for no reason
	saved     string  // as what the screen was saved with the newest key, "" for not at all
	lessons   func() []*lesson.Lesson
	chosen    int                    // the lesson that is chosen in the menu, index among those that were found
	query     line.Editor            // what is searched in the menu
	done      func() map[string]bool // the names of the lessons that were played to their end
	finished  map[string]bool        // the names of those of which it is not certain yet that they are remembered
	simulated bool                   // the menu's lessons are played on the model
	hidden    Hidden                 // the parts of lessons that are not shown
	larger    bool                   // the ladder is larger, where there is room
	diagram   bool                   // the state diagram is shown in lessons
	rfc       bool                   // the diagram has the names of RFC 9293
	direct    bool                   // a lesson was asked for at the start: there is no menu
	modelling bool                   // a lesson can be played on the model instead of live
	noWire    error                  // why lessons with a wire cannot be played live here; nil if nothing is known against it
	predicts  bool                   // a person wants to be asked what each step will do
	animate   bool
	ask       bool // the terminal is asked for its background

	fixed   size // the size to draw at, whatever the terminal's is; zero for the terminal's
	auto    autoplay
	pressed pressed

	play  *play   // nil in the menu
	plays int     // number of the newest play
	last  sim.Lab // the newest lab, closed before another is opened

	comparison *comparison // two plays beside each other, nil for none
	first      *[2]Side    // what is compared from the start, nil for nothing

	terminal terminal
	ending   os.Signal // why the program ends, nil for no signal
	quitting bool

	picture picture // as of the newest message
	panes   [paneCount]pane
}

// newModel returns the model at its start. The size comes as a message.
func newModel(c Config, s shell) *model {
	w := cmp.Or(c.Lang, lang.English())
	done := func() map[string]bool {
		names := map[string]bool{}
		if c.Done != nil {
			for _, name := range c.Done() {
				names[name] = true
			}
		}
		return names
	}
	if c.Lessons == nil {
		c.Lessons = func() []*lesson.Lesson { return nil }
	}
	m := &model{
		words: w, keys: newKeys(w.Keys), shell: s,
		look:    look{dark: c.Dark == nil || *c.Dark, ascii: c.ASCII},
		lessons: sync.OnceValue(c.Lessons), done: sync.OnceValue(done), finished: map[string]bool{}, simulated: c.Model, direct: c.First != nil || c.Compare != nil, first: c.Compare, modelling: c.OpenModel != nil, animate: c.Animate, ask: c.Dark == nil,
		hidden: c.Hide, auto: autoplay{pause: c.Auto}, pressed: pressed{shown: c.Keys}, fixed: size{c.Width, c.Height},
		panes: newPanes(),
	}
	if c.ASCII {
		m.keys.ascii()
	}
	m.style = newStyles(m.look)
	if c.First != nil {
		m.play = newPlay(1, c.First, c.Animate)
		m.play.quiet = c.Auto > 0
		m.play.upTo = c.From
		m.plays = 1
		m.mode = modeLesson
		if c.First.Sandbox() {
			m.openLine("")
		}
	}
	m.refresh()
	return m
}

// refresh computes the picture anew, and before it what is asked.
func (m *model) refresh() {
	if m.play != nil {
		m.play.ask(m.words, m.predicts)
	}
	m.picture = m.newPicture()
}

// Init implements tea.Model.
func (m *model) Init() tea.Cmd {
	cmds := []tea.Cmd{m.shell.fenceLater()}
	if m.ask {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	if m.play != nil {
		cmds = append(cmds, m.opening())
	}
	if m.first != nil {
		cmds = append(cmds, m.beginComparison(*m.first, 0))
		m.refresh()
	}
	return tea.Batch(cmds...)
}

// onColorProfile takes the number of colours that the terminal has.
func (m *model) onColorProfile(p colorprofile.Profile) {
	m.look.basic = p <= colorprofile.ANSI
	m.style = newStyles(m.look)
}

// onBackground takes the terminal's background.
func (m *model) onBackground(dark bool) {
	if !m.ask {
		return
	}
	m.look.dark = dark
	m.style = newStyles(m.look)
}

// onSize takes the size of the terminal.
func (m *model) onSize(w, h int) tea.Cmd {
	m.w, m.h = cmp.Or(m.fixed.w, w), cmp.Or(m.fixed.h, h)
	return m.resume()
}

// outcome returns what the lesson on the screen has come to.
func (m *model) outcome() Outcome {
	if m.play == nil {
		return Outcome{Screen: m.draw(), Differ: m.comparison.differs()}
	}
	f := newFold()
	f.goTo(m.play.player.Log().All())
	return Outcome{Failures: f.failed, Err: m.play.err, Screen: m.draw()}
}
