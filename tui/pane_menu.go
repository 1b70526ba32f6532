package tui

import (
	"strings"

	"finwait/sim/lesson"
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
		return p.paint(append(head, say(toneText, " "+p.words.noLessons)))
	}
	var lines []line
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
	shown := append(head[:len(head)-1:len(head)-1], p.more(p.style.glyph.up, begins, 0, p.top))
	shown = append(shown, lines[p.top:min(len(lines), p.top+rows)]...)
	return p.paint(append(shown, p.more(p.style.glyph.down, begins, p.top+rows, len(lines))))
}

// more says how many lessons begin in the rows that are not shown, if any do.
func (p *menuPane) more(arrow string, begins []int, from, to int) line {
	n := 0
	for _, row := range begins {
		if row >= from && row < to {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return line{{"   " + arrow + " ", toneText}, {p.words.more(n), toneText}}
}

// head returns what stands above the lessons: what finwait is for, and a picture
// of it where there is room.
func (p *menuPane) head(w int) []line {
	say1, say2 := say(toneText, " "+p.words.tagline[0]), say(toneText, " "+p.words.tagline[1])
	if p.h < lowHeight {
		return []line{append(say1, say2...), nil}
	}
	g := p.style.glyph
	one := line{
		{p.words.client + " ", toneFaint},
		{g.process, toneOpen},
		{g.toRight, toneClient},
		{g.process, tonePassiveClose},
		{" " + p.words.server, toneFaint},
	}
	two := line{
		{text: strings.Repeat(" ", cells(p.words.client)+1)},
		{g.kernel, toneActiveClose},
		{g.toLeft, toneServer},
		{g.process, tonePassiveClose},
		{text: strings.Repeat(" ", cells(p.words.server)+1)},
	}
	return []line{nil, between(say1, one, w, ""), between(say2, two, w, ""), nil}
}

// entry returns the rows of one lesson.
func (p *menuPane) entry(l *lesson.Lesson, chosen bool, w int) []line {
	mark, t := "   ", toneText
	if chosen {
		mark, t = " "+p.style.glyph.next+" ", toneActive
	}
	title := line{{mark, toneActive}, {p.safe(l.Title), t}}
	about := p.safe(l.Name)
	if l.Minutes > 0 {
		about += " " + p.style.glyph.dot + " " + p.words.minutes(l.Minutes)
	}
	rows := []line{between(title, say(toneFaint, about), w, p.style.glyph.ellipsis)}
	for _, text := range lesson.Plain(l.Summary, w-3) {
		if text = strings.TrimSpace(p.safe(text)); text != "" {
			rows = append(rows, line{{text: "   "}, {text, toneFaint}})
		}
	}
	return append(rows, nil)
}
