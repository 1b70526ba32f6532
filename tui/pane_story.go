package tui

import (
	"slices"

	"finwait/sim/lesson"
	"finwait/sim/text"
)

// storyPane is the lesson's prose, above it what went otherwise than expected.
// What does not fit is scrolled to, page by page.
type storyPane struct {
	frame
	beside   bool // it stands beside the ladder, in a box of its own
	markdown string
	problems []remark
	top      int // first line shown

	prose   []text.Line // the story, wrapped
	wrapped wrapped
}

// remark is a sentence about what went otherwise than expected. It is quiet where
// that is nobody's failure.
type remark struct {
	text  string
	quiet bool
}

// wrapped says what prose is made of, so that it is made anew only when that has
// changed.
type wrapped struct {
	markdown string
	w        int
}

// moreWidth is the width kept free at the right of a story that is longer than
// its pane, for the signs that say so.
const moreWidth = 7

// setStory says what the lesson says now, and what went wrong.
func (p *storyPane) setStory(markdown string, problems []remark) {
	if markdown != p.markdown || !slices.Equal(problems, p.problems) {
		p.top = 0
	}
	p.markdown, p.problems = markdown, problems
}

// rewind shows the beginning.
func (p *storyPane) rewind() { p.top = 0 }

// page scrolls by a page; a negative number goes back.
func (p *storyPane) page(by int) {
	w, h := p.room()
	lines := p.lines(w - moreWidth)
	p.top = max(0, min(p.top+by*max(1, h-1), len(lines)-h))
}

// room returns how much text there is room for.
func (p *storyPane) room() (w, h int) {
	if p.beside {
		return p.w - 4, p.h - 2
	}
	return p.w - 2, p.h
}

func (p *storyPane) render() string {
	w, h := p.room()
	lines := p.shown(w, h)
	if p.beside {
		return p.paint(p.boxed(text.In(text.RoleTitle, p.words.storyHeading), lines, text.RoleFaint))
	}
	indented := make([]text.Line, len(lines))
	for i, l := range lines {
		indented[i] = append(text.Line{{Text: " "}}, l...)
	}
	return p.paint(indented)
}

// shown returns the lines that are in view, with signs where there are more.
func (p *storyPane) shown(w, h int) []text.Line {
	lines := p.lines(w)
	if len(lines) <= h {
		return lines
	}
	lines = p.lines(w - moreWidth)
	g := p.style.glyph
	top := max(0, min(p.top, len(lines)-h))
	end := min(len(lines), top+h)
	more := end < len(lines)
	lines = append([]text.Line(nil), lines[top:end]...)
	if top > 0 {
		lines[0] = text.Between(lines[0], text.Line{{Text: g.Up, Role: text.RoleNormal}, {Text: " pgup", Role: text.RoleKey}}, w, g.Ellipsis)
	}
	if more {
		last := len(lines) - 1
		lines[last] = text.Between(lines[last], text.Line{{Text: g.Down, Role: text.RoleNormal}, {Text: " pgdn", Role: text.RoleKey}}, w, g.Ellipsis)
	}
	return lines
}

// lines returns the text as lines of at most w cells.
func (p *storyPane) lines(w int) []text.Line {
	var lines []text.Line
	for _, r := range p.problems {
		t, sign := text.RoleFail, p.style.glyph.Failed
		if r.quiet {
			t, sign = text.RoleFaint, p.style.glyph.Dot
		}
		lines = append(lines, text.In(t, sign+" "+p.safe(r.text)).Wrap(w)...)
	}
	return append(lines, p.story(w)...)
}

// story returns the story as lines of at most w cells. The pane owns them.
func (p *storyPane) story(w int) []text.Line {
	key := wrapped{p.markdown, w}
	if p.wrapped == key {
		return p.prose
	}
	p.wrapped, p.prose = key, lesson.Styled(p.markdown, w, p.style.glyph)
	return p.prose
}
