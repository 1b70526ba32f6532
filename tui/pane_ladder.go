package tui

import (
	"strings"

	"finwait/sim/ladder"
	"finwait/sim/text"
)

// ladderPane is the ladder, with a mark before each row of the newest step, and, as its last row, the
// rule that ends it. When the
// ladder is longer than the pane the newest rows are shown, unless somebody has
// scrolled away from them.
type ladderPane struct{ tail }

// tail is which rows are in view of those that do not all fit: the last ones, unless somebody has
// scrolled away from them.
type tail struct {
	end int // row after the last one that is shown; 0 to follow the newest
}

// ladderRows returns how many rows of the ladder fit. Larger ones stand apart by a line each.
func (p *picture) ladderRows(s size) int {
	if p.larger {
		return max(0, s.h/2)
	}
	return max(0, s.h-1)
}

// ladderLines returns how many lines n rows of the ladder need.
func (p *picture) ladderLines(n int) int {
	if p.larger {
		return max(0, 2*n-1)
	}
	return n
}

func (l *ladderPane) rewind() { l.end = 0 }

func (l *ladderPane) scroll(p *picture, s size, by int) {
	l.move(by, p.fold.ladder.Len(), p.ladderRows(s))
}

// move scrolls by some of n rows, of which so many fit.
func (t *tail) move(by, n, fit int) {
	t.end = max(1, t.last(n, fit)+by)
	t.last(n, fit)
}

// last returns the row after the last one that is shown of n rows, of which so many fit. Once the
// newest row is in view, it stays there.
func (t *tail) last(n, fit int) int {
	if t.end > 0 {
		t.end = max(t.end, min(n, fit))
	}
	if t.end >= n {
		t.end = 0
	}
	if t.end == 0 {
		return n
	}
	return t.end
}

func (l *ladderPane) render(p *picture, s size) string {
	f := frame{p, s}
	rows := p.ladderRows(s)
	to := l.last(p.fold.ladder.Len(), rows)
	from := max(0, to-rows)
	o := ladder.Options{Lang: p.words, ASCII: p.style.glyph.ASCII, Grow: p.growth, Numbers: p.larger}
	lines := make([]text.Line, 0, s.h)
	add := func(line text.Line, isNew bool) {
		mark := " "
		if isNew {
			mark = p.style.glyph.New
		}
		lines = append(lines, append(text.Line{{Text: mark, Role: text.RoleActive}}, line...))
	}
	for i, line := range p.fold.ladder.Draw(from, to, s.w-1, o) {
		r := from + i
		add(line, p.fold.ladder.New(r))
		if p.larger && r+1 < to {
			add(p.fold.ladder.Between(r, s.w-1, o), p.fold.ladder.New(r) && p.fold.ladder.New(r+1))
		}
	}
	for len(lines) < s.h-1 {
		lines = append(lines, nil)
	}
	return f.paint(append(lines, f.rule(from, p.fold.ladder.Len()-to)))
}

// rule returns the rule below the ladder or the diagram. It names the wire where the wire stands
// below, and says how many rows of the ladder are above and below the view.
func (f frame) rule(above, below int) text.Line {
	g := f.style.glyph
	signs := f.outOfView(above, below)
	var name text.Line
	if f.wired && !f.layout.wide() {
		name = text.Line{{Text: g.Horizontal, Role: text.RoleFaint}, {Text: " " + f.words.OnTheWire + " ", Role: text.RoleTitle}}
	}
	if focus, subject := f.fold.focus(), f.fold.scene.Subject; focus != subject {
		room := f.w - name.Width() - signs.Width() - len("- ") - len(" ")
		if says := text.FirstFit(append(f.words.Drawn(focus, subject), ""), room); says != "" {
			name = append(name, text.Span{Text: g.Horizontal, Role: text.RoleFaint}, text.Span{Text: " " + says + " ", Role: text.RoleWarn})
		}
	}
	fill := max(0, f.w-name.Width()-signs.Width())
	return append(append(name, text.Span{Text: strings.Repeat(g.Horizontal, fill), Role: text.RoleFaint}), signs...)
}

// outOfView says how many rows are above and below what is in view, at the right end of a rule.
func (f frame) outOfView(above, below int) text.Line {
	g := f.style.glyph
	var signs text.Line
	if above > 0 {
		signs = append(signs, text.Span{Text: " " + g.Up + " " + f.words.Earlier(above) + " ", Role: text.RoleNormal}, text.Span{Text: g.Horizontal, Role: text.RoleFaint})
	}
	if below > 0 {
		signs = append(signs, text.Span{Text: " " + g.Down + " " + f.words.Later(below) + " ", Role: text.RoleNormal}, text.Span{Text: g.Horizontal, Role: text.RoleFaint})
	}
	return append(signs, text.Span{Text: g.Horizontal, Role: text.RoleFaint})
}
