package ladder

import (
	"finwait/sim"
	"finwait/sim/lang"
)

// laterFate places what happens to a segment on the wire after it was sent: it is
// delivered, dropped, copied or sent again.
func (l *Ladder) laterFate(e sim.Event, i int) {
	r, held := l.heldRows[e.Segment().ID]
	switch e.Segment().Fate {
	case sim.Retransmitted:
		if !l.countSends(e) {
			l.addRepeat(e, i)
		}
	case sim.Duplicated:
		l.countSends(e)
		l.addFate(e, i, legCopy).purpose = l.purposeOf(r, held)
	case sim.Delivered:
		l.delivered(e.Segment())
		if held && l.heldLast(r) {
			l.advance(e, r, legWhole)
		} else {
			l.addFate(e, i, legArrival).purpose = l.purposeOf(r, held)
		}
	case sim.Dropped:
		delete(l.heldRows, e.Segment().ID)
		if held && l.heldLast(r) {
			l.advance(e, r, legLost)
		} else {
			l.addFate(e, i, legDropped).purpose = l.purposeOf(r, held)
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
	l.newestArrow = r + 1
	l.rows[r].own, l.own = l.rows[r].own || l.own, false
	l.arrive(r)
}

// addFate appends a row for what becomes of a segment that is held in a row further up, and
// returns its arrow.
func (l *Ladder) addFate(e sim.Event, i int, to leg) *arrow {
	r := l.add(e.T, rowPlain)
	l.rows[r].arrow = arrow{from: i, segment: e.Segment(), by: e.By(), leg: to}
	l.newestArrow = r + 1
	l.arrive(r)
	return &l.rows[r].arrow
}

// purposeOf returns why the segment was sent that is held in row r, if it is.
func (l *Ladder) purposeOf(r int, held bool) purpose {
	if !held {
		return purposeNone
	}
	return l.rows[r].arrow.purpose
}

// countSends updates how often a segment has been sent: in the row in which it is held, or
// in the row that counts repeats since it was delivered. It reports whether there is such
// a row.
func (l *Ladder) countSends(e sim.Event) bool {
	r, ok := l.heldRows[e.Segment().ID]
	if !ok {
		if r, ok = l.repeatRows[e.Segment().ID]; !ok {
			return false
		}
	}
	l.rows[r].arrow.segment.Copies = e.Segment().Copies
	return true
}

// delivered ends the holding of a segment.
func (l *Ladder) delivered(s sim.Segment) {
	delete(l.heldRows, s.ID)
	if l.arrivals == nil {
		l.arrivals, l.repeatRows = map[int]int{}, map[int]int{}
	}
	l.arrivals[s.ID] = s.Copies
}

// addRepeat appends the row of a segment that is sent again although it was delivered: its
// acknowledgement is still held. The wire does not carry such a segment on; the row counts
// how often that happens.
func (l *Ladder) addRepeat(e sim.Event, i int) {
	before, ok := l.arrivals[e.Segment().ID]
	if !ok {
		return
	}
	r := l.add(e.T, rowPlain)
	l.rows[r].arrow = arrow{from: i, segment: e.Segment(), by: e.By(), leg: legRepeat, sentBefore: before}
	l.rows[r].counts = true
	l.repeatRows[e.Segment().ID] = r
}

// hold remembers the row in which a segment is held.
func (l *Ladder) hold(id, r int) {
	if l.heldRows == nil {
		l.heldRows = map[int]int{}
	}
	l.heldRows[id] = r
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
