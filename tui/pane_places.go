package tui

import (
	"strconv"

	"finwait/sim/text"
)

// placesPane is the list of the lesson's steps and of the ways that were taken, one of them chosen.
type placesPane struct {
	top int // first row that is shown
}

func (v *placesPane) rewind() { v.top = 0 }

func (v *placesPane) render(p *picture, s size) string {
	f := frame{p, s}
	rows := p.places
	v.top = max(0, min(v.top, p.place-1), p.place-s.h+2)
	v.top = max(0, min(v.top, len(rows)-s.h))
	var lines []text.Line
	for i := v.top; i < len(rows) && i < v.top+s.h; i++ {
		l := v.row(f, rows[i], i == p.place)
		if i == v.top && i > 0 {
			l = text.Between(l, text.In(text.RoleNormal, f.style.glyph.Up+" "), s.w, f.style.glyph.Ellipsis)
		}
		if i == v.top+s.h-1 && i+1 < len(rows) {
			l = text.Between(l, text.In(text.RoleNormal, f.style.glyph.Down+" "), s.w, f.style.glyph.Ellipsis)
		}
		lines = append(lines, l)
	}
	return f.paint(lines)
}

// row returns one row of the list.
func (*placesPane) row(f frame, at place, chosen bool) text.Line {
	g := f.style.glyph
	if at.kind == placeHeading {
		return text.In(text.RoleTitle, " "+f.safe(at.text))
	}
	mark, role := "   ", text.RoleNormal
	if chosen {
		mark, role = " "+g.Next+" ", text.RoleActive
	}
	l := text.Line{{Text: mark, Role: text.RoleActive}}
	sign := "  "
	switch {
	case at.here:
		sign = g.Running + " "
	case at.made:
		sign = g.Dot + " "
	}
	l = append(l, text.Span{Text: sign, Role: text.RoleFaint})
	if at.kind == placeWay {
		return append(l, text.Span{Text: f.safe(at.text), Role: role})
	}
	number := strconv.Itoa(at.n)
	for len(number) < len(strconv.Itoa(len(f.lesson.Steps))) {
		number = " " + number
	}
	l = append(l, text.Span{Text: number + "  ", Role: text.RoleFaint})
	return append(l, f.step(*at.step, role)...)
}
