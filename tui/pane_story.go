package tui

import (
	"slices"

	"finwait/sim/lesson"
)

// storyPane is the lesson's prose, above it what went otherwise than expected.
// What does not fit is scrolled to, page by page.
type storyPane struct {
	frame
	beside   bool // it stands beside the ladder, in a box of its own
	markdown string
	problems []remark
	top      int // first line shown

	prose   []line // the story, wrapped
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
		return p.paint(p.boxed(say(toneTitle, p.words.storyHeading), lines, toneFaint))
	}
	indented := make([]line, len(lines))
	for i, l := range lines {
		indented[i] = append(line{{text: " "}}, l...)
	}
	return p.paint(indented)
}

// shown returns the lines that are in view, with signs where there are more.
func (p *storyPane) shown(w, h int) []line {
	lines := p.lines(w)
	if len(lines) <= h {
		return lines
	}
	lines = p.lines(w - moreWidth)
	g := p.style.glyph
	top := max(0, min(p.top, len(lines)-h))
	end := min(len(lines), top+h)
	more := end < len(lines)
	lines = append([]line(nil), lines[top:end]...)
	if top > 0 {
		lines[0] = between(lines[0], line{{g.up, toneText}, {" pgup", toneKey}}, w, g.ellipsis)
	}
	if more {
		last := len(lines) - 1
		lines[last] = between(lines[last], line{{g.down, toneText}, {" pgdn", toneKey}}, w, g.ellipsis)
	}
	return lines
}

// lines returns the text as lines of at most w cells.
func (p *storyPane) lines(w int) []line {
	var lines []line
	for _, r := range p.problems {
		t, sign := toneFail, p.style.glyph.failed
		if r.quiet {
			t, sign = toneFaint, p.style.glyph.dot
		}
		lines = append(lines, wrap(t, sign+" "+p.safe(r.text), w)...)
	}
	return append(lines, p.story(w)...)
}

// story returns the story as lines of at most w cells. The pane owns them.
func (p *storyPane) story(w int) []line {
	key := wrapped{p.markdown, w}
	if p.wrapped == key {
		return p.prose
	}
	p.wrapped, p.prose = key, nil
	markdown := p.markdown
	if p.style.ascii {
		markdown = toASCII(markdown)
	}
	for _, l := range lesson.Styled(markdown, w) {
		row := make(line, len(l))
		for i, run := range l {
			row[i] = chunk{p.safe(run.Text), runTone(run.Kind)}
		}
		p.prose = append(p.prose, row)
	}
	return p.prose
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
