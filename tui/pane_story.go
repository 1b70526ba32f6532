package tui

import (
	"slices"

	"finwait/sim/lesson"
	"finwait/sim/text"
)

// storyPane is the lesson's prose, above it what went otherwise than expected.
// What does not fit is scrolled to, page by page.
type storyPane struct {
	top int // first line that is shown

	// The text that is scrolled to top. Another text begins at its beginning.
	markdown string
	remarks  []remark

	prose   []text.Line // the story, wrapped
	wrapped wrapped
}

// wrapped says from what the prose was made: it is made again only from something else.
type wrapped struct {
	markdown string
	w        int
}

// moreWidth is the width kept free at the right of a story that is longer than
// its pane, for the signs that say so.
const moreWidth = 7

func (t *storyPane) rewind() { t.top = 0 }

func (t *storyPane) scroll(p *picture, s size, by int) {
	f := frame{p, s}
	w, h := t.room(f)
	lines := t.lines(f, w-moreWidth)
	t.top = max(0, min(t.top+by*max(1, h-1), len(lines)-h))
}

// room returns how much text there is room for.
func (t *storyPane) room(f frame) (w, h int) {
	if f.layout.wide() {
		return f.w - 4, f.h - 2
	}
	return f.w - 2, f.h
}

func (t *storyPane) render(p *picture, s size) string {
	f := frame{p, s}
	lines := t.shown(f)
	if p.layout.wide() {
		return f.paint(f.boxed(text.In(text.RoleTitle, p.words.StoryHeading), lines, text.RoleFaint))
	}
	indented := make([]text.Line, len(lines))
	for i, l := range lines {
		indented[i] = append(text.Line{{Text: " "}}, l...)
	}
	return f.paint(indented)
}

// shown returns the lines that are in view, with signs where there are more.
func (t *storyPane) shown(f frame) []text.Line {
	w, h := t.room(f)
	lines := t.lines(f, w)
	if len(lines) <= h {
		return lines
	}
	lines = t.lines(f, w-moreWidth)
	g := f.style.glyph
	top := max(0, min(t.top, len(lines)-h))
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
func (t *storyPane) lines(f frame, w int) []text.Line {
	if story := f.position.story; story != t.markdown || !slices.Equal(f.remarks, t.remarks) {
		t.top, t.markdown, t.remarks = 0, story, f.remarks
	}
	var lines []text.Line
	for _, r := range f.remarks {
		role, sign := text.RoleFail, f.style.glyph.Failed
		if r.quiet {
			role, sign = text.RoleFaint, f.style.glyph.Dot
		}
		lines = append(lines, text.In(role, sign+" "+f.safe(r.text)).Wrap(w)...)
	}
	return append(lines, t.story(f, w)...)
}

// story returns the story as lines of at most w cells. The pane owns them.
func (t *storyPane) story(f frame, w int) []text.Line {
	if of := (wrapped{f.position.story, w}); t.wrapped != of {
		t.wrapped, t.prose = of, lesson.Styled(of.markdown, w, f.style.glyph)
	}
	return t.prose
}
