package ladder

import (
	"strconv"
	"strings"

	"finwait/sim"
	"finwait/sim/text"
)

// Pair is the ladders of two logs, aligned by step: each step begins in the same row of both, and
// the one that needs fewer rows has empty ones below, in which its lifelines go on. The zero value
// is ready. It must not be copied once it has been used.
type Pair struct {
	sides [2]pairSide
}

// pairSide is one of the two ladders.
type pairSide struct {
	ladder  Ladder
	setting *sim.Setting // of the lab
	begins  []int        // by the number of a step: how many rows stand before it; the set-up is step 0
}

// Apply takes one more event of a side, 0 for the left and 1 for the right.
func (p *Pair) Apply(side int, e sim.Event) {
	s := &p.sides[side]
	switch b := e.Body.(type) {
	case sim.LabOpened:
		s.setting = b.Setting
	case sim.StepBegun:
		for len(s.begins) <= e.Step {
			s.begins = append(s.begins, s.ladder.Len())
		}
	}
	s.ladder.Apply(e)
}

// Setting returns the lab of a side, nil before its log begins.
func (p *Pair) Setting(side int) *sim.Setting { return p.sides[side].setting }

// Steps returns how many steps there are in the side that has more, the set-up included.
func (p *Pair) Steps() int { return max(p.sides[left].steps(), p.sides[right].steps()) }

// Row returns the row in which a step begins; that after the last row for a step that has not begun.
func (p *Pair) Row(step int) int {
	rows := 0
	for n := range min(step, p.Steps()) {
		rows += p.rows(n)
	}
	return rows
}

// Len returns the number of rows.
func (p *Pair) Len() int { return p.Row(p.Steps()) }

// rows returns how many rows a step has.
func (p *Pair) rows(step int) int { return max(p.sides[left].rows(step), p.sides[right].rows(step)) }

func (s *pairSide) steps() int { return max(1, len(s.begins)) }

// begin returns the row of a side's ladder with which a step begins.
func (s *pairSide) begin(step int) int {
	switch {
	case step <= 0:
		return 0
	case step < len(s.begins):
		return s.begins[step]
	}
	return s.ladder.Len()
}

func (s *pairSide) rows(step int) int { return s.begin(step+1) - s.begin(step) }

// PairOptions say how a pair is drawn.
type PairOptions struct {
	Options            // Grow is not used
	Grows   [2]float64 // how much of the newest arrow of each side is drawn
	// Marked is the step whose first row is marked as the one in which the sides differ, below 0
	// for none.
	Marked int
}

// The number of a step stands between two ladders, or before the only one, with a mark.
const (
	numberWidth = 5 // "≠ 999"
	gutterWidth = 1 + numberWidth + 1
)

// MinPairWidth is the fewest cells in which two ladders are drawn beside each other.
const MinPairWidth = 2*narrow + gutterWidth

// Draw returns rows [from, to), as far as there are such rows, as lines of exactly width cells:
// both ladders with the numbers of the steps between them.
func (p *Pair) Draw(from, to, width int, o PairOptions) []text.Line {
	w := half(width)
	return p.draw(from, to, o, func(r pairRow) text.Line {
		return beside(p.sides[left].line(r, left, w, o), r.gutter(o), p.sides[right].line(r, right, w, o), width)
	})
}

// DrawSide returns rows [from, to) of one side alone, in the same rows as in Draw, after the
// numbers of the steps.
func (p *Pair) DrawSide(side, from, to, width int, o PairOptions) []text.Line {
	return p.draw(from, to, o, func(r pairRow) text.Line {
		return append(r.gutter(o), p.sides[side].line(r, side, width-gutterWidth, o)...).Cut(width, "")
	})
}

// Head returns the line above the rows of Draw that names the ends of both sides.
func (p *Pair) Head(width int, o Options) text.Line {
	w := half(width)
	return beside(Head(p.sides[left].setting, w, o), emptyGutter(), Head(p.sides[right].setting, w, o), width)
}

// HeadSide returns the line above the rows of DrawSide.
func (p *Pair) HeadSide(side, width int, o Options) text.Line {
	return append(emptyGutter(), Head(p.sides[side].setting, width-gutterWidth, o)...).Cut(width, "")
}

