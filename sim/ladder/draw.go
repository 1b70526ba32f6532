package ladder

import (
	"strings"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/text"
)

// Options say how rows are drawn.
type Options struct {
	// Lang has the words; nil for English.
	Lang *lang.Catalogue
	// ASCII draws with letters and signs that every terminal and mail has.
	ASCII bool
	// Grow is how much of the newest arrow is drawn, from its sender on: 0 for nothing, 1
	// for all of it. The state that the segment causes is drawn with the whole arrow.
	Grow float64
	// Numbers shows the sequence number and the acknowledgement number of every segment, where
	// there is room, in place of those that matter.
	Numbers bool
}

func (o Options) words() *lang.Catalogue {
	if o.Lang == nil {
		return lang.English()
	}
	return o.Lang
}

func (o Options) glyphs() *text.Glyphs {
	return text.GlyphsFor(o.ASCII)
}

// Draw returns rows [from, to) as lines of exactly width cells, as far as there are such
// rows.
func (l *Ladder) Draw(from, to, width int, o Options) []text.Line {
	from, to = max(from, 0), min(to, len(l.rows))
	if from >= to {
		return nil
	}
	p := newPainter(width, o)
	p.rows = l.rows
	lines := make([]text.Line, 0, to-from)
	for r := from; r < to; r++ {
		grow := 1.0
		if r == l.newestArrow-1 {
			grow = o.Grow
		}
		lines = append(lines, p.row(&l.rows[r], grow))
	}
	return lines
}

// Between returns the line, of exactly width cells, that leads from row r to the next one where rows
// stand apart: the lifelines, and the threads of the segments that hang on the wire. It is empty
// where there is no next row.
func (l *Ladder) Between(r, width int, o Options) text.Line {
	if r < 0 || r+1 >= len(l.rows) {
		return nil
	}
	p := newPainter(width, o)
	p.rows = l.rows
	apart := row{life: l.rows[r].life, arrow: arrow{from: nobody}, hanging: l.rows[r+1].hanging}
	for i := range apart.life {
		if apart.life[i].kind() == lifeEnds {
			apart.life[i] = life{}
		}
	}
	if l.rows[r].kind == rowHeading {
		apart.life = [2]life{}
	}
	return p.row(&apart, 1)
}

// Head returns the line that names the ends above their lifelines, with their
// addresses where there is room, exactly width cells wide. The lab may be nil.
func Head(lab *sim.Setting, width int, o Options) text.Line {
	p := newPainter(width, o)
	b := text.NewBoard(p.columns)
	names := [2]string{p.words.Client, p.words.Server}
	if lab != nil {
		full := [2]string{names[0] + " " + p.g.Show(text.Clean(lab.Client)), names[1] + " " + p.g.Show(text.Clean(lab.Server))}
		if p.fitsHead(full) {
			names = full
		}
	}
	for i, name := range names {
		b.Put(p.headAt(i, name), name, text.RoleFaint)
	}
	return b.Line(p.width)
}

// headAt returns the column of a name whose middle stands over its lifeline.
func (p *painter) headAt(i int, name string) int {
	return p.life[i] - text.Cells(name)/2
}

func (p *painter) fitsHead(names [2]string) bool {
	end := 0
	for i, name := range names {
		at := p.headAt(i, name)
		if at < end {
			return false
		}
		end = at + text.Cells(name) + 2
	}
	return end-2 <= p.columns
}

// The layout, in cells. Below narrow the ladder is drawn as for narrow and cut. Above
// usual the labels grow until they have all the room they need; the arrows take the rest.
const (
	narrow     = 40
	usual      = 78
	narrowSide = 12 // fits " ESTABLISHED"
	usualSide  = 24 // fits " read(4) = 0 end of file"
	widestSide = 46 // fits `sendto(4, "hello", MSG_NOSIGNAL) = -1 EPIPE`
)

// painter draws rows of one width.
type painter struct {
	width   int // of the lines that are returned
	columns int // of the board: narrow at least
	side    int // columns beside each lifeline
	life    [2]int
	g       *text.Glyphs
	words   *lang.Catalogue
	numbers bool  // all numbers are shown
	rows    []row // of the ladder
}

func newPainter(width int, o Options) *painter {
	p := &painter{width: max(width, 0), columns: max(width, narrow), g: o.glyphs(), words: o.words(), numbers: o.Numbers}
	if p.columns < usual {
		p.side = narrowSide + (p.columns-narrow)*(usualSide-narrowSide)/(usual-narrow)
	} else {
		p.side = min(usualSide+(p.columns-usual)*7/20, widestSide)
	}
	p.life = [2]int{p.side, p.columns - p.side - 1}
	return p
}

