package tui

import (
	"maps"
	"slices"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"finwait/sim/lang"
	"finwait/sim/lesson"
	"finwait/sim/line"
	"finwait/sim/text"
)

// onKeyMenu chooses a lesson of the menu and opens it.
func (m *model) onKeyMenu(k tea.KeyPressMsg) tea.Cmd {
	switch keys := m.keys; {
	case key.Matches(k, keys.scroll.up):
		m.choose(m.chosen - 1)
	case key.Matches(k, keys.scroll.down):
		m.choose(m.chosen + 1)
	case key.Matches(k, keys.look.first):
		m.choose(0)
	case key.Matches(k, keys.look.last):
		m.choose(len(m.found()) - 1)
	case key.Matches(k, keys.search.open):
		m.mode, m.query = modeSearch, line.Editor{}
	case key.Matches(k, keys.show.open):
		return m.openChosen()
	case key.Matches(k, keys.show.chapter):
		return m.openChapter(slices.Index(digits, k.String()))
	case key.Matches(k, keys.step.simulate) && len(m.found()) > 0:
		return m.begin(m.found()[m.chosen], true, nil)
	}
	return nil
}

// onKeySearch edits what is searched, or opens the chosen one of the lessons that were found.
func (m *model) onKeySearch(k tea.KeyPressMsg) tea.Cmd {
	switch keys := &m.keys.search; {
	case key.Matches(k, keys.up):
		m.choose(m.chosen - 1)
	case key.Matches(k, keys.down):
		m.choose(m.chosen + 1)
	case key.Matches(k, keys.enter):
		return m.openChosen()
	case key.Matches(k, keys.cancel):
		m.endSearch()
	default:
		m.search(edited(m.query, k))
	}
	return nil
}

// search searches for another text.
func (m *model) search(query line.Editor) {
	if query.String() != m.query.String() {
		m.chosen = 0
	}
	m.query = query
}

// endSearch goes back to the menu of all lessons. The chosen one stays chosen.
func (m *model) endSearch() {
	if list := m.found(); len(list) > 0 {
		chosen := list[m.chosen].Name
		m.query = line.Editor{}
		m.choose(m.indexOf(chosen))
	}
	m.mode, m.query = modeMenu, line.Editor{}
}

// found returns the lessons that the menu shows: those that have every word of what is searched, in
// their name or anywhere in their text.
func (m *model) found() []*lesson.Lesson {
	words := strings.Fields(strings.ToLower(m.query.String()))
	if len(words) == 0 {
		return m.lessons()
	}
	var list []*lesson.Lesson
	for _, l := range m.lessons() {
		if hasAll(strings.ToLower(l.Name+"\n"+l.Source), words) {
			list = append(list, l)
		}
	}
	return list
}

// hasAll reports whether a text has every one of the words.
func hasAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// choose moves the menu's choice to lesson i, or to the nearest there is.
func (m *model) choose(i int) { m.chosen = max(0, min(i, len(m.found())-1)) }

// openChosen opens the lesson that is chosen in the menu.
func (m *model) openChosen() tea.Cmd {
	list := m.found()
	if len(list) == 0 {
		return nil
	}
	l := list[m.chosen]
	if m.mode == modeSearch {
		m.endSearch()
	}
	if m.modelOnly(l) {
		return m.begin(l, true, m.noWire)
	}
	return m.begin(l, false, nil)
}

// openChapter opens the lesson that is chosen in the menu where chapter i begins: the steps before
// it are made without a key.
func (m *model) openChapter(i int) tea.Cmd {
	first := m.found()[m.chosen].Chapters[i].First
	cmd := m.openChosen()
	m.play.upTo = first + 1
	return cmd
}

// menuView is what there is to see of the menu.
type menuView struct {
	all     []*lesson.Lesson // every lesson
	lessons []*lesson.Lesson // those that the search has found, all without one
	chosen  int              // index in lessons
	done    map[string]bool  // the names of the lessons that were played to their end
	noWire  error            // why lessons with a wire cannot be played live here; nil if nothing is known against it

	searching     bool
	before, after string // what is searched, on both sides of the cursor
}

// doneOf says how many lessons were played to their end, nothing where none was.
func (v *menuView) doneOf(w *lang.Catalogue) string {
	n := 0
	for _, l := range v.all {
		if v.done[l.Name] {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return w.DoneOf(n, len(v.all))
}

// menuView returns what there is to see of the menu.
func (m *model) menuView() menuView {
	v := menuView{all: m.lessons(), lessons: m.found(), chosen: m.chosen, done: m.done(), noWire: m.noWire, searching: m.mode == modeSearch}
	v.before, v.after = m.query.Cursor()
	return v
}

// finish remembers that the lesson on the screen was played to its end, if it is one of the menu.
func (m *model) finish() tea.Cmd {
	p := m.play
	if p.finished || !p.player.Done() {
		return nil
	}
	p.finished = true
	l := p.player.Lesson()
	i := m.indexOf(l.Name)
	if i < 0 || m.lessons()[i].Source != l.Source || len(m.lessons()[i].Steps) != len(l.Steps) {
		return nil // a file of the same name, or a part of the lesson
	}
	m.done()[l.Name], m.finished[l.Name] = true, true
	return m.shell.remember(l.Name)
}

// rememberRest remembers the lessons that the program ended too soon for: a command that waits at
// the end is not run.
func (m *model) rememberRest() {
	if m.shell.finished == nil {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(m.finished)) {
		m.shell.finished(name)
	}
}

// searchPrompt is what stands before what is searched.
const searchPrompt = " / "

// searchRow returns the row of what is searched, with how many lessons were found.
func (f frame) searchRow(w int) text.Line {
	left := text.Line{{Text: searchPrompt, Role: text.RoleKey}, {Text: f.code(f.menu.before + f.menu.after), Role: text.RoleNormal}}
	return text.Between(left, text.In(text.RoleFaint, f.words.Found(len(f.menu.lessons))), w, f.style.glyph.Ellipsis)
}

// searchCursor returns where the cursor is in the menu while something is searched.
func (f frame) searchCursor(w int) (x, y int) {
	x = text.Cells(searchPrompt) + text.Cells(f.code(f.menu.before))
	return min(x, w-1), len((&menuPane{}).head(f, min(w, menuWidth)-2))
}