// Titles returns the line above Head that has the names of both sides, as two rules.
func (p *Pair) Titles(names [2]string, width int, o Options) text.Line {
	w := half(width)
	return beside(title(names[left], w, o), emptyGutter(), title(names[right], w, o), width)
}

// title returns a rule with a name.
func title(name string, w int, o Options) text.Line {
	g := o.glyphs()
	l := text.Line{{Text: strings.Repeat(g.Horizontal, 2), Role: text.RoleFaint}, {Text: " " + g.Show(text.Clean(name)) + " ", Role: text.RoleTitle}}
	l = l.Cut(w, g.Ellipsis)
	return append(l, text.Span{Text: strings.Repeat(g.Horizontal, max(0, w-l.Width())), Role: text.RoleFaint})
}

// Beside returns a line for each half, as wide as Draw makes them of width cells: the left one's
// text over the left ladder, the right one's over the right.
func (p *Pair) Beside(lefts, rights text.Line, width int, o Options) text.Line {
	w, mark := half(width), o.glyphs().Ellipsis
	return beside(lefts.Cut(w, mark).Pad(w), emptyGutter(), rights.Cut(w, mark).Pad(w), width)
}

// half returns how wide each of two ladders is that have width cells together with what stands
// between them.
func half(width int) int { return max(0, width-gutterWidth) / 2 }

// beside returns three parts as one line of exactly width cells.
func beside(l, gutter, r text.Line, width int) text.Line {
	return append(append(append(text.Line(nil), l...), gutter...), r...).Cut(width, "").Pad(width)
}

func emptyGutter() text.Line { return text.Line{{Text: strings.Repeat(" ", gutterWidth)}} }

// pairRow is a row of a pair: row number at of a step.
type pairRow struct{ step, at int }

// draw returns rows [from, to), each drawn by the function.
func (p *Pair) draw(from, to int, o PairOptions, line func(pairRow) text.Line) []text.Line {
	var lines []text.Line
	row := 0
	for step := range p.Steps() {
		n := p.rows(step)
		for at := max(0, from-row); at < n && row+at < to; at++ {
			lines = append(lines, line(pairRow{step, at}))
		}
		row += n
	}
	return lines
}

// gutter returns the number of the step, and the mark, where they stand in the row.
func (r pairRow) gutter(o PairOptions) text.Line {
	if r.at > 0 {
		return emptyGutter()
	}
	number, role := "", text.RoleFaint
	if r.step > 0 {
		number = strconv.Itoa(r.step)
	}
	if r.step == o.Marked {
		number, role = strings.TrimRight(o.glyphs().Differs+" "+number, " "), text.RoleDiffers
	}
	number = text.Cut(number, numberWidth, "")
	return text.Line{{Text: strings.Repeat(" ", 1+numberWidth-text.Cells(number)) + number + " ", Role: role}}
}

// line draws a row of one side in exactly w cells.
func (s *pairSide) line(r pairRow, side, w int, o PairOptions) text.Line {
	o.Grow = o.Grows[side]
	begin, n := s.begin(r.step), s.rows(r.step)
	if r.at < n {
		return s.ladder.Draw(begin+r.at, begin+r.at+1, w, o.Options)[0]
	}
	return s.ladder.below(begin+n-1, w, o.Options)
}

// below draws an empty row below row r, in which the lifelines and threads go on.
func (l *Ladder) below(r, w int, o Options) text.Line {
	p := newPainter(w, o)
	empty := row{arrow: arrow{from: nobody}}
	if r >= 0 {
		above := &l.rows[r]
		for i, f := range above.life {
			if !f.ends {
				empty.life[i] = f
			}
		}
		for _, h := range above.hanging {
			if above.arrow.heldIn != h+1 || above.arrow.leg == legCopy {
				empty.hanging = append(empty.hanging, h)
			}
		}
		if above.arrow.from != nobody && above.arrow.leg == legHeld {
			empty.hanging = append(empty.hanging, r)
		}
	}
	p.rows = l.rows
	return p.row(&empty, 1)
}
