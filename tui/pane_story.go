package tui

import (
	"slices"
	"strings"

	"finwait/sim/lesson"
	"finwait/sim/text"
)

// storyPane is the lesson's prose, above it what went otherwise than expected. A column of its
// own shows, dim, what was told before. At the end of a lesson a card stands below.
//
// What does not fit is scrolled to, page by page.
type storyPane struct {
	offset int // lines scrolled from the place where the text is shown at first

	// The text that is scrolled. Another text begins at its own place.
	now     string
	remarks []remark

	wrapped []told // the prose as it was drawn last, in at most two widths
}

// told is prose as lines, made from the telling of one moment. It is made again only from
// another.
type told struct {
	now, card    string
	overtaken    bool // a person's own step has come since
	earlier      int  // how many texts
	w            int
	before, text []text.Line
	cardRows     int // how many lines at the end are the card
}

// moreWidth is the width kept free at the right of a story that is longer than
// its pane, for the signs that say so.
const moreWidth = 7

func (t *storyPane) rewind() { t.offset = 0 }

func (t *storyPane) scroll(p *picture, s size, by int) {
	f := frame{p, s}
	w, h := t.room(f)
	lines, first := t.lines(f, w-moreWidth)
	home := t.home(f, w-moreWidth, len(lines), first, h)
	top := max(0, min(home+t.offset+by*max(1, h-1), len(lines)-h))
	t.offset = top - home
}

// rows returns how many rows the text needs in a pane of w cells below the ladder.
func (t *storyPane) rows(p *picture, w int) int {
	lines, _ := t.lines(frame{p, size{w: w}}, w-2)
	return len(lines)
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

// home returns the line of a text of w cells with which it is shown at first: the last lines are in
// view, what was told before only as far as there is room. What is longer than the pane, of h
// rows, is shown from its first line on, a card before what is told beside it.
func (t *storyPane) home(f frame, w, lines, first, h int) int {
	if rows := t.story(f, w).cardRows; rows > 0 {
		first = lines - rows
	}
	return min(first, max(0, lines-h))
}

// shown returns the lines that are in view, with signs where there are more.
func (t *storyPane) shown(f frame) []text.Line {
	w, h := t.room(f)
	lines, _ := t.lines(f, w)
	if len(lines) <= h {
		return lines
	}
	lines, first := t.lines(f, w-moreWidth)
	g := f.style.glyph
	top := max(0, min(t.home(f, w-moreWidth, len(lines), first, h)+t.offset, len(lines)-h))
	end := min(len(lines), top+h)
	more := end < len(lines)
	lines = slices.Clone(lines[top:end])
	if top > 0 {
		lines[0] = text.Between(lines[0], text.Line{{Text: g.Up, Role: text.RoleNormal}, {Text: " pgup", Role: text.RoleKey}}, w, g.Ellipsis)
	}
	if more {
		last := len(lines) - 1
		lines[last] = text.Between(lines[last], text.Line{{Text: g.Down, Role: text.RoleNormal}, {Text: " pgdn", Role: text.RoleKey}}, w, g.Ellipsis)
	}
	return lines
}

// inView returns the text in view that was not told before, and whether there is more of it below.
func (t *storyPane) inView(p *picture, s size) (shown string, more bool) {
	f := frame{p, s}
	w, h := t.room(f)
	lines, first := t.lines(f, w)
	top := 0
	if len(lines) > h {
		lines, first = t.lines(f, w-moreWidth)
		top = max(0, min(t.home(f, w-moreWidth, len(lines), first, h)+t.offset, len(lines)-h))
	}
	end := min(len(lines), top+h)
	var b strings.Builder
	for _, l := range lines[min(max(top, first), end):end] {
		b.WriteString(l.String() + "\n")
	}
	return b.String(), end < len(lines)
}

// lines returns the text as lines of at most w cells, and the index of the first line that is
// not about what was told before.
func (t *storyPane) lines(f frame, w int) (lines []text.Line, first int) {
	if now := f.position.telling.now; now != t.now || !slices.Equal(f.remarks, t.remarks) {
		t.offset, t.now, t.remarks = 0, now, f.remarks
	}
	story := t.story(f, w)
	lines = slices.Clone(story.before)
	first = len(lines)
	for _, r := range f.remarks {
		role, sign := text.RoleFail, f.style.glyph.Failed
		if r.quiet {
			role, sign = text.RoleFaint, f.style.glyph.Dot
		}
		lines = append(lines, text.In(role, sign+" "+f.safe(r.text)).Wrap(w)...)
	}
	return append(lines, story.text...), first
}

// story returns the prose as lines of at most w cells. The pane owns them.
func (t *storyPane) story(f frame, w int) told {
	if f.hidden.has(HideStory) {
		return told{w: w}
	}
	from := f.position.telling
	of := told{now: from.now, card: from.card.Text, overtaken: f.fold.offScript.own && !f.lesson.Sandbox(), w: w}
	if f.layout.wide() {
		of.earlier = len(from.earlier)
	}
	for _, have := range t.wrapped {
		if have.now == of.now && have.card == of.card && have.overtaken == of.overtaken && have.earlier == of.earlier && have.w == of.w {
			return have
		}
	}
	g := f.style.glyph
	if of.earlier > 0 {
		of.before = append(dim(lesson.Styled(strings.Join(from.earlier, "\n\n"), w, g)), nil)
	}
	if of.now != "" {
		of.text = lesson.Styled(of.now, w, g)
	}
	if of.overtaken && of.now != "" {
		of.text = append(text.In(text.RoleNote, f.safe(f.words.Overtaken)).Wrap(w), dim(of.text)...)
	}
	if from.card != (lesson.Card{}) {
		card := t.card(f, from.card, w)
		of.text, of.cardRows = append(slices.Clip(of.text), card...), len(card)
	}
	t.wrapped = append(t.wrapped, of)
	t.wrapped = t.wrapped[max(0, len(t.wrapped)-2):]
	return of
}

// dim returns lines without their roles, faint.
func dim(lines []text.Line) []text.Line {
	out := make([]text.Line, len(lines))
	for i, l := range lines {
		if len(l) > 0 {
			out[i] = text.In(text.RoleFaint, l.String())
		}
	}
	return out
}

// card returns a card as lines of w cells: its text in a frame, below it the sources.
func (t *storyPane) card(f frame, c lesson.Card, w int) []text.Line {
	g := f.style.glyph
	lines := lesson.Styled(c.Text, w-4, g)
	for _, l := range lesson.Styled(c.Sources, w-4, g) {
		if len(l) > 0 {
			lines = append(lines, text.In(text.RoleFaint, l.String()))
		}
	}
	return frame{f.picture, size{w, len(lines) + 2}}.boxed(text.In(text.RoleTitle, f.safe(c.Title)), lines, text.RoleTitle)
}
