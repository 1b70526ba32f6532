package tui

import (
	"slices"
	"strings"

	"finwait/sim"
	"finwait/sim/text"
)

// What the model says beside the kernel, in the border of an endpoint's box: quiet
// where both say the same, both where they do not. It moves nothing when it comes.

// besideVerdict is the width of the border that remains beside it.
const besideVerdict = 6

// verdict returns what the model says of what the end did in the newest step, in at
// most room cells.
func (p *boxPane) verdict(room int) text.Line {
	switch {
	case len(p.end.Verdicts) == 0 && p.silent:
		return text.In(text.RoleFaint, p.words.modelSilent)
	case len(p.end.Verdicts) == 0, !p.settled:
		return nil
	}
	var apart []sim.Event
	for _, v := range p.end.Verdicts {
		if !v.OK {
			apart = append(apart, v)
		}
	}
	if len(apart) == 0 {
		return text.In(text.RoleFaint, p.words.agrees)
	}
	forms := p.apart(apart)
	return text.In(text.RoleWarn, text.FirstFit(forms, room))
}

// apart returns how it is told in what the two differ first, the long form first. What the
// kernel did stands in the box, and all of it on the ladder.
func (p *boxPane) apart(list []sim.Event) []string {
	sign := p.style.glyph.Differs
	var forms, what []string
	v, more := list[0], ""
	if len(list) > 1 {
		more = ", " + p.style.glyph.Ellipsis
	}
	model := p.safe(v.What.Value(v.Model))
	forms = append(forms, p.words.differs(sign, p.safe(v.What.Value(v.Kernel)), model)+more, p.words.saysInstead(sign, model)+more)
	for _, v := range list {
		name, ok := p.words.what[v.What]
		if !ok {
			name = p.safe(string(v.What))
		}
		if !slices.Contains(what, name) {
			what = append(what, name)
		}
	}
	forms = append(forms, p.words.differsIn(sign, strings.Join(what, ", ")))
	if len(what) > 1 {
		forms = append(forms, p.words.differsIn(sign, what[0]+", "+p.style.glyph.Ellipsis))
	}
	return append(forms, p.words.differsIn(sign, ""))
}

// withVerdict returns the box with the verdict in the right of its lowest border.
func (p *boxPane) withVerdict(box []text.Line) []text.Line {
	verdict := p.verdict(p.w - besideVerdict)
	if verdict == nil {
		return box
	}
	g, edge := p.style.glyph, p.edge()
	fill := strings.Repeat(g.Horizontal, 1+max(0, p.w-besideVerdict-verdict.Width()))
	border := append(text.In(edge, g.BottomLeft+fill+" "), verdict...)
	box[len(box)-1] = append(border, text.Span{Text: " " + g.Horizontal + g.BottomRight, Role: edge})
	return box
}
