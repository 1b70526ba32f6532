package tui

import (
	"strconv"
	"strings"

	"finwait/sim"
	"finwait/sim/text"
)

// wirePane is what is on the wire between two hosts, one segment a row, one of
// them chosen. Its last row is a rule, where there is room for one. Its place is
// the same whether anything is on the wire or not.
type wirePane struct {
	frame
	beside bool // it stands beside the ladder, in a box of its own
	flight []sim.Event
	cut    bool // the cable
	auto   bool // it delivers by itself
	now    sim.Seconds
	past   bool // one looks back: there is nothing to choose
	chosen int  // number of the chosen segment, 0 for none
	at     int  // its place among those on the wire
	top    int  // first segment shown
}

// How wide a row must be to say everything, where its last column begins then at
// most, and how wide that is.
const (
	wireLong   = 74
	heldAt     = 64
	heldColumn = 25
)

// setWire says what is on the wire, at the given time of the lab.
func (p *wirePane) setWire(s sim.Scene, now sim.Seconds, past bool) {
	p.flight, p.cut, p.now, p.past = s.Flight, s.Cut, now, past
	p.auto = byItself(s)
	if !past {
		p.keep()
	}
}

// byItself reports whether the wire delivers at once because the lesson says so, and
// not to set the scene.
func byItself(s sim.Scene) bool { return s.Auto && s.Step > 0 }

// keep keeps the choice where it is. When its segment has gone, the one that was
// behind it is chosen.
func (p *wirePane) keep() {
	for i, e := range p.flight {
		if e.Segment.ID == p.chosen {
			p.at = i
			return
		}
	}
	p.choose(p.at)
}

// choose moves the choice to segment i of those on the wire, or to the nearest.
func (p *wirePane) choose(i int) {
	p.at, p.chosen = max(0, min(i, len(p.flight)-1)), 0
	if len(p.flight) > 0 {
		p.chosen = p.flight[p.at].Segment.ID
	}
}

// rewind forgets the choice.
func (p *wirePane) rewind() { p.at, p.chosen, p.top = 0, 0, 0 }

// rows returns how many segments there is room for.
func (p *wirePane) rows() int {
	if p.beside {
		return max(1, p.h-2)
	}
	return max(1, p.h-1)
}

func (p *wirePane) render() string {
	if p.beside {
		title := text.In(text.RoleTitle, p.words.onTheWire)
		if place := p.place(); place != "" {
			title = append(title, text.Span{Text: " " + place, Role: text.RoleFaint})
		}
		return p.paint(p.boxed(title, p.lines(p.w-4), text.RoleFaint))
	}
	if p.h == 1 {
		place := text.In(text.RoleNormal, " "+p.place())
		l := append(text.Line{{Text: " "}}, p.lines(p.w - 3 - place.Width())[0]...)
		return p.paint([]text.Line{text.Between(l, place, p.w-1, p.style.glyph.Ellipsis)})
	}
	lines := make([]text.Line, 0, p.h)
	for _, l := range p.lines(p.w - 2) {
		lines = append(lines, append(text.Line{{Text: " "}}, l...))
	}
	for len(lines) < p.h-1 {
		lines = append(lines, nil)
	}
	return p.paint(append(lines, p.rule()))
}

// rule returns the last row, which says how much of the wire is not shown.
func (p *wirePane) rule() text.Line {
	rule := p.style.glyph.Horizontal
	var sign text.Line
	if place := p.place(); place != "" {
		sign = text.Line{{Text: " " + place + " ", Role: text.RoleNormal}, {Text: rule + rule, Role: text.RoleFaint}}
	}
	return append(text.In(text.RoleFaint, strings.Repeat(rule, max(0, p.w-sign.Width()))), sign...)
}

// place says where the choice stands when there are more segments than rows.
func (p *wirePane) place() string {
	if len(p.flight) <= p.rows() {
		return ""
	}
	return p.words.place(p.at+1, len(p.flight))
}

