package tui

import (
	"strings"

	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/sim/text"
)

// menuPane is the list of lessons, a row each, one of them chosen. Below the list stands what the
// chosen one is about.
type menuPane struct {
	top int // first lesson that is shown
}

// The widest that a row of the menu gets: longer lines are hard to read; and its columns, in cells.
// A narrow menu leaves out the names of the lessons.
const (
	menuWidth     = 92
	nameColumn    = 23
	placeColumn   = 13
	minutesColumn = 7
	namesFrom     = 78
	aboutRows     = 6 // below the list, the rule included
	fewestLessons = 4 // shown where there is little room
)

func (v *menuPane) render(p *picture, s size) string {
	f := frame{p, s}
	room := min(s.w, menuWidth) - 2
	lines := v.head(f, room)
	if p.menu.searching {
		lines = append(lines, f.searchRow(room))
	}
	if len(p.menu.lessons) == 0 {
		return f.paint(append(lines, text.In(text.RoleNormal, " "+v.empty(f))))
	}
	about := v.about(f, p.menu.lessons[p.menu.chosen], room)
	rows := max(min(fewestLessons, len(p.menu.lessons)), s.h-len(lines)-aboutRows)
	if last := len(lines) - 1; rows < len(p.menu.lessons) && lines[last] == nil {
		lines, rows = lines[:last], rows+1 // the sign above the list stands there
	}
	lines = append(lines, v.list(f, rows, room)...)
	return f.paint(append(lines, about...))
}

// empty says why the menu has no lesson.
func (*menuPane) empty(f frame) string {
	if f.menu.searching {
		return f.words.NothingFound
	}
	return f.words.NoLessons
}

// list returns the rows of the list, at most as many as there is room for. Where there are more
// lessons, signs at its ends say how many.
func (v *menuPane) list(f frame, rows, w int) []text.Line {
	all := f.menu.lessons
	if len(all) <= rows {
		v.top = 0
		return v.rows(f, 0, len(all), w)
	}
	shown := rows - 2 // the signs
	v.top = max(0, min(v.top, f.menu.chosen, len(all)-shown), f.menu.chosen-shown+1)
	end := v.top + shown
	lines := []text.Line{f.moreLessons(f.style.glyph.Up, v.top)}
	return append(append(lines, v.rows(f, v.top, end, w)...), f.moreLessons(f.style.glyph.Down, len(all)-end))
}

// moreLessons says how many lessons are not shown, if any are.
func (f frame) moreLessons(arrow string, n int) text.Line {
	if n == 0 {
		return nil
	}
	return text.In(text.RoleNormal, "   "+arrow+" "+f.words.More(n))
}

// rows returns the rows of some of the lessons.
func (v *menuPane) rows(f frame, from, to, w int) []text.Line {
	var lines []text.Line
	for i := from; i < to; i++ {
		lines = append(lines, v.row(f, f.menu.lessons[i], i == f.menu.chosen, w))
	}
	return lines
}

// row returns the row of a lesson: whether it is chosen and done, its title, its name, where it
// plays and how long it takes.
func (*menuPane) row(f frame, l *lesson.Lesson, chosen bool, w int) text.Line {
	mark, t := "   ", text.RoleNormal
	if chosen {
		mark, t = " "+f.style.glyph.Next+" ", text.RoleActive
	}
	left := text.Line{{Text: mark, Role: text.RoleActive}, {Text: f.safe(l.Title), Role: t}}
	if f.menu.done[l.Name] {
		left = append(left, text.Span{Text: " " + f.style.glyph.Held, Role: text.RoleOK})
	}
	var right text.Line
	if w >= namesFrom-2 {
		right = text.In(text.RoleFaint, f.safe(l.Name)).Cut(nameColumn-1, f.style.glyph.Ellipsis).Pad(nameColumn)
	}
	right = append(right, text.In(text.RoleFaint, f.words.Plays[f.playsOn(l)]).Pad(placeColumn)...)
	minutes := ""
	if l.Minutes > 0 {
		minutes = f.words.Minutes(l.Minutes)
	}
	return text.Between(left, append(right, text.In(text.RoleFaint, minutes).Pad(minutesColumn)...), w, f.style.glyph.Ellipsis)
}

