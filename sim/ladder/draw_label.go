package ladder

import (
	"finwait/sim"
	"finwait/sim/text"
)

// labelLine returns a label in at most width cells. With ends, which is for a death that ends
// the lifeline, the sign of death is left out: it stands on the lifeline.
func (p *painter) labelLine(lb *label, width int, ends bool) text.Line {
	var l text.Line
	g := p.g
	switch lb.kind {
	case labelCall:
		l = p.callLine(&lb.call, width)
	case labelState:
		l = text.In(text.StateRole(lb.state), lb.state.String()+mark(g, lb.by))
		if l.Width() > width {
			l[0].Text = lb.state.String() + g.Guess
		}
	case labelDeath:
		l = text.In(text.RoleDeath, text.FirstFit(p.deathForms(lb, ends), width))
	case labelNote:
		l = text.In(text.RoleNote, text.FirstFit(p.texts(lb.note), width))
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
func (p *painter) deathForms(lb *label, ends bool) []string {
	sign := p.g.Death + " "
	if ends {
		sign = ""
	}
	signal, exit := p.g.Show(lb.signal), p.words.Ladder.Exit(lb.status)
	switch {
	case lb.status == "":
		return []string{sign + signal}
	case signal == "":
		return []string{sign + exit, sign + lb.status}
	}
	return []string{
		sign + signal + ", " + exit,
		sign + signal + ", " + lb.status,
		sign + signal + " " + lb.status,
		sign + signal,
	}
}
