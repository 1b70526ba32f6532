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
	head := []line{nil, say(toneText, " "+p.words.tagline), nil}
	if len(p.lessons) == 0 {
		return p.paint(append(head, say(toneText, " "+p.words.noLessons)))
	}
	var lines []line
	begin, end := 0, 0
	for i, l := range p.lessons {
		if i == p.chosen {
			begin = len(lines)
		}
		lines = append(lines, p.entry(l, i == p.chosen, room)...)
		if i == p.chosen {
			end = len(lines)
		}
	}
	space := max(1, p.h-len(head))
	p.top = max(min(p.top, begin), end-space, 0)
	return p.paint(append(head, lines[p.top:]...))
}

// entry returns the rows of one lesson.
func (p *menuPane) entry(l *lesson.Lesson, chosen bool, w int) []line {
	mark, t := "   ", toneText
	if chosen {
		mark, t = " "+p.style.glyph.next+" ", toneActive
	}
	title := line{{mark, toneActive}, {clean(l.Title), t}}
	var minutes line
	if l.Minutes > 0 {
		minutes = say(toneFaint, p.words.minutes(l.Minutes))
	}
	rows := []line{between(title, minutes, w, p.style.glyph.ellipsis)}
	for _, text := range lesson.Plain(l.Summary, w-8) {
		if text = strings.TrimSpace(clean(text)); text != "" {
			rows = append(rows, line{{text: "   "}, {text, toneFaint}})
		}
	}
	return append(rows, nil)
}
