package tui

import (
	"strings"

	"finwait/sim/lesson"
	"finwait/sim/text"
)

// menuPane is the list of lessons, one of them chosen.
type menuPane struct {
	top int // first line that is shown
}

// menuWidth is the widest a row of the menu gets: longer lines are hard to read.
const menuWidth = 92

func (v *menuPane) render(p *picture, s size) string {
	f := frame{p, s}
	room := min(s.w, menuWidth) - 2
	head := v.head(f, room)
	if len(p.lessons) == 0 {
		return f.paint(append(head, text.In(text.RoleNormal, " "+p.words.NoLessons)))
	}
	var lines []text.Line
	var begins []int // the row of each lesson
	for i, l := range p.lessons {
		begins = append(begins, len(lines))
		lines = append(lines, v.entry(f, l, i == p.chosen, room)...)
	}
	lines = lines[:len(lines)-1] // without the empty row after the last
	rows := max(1, s.h-len(head))
	if len(lines) <= rows {
		v.top = 0
		return f.paint(append(head, lines...))
	}
	rows = max(1, rows-1)
	end := len(lines)
	if p.chosen+1 < len(begins) {
		end = begins[p.chosen+1] - 1
	}
	v.top = max(min(v.top, begins[p.chosen], len(lines)-rows), end-rows, 0)
	shown := append(head[:len(head)-1:len(head)-1], v.more(f, p.style.glyph.Up, begins, 0, v.top))
	shown = append(shown, lines[v.top:min(len(lines), v.top+rows)]...)
	return f.paint(append(shown, v.more(f, p.style.glyph.Down, begins, v.top+rows, len(lines))))
}

// more says how many lessons begin in the rows that are not shown, if any do.
func (*menuPane) more(f frame, arrow string, begins []int, from, to int) text.Line {
	n := 0
	for _, row := range begins {
		if row >= from && row < to {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return text.Line{{Text: "   " + arrow + " ", Role: text.RoleNormal}, {Text: f.words.More(n), Role: text.RoleNormal}}
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

// entry returns the rows of one lesson.
func (*menuPane) entry(f frame, l *lesson.Lesson, chosen bool, w int) []text.Line {
	mark, t := "   ", text.RoleNormal
	if chosen {
		mark, t = " "+f.style.glyph.Next+" ", text.RoleActive
	}
	title := text.Line{{Text: mark, Role: text.RoleActive}, {Text: f.safe(l.Title), Role: t}}
	about := f.safe(l.Name)
	if l.Minutes > 0 {
		about += " " + f.style.glyph.Dot + " " + f.words.Minutes(l.Minutes)
	}
	if f.modelOnly(l) {
		about += " " + f.style.glyph.Dot + " " + f.words.ModelOnly
	}
	rows := []text.Line{text.Between(title, text.In(text.RoleFaint, about), w, f.style.glyph.Ellipsis)}
	for _, s := range lesson.Plain(l.Summary, w-3, f.style.glyph) {
		if s = strings.TrimSpace(s); s != "" {
			rows = append(rows, text.Line{{Text: "   "}, {Text: s, Role: text.RoleFaint}})
		}
	}
	return append(rows, nil)
}