// lines returns the rows of the segments, or of the wire when there are none.
func (p *wirePane) lines(room int) []text.Line {
	g := p.style.glyph
	switch {
	case p.cut && len(p.flight) == 0:
		return []text.Line{append(text.Line{{Text: g.Failed + " ", Role: text.RoleFail}}, text.Span{Text: p.words.cableCut, Role: text.RoleWarn})}
	case len(p.flight) == 0 && p.auto:
		return []text.Line{text.In(text.RoleNormal, "  "+p.words.nothingHeld)}
	case len(p.flight) == 0:
		return []text.Line{text.In(text.RoleFaint, "  "+p.words.nothingOnTheWire)}
	}
	n := p.rows()
	p.top = max(0, min(p.top, p.at, len(p.flight)-n))
	p.top = max(p.top, p.at-n+1)
	var lines []text.Line
	for _, e := range p.flight[p.top:min(len(p.flight), p.top+n)] {
		lines = append(lines, p.row(e, room))
	}
	return lines
}

// row returns the row of one segment: its number, its sender, what it says, how
// long it has been held and how often it was sent.
func (p *wirePane) row(e sim.Event, room int) text.Line {
	g := p.style.glyph
	mark, t := "  ", text.RoleNormal
	if e.Segment.ID == p.chosen && !p.past {
		mark, t = g.Next+" ", text.RoleActive
	}
	id := "#" + strconv.Itoa(e.Segment.ID)
	left := text.Line{{Text: mark, Role: text.RoleActive}, {Text: id + strings.Repeat(" ", max(1, 4-len(id))), Role: t}}
	long := room >= wireLong
	left = append(left, p.way(e.At, long)...)
	held := p.held(e, long)
	if !long {
		left = append(left, p.segment(e.Segment, t, room-left.Width()-held.Width()-1)...)
		return text.Between(left, held, room, g.Ellipsis)
	}
	column := min(room-heldColumn, heldAt)
	left = append(left, p.segment(e.Segment, t, column-left.Width()-1)...)
	return append(left.Pad(column), held...)
}

// way says whose segment it is and, where there is room, whereto.
func (p *wirePane) way(from sim.End, long bool) text.Line {
	names := map[sim.End]text.Span{sim.Client: {Text: p.words.client, Role: text.RoleClient}, sim.Server: {Text: p.words.server, Role: text.RoleServer}}
	if !long {
		return text.Line{names[from], {Text: " "}}
	}
	return text.Line{names[from], {Text: " " + p.style.glyph.To + " ", Role: text.RoleFaint}, names[from.Peer()], {Text: "  "}}
}

// segment returns flags and numbers in at most so many cells: all of them, or
// those that tell more.
func (p *wirePane) segment(s sim.Segment, t text.Role, room int) text.Line {
	flags := text.Line{{Text: s.Flags.String(), Role: t}}
	if s.Flags&sim.RST != 0 {
		flags[0].Role = text.RoleReset
	}
	if s.Resent {
		flags = append(flags, text.Span{Text: " " + p.words.again, Role: text.RoleWarn})
	}
	numbers := strings.TrimPrefix(s.String(), s.Flags.String())
	length := ""
	if s.Len > 0 {
		length = " len " + strconv.Itoa(s.Len)
	}
	for _, form := range []string{numbers, strings.Replace(numbers, " ack "+strconv.FormatUint(uint64(s.Ack), 10), "", 1), length} {
		if form != "" && flags.Width()+1+text.Cells(form) <= room {
			return append(flags, text.Span{Text: " " + form, Role: t})
		}
	}
	return flags
}

// held says how long a segment has been held, and how often it was sent.
func (p *wirePane) held(e sim.Event, long bool) text.Line {
	held := p.words.heldFor(span(p.now - e.T))
	if n := e.Segment.Copies; n > 1 && long {
		held += ", " + p.words.timesSent(n)
	} else if n > 1 {
		held += ", " + p.words.timesShort(n)
	}
	return text.In(text.RoleFaint, held)
}

// ages returns after what time a row reads differently, 0 for never.
func (p *play) ages() sim.Seconds {
	wait := sim.Seconds(0)
	for _, e := range p.fold.scene.Flight {
		if w := grows(p.clock() - e.T); wait == 0 || w < wait {
			wait = w
		}
	}
	return wait
}
