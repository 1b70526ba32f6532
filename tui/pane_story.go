package tui

import (
	"finwait/sim"
	"finwait/sim/lesson"
)

// storyPane is the lesson's prose, above it what went otherwise than expected.
// What does not fit is scrolled to, page by page.
type storyPane struct {
	frame
	markdown string
	problems []sim.Event
	top      int // first line shown
}

// moreWidth is the width kept free at the right of a story that is longer than
// its pane, for the signs that say so.
const moreWidth = 7

// setStory says what the lesson says now.
func (p *storyPane) setStory(markdown string, problems []sim.Event) {
	if markdown != p.markdown || len(problems) != len(p.problems) {
		p.top = 0
	}
	p.markdown, p.problems = markdown, problems
}

// rewind shows the beginning.
func (p *storyPane) rewind() { p.top = 0 }

// page scrolls by a page; a negative number goes back.
func (p *storyPane) page(by int) {
	lines := p.lines(p.room() - moreWidth)
	p.top = max(0, min(p.top+by*max(1, p.h-1), len(lines)-p.h))
}

// room returns the width of the text.
func (p *storyPane) room() int { return p.w - 2 }

func (p *storyPane) render() string {
	lines := p.lines(p.room())
	if len(lines) <= p.h {
		return p.paint(indent(lines))
	}
	lines = p.lines(p.room() - moreWidth)
	top := min(p.top, max(0, len(lines)-p.h))
	shown := indent(lines[top:min(len(lines), top+p.h)])
	g := p.style.glyph
	if top > 0 {
		shown[0] = between(shown[0], line{{g.up, toneText}, {" pgup ", toneKey}}, p.w, g.ellipsis)
	}
	if top+p.h < len(lines) {
		last := len(shown) - 1
		shown[last] = between(shown[last], line{{g.down, toneText}, {" pgdn ", toneKey}}, p.w, g.ellipsis)
	}
	return p.paint(shown)
}

// lines returns the text as lines of at most w cells.
func (p *storyPane) lines(w int) []line {
	var lines []line
	for _, e := range p.problems {
		text := p.style.glyph.failed + " " + p.words.expected(clean(e.Text), clean(e.Got))
		if e.Kind == sim.KindRefused {
			text = p.style.glyph.failed + " " + p.words.refused(clean(e.Text))
		}
		lines = append(lines, wrap(toneFail, text, w)...)
	}
	for _, l := range lesson.Styled(p.markdown, w) {
		row := make(line, len(l))
		for i, run := range l {
			row[i] = chunk{clean(run.Text), runTone(run.Kind)}
		}
		lines = append(lines, row)
	}
	return lines
}

// indent puts a margin before each line.
func indent(lines []line) []line {
	out := make([]line, len(lines))
	for i, l := range lines {
		out[i] = append(line{{text: " "}}, l...)
	}
	return out
}

func runTone(k lesson.RunKind) tone {
	switch k {
	case lesson.RunCode:
		return toneCode
	case lesson.RunEmphasis:
		return toneEmphasis
	case lesson.RunStrong:
		return toneStrong
	}
	return toneText
}
