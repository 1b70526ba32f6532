package tui

import (
	"strconv"
	"strings"

	"finwait/sim"
	"finwait/sim/text"
)

// wirePane is the wire between the two hosts: one segment a row, one of them chosen, and a
// rule as the last row where there is room. An empty wire takes the same room.
type wirePane struct {
	top int // first segment that is shown
}

// Widths of a row, in cells.
const (
	wireLong   = 74 // a row from this width on says everything
	heldAt     = 64 // the last column of such a row begins here at most
	heldColumn = 25 // the last column of such a row is so wide
)

// deliversByItself reports whether a step of the lesson has made the wire deliver at once. The
// set-up does so too, and says nothing.
func deliversByItself(s *sim.Scene) bool { return s.Auto && s.Step > 0 }

// wireRowsIn returns how many segments a pane of the wire has room for.
func wireRowsIn(s size, wide bool) int {
	if wide {
		return max(1, s.h-2)
	}
	return max(1, s.h-1)
}

func (v *wirePane) render(p *picture, s size) string {
	f := frame{p, s}
	if p.layout.wide() {
		title := text.In(text.RoleTitle, p.words.OnTheWire)
		if nth := v.nth(f); nth != "" {
			title = append(title, text.Span{Text: " " + nth, Role: text.RoleFaint})
		}
		return f.paint(f.boxed(title, v.lines(f, s.w-4), text.RoleFaint))
	}
	if s.h == 1 {
		nth := text.In(text.RoleNormal, " "+v.nth(f))
		l := append(text.Line{{Text: " "}}, v.lines(f, s.w-3-nth.Width())[0]...)
		return f.paint([]text.Line{text.Between(l, nth, s.w-1, p.style.glyph.Ellipsis)})
	}
	lines := make([]text.Line, 0, s.h)
	for _, l := range v.lines(f, s.w-2) {
		lines = append(lines, append(text.Line{{Text: " "}}, l...))
	}
	for len(lines) < s.h-1 {
		lines = append(lines, nil)
	}
	return f.paint(append(lines, v.rule(f)))
}

// lines returns the rows of the segments, or of the wire when there are none.
func (v *wirePane) lines(f frame, room int) []text.Line {
	g, scene := f.style.glyph, &f.fold.scene
	flight := scene.Flight
	switch {
	case scene.Cut && len(flight) == 0:
		return []text.Line{append(text.Line{{Text: g.Failed + " ", Role: text.RoleFail}}, text.Span{Text: f.words.CableCut, Role: text.RoleWarn})}
	case len(flight) == 0 && deliversByItself(scene):
		return []text.Line{text.In(text.RoleNormal, "  "+f.words.NothingHeld)}
	case len(flight) == 0:
		return []text.Line{text.In(text.RoleFaint, "  "+f.words.NothingOnTheWire)}
	}
	n := wireRowsIn(f.size, f.layout.wide())
	row := min(f.row, len(flight)-1) // there may have been fewer in the past
	v.top = max(0, row-n+1, min(v.top, row, len(flight)-n))
	var lines []text.Line
	for _, e := range flight[v.top:min(len(flight), v.top+n)] {
		lines = append(lines, v.segment(f, e, room))
	}
	return lines
}

// rule returns the last row. It says which segment is chosen where not all fit.
func (v *wirePane) rule(f frame) text.Line {
	rule := f.style.glyph.Horizontal
	var sign text.Line
	if nth := v.nth(f); nth != "" {
		sign = text.Line{{Text: " " + nth + " ", Role: text.RoleNormal}, {Text: rule + rule, Role: text.RoleFaint}}
	}
	return append(text.In(text.RoleFaint, strings.Repeat(rule, max(0, f.w-sign.Width()))), sign...)
}

// nth returns which segment is chosen ("3 of 9") when there are more of them than rows.
func (*wirePane) nth(f frame) string {
	n := len(f.fold.scene.Flight)
	if n <= wireRowsIn(f.size, f.layout.wide()) {
		return ""
	}
	return f.words.Nth(min(f.row+1, n), n)
}

// segment returns the row of one segment: its number, its sender, its flags and numbers, how
// long it has been held and how often it was sent.
func (v *wirePane) segment(f frame, e sim.Event, room int) text.Line {
	g := f.style.glyph
	mark, t := "  ", text.RoleNormal
	if e.Segment().ID == f.segment && !f.past {
		mark, t = g.Next+" ", text.RoleActive
	}
	id := "#" + strconv.Itoa(e.Segment().ID)
	left := text.Line{{Text: mark, Role: text.RoleActive}, {Text: id + strings.Repeat(" ", max(1, 4-text.Cells(id))), Role: t}}
	long := room >= wireLong
	left = append(left, v.direction(f, e.At, long)...)
	held := v.held(f, e, long)
	if !long {
		left = append(left, v.content(f, e.Segment(), t, room-left.Width()-held.Width()-1)...)
		return text.Between(left, held, room, g.Ellipsis)
	}
	column := min(room-heldColumn, heldAt)
	left = append(left, v.content(f, e.Segment(), t, column-left.Width()-1)...)
	return append(left.Pad(column), held...)
}

// direction returns who sent the segment and, in a long row, to whom.
func (*wirePane) direction(f frame, from sim.End, long bool) text.Line {
	names := map[sim.End]text.Span{sim.Client: {Text: f.words.Client, Role: text.RoleClient}, sim.Server: {Text: f.words.Server, Role: text.RoleServer}}
	if !long {
		return text.Line{names[from], {Text: " "}}
	}
	return text.Line{names[from], {Text: " " + f.style.glyph.To + " ", Role: text.RoleFaint}, names[from.Peer()], {Text: "  "}}
}

// content returns a segment's flags and its numbers in at most room cells: all of the numbers, or
// the more important ones.
func (*wirePane) content(f frame, s sim.Segment, t text.Role, room int) text.Line {
	flags := text.Line{{Text: s.Flags.String(), Role: t}}
	if s.Flags&sim.RST != 0 {
		flags[0].Role = text.RoleReset
	}
	if s.Resent {
		flags = append(flags, text.Span{Text: " " + f.words.Resent, Role: text.RoleWarn})
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

// held returns how long a segment has been held, and how often it was sent.
func (*wirePane) held(f frame, e sim.Event, long bool) text.Line {
	held := f.words.HeldFor(span(f.now - e.T))
	if n := e.Segment().Copies; n > 1 && long {
		held += ", " + f.words.TimesSent(n)
	} else if n > 1 {
		held += ", " + f.words.TimesShort(n)
	}
	return text.In(text.RoleFaint, held)
}
