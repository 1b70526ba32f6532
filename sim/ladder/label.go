package ladder

// phrase is a text in pieces of different roles.
type phrase []piece

type piece struct {
	text string
	role Role
}

func (p phrase) width() int {
	n := 0
	for _, part := range p {
		n += cells(part.text)
	}
	return n
}

// fit returns the phrase cut to width cells.
func (p phrase) fit(width int, mark string) phrase {
	if p.width() <= width {
		return p
	}
	var kept phrase
	for _, part := range p {
		if w := cells(part.text); w < width {
			kept = append(kept, part)
			width -= w
			continue
		}
		return append(kept, piece{cut(part.text, width, mark), part.role})
	}
	return kept
}

// phrase returns the label in at most width cells. Ends: it is a death in whose
// row the lifeline ends, so that the sign of it stands on the line.
func (lb *label) phrase(width int, ends bool, g *glyphs) phrase {
	var p phrase
	switch lb.kind {
	case labelCall:
		p = lb.call.phrase(lb.who, width, g)
	case labelState:
		p = phrase{{lb.state.String() + g.mark(lb.by), RoleState}}
		if p.width() > width {
			p[0].text = lb.state.String() + g.guess
		}
	case labelDeath:
		p = phrase{{firstFit(lb.deathForms(ends, g), width), RoleDeath}}
	case labelNote:
		forms := make([]string, len(lb.notes))
		for i, note := range lb.notes {
			forms[i] = lb.who + g.text(note)
		}
		p = phrase{{firstFit(forms, width), RoleNote}}
	}
	return p.fit(width, g.cut)
}

// deathForms returns how a death is told, the long form first.
func (lb *label) deathForms(ends bool, g *glyphs) []string {
	sign := lb.who + g.death + " "
	if ends {
		sign = lb.who
	}
	signal := g.text(lb.signal)
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

// firstFit returns the first form that fits, else the last.
func firstFit(forms []string, width int) string {
	for _, form := range forms {
		if cells(form) <= width {
			return form
		}
	}
	return forms[len(forms)-1]
}
