package tui

import (
	"strings"

	"finwait/sim/ladder"
	"finwait/sim/text"
)

// ladderPane is the ladder and, as its last row, the rule that ends it. When the
// ladder is longer than the pane the newest rows are shown, unless one has
// scrolled away from them.
type ladderPane struct {
	frame
	below  string // what stands below it, as the rule says; "" for the story
	ladder *ladder.Ladder
	grow   float64
	count  int // rows of the ladder
	hidden int // rows below the pane
}

// growth returns how much of the newest arrow is to be drawn.
func (p *play) growth() float64 {
	if p.revealing() {
		return p.reveal.grow
	}
	return 1
}

// setRows says what is on the ladder, and how much of its newest arrow.
func (p *ladderPane) setRows(l *ladder.Ladder, grow float64) {
	p.ladder, p.grow = l, grow
	if p.hidden > 0 { // somebody looks at older rows: they stay where they are
		p.hidden += l.Len() - p.count
	}
	p.count = l.Len()
	p.scroll(0)
}

// rewind shows the newest rows.
func (p *ladderPane) rewind() { p.hidden = 0 }

// scroll moves by some rows; a negative number goes towards older ones.
func (p *ladderPane) scroll(by int) {
	if p.ladder == nil {
		return
	}
	p.hidden = max(0, min(p.hidden-by, p.ladder.Len()-p.rows()))
}

// long reports whether there is more of the ladder than fits.
func (p *ladderPane) long() bool { return p.ladder != nil && p.ladder.Len() > p.rows() }

// rows returns how many rows of the ladder fit.
func (p *ladderPane) rows() int { return max(0, p.h-1) }

func (p *ladderPane) render() string {
	if p.ladder == nil {
		return p.paint(nil)
	}
	to := p.ladder.Len() - p.hidden
	from := max(0, to-p.rows())
	if p.hidden > 0 {
		to = min(p.ladder.Len(), from+p.rows())
	}
	lines := p.ladder.Draw(from, to, p.w, ladder.Options{ASCII: p.style.glyph.ASCII, Grow: p.grow})
	for len(lines) < p.rows() {
		lines = append(lines, nil)
	}
	return p.paint(append(lines, p.rule(from, p.ladder.Len()-to)))
}

// rule returns the last row: a rule that says how much of the ladder is above and
// below.
func (p *ladderPane) rule(above, below int) text.Line {
	g := p.style.glyph
	var signs text.Line
	if above > 0 {
		signs = append(signs, text.Span{Text: " " + g.Up + " " + p.words.earlier(above) + " ", Role: text.RoleNormal}, text.Span{Text: g.Horizontal, Role: text.RoleFaint})
	}
	if below > 0 {
		signs = append(signs, text.Span{Text: " " + g.Down + " " + p.words.later(below) + " ", Role: text.RoleNormal}, text.Span{Text: g.Horizontal, Role: text.RoleFaint})
	}
	signs = append(signs, text.Span{Text: g.Horizontal, Role: text.RoleFaint})
	var name text.Line
	if p.below != "" {
		name = text.Line{{Text: g.Horizontal, Role: text.RoleFaint}, {Text: " " + p.below + " ", Role: text.RoleTitle}}
	}
	fill := max(0, p.w-name.Width()-signs.Width())
	return append(append(name, text.Span{Text: strings.Repeat(g.Horizontal, fill), Role: text.RoleFaint}), signs...)
}
