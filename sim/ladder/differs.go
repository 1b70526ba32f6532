package ladder

import (
	"slices"
	"strings"

	"finwait/sim"
	"finwait/sim/text"
)

// said is what the kernel and the model say of the same thing, where they differ.
type said struct {
	at            int // left or right
	conn          int // the connection, where it is not that of the lifelines; else 0
	kernel, model string
	// What is left of both without what they have in common.
	kernelOnly, modelOnly string
}

// judged gives a row to what the model says otherwise than the kernel. That they agree
// needs none.
func (l *Ladder) judged(e sim.Event, i int) {
	if e.OK {
		return
	}
	s := said{at: i, kernel: text.Clean(e.What.Value(e.Kernel)), model: text.Clean(e.What.Value(e.Model))}
	if e.Conn != l.conn {
		s.conn = e.Conn
	}
	s.kernelOnly, s.modelOnly = s.kernel, s.model
	if e.What == sim.WhatSegment && e.Kernel != "" && e.Model != "" {
		s.kernelOnly, s.modelOnly = apart(s.kernel, s.model)
	}
	r := l.add(e.T, rowDiffers)
	l.rows[r].said = s
}

// apart returns what two lists of segments say without those at their beginnings and
// ends that are in both.
func apart(a, b string) (string, string) {
	one, two := strings.Split(a, sim.Between), strings.Split(b, sim.Between)
	all := len(one)
	for range 2 { // from the beginning, then from the end
		for len(one) > 0 && len(two) > 0 && one[0] == two[0] {
			one, two = one[1:], two[1:]
		}
		slices.Reverse(one)
		slices.Reverse(two)
	}
	if len(one) == all {
		return a, b
	}
	rest := func(list []string) string {
		if len(list) == 0 {
			return "nothing else"
		}
		return "also " + strings.Join(list, sim.Between)
	}
	return rest(one), rest(two)
}

// differs draws what the kernel did, then what the model says, with the end's lifeline
// between them; or else both on the whole line.
func (p *painter) differs(b text.Board, s said) {
	for _, part := range []*string{&s.kernel, &s.model, &s.kernelOnly, &s.modelOnly} {
		*part = p.g.Show(*part)
	}
	if p.besideLife(b, s, s.kernel, s.model) || p.besideLife(b, s, s.kernelOnly, s.modelOnly) {
		return
	}
	p.over(b, p.across(s), text.RoleDiffers)
}

// over draws a text in the middle of the whole line, over what is there.
func (p *painter) over(b text.Board, form string, role text.Role) {
	form = text.Cut(form, p.columns, p.g.Ellipsis)
	x := (p.columns - text.Cells(form)) / 2
	b.Put(max(x-1, 0), strings.Repeat(" ", min(text.Cells(form)+2, p.columns)), text.RoleNormal)
	b.Put(x, form, role)
}

// texts returns texts as the glyphs can show them.
func (p *painter) texts(list []string) []string {
	shown := make([]string, len(list))
	for i, form := range list {
		shown[i] = p.g.Show(form)
	}
	return shown
}

// silent gives a row to that the model says nothing from here on, and why.
func (l *Ladder) silent(e sim.Event) {
	why := text.Clean(e.Text)
	r := l.add(e.T, rowSilent)
	l.rows[r].forms = []string{silence + ": " + why, "model silent: " + why, "model silent"}
}

// silence is how that is said.
const silence = "model: no verdicts from here on"

// besideLife draws the two on both sides of the end's lifeline, if there is room.
func (p *painter) besideLife(b text.Board, s said, kernel, model string) bool {
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

// across returns what is said as one text that fits the line: all of it, or only that
// in which the two differ, or so much of each as there is room for.
func (p *painter) across(s said) string {
	if full := s.text(s.kernel, s.model, p.g.Differs); text.Cells(full) <= p.columns-2 {
		return full
	}
	room := p.columns - 2 - text.Cells(s.text("", "", p.g.Differs))
	kernel, model := s.kernelOnly, s.modelOnly
	if text.Cells(kernel)+text.Cells(model) > room {
		kernel, model = ends(kernel, model, p.g.Ellipsis)
	}
	share := min(text.Cells(kernel), max(room/2, room-text.Cells(model)))
	both := s.text(text.Cut(kernel, share, p.g.Ellipsis), text.Cut(model, room-share, p.g.Ellipsis), p.g.Differs)
	return text.Cut(both, p.columns, p.g.Ellipsis)
}

// ends returns two texts from the word before the first in which they differ, so that
// what is cut off does not leave the same of both: "… len 13".
func ends(a, b, mark string) (string, string) {
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

// text says whose both are, then both.
func (s said) text(kernel, model, between string) string {
	who := string(sim.Client)
	if s.at == right {
		who = string(sim.Server)
	}
	if s.conn != 0 {
		who = "connection " + itoa(s.conn) + ", " + who
	}
	return who + ", kernel: " + kernel + " " + between + " model: " + model
}
