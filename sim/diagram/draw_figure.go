package diagram

import (
	"strings"

	"finwait/sim"
	"finwait/sim/text"
)

// figure returns rows of the drawing in the middle of the width, from a row on, and below it
// what each end has walked.
func (d *drawer) figure(s scale, from, rows, height int) []text.Line {
	g := newGrid(s.width, s.height)
	for i := range paths {
		if len(d.walked[i]) == 0 {
			d.line(g, s, i)
		}
	}
	for i := range paths {
		if len(d.walked[i]) > 0 {
			d.line(g, s, i)
		}
	}
	for i := range spots {
		d.state(g, s, i)
	}
	taken := d.tokens(g, s)
	for i := range paths {
		d.label(g, s, i, taken)
	}
	lines := make([]text.Line, 0, height)
	margin := text.Line{{Text: strings.Repeat(" ", max(0, d.width-s.width)/2)}}
	for _, row := range g[from : from+rows] {
		lines = append(lines, append(margin[:1:1], row.Line(d.width)...))
	}
	below := height - rows
	gap := min(1, max(0, below-d.undrawn()))
	for range gap {
		lines = append(lines, nil)
	}
	return append(lines, d.trail(below-gap)...)
}

// bounds returns the columns of the name of a state.
func (d *drawer) bounds(s scale, p spot) (x, end int) {
	n := text.Cells(d.name(p.state))
	x = s.x(p.x) - (n-1)/2
	return x, x + n - 1
}

// inBox reports whether a cell belongs to the box of a state, or to its name and the space beside it.
func (d *drawer) inBox(s scale, p spot, c point) bool {
	x, end := d.bounds(s, p)
	y := s.y(p.y)
	return c.x >= x-1 && c.x <= end+1 && c.y >= y-s.half() && c.y <= y+s.half()
}

// cells returns the cells of a path outside the two boxes.
func (d *drawer) cells(s scale, p *path) []point {
	first, last := spotAt(p.from, p.points[0]), spotAt(p.to, p.points[len(p.points)-1])
	var all []point
	at := point{s.x(p.points[0].x), s.y(p.points[0].y)}
	for _, next := range p.points {
		to := point{s.x(next.x), s.y(next.y)}
		for {
			if !d.inBox(s, first, at) && !d.inBox(s, last, at) {
				if len(all) == 0 || all[len(all)-1] != at {
					all = append(all, at)
				}
			}
			if at == to {
				break
			}
			at = step(at, direction(at, to))
		}
	}
	return all
}

// step returns the next point in a direction.
func step(p point, direction int) point {
	switch direction {
	case up:
		p.y--
	case right:
		p.x++
	case down:
		p.y++
	case left:
		p.x--
	}
	return p
}

// spotAt returns the place of a state that is in the row of a point.
func spotAt(s sim.State, at point) spot {
	for _, p := range spots {
		if p.state == s && p.y == at.y {
			return p
		}
	}
	return spot{}
}

// line draws the line of path i.
func (d *drawer) line(g grid, s scale, i int) {
	p := &paths[i]
	n := len(p.points)
	out, in := direction(p.points[0], p.points[1]), direction(p.points[n-2], p.points[n-1])
	pen, r := d.walker(i)
	g.line(d.cells(s, p), back(out), in, &d.pens[pen], r)
}

// walker returns the pen and the role of path i: those of the end that has walked it.
func (d *drawer) walker(i int) (pen int, r text.Role) {
	by := d.walkedBy(i)
	switch {
	case by[client] && by[server]:
		return penClient, text.RoleStrong
	case by[client]:
		return penClient, text.RoleClient
	case by[server]:
		return penServer, text.RoleServer
	}
	return penNobody, text.RoleFaint
}

// walkedBy returns which ends have walked path i.
func (d *drawer) walkedBy(i int) (by [2]bool) {
	for _, c := range d.walked[i] {
		by[endOf(c.At)] = true
	}
	return by
}

// state draws the name of a state, and its box: in its own colour where an end is, else faint
// unless an end was there.
func (d *drawer) state(g grid, s scale, i int) {
	p := spots[i]
	r := text.RoleFaint
	if d.visited[i] {
		r = text.RoleNormal
	}
	edge := text.RoleFaint
	if d.at[client] == i || d.at[server] == i {
		r = text.StateRole(p.state)
		if i == begins || i == over {
			r = text.RoleNormal
		}
		edge = r
	}
	x, end := d.bounds(s, p)
	if s.boxes {
		g.box(x, end, s.y(p.y), &d.pens[penBox], edge)
	}
	g.put(x, s.y(p.y), d.name(p.state), r)
}

