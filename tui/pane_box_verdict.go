package tui

import (
	"slices"
	"strings"

	"finwait/sim"
	"finwait/sim/text"
)

// Whether the model says the same as the kernel stands in the title. What it says instead, and that
// it is silent, stands in the lowest border of an endpoint's box, too. It moves nothing there.

// besideVerdict is how many cells of the border remain beside the verdict.
const besideVerdict = 6

// verdicts returns what the model says of what the end did in the newest step.
func (b *box) verdicts() []sim.Event { return b.fold.scene.Verdicts(b.at) }

// verdict returns what the model says instead of what this end did in the newest step, in at most
// room cells; nil where it says the same, or nothing.
func (b *box) verdict(room int) text.Line {
	switch {
	case len(b.verdicts()) == 0 && b.fold.model.Silent.Why != "":
		return text.In(text.RoleFaint, b.words.ModelSilent)
	case len(b.verdicts()) == 0, !b.fold.scene.Settled:
		return nil
	}
	var differ []sim.Verdict
	for _, e := range b.verdicts() {
		if v := sim.Of[sim.Verdict](e); !v.Agree {
			differ = append(differ, v)
		}
	}
	if len(differ) == 0 {
		return nil
	}
	forms := b.difference(differ)
	return text.In(text.RoleWarn, text.FirstFit(forms, room))
}

// difference returns the forms of the first verdict in which the model and the kernel differ,
// the longest first. The box shows what the kernel did, the ladder shows every difference.
func (b *box) difference(list []sim.Verdict) []string {
	sign := b.style.glyph.Differs
	var forms, what []string
	v, more := list[0], ""
	if len(list) > 1 {
		more = ", " + b.style.glyph.Ellipsis
	}
	model := b.safe(b.words.Value(v.What, v.Model))
	forms = append(forms, b.words.Differs(sign, b.safe(b.words.Value(v.What, v.Kernel)), model)+more, b.words.SaysInstead(sign, model)+more)
	for _, v := range list {
		name, ok := b.words.What[v.What]
		if !ok {
			name = b.safe(string(v.What))
		}
		if !slices.Contains(what, name) {
			what = append(what, name)
		}
	}
	forms = append(forms, b.words.DiffersIn(sign, strings.Join(what, ", ")))
	if len(what) > 1 {
		forms = append(forms, b.words.DiffersIn(sign, what[0]+", "+b.style.glyph.Ellipsis))
	}
	return append(forms, b.words.DiffersIn(sign, ""))
}

// withVerdict returns the box with the verdict at the right of its lowest border.
func (b *box) withVerdict(box []text.Line) []text.Line {
	verdict := b.verdict(b.w - besideVerdict)
	if verdict == nil {
		return box
	}
	g, edge := b.style.glyph, b.edge()
	fill := strings.Repeat(g.Horizontal, 1+max(0, b.w-besideVerdict-verdict.Width()))
	border := append(text.In(edge, g.BottomLeft+fill+" "), verdict...)
	box[len(box)-1] = append(border, text.Span{Text: " " + g.Horizontal + g.BottomRight, Role: edge})
	return box
}
