package ladder

import (
	"finwait/sim"
	"finwait/sim/text"
)

// onward takes later news of a segment on the wire: that it was delivered,
// dropped, copied or sent once more.
func (l *Ladder) onward(e sim.Event, i int) {
	r, held := l.flight[e.Segment.ID]
	switch e.Segment.Fate {
	case sim.Retransmitted:
		if !l.count(e) {
			l.repeat(e, i)
		}
	case sim.Duplicated:
		l.count(e)
		l.goOn(e, i, legCopy)
	case sim.Delivered:
		l.arrives(e.Segment)
		if held && l.hangsLast(r) {
			l.move(e, r, legWhole)
		} else {
			l.goOn(e, i, legArrival)
		}
	case sim.Dropped:
		delete(l.flight, e.Segment.ID)
		if held && l.hangsLast(r) {
			l.move(e, r, legLost)
		} else {
			l.goOn(e, i, legGone)
		}
	}
}

// hangsLast reports whether row r is the newest one: a segment that hangs there
// goes on in its row.
func (l *Ladder) hangsLast(r int) bool { return r == len(l.rows)-1 && l.rows[r].arrow.leg == legHeld }

// move lets the segment of the newest row go on.
func (l *Ladder) move(e sim.Event, r int, to leg) {
	a := &l.rows[r].arrow
	a.leg, a.segment.Copies = to, e.Segment.Copies
	l.arrow = r + 1
}

// goOn draws, on a row of its own, what became of a segment that hangs further up.
func (l *Ladder) goOn(e sim.Event, i int, to leg) {
	r := l.add(e.T, rowPlain)
	l.rows[r].arrow = arrow{from: i, segment: e.Segment, by: e.By, leg: to}
	l.arrow = r + 1
}

// count notes how often a segment that hangs, or the row that says that it was sent
// since it has arrived, has been sent; it reports whether there is either.
func (l *Ladder) count(e sim.Event) bool {
	r, ok := l.flight[e.Segment.ID]
	if !ok {
		if r, ok = l.repeats[e.Segment.ID]; !ok {
			return false
		}
	}
	l.rows[r].arrow.segment.Copies = e.Segment.Copies
	return true
}

// arrives takes a segment from those that hang.
func (l *Ladder) arrives(s sim.Segment) {
	delete(l.flight, s.ID)
	if l.arrived == nil {
		l.arrived, l.repeats = map[int]int{}, map[int]int{}
	}
	l.arrived[s.ID] = s.Copies
}

// repeat begins the row of a segment that is sent although it has arrived: its
// acknowledgement is still on the wire, which does not carry it on. However often that
// happens, the row counts.
func (l *Ladder) repeat(e sim.Event, i int) {
	before, ok := l.arrived[e.Segment.ID]
	if !ok {
		return
	}
	r := l.add(e.T, rowPlain)
	l.rows[r].arrow = arrow{from: i, segment: e.Segment, by: e.By, leg: legAgain, before: before}
	l.rows[r].counts = true
	l.repeats[e.Segment.ID] = r
}

// hang notes the row of a segment that is held.
func (l *Ladder) hang(id, r int) {
	if l.flight == nil {
		l.flight = map[int]int{}
	}
	l.flight[id] = r
}

// seal makes the rows so far final, but for the newest while a segment hangs in it.
func (l *Ladder) seal() {
	l.final = len(l.rows)
	if l.final == 0 {
		return
	}
	if a := &l.rows[l.final-1].arrow; a.from != nobody && a.leg == legHeld {
		a.hung = true
		l.final--
	}
}

// cable notes that the cable was cut or mended.
func (l *Ladder) cable(e sim.Event) {
	r := l.add(e.T, rowCable)
	state := text.Clean(e.Text)
	l.rows[r].forms = []string{"the cable is " + state, "cable " + state, state}
}

// automatic is what a step does to the wire: nothing, or deliver at once, or hold.
type automatic uint8

const (
	autoUnchanged automatic = iota
	autoOn
	autoOff
)

// automatically draws a step that has the wire deliver at once or hold, before what it
// brings and unless it was refused. Those that only set the scene have no row.
func (l *Ladder) automatically(e sim.Event) {
	before := l.auto
	l.auto = autoUnchanged
	if on, ok := sim.Automatic(e); ok && e.Step > 0 {
		l.auto = autoOff
		if on {
			l.auto = autoOn
		}
	}
	if before == autoUnchanged || e.Kind == sim.KindRefused || e.Kind == sim.KindStep {
		return
	}
	forms := []string{"the wire holds what is sent", "holds what is sent", "holds"}
	if before == autoOn {
		forms = []string{"the wire delivers by itself", "delivers by itself", "delivers"}
	}
	r := l.add(e.T, rowCable)
	l.rows[r].forms = forms
}
