package diagram

import (
	"slices"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/text"
)

// Options say how a walk is drawn.
type Options struct {
	Lang  *lang.Catalogue // not nil
	ASCII bool
	RFC   bool // the states have the names of RFC 9293
	Conn  int  // the connection whose ends are the tokens; 0 for the listeners alone
}

// Draw returns exactly height lines of at most width cells: the drawing in the largest form for
// which there is room, and below it, as far as there is room, what each end has walked. What is
// walked and not drawn has a line first. Where there is no room for the drawing, its half in
// which something happened last is shown, or the lines alone.
func (w *Walk) Draw(width, height int, o Options) []text.Line {
	d := newDrawer(w, width, o)
	below := d.undrawn()
	switch {
	case width >= large.width && height >= large.height+below:
		return d.figure(large, 0, large.height, height)
	case width >= small.width && height >= small.height+below:
		return d.figure(small, 0, small.height, height)
	case width >= small.width && height >= halfRows+below:
		from := 0
		if d.closing() {
			from = small.height - halfRows
		}
		return d.figure(small, from, halfRows, height)
	}
	return d.list(height)
}

// halfRows is the height of a half of the small form, in which ESTABLISHED is the last row or
// the first.
const halfRows = 7

// drawer draws one picture.
type drawer struct {
	Options
	width   int
	glyph   *text.Glyphs
	pens    *[penCount]pen
	changes []Change
	drawn   []bool               // by the index of the change: it goes along a path
	walked  [len(paths)][]Change // by the index of the path
	states  [2]sim.State
	at      [2]int           // the places where the ends are, as indexes
	visited [len(spots)]bool // an end was there
	listens [2]bool          // the end has a listener besides its connection
}

func newDrawer(w *Walk, width int, o Options) *drawer {
	d := &drawer{Options: o, width: width, glyph: text.GlyphsFor(o.ASCII), pens: pensFor(o.ASCII), changes: w.Changes(o.Conn)}
	for i := range ends {
		d.states[i] = w.state(i, o.Conn)
		d.at[i] = spotOf(Change{}, d.states[i])
		d.listens[i] = w.ends[i].listening && d.states[i] != sim.Listen
	}
	for _, c := range d.changes {
		i, ok := c.path()
		if d.drawn = append(d.drawn, ok); ok {
			d.walked[i] = append(d.walked[i], c)
		}
		d.at[endOf(c.At)] = spotOf(c, d.states[endOf(c.At)])
		d.visited[spotOf(c, c.To)] = true
		d.visited[spotOf(Change{}, c.From)] = true
	}
	return d
}

// undrawn returns how many lines are needed for what was walked and is not drawn.
func (d *drawer) undrawn() int {
	var n [2]int
	for i, c := range d.changes {
		if !d.drawn[i] {
			n[endOf(c.At)]++
		}
	}
	return max(n[client], n[server])
}

// endOf returns the index of an end.
func endOf(at sim.End) int {
	if at == sim.Server {
		return server
	}
	return client
}

// closing reports whether the newest change is one of a connection that is being closed.
func (d *drawer) closing() bool {
	if len(d.changes) == 0 {
		return false
	}
	c := d.changes[len(d.changes)-1]
	return spots[spotOf(c, c.To)].y > spots[spotOf(c, sim.Established)].y
}

// name returns the name of a state.
func (d *drawer) name(s sim.State) string {
	if name, ok := rfcNames[s]; ok && d.RFC {
		return name
	}
	return s.String()
}

// endName returns the name of an end.
func (d *drawer) endName(at sim.End) string { return d.Lang.End(at) }

// role returns the role in which what an end does is drawn.
func role(at sim.End) text.Role {
	if at == sim.Server {
		return text.RoleServer
	}
	return text.RoleClient
}

// spotOf returns the index of the place of a state after a change: CLOSED is where the connection
// ends if there was one, and not if nobody answered its SYN.
func spotOf(after Change, s sim.State) int {
	if s != sim.Closed {
		return max(begins, slices.IndexFunc(spots[:], func(p spot) bool { return p.state == s }))
	}
	switch after.From {
	case sim.Closed, sim.Listen, sim.SynSent:
		return begins
	}
	return over
}
