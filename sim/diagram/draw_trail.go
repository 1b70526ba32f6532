package diagram

import (
	"strconv"
	"strings"

	"finwait/sim"
	"finwait/sim/text"
)

// trail returns exactly rows lines: what the client has walked on the left, the server on the
// right, the newest last. What the figure does not draw stands there before what it draws.
func (d *drawer) trail(rows int) []text.Line {
	half := (d.width - 2) / 2
	var columns [2][]Change
	for i := range columns {
		columns[i] = d.newest(i, rows)
	}
	lines := make([]text.Line, 0, rows)
	for y := range max(len(columns[client]), len(columns[server])) {
		var halves [2]text.Line
		for i := range halves {
			if y < len(columns[i]) {
				halves[i] = d.told(columns[i][y], half)
			}
		}
		l := append(text.Line{{Text: " "}}, halves[client].Pad(half)...)
		lines = append(lines, append(append(l, text.Span{Text: " "}), halves[server]...).Cut(d.width, ""))
	}
	for len(lines) < rows {
		lines = append(lines, nil)
	}
	return lines[:rows]
}

// newest returns the n changes of an end that are told, in order: first those that are not
// drawn, then the newest.
func (d *drawer) newest(end, n int) []Change {
	pick := map[int]bool{}
	for _, drawn := range []bool{false, true} {
		for i := len(d.changes) - 1; i >= 0 && len(pick) < n; i-- {
			if d.drawn[i] == drawn && d.changes[i].At == ends[end] {
				pick[i] = true
			}
		}
	}
	var picked []Change
	for i, c := range d.changes {
		if pick[i] {
			picked = append(picked, c)
		}
	}
	return picked
}

// told returns a change as one line, with as much of its cause as there is room for.
func (d *drawer) told(c Change, width int) text.Line {
	r := role(c.At)
	l := text.Line{{Text: d.glyph.Token + " ", Role: r}, {Text: d.name(c.From) + " " + d.glyph.To + " " + d.name(c.To), Role: text.RoleNormal}}
	_, drawn := c.path()
	room := width - l.Width() - 2
	for _, what := range d.what(c) {
		if !drawn {
			if whole := what + "  " + d.Lang.Diagram.NotDrawn; text.Cells(whole) <= room {
				what = whole
			}
		}
		if n := text.Cells(what); n <= room+1 {
			return append(l, text.Span{Text: "  "[:min(2, room+2-n)] + what, Role: r})
		}
	}
	return l.Cut(width, d.glyph.Ellipsis)
}

// what returns what has made a change and what the end has sent then, in the words of the
// figure, the longest form first.
func (d *drawer) what(c Change) []string {
	a, known := c.Arrow()
	label := a.Label
	switch c.Cause.Kind {
	case CauseCall, CauseDeath:
		var forms []string
		for _, by := range d.by(c) {
			forms = append(forms, Edge{Event: by, Sends: sends(c.Cause.Sent)}.Label())
		}
		return forms
	case CauseSegment:
		if !known {
			label = "rcv " + c.Cause.Segment.Flags.String()
		}
		event, _, _ := strings.Cut(label, " / ")
		return []string{label + number(c.Cause.Segment), label, event + number(c.Cause.Segment), event, shorter(label), shorter(event)}
	}
	if !known {
		label = d.Lang.Diagram.Timeout
	}
	return []string{label}
}

// number returns the number of a segment on the wire.
func number(s sim.Segment) string {
	if s.ID == 0 {
		return ""
	}
	return " #" + strconv.Itoa(s.ID)
}

// sends returns what the figure says of a segment that was sent.
func sends(s sim.Segment) string {
	for _, f := range []sim.Flags{sim.SYN, sim.FIN, sim.RST} {
		if s.Flags&f != 0 {
			return f.String()
		}
	}
	return ""
}

// list returns exactly height lines without a drawing: where the ends are, and what they have
// walked, the newest last.
func (d *drawer) list(height int) []text.Line {
	var at text.Line
	for i := range ends {
		at = append(at, text.Span{Text: " " + d.glyph.Token + " " + d.endName(ends[i]) + " ", Role: role(ends[i])},
			text.Span{Text: d.name(d.states[i]) + "  ", Role: text.StateRole(d.states[i])})
	}
	lines := []text.Line{at.Cut(d.width, d.glyph.Ellipsis)}
	for _, c := range d.changes[max(0, len(d.changes)-max(0, height-1)):] {
		l := append(text.Line{{Text: " "}}, d.told(c, d.width-1)...)
		lines = append(lines, l.Cut(d.width, d.glyph.Ellipsis))
	}
	for len(lines) < height {
		lines = append(lines, nil)
	}
	return lines[:height]
}
