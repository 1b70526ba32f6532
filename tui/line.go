package tui

import (
	"errors"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"finwait/sim"
	"finwait/sim/line"
)

// typing is the line that a person types: a step of their own, or a command.
type typing struct {
	editor  line.Editor
	history line.History
	err     error // why the line that was entered last is not done; nil once it is changed
	early   bool  // the line was entered before the lab was open, or where it is to be
}

// lineView is what there is to see of the line.
type lineView struct {
	before, after string // the text on both sides of the cursor
	line.View
}

// openLine opens the line over the lesson, with a beginning that is typed already.
func (m *model) openLine(beginning string) {
	m.mode = modeLine
	m.typing = typing{editor: line.Edit(beginning), history: m.typing.history.Rest()}
}

// openLineHere opens the line for a step at the moment on the screen. Where that is a moment of the
// past, the step begins another way from there.
func (m *model) openLineHere() (cmd tea.Cmd) {
	if m.play.lookingBack() {
		cmd = m.goBack(m.play.movesSeen())
	}
	m.openLine("")
	return cmd
}

// closeLine goes back to the lesson.
func (m *model) closeLine() tea.Cmd {
	m.mode, m.typing.err = modeLesson, nil
	return m.resume()
}

// onKeyLine edits the line, or enters it.
func (m *model) onKeyLine(k tea.KeyPressMsg) tea.Cmd {
	t, keys := &m.typing, &m.keys.line
	text := t.editor.String()
	switch {
	case key.Matches(k, keys.enter):
		return m.enterLine(text)
	case key.Matches(k, keys.cancel):
		return m.closeLine()
	case key.Matches(k, keys.complete):
		t.editor = line.Edit(line.Complete(text, m.play.known()))
	case key.Matches(k, keys.older):
		t.history, text = t.history.Older(text)
		t.editor = line.Edit(text)
	case key.Matches(k, keys.newer):
		t.history, text = t.history.Newer(text)
		t.editor = line.Edit(text)
	default:
		t.editor = edited(t.editor, k)
	}
	t.err, t.early = nil, false
	return nil
}

// edited returns the line after a key that moves the cursor, deletes something or types itself:
// the keys of readline(3).
func edited(e line.Editor, k tea.KeyPressMsg) line.Editor {
	switch k.String() {
	case "left", "ctrl+b":
		return e.Move(-1)
	case "right", "ctrl+f":
		return e.Move(1)
	case "home", "ctrl+a":
		return e.Move(-len(e.String()))
	case "end", "ctrl+e":
		return e.Move(len(e.String()))
	case "backspace", "ctrl+h":
		return e.Backspace()
	case "delete", "ctrl+d":
		return e.Delete()
	case "ctrl+w":
		return e.DeleteWord()
	case "ctrl+u":
		return e.DeleteBefore()
	case "ctrl+k":
		return e.DeleteAfter()
	}
	return e.Insert(k.Text)
}

// onPaste types what was pasted into the line that is open, if one is.
func (m *model) onPaste(text string) {
	switch m.mode {
	case modeLine:
		m.typing.editor, m.typing.err = m.typing.editor.Insert(text), nil
	case modeSearch:
		m.search(m.query.Insert(text))
	}
}

// enterLine does what the line asks for. A line that is wrong, or cannot be done now, stays.
func (m *model) enterLine(text string) tea.Cmd {
	command, err := line.Parse(text)
	if err != nil {
		m.typing.err = err
		return nil
	}
	m.typing.history = m.typing.history.Enter(text)
	switch c := command.(type) {
	case line.Save:
		return m.saveLesson(c)
	case line.Jump:
		if m.typing.err = noStep(m.play.player.Lesson(), c.N, m.words); m.typing.err != nil {
			return nil
		}
		return tea.Batch(m.closeLine(), m.jump(c.N))
	case line.Step:
		switch p := m.play; {
		case !p.opened, p.returning:
			m.typing.early = true
			return nil
		case p.lab == nil:
			m.typing.err = errors.New(m.words.LabGone)
			return nil
		case p.player.Busy():
			p.ignored = true
			return nil
		}
		return tea.Batch(m.stepTyped(), m.own(c.Step))
	}
	return m.closeLine()
}

// enterEarly enters the line that was entered before the lab was where it is to be. Where it has
// come to another place the line stays.
func (m *model) enterEarly() tea.Cmd {
	if m.mode != modeLine || !m.typing.early {
		return nil
	}
	m.typing.early = false
	if m.play.differs != nil {
		return nil
	}
	return m.enterLine(m.typing.editor.String())
}

// stepTyped closes the line after a step. In the sandbox it stays, for the next one.
func (m *model) stepTyped() tea.Cmd {
	if m.play.player.Lesson().Sandbox() {
		m.openLine("")
		return nil
	}
	return m.closeLine()
}

// saveLesson saves what was done as a lesson. The line stays until that is done.
func (m *model) saveLesson(c line.Save) tea.Cmd {
	p := m.play
	l := p.player.Lesson()
	title, steps := m.words.RecordedTitle(l.Title), m.words.RecordedSteps
	if l.Sandbox() {
		title, steps = l.Title, ""
	}
	r := l.Recorded(p.player.Log().All(), c.Name, title, steps, m.words.RecordedOwn)
	switch {
	case len(r.Steps) == 0:
		m.typing.err = errors.New(m.words.NothingToSave)
		return nil
	case m.shell.saveLesson == nil:
		return nil
	}
	return m.shell.writeLesson(c.Name, r.Markdown(), c.Over)
}

// onLessonSaved says where a lesson was saved, or why it was not.
func (m *model) onLessonSaved(msg lessonSavedMsg) tea.Cmd {
	if m.play == nil || m.mode != modeLine {
		return nil
	}
	if msg.err != nil {
		m.typing.err = msg.err
		return nil
	}
	m.saved = m.words.LessonSaved(msg.name)
	if m.play.player.Lesson().Sandbox() {
		m.openLine("")
		return nil
	}
	return m.closeLine()
}

// known returns what completion is to know of the lab.
func (p *play) known() line.Known {
	k := line.Known{Wire: p.wired(), Descriptors: map[sim.End][]int{}}
	for _, at := range []sim.End{sim.Client, sim.Server} {
		if acting := p.fold.scene.Table.Acting(at); acting != nil {
			for _, d := range acting.Descriptors {
				k.Descriptors[at] = append(k.Descriptors[at], d.FD)
			}
		}
	}
	for _, e := range p.fold.scene.Flight {
		k.Segments = append(k.Segments, e.Segment().ID)
	}
	return k
}

// view returns what there is to see of the line.
func (t *typing) view(p *play) lineView {
	v := lineView{View: line.Look(t.editor.String(), p.known())}
	v.before, v.after = t.editor.Cursor()
	if t.err != nil {
		v.Err = t.err
	}
	return v
}
