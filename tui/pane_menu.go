package tui

import (
	"strings"

	"finwait/sim/lesson"
	"finwait/sim/text"
)

// menuPane is the list of lessons, one of them chosen.
type menuPane struct {
	frame
	lessons []*lesson.Lesson
	chosen  int
	top     int // first line shown
}

// menuWidth is the widest a row of the menu gets: longer lines are hard to read.
const menuWidth = 92

// setLessons says what there is to choose from.
func (p *menuPane) setLessons(lessons []*lesson.Lesson) { p.lessons = lessons }

// choose moves the choice to lesson i, or to the nearest there is.
func (p *menuPane) choose(i int) { p.chosen = max(0, min(i, len(p.lessons)-1)) }

func (p *menuPane) render() string {
	room := min(p.w, menuWidth) - 2
	head := p.head(room)
	if len(p.lessons) == 0 {
		return p.paint(append(head, text.In(text.RoleNormal, " "+p.words.noLessons)))
	}
	var lines []text.Line
	var begins []int // the row of each lesson
	for i, l := range p.lessons {
		begins = append(begins, len(lines))
		lines = append(lines, p.entry(l, i == p.chosen, room)...)
	}
	lines = lines[:len(lines)-1] // without the empty row after the last
	rows := max(1, p.h-len(head))
	if len(lines) <= rows {
		p.top = 0
		return p.paint(append(head, lines...))
	}
	rows = max(1, rows-1)
	end := len(lines)
	if p.chosen+1 < len(begins) {
		end = begins[p.chosen+1] - 1
	}
	p.top = max(min(p.top, begins[p.chosen], len(lines)-rows), end-rows, 0)
	shown := append(head[:len(head)-1:len(head)-1], p.more(p.style.glyph.Up, begins, 0, p.top))
	shown = append(shown, lines[p.top:min(len(lines), p.top+rows)]...)
	return p.paint(append(shown, p.more(p.style.glyph.Down, begins, p.top+rows, len(lines))))
}

// more says how many lessons begin in the rows that are not shown, if any do.
func (p *menuPane) more(arrow string, begins []int, from, to int) text.Line {
	n := 0
	for _, row := range begins {
		if row >= from && row < to {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return text.Line{{Text: "   " + arrow + " ", Role: text.RoleNormal}, {Text: p.words.more(n), Role: text.RoleNormal}}
}

// head returns what stands above the lessons: what finwait is for, and a picture
// of it where there is room.
func (p *menuPane) head(w int) []text.Line {
	say1, say2 := text.In(text.RoleNormal, " "+p.words.tagline[0]), text.In(text.RoleNormal, " "+p.words.tagline[1])
	if p.h < lowHeight {
		return []text.Line{append(say1, say2...), nil}
	}
	g := p.style.glyph
	one := text.Line{
		{Text: p.words.client + " ", Role: text.RoleFaint},
		{Text: g.Process, Role: text.RoleOpen},
		{Text: strings.Repeat(g.Captured, 2) + " FIN " + strings.Repeat(g.Captured, 4) + g.ToRight, Role: text.RoleClient},
		{Text: g.Process, Role: text.RolePassiveClose},
		{Text: " " + p.words.server, Role: text.RoleFaint},
	}
	two := text.Line{
		{Text: strings.Repeat(" ", text.Cells(p.words.client)+1)},
		{Text: g.Kernel, Role: text.RoleActiveClose},
		{Text: g.ToLeft + strings.Repeat(g.Captured, 4) + " ACK " + strings.Repeat(g.Captured, 2), Role: text.RoleServer},
		{Text: g.Process, Role: text.RolePassiveClose},
		{Text: strings.Repeat(" ", text.Cells(p.words.server)+1)},
	}
	return []text.Line{nil, text.Between(say1, one, w, ""), text.Between(say2, two, w, ""), nil}
}

// entry returns the rows of one lesson.
func (p *menuPane) entry(l *lesson.Lesson, chosen bool, w int) []text.Line {
	mark, t := "   ", text.RoleNormal
	if chosen {
		mark, t = " "+p.style.glyph.Next+" ", text.RoleActive
	}
	title := text.Line{{Text: mark, Role: text.RoleActive}, {Text: p.safe(l.Title), Role: t}}
	about := p.safe(l.Name)
	if l.Minutes > 0 {
		about += " " + p.style.glyph.Dot + " " + p.words.minutes(l.Minutes)
	}
	rows := []text.Line{text.Between(title, text.In(text.RoleFaint, about), w, p.style.glyph.Ellipsis)}
	for _, s := range lesson.Plain(l.Summary, w-3, p.style.glyph) {
		if s = strings.TrimSpace(s); s != "" {
			rows = append(rows, text.Line{{Text: "   "}, {Text: s, Role: text.RoleFaint}})
		}
	}
	return append(rows, nil)
}
