package ladder

import (
	"strings"

	"finwait/sim"
	"finwait/sim/text"
)

// sides are the texts of a difference: what the kernel did and what the model says.
type sides struct{ kernel, model string }

// full returns all that both sides say.
func (p *painter) full(s difference) sides {
	return sides{p.said(s.what, s.kernel), p.said(s.what, s.model)}
}

// said returns what one side says so that it can stand alone.
func (p *painter) said(what sim.What, said string) string {
	return p.g.Show(text.Clean(p.words.Value(what, said)))
}

// only returns what differs: what both have in common is left out.
func (p *painter) only(s difference) sides {
	if !s.common {
		return p.full(s)
	}
	rest := func(said string) string {
		if said == "" {
			return p.g.Show(p.words.Ladder.NothingElse)
		}
		return p.g.Show(text.Clean(p.words.Ladder.Also(said)))
	}
	return sides{rest(s.kernelOnly), rest(s.modelOnly)}
}

// difference draws what the kernel did and what the model says on the two sides of the
// end's lifeline, or else on the whole line.
func (p *painter) difference(b text.Board, s difference) {
	if p.besideLifeline(b, s, p.full(s)) || p.besideLifeline(b, s, p.only(s)) {
		return
	}
	p.overlay(b, p.sentence(s), text.RoleDiffers)
}

// besideLifeline draws the two on both sides of the end's lifeline, if there is room.
func (p *painter) besideLifeline(b text.Board, s difference, said sides) bool {
	kernel, model := p.words.Ladder.Kernel(said.kernel), p.words.Ladder.Model(said.model)
	outside, inside := kernel, p.g.Differs+" "+model
	if s.at == right {
		outside, inside = model, kernel+" "+p.g.Differs
	}
	room := p.life[right] - p.life[left] - 1
	if s.conn != 0 || text.Cells(outside) > p.side-1 || text.Cells(inside) > room-2 {
		return false
	}
	if s.at == right {
		b.Put(p.life[right]+2, outside, text.RoleDiffers)
		b.Put(p.life[right]-1-text.Cells(inside), inside, text.RoleDiffers)
	} else {
		b.Put(p.life[left]-1-text.Cells(outside), outside, text.RoleDiffers)
		b.Put(p.life[left]+2, inside, text.RoleDiffers)
	}
	return true
}

// sentence returns the difference as one text that fits the line: all of both, or only
// what differs, or as much of each as there is room for.
func (p *painter) sentence(s difference) string {
	if full := p.fullSentence(s); text.Cells(full) <= p.columns-2 {
		return full
	}
	room := p.columns - 2 - text.Cells(p.spell(s, sides{}))
	only := p.only(s)
	kernel, model := only.kernel, only.model
	if text.Cells(kernel)+text.Cells(model) > room {
		kernel, model = fromDifference(kernel, model, p.g.Ellipsis)
	}
	share := min(text.Cells(kernel), max(room/2, room-text.Cells(model)))
	both := p.spell(s, sides{text.Cut(kernel, share, p.g.Ellipsis), text.Cut(model, room-share, p.g.Ellipsis)})
	return text.Cut(both, p.columns, p.g.Ellipsis)
}

// fullSentence returns the difference with all that both sides say.
func (p *painter) fullSentence(s difference) string { return p.spell(s, p.full(s)) }

// fromDifference returns two texts from the word before the first that differs, so that
// cutting the ends off does not leave the same of both: "… len 13".
func fromDifference(a, b, mark string) (string, string) {
	one, two := strings.Fields(a), strings.Fields(b)
	same := 0
	for same < min(len(one), len(two)) && one[same] == two[same] {
		same++
	}
	if same--; same <= 0 {
		return a, b
	}
	from := func(list []string) string { return strings.Join(append([]string{mark}, list[same:]...), " ") }
	return from(one), from(two)
}

// spell returns whose end it is, then what the kernel did and what the model says.
func (p *painter) spell(s difference, said sides) string {
	who := p.words.Client
	if s.at == right {
		who = p.words.Server
	}
	if s.conn != 0 {
		who = p.words.Ladder.Of(s.conn, who)
	}
	return who + ", " + p.words.Ladder.Kernel(said.kernel) + " " + p.g.Differs + " " + p.words.Ladder.Model(said.model)
}
