package ladder

import (
	"strings"

	"finwait/sim"
)

// Options say how rows are drawn.
type Options struct {
	// ASCII draws with letters and signs that every terminal and mail has.
	ASCII bool
	// Grow is how much of the newest arrow is there, from its sender on: 0 is
	// nothing, 1 all of it. The state it brings about shows when it has arrived.
	Grow float64
}

func (o Options) glyphs() *glyphs {
	if o.ASCII {
		return &asciiGlyphs
	}
	return &unicodeGlyphs
}

// Draw returns rows [from, to) as lines of exactly width cells; rows that there
// are not are left out.
func (l *Ladder) Draw(from, to, width int, o Options) []Line {
	from, to = max(from, 0), min(to, len(l.rows))
	if from >= to {
		return nil
	}
	p := newPainter(width, o)
	lines := make([]Line, 0, to-from)
	for r := from; r < to; r++ {
		grow := 1.0
		if r == l.arrow-1 {
			grow = o.Grow
		}
		lines = append(lines, p.row(&l.rows[r], grow))
	}
	return lines
}

// Head returns the line that names the ends above their lifelines, with their
// addresses where there is room, exactly width cells wide. The lab may be nil.
func Head(lab *sim.Lab, width int, o Options) Line {
	p := newPainter(width, o)
	b := newBoard(p.columns)
	names := [2]string{string(sim.Client), string(sim.Server)}
	if lab != nil {
		full := [2]string{names[0] + " " + clean(lab.Client), names[1] + " " + clean(lab.Server)}
		if p.fitsHead(full) {
			names = full
		}
	}
	for i, name := range names {
		b.put(p.headAt(i, name), p.g.text(name), RoleFaint, 0)
	}
	return b.line(p.width)
}

// headAt returns the column of a name that stands over the middle of its
// lifeline.
func (p *painter) headAt(i int, name string) int {
	return p.life[i] - cells(name)/2
}

func (p *painter) fitsHead(names [2]string) bool {
	end := 0
	for i, name := range names {
		at := p.headAt(i, name)
		if at < end {
			return false
		}
		end = at + cells(name) + 2
	}
	return end-2 <= p.columns
}

// The layout. Below narrow the ladder is drawn as for narrow and the rest of it
// lies outside; at wide the labels have all the room they need, and the arrows
// take what is left.
const (
	narrow     = 40
	usual      = 78
	narrowSide = 12 // fits " ESTABLISHED"
	usualSide  = 24 // fits " read(4) = 0 end of file"
	widestSide = 46 // fits `sendto(4, "hello", MSG_NOSIGNAL) = -1 EPIPE`
)

// painter draws rows of one width.
type painter struct {
	width   int // asked for
	columns int // drawn
	side    int // columns beside each lifeline
	life    [2]int
	g       *glyphs
}

func newPainter(width int, o Options) *painter {
	p := &painter{width: max(width, 0), columns: max(width, narrow), g: o.glyphs()}
	if p.columns < usual {
		p.side = narrowSide + (p.columns-narrow)*(usualSide-narrowSide)/(usual-narrow)
	} else {
		p.side = min(usualSide+(p.columns-usual)*7/20, widestSide)
	}
	p.life = [2]int{p.side, p.columns - p.side - 1}
	return p
}

// row draws one row, with so much of its arrow.
func (p *painter) row(r *row, grow float64) Line {
	b := newBoard(p.columns)
	if r.kind == rowHeading {
		p.heading(b, r)
		return b.line(p.width)
	}
	for i := range r.life {
		p.lifeline(b, i, r.life[i])
	}
	switch r.kind {
	case rowGap:
		p.middle(b, p.g.gap+" ", r.forms, RoleGap)
	case rowNote:
		p.middle(b, "", r.forms, RoleNote)
	case rowRefused:
		p.middle(b, p.g.refused+" ", r.forms, RoleFail)
	case rowCable:
		p.cable(b, r)
	case rowDiffers:
		p.differs(b, r.said)
	case rowSilent:
		p.over(b, firstFit(p.texts(r.forms), p.columns-2), RoleNote)
	default:
		p.arrow(b, r.arrow, grow)
		for i := range r.label {
			if r.label[i].kind == labelState && r.arrow.from == 1-i && !(grow >= 1) {
				continue // not there yet
			}
			p.label(b, i, r)
		}
	}
	return b.line(p.width)
}

func (p *painter) lifeline(b board, i int, l life) {
	switch l.kind {
	case lifeProcess:
		b.put(p.life[i], p.g.process, RoleLife, l.state)
	case lifeKernel:
		b.put(p.life[i], p.g.kernel, RoleLife, l.state)
	case lifeEnds:
		b.put(p.life[i], p.g.death, RoleDeath, 0)
	}
}

// label draws what stands beside one lifeline, next to it.
func (p *painter) label(b board, i int, r *row) {
	lb := &r.label[i]
	text := lb.phrase(p.side-1, r.life[i].kind == lifeEnds, p.g)
	x := p.life[right] + 2
	if i == left {
		x = p.side - 1 - text.width()
	}
	var state sim.State
	if lb.kind == labelState {
		state = lb.state
	}
	b.phrase(x, text, state)
}

// middle draws the longest form that there is room for between the lifelines,
// and the shortest over them where there is not.
func (p *painter) middle(b board, sign string, forms []string, role Role) {
	inner := p.life[right] - p.life[left] - 1
	shown := make([]string, len(forms))
	for i, form := range forms {
		shown[i] = sign + p.g.text(form)
	}
	text := cut(firstFit(shown, inner-2), p.columns, p.g.cut)
	width := cells(text)
	x := (p.columns - width) / 2
	if width > inner-2 {
		b.put(max(x-1, 0), strings.Repeat(" ", min(width+2, p.columns)), RoleNone, 0)
	}
	b.put(x, text, role, 0)
}

// cable draws what was done to the cable, between the lifelines.
func (p *painter) cable(b board, r *row) {
	lane := b[p.life[left]+2 : p.life[right]-1]
	lane.fill(p.g.rule, RoleGap)
	text := " " + cut(p.g.text(firstFit(r.forms, len(lane)-4)), len(lane)-4, p.g.cut) + " "
	lane.put((len(lane)-cells(text))/2, text, RoleGap, 0)
}

// heading draws the line between two connections.
func (p *painter) heading(b board, r *row) {
	b.fill(p.g.rule, RoleFaint)
	text := "connection " + itoa(r.conn)
	if r.from != "" {
		text += " from " + r.from
	}
	text = " " + cut(p.g.text(text), p.columns-2, p.g.cut) + " "
	b.put((p.columns-cells(text))/2, text, RoleFaint, 0)
}
