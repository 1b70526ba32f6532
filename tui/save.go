package tui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"finwait/sim/svg"
	"finwait/sim/text"
)

// Screen is what the screen shows at one moment, as files have it.
type Screen struct {
	Lesson string // the name of the lesson on the screen, empty in the menu
	Text   string // each row with a line feed at its end
	SVG    string
}

// saver saves a screen and returns the names of the files.
type saver func(Screen) (files []string, err error)

// save saves the screen.
func (m *model) save() tea.Cmd {
	lines := m.lines()
	s := Screen{SVG: svg.Draw(lines, m.w, svg.Options{Title: m.title(), Dark: m.look.dark})}
	if m.play != nil {
		s.Lesson = m.play.player.Lesson().Name
	}
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.String() + "\n")
	}
	s.Text = b.String()
	return m.shell.saveScreen(s)
}

// onSaved says in which files the screen was saved, or why it was not.
func (m *model) onSaved(msg savedMsg) {
	m.saved = m.words.Saved(msg.files)
	if msg.err != nil {
		m.saved = m.words.NotSaved(msg.err.Error())
	}
}

// lines returns the screen as lines with the roles of their spans.
func (m *model) lines() []text.Line {
	p := m.picture
	p.saved = ""
	p.style = &styles{pens: markers(), glyph: p.style.glyph}
	screen := tile(&p.layout, m.w, m.h, func(i paneIndex) string { return m.panes[i].render(&p, p.layout[i].size()) })
	var lines []text.Line
	for row := range strings.SplitSeq(screen, "\n") {
		lines = append(lines, readRow(row))
	}
	return lines
}

// The characters that enclose a span with its role. Cleaned text has none of them.
const (
	markBegin = "\x01"
	markEnd   = "\x02"
)

// markers returns pens that mark the role of a span instead of drawing it.
func markers() (pens [text.RoleCount]pen) {
	for r := range pens {
		pens[r] = pen{markBegin + string(rune(' '+r)), markEnd}
	}
	return pens
}

// readRow returns a row that was drawn with markers as a line.
func readRow(row string) text.Line {
	var l text.Line
	add := func(s string, r text.Role) {
		if s != "" {
			l = append(l, text.Span{Text: s, Role: r})
		}
	}
	for row != "" {
		before, rest, _ := strings.Cut(row, markBegin)
		add(before, text.RoleNormal)
		if rest == "" {
			break
		}
		var span string
		span, row, _ = strings.Cut(rest[1:], markEnd)
		add(span, text.Role(rest[0]-' '))
	}
	return l
}