// span is a piece of a row.
type span struct{ y, x, end int }

// tokens draws the tokens of the ends and returns where they are.
func (d *drawer) tokens(g grid, s scale) []span {
	var taken []span
	for i, p := range spots {
		var here [2]text.Line
		for e := range ends {
			switch {
			case d.at[e] == i:
				here[e] = text.In(role(ends[e]), d.glyph.Token+" "+d.endName(ends[e]))
			case p.state == sim.Listen && d.listens[e]:
				here[e] = text.In(text.RoleFaint, d.glyph.Listener+" "+d.endName(ends[e]))
			}
		}
		x, end := d.bounds(s, p)
		x, end = x-2-s.half(), end+2+s.half()
		space := text.Span{Text: " "}
		var before, after text.Line
		switch both := here[client] != nil && here[server] != nil; {
		case p.tokens == around:
			before, after = here[client], here[server]
		case both && p.tokens == toLeft:
			before = append(append(here[client], space), here[server]...)
		case both:
			after = append(append(here[client], space), here[server]...)
		case p.tokens == toLeft:
			before = append(here[client], here[server]...)
		default:
			after = append(here[client], here[server]...)
		}
		y := s.y(p.y)
		for _, token := range []struct {
			x    int
			line text.Line
		}{{x - before.Width() + 1, before}, {end, after}} {
			if len(token.line) > 0 && token.x >= 0 {
				g[y].PutLine(token.x, token.line)
				taken = append(taken, span{y, token.x, token.x + token.line.Width()})
			}
		}
	}
	return taken
}

// label draws the text of path i where no token is.
func (d *drawer) label(g grid, s scale, i int, taken []span) {
	c := paths[i].label
	_, r := d.walker(i)
	rows := []string{d.short(i, c.room)}
	if s.boxes {
		rows = []string{shorterTo(labels[i], c.room), d.whoWalked(i, c.room-1)}
	}
	for k, words := range rows {
		y := s.y(c.y) + k
		n := text.Cells(words)
		x := s.x(c.x)
		switch c.where {
		case toLeft:
			x -= n - 1
		case around:
			x -= n / 2
			if n+2 <= c.room && k == 0 {
				words, x, n = " "+words+" ", x-1, n+2
			}
		}
		free := n > 0 && x >= 0
		for _, t := range taken {
			free = free && (t.y != y || x > t.end || x+n < t.x)
		}
		if free {
			g.put(x, y, words, r)
		}
	}
}

// shorterTo returns a label, in fewer words if there is no room for it.
func shorterTo(label string, room int) string {
	if text.Cells(label) > room {
		return shorter(label)
	}
	return label
}

// short returns what has walked path i last as far as there is room for it, else its label.
func (d *drawer) short(i, room int) string {
	label := shorterTo(labels[i], room)
	if n := len(d.walked[i]); n > 0 {
		for _, words := range d.what(d.walked[i][n-1]) {
			if words = shorterTo(words, room); text.Cells(words) <= room {
				return words
			}
		}
	}
	return label
}

// whoWalked returns which ends have walked path i, and by what where there is room.
func (d *drawer) whoWalked(i, room int) string {
	by := d.walkedBy(i)
	switch {
	case by[client] && by[server]:
		return d.Lang.Diagram.Both
	case by[client] || by[server]:
	default:
		return ""
	}
	c := d.walked[i][len(d.walked[i])-1]
	for _, words := range d.by(c) {
		if said := d.Lang.Diagram.Walked(d.endName(c.At), words); words != "" && text.Cells(said) <= room {
			return said
		}
	}
	return d.endName(c.At)
}

// by returns what has made a change, the longest form first.
func (d *drawer) by(c Change) []string {
	switch {
	case c.Cause.Kind == CauseCall:
		return []string{d.glyph.ShowCode(text.Clean(c.Cause.Call.String())), string(c.Cause.Call.Name)}
	case c.Cause.Kind == CauseDeath && c.Cause.Signal == "":
		return []string{d.Lang.Diagram.Exit}
	case c.Cause.Kind == CauseDeath:
		return []string{d.glyph.ShowCode(text.Clean(c.Cause.Signal))}
	case c.Cause.Kind == CauseSegment && c.Cause.Segment.ID > 0:
		return []string{c.Cause.Segment.Flags.String() + number(c.Cause.Segment), strings.TrimSpace(number(c.Cause.Segment))}
	case c.Cause.Kind == CauseSegment:
		return []string{c.Cause.Segment.Flags.String()}
	}
	return nil
}