// row draws one row; grow says how much of its arrow.
func (p *painter) row(r *row, grow float64) text.Line {
	b := text.NewBoard(p.columns)
	if r.kind == rowHeading {
		p.heading(b, r)
		return b.Line(p.width)
	}
	for i := range r.life {
		p.lifeline(b, i, r.life[i])
	}
	switch r.kind {
	case rowGap:
		p.middle(b, p.g.Gap+" ", r.text, text.RoleGap)
	case rowNote:
		p.middle(b, "", r.text, text.RoleNote)
	case rowRefused:
		p.middle(b, p.g.Lost+" ", r.text, text.RoleFail)
	case rowCable:
		p.cable(b, r)
	case rowDiffers:
		p.difference(b, r.difference)
	case rowSilent:
		p.overlay(b, text.FirstFit(p.texts(r.text), p.columns-2), text.RoleNote)
	default:
		p.arrow(b, r, grow)
		for i := range r.label {
			if r.label[i].kind == labelState && r.arrow.from == 1-i && !(grow >= 1) {
				continue // the segment has not arrived
			}
			p.label(b, i, r)
		}
	}
	p.threads(b, r)
	if r.own {
		p.yours(b)
	}
	return b.Line(p.width)
}

// yours marks a row as a person's own step: at the right edge, else at the left one, else
// beside a lifeline, wherever the row has room.
func (p *painter) yours(b text.Board) {
	mark := p.g.OwnLeft + p.g.Show(p.words.Ladder.Yours) + p.g.OwnRight
	n := text.Cells(mark)
	for _, x := range []int{min(p.columns, p.width) - n, 0, p.life[right] - n - 1, p.life[left] + 2} {
		if from, to := x-1, x+n+1; x >= 0 && x+n <= p.columns && b[max(0, from):min(to, len(b))].Blank() {
			b.Put(x, mark, text.RoleActive)
			return
		}
	}
}

func (p *painter) lifeline(b text.Board, i int, l life) {
	switch l.kind() {
	case lifeProcess:
		b.Put(p.life[i], p.g.Process, text.StateRole(l.state))
	case lifeKernel:
		b.Put(p.life[i], p.g.Kernel, text.StateRole(l.state))
	case lifeEnds:
		b.Put(p.life[i], p.g.Death, text.RoleDeath)
	}
}

// label draws what stands beside one lifeline, next to it. That the process which forked does
// it stands on the other side of the lifeline, where no arrow is: there it takes no room from
// the result.
func (p *painter) label(b text.Board, i int, r *row) {
	lb := &r.label[i]
	l := p.labelLine(lb, p.side-1, r.life[i].kind() == lifeEnds)
	x := p.life[right] + 2
	if i == left {
		x = p.side - 1 - l.Width()
	}
	b.PutLine(x, l)
	if !lb.parent || lb.kind == labelState || lb.kind == labelNone {
		return
	}
	who := p.g.Show(p.words.Ladder.Parent)
	x = p.life[left] + 2
	if i == right {
		x = p.life[right] - 1 - text.Cells(who)
	}
	b.Put(x, who, text.RoleNote)
}

// middle draws the longest form that fits between the lifelines, or else the shortest one
// over them.
func (p *painter) middle(b text.Board, sign string, w wording, role text.Role) {
	inner := p.life[right] - p.life[left] - 1
	shown := p.texts(w)
	for i := range shown {
		shown[i] = sign + shown[i]
	}
	form := text.Cut(text.FirstFit(shown, inner-2), p.columns, p.g.Ellipsis)
	width := text.Cells(form)
	x := (p.columns - width) / 2
	if width > inner-2 {
		b.Put(max(x-1, 0), strings.Repeat(" ", min(width+2, p.columns)), text.RoleNormal)
	}
	b.Put(x, form, role)
}

// cable draws between the lifelines what was done to the cable.
func (p *painter) cable(b text.Board, r *row) {
	lane := b[p.life[left]+2 : p.life[right]-1]
	lane.Fill(p.g.Horizontal, text.RoleGap)
	form := " " + text.Cut(text.FirstFit(p.texts(r.text), len(lane)-4), len(lane)-4, p.g.Ellipsis) + " "
	lane.Put((len(lane)-text.Cells(form))/2, form, text.RoleGap)
}

// heading draws the line between two connections.
func (p *painter) heading(b text.Board, r *row) {
	b.Fill(p.g.Horizontal, text.RoleFaint)
	title := " " + text.Cut(p.g.Show(p.words.Ladder.Heading(r.conn, r.from)), p.columns-2, p.g.Ellipsis) + " "
	b.Put((p.columns-text.Cells(title))/2, title, text.RoleFaint)
}

// overlay draws a text in the middle of the line, over what is there.
func (p *painter) overlay(b text.Board, form string, role text.Role) {
	form = text.Cut(form, p.columns, p.g.Ellipsis)
	x := (p.columns - text.Cells(form)) / 2
	b.Put(max(x-1, 0), strings.Repeat(" ", min(text.Cells(form)+2, p.columns)), text.RoleNormal)
	b.Put(x, form, role)
}

// texts returns the forms of a text as the glyphs can show them.
func (p *painter) texts(w wording) []string {
	forms := w(p.words)
	shown := make([]string, len(forms))
	for i, form := range forms {
		shown[i] = p.g.Show(text.Clean(form))
	}
	return shown
}
