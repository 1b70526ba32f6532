package ladder

import (
	"slices"

	"finwait/sim"
	"finwait/sim/lang"
)

// laterFate places what happens to a segment on the wire after it was sent: it is
// delivered, dropped, copied or sent again.
func (l *Ladder) laterFate(e sim.Event, i int) {
	r, held := l.heldRows[e.Segment().ID]
	switch e.Segment().Fate {
	case sim.Retransmitted:
		l.countSends(e)
	case sim.Duplicated:
		l.countSends(e)
		l.addFate(e, i, legCopy, r, held)
	case sim.Delivered:
		if held && l.heldLast(r) {
			l.advance(e, r, legWhole)
		} else {
			r = l.addFate(e, i, legArrival, r, held)
		}
		l.delivered(e.Segment().ID, r)
	case sim.Dropped:
		delete(l.heldRows, e.Segment().ID)
		if held && l.heldLast(r) {
			l.advance(e, r, legLost)
		} else {
			l.addFate(e, i, legDropped, r, held)
		}
	}
}

// heldLast reports whether row r is the newest one and its segment is held: such a segment
// goes on in its own row.
func (l *Ladder) heldLast(r int) bool { return r == len(l.rows)-1 && l.rows[r].arrow.leg == legHeld }

// advance lets the segment of the newest row go on.
func (l *Ladder) advance(e sim.Event, r int, to leg) {
	a := &l.rows[r].arrow
	a.leg, a.segment.Copies = to, e.Segment().Copies
	l.newestArrow, l.rows[r].step = r+1, l.step
	l.rows[r].own, l.own = l.rows[r].own || l.own, false
	l.arrive(r)
}

// addFate appends a row for what becomes of a segment that was held, in row in of the ladder if
// that is known, and returns the new row's index.
func (l *Ladder) addFate(e sim.Event, i int, to leg, in int, known bool) int {
	r := l.add(e.T, rowPlain)
	a := arrow{from: i, segment: e.Segment(), by: e.By(), leg: to}
	if known {
		held := l.rows[in].arrow
		a.purpose, a.slot, a.heldIn = held.purpose, held.slot, in+1
	}
	l.rows[r].arrow = a
	l.newestArrow = r + 1
	l.arrive(r)
	return r
}

// countSends updates how often a segment has been sent, in the row in which it is held or has
// arrived. A segment that is sent again although it has arrived, because its acknowledgement is
// held, is not carried on: it has no row of its own.
func (l *Ladder) countSends(e sim.Event) {
	r, ok := l.heldRows[e.Segment().ID]
	if !ok {
		r, ok = l.arrivedRows[e.Segment().ID]
	}
	if ok {
		l.rows[r].arrow.segment.Copies = e.Segment().Copies
	}
}

// delivered ends the holding of a segment: it has arrived in row r.
func (l *Ladder) delivered(id, r int) {
	delete(l.heldRows, id)
	if l.arrivedRows == nil {
		l.arrivedRows = map[int]int{}
	}
	l.arrivedRows[id] = r
}

// hold remembers the row in which a segment is held, and gives the segment the lowest slot that
// no other segment of its sender has.
func (l *Ladder) hold(id, r int) {
	if l.heldRows == nil {
		l.heldRows = map[int]int{}
	}
	a := &l.rows[r].arrow
	taken := func(slot int) bool {
		return slices.ContainsFunc(l.hanging(), func(other int) bool {
			o := &l.rows[other].arrow
			return o.from == a.from && o.slot == slot
		})
	}
	for taken(a.slot) {
		a.slot++
	}
	l.heldRows[id] = r
}

// hanging returns the rows below the newest heading in which segments are held, in order.
func (l *Ladder) hanging() []int {
	var rows []int
	for _, r := range l.heldRows {
		if r >= l.heading {
			rows = append(rows, r)
		}
	}
	slices.Sort(rows)
	return rows
}

// settle makes the rows so far final, except the newest while a segment is held in it.
func (l *Ladder) settle() {
	l.final = len(l.rows)
	if l.final == 0 {
		return
	}
	if a := &l.rows[l.final-1].arrow; a.from != nobody && a.leg == legHeld {
		a.wasHeld = true
		l.final--
	}
}

// cable appends the row that says that the cable was cut or mended.
func (l *Ladder) cable(t sim.Seconds, b sim.CableChanged) {
	r := l.add(t, rowCable)
	l.rows[r].text = func(w *lang.Catalogue) []string { return w.Ladder.Cable(b.Cable) }
}

// autoChange is what a step changes about the wire: nothing, to deliver at once, to hold.
type autoChange uint8

const (
	autoUnchanged autoChange = iota
	autoOn
	autoOff
)

// autoStep appends the row of a step that has the wire deliver at once or hold, before the
// row of the first event after it. A refused step has none, and no set-up step.
func (l *Ladder) autoStep(e sim.Event) {
	before := l.auto
	l.auto = autoUnchanged
	begun := sim.Of[sim.StepBegun](e)
	if on, ok := begun.Step.Automatic(); ok && (e.Step > 0 || begun.Own) {
		l.auto = autoOff
		if on {
			l.auto = autoOn
		}
	}
	if before == autoUnchanged || e.Kind() == sim.KindRefused || e.Kind() == sim.KindStep {
		return
	}
	r := l.add(e.T, rowCable)
	l.rows[r].text = func(w *lang.Catalogue) []string {
		if before == autoOn {
			return w.Ladder.Delivers
		}
		return w.Ladder.Holds
	}
}