// playsOn returns the network on which a lesson plays when it is opened in the menu.
func (f frame) playsOn(l *lesson.Lesson) sim.Net {
	if f.simulated || f.modelOnly(l) {
		return sim.Model
	}
	return l.Net
}

// about returns what stands below the list about the chosen lesson: its summary, its chapters, and
// why it cannot be played live here.
func (*menuPane) about(f frame, l *lesson.Lesson, w int) []text.Line {
	g := f.style.glyph
	lines := []text.Line{f.aboutRule(f.safe(l.Title), w)}
	add := func(wrapped []text.Line) {
		for _, line := range wrapped {
			if line.Width() > 0 {
				lines = append(lines, append(text.Line{{Text: " "}}, line...))
			}
		}
	}
	add(lesson.Styled(l.Summary, w-1, g))
	add(f.chapters(l).Wrap(w - 1))
	if f.modelOnly(l) {
		add(text.In(text.RoleWarn, g.Dot+" "+f.safe(f.words.OnModelInstead(f.menu.noWire.Error()))).Wrap(w - 1))
	}
	return lines
}

// aboutRule returns a line across the menu with a title in it.
func (f frame) aboutRule(title string, w int) text.Line {
	g := f.style.glyph
	l := text.Line{{Text: " " + g.Horizontal + " ", Role: text.RoleFaint}, {Text: title, Role: text.RoleTitle}, {Text: " ", Role: text.RoleFaint}}.Cut(w, g.Ellipsis)
	return append(l, text.Span{Text: strings.Repeat(g.Horizontal, max(0, w-l.Width())), Role: text.RoleFaint})
}

// chapters returns how many steps a lesson has, and its chapters: the key that opens each, and its
// first step.
func (f frame) chapters(l *lesson.Lesson) text.Line {
	line := text.In(text.RoleFaint, f.words.Steps(len(l.Steps)))
	for i, c := range l.Chapters {
		line = append(line, text.Span{Text: " " + f.style.glyph.Dot + " ", Role: text.RoleFaint})
		if i < len(digits) {
			line = append(line, text.Span{Text: digits[i] + " ", Role: text.RoleKey})
		}
		line = append(line, text.Span{Text: f.words.ChapterFrom(c.First+1, f.safe(c.Title)), Role: text.RoleFaint})
	}
	return line
}

// head returns what stands above the lessons: what finwait is for, and a picture
// of it where there is room.
func (*menuPane) head(f frame, w int) []text.Line {
	say1, say2 := text.In(text.RoleNormal, " "+f.words.Tagline[0]), text.In(text.RoleNormal, " "+f.words.Tagline[1])
	if f.h < lowHeight {
		return []text.Line{append(say1, say2...), nil}
	}
	g := f.style.glyph
	one := text.Line{
		{Text: f.words.Client + " ", Role: text.RoleFaint},
		{Text: g.Process, Role: text.RoleOpen},
		{Text: strings.Repeat(g.Captured, 2) + " FIN " + strings.Repeat(g.Captured, 4) + g.ToRight, Role: text.RoleClient},
		{Text: g.Process, Role: text.RolePassiveClose},
		{Text: " " + f.words.Server, Role: text.RoleFaint},
	}
	two := text.Line{
		{Text: strings.Repeat(" ", text.Cells(f.words.Client)+1)},
		{Text: g.Kernel, Role: text.RoleActiveClose},
		{Text: g.ToLeft + strings.Repeat(g.Captured, 4) + " ACK " + strings.Repeat(g.Captured, 2), Role: text.RoleServer},
		{Text: g.Process, Role: text.RolePassiveClose},
		{Text: strings.Repeat(" ", text.Cells(f.words.Server)+1)},
	}
	return []text.Line{nil, text.Between(say1, one, w, ""), text.Between(say2, two, w, ""), nil}
}
