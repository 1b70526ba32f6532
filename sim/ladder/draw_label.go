package ladder

import (
	"finwait/sim"
	"finwait/sim/text"
)

// line returns the label in at most width cells. With ends, which is for a death that ends
// the lifeline, the sign of death is left out: it stands on the lifeline.
func (lb *label) line(width int, ends bool, g *text.Glyphs) text.Line {
	var l text.Line
	switch lb.kind {
	case labelCall:
		l = lb.call.line(lb.who, width, g)
	case labelState:
		l = text.In(text.StateRole(lb.state), lb.state.String()+mark(g, lb.by))
		if l.Width() > width {
			l[0].Text = lb.state.String() + g.Guess
		}
	case labelDeath:
		l = text.In(text.RoleDeath, text.FirstFit(lb.deathForms(ends, g), width))
	case labelNote:
		forms := make([]string, len(lb.notes))
		for i, note := range lb.notes {
			forms[i] = lb.who + g.Show(note)
		}
		l = text.In(text.RoleNote, text.FirstFit(forms, width))
	}
	return l.Cut(width, g.Ellipsis)
}

// mark returns what follows a state that was not read from the kernel.
func mark(g *text.Glyphs, by sim.Source) string {
	switch by {
	case sim.ByInference:
		return " " + g.Guess
	case sim.ByModel:
		return " " + g.Predicted
	}
	return ""
}

// deathForms returns the texts for a death, the longest form first.
func (lb *label) deathForms(ends bool, g *text.Glyphs) []string {
	sign := lb.who + g.Death + " "
	if ends {
		sign = lb.who
	}
	signal := g.Show(lb.signal)
	switch {
	case lb.status == "":
		return []string{sign + signal}
	case signal == "":
		return []string{sign + "exit " + lb.status, sign + lb.status}
	}
	return []string{
		sign + signal + ", exit " + lb.status,
		sign + signal + ", " + lb.status,
		sign + signal + " " + lb.status,
		sign + signal,
	}
}
