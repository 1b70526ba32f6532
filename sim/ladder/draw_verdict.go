package ladder

import (
	"strings"

	"finwait/sim"
	"finwait/sim/text"
)

// difference draws what the kernel did and what the model says on the two sides of the
// end's lifeline, or else on the whole line.
func (p *painter) difference(b text.Board, s difference) {
	for _, part := range []*string{&s.kernel, &s.model, &s.kernelOnly, &s.modelOnly} {
		*part = p.g.Show(*part)
	}
	if p.besideLifeline(b, s, s.kernel, s.model) || p.besideLifeline(b, s, s.kernelOnly, s.modelOnly) {
		return
	}
	p.overlay(b, p.sentence(s), text.RoleDiffers)
}

// besideLifeline draws the two on both sides of the end's lifeline, if there is room.
func (p *painter) besideLifeline(b text.Board, s difference, kernel, model string) bool {
	outside, inside := "kernel: "+kernel, p.g.Differs+" model: "+model
	if s.at == right {
		outside, inside = "model: "+model, "kernel: "+kernel+" "+p.g.Differs
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
	if full := s.sentence(s.kernel, s.model, p.g.Differs); text.Cells(full) <= p.columns-2 {
		return full
	}
	room := p.columns - 2 - text.Cells(s.sentence("", "", p.g.Differs))
	kernel, model := s.kernelOnly, s.modelOnly
	if text.Cells(kernel)+text.Cells(model) > room {
		kernel, model = fromDifference(kernel, model, p.g.Ellipsis)
	}
	share := min(text.Cells(kernel), max(room/2, room-text.Cells(model)))
	both := s.sentence(text.Cut(kernel, share, p.g.Ellipsis), text.Cut(model, room-share, p.g.Ellipsis), p.g.Differs)
	return text.Cut(both, p.columns, p.g.Ellipsis)
}

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

// sentence returns whose end it is, then what the kernel did and what the model says.
func (s difference) sentence(kernel, model, between string) string {
	who := string(sim.Client)
	if s.at == right {
		who = string(sim.Server)
	}
	if s.conn != 0 {
		who = "connection " + itoa(s.conn) + ", " + who
	}
	return who + ", kernel: " + kernel + " " + between + " model: " + model
}
