package ladder

import (
	"finwait/sim"
	"finwait/sim/lang"
)

// otherConnection places an event of a connection that is not on the lifelines as a note.
func (l *Ladder) otherConnection(e sim.Event) {
	var what wording
	switch b := e.Body.(type) {
	case sim.StateChanged:
		what = func(*lang.Catalogue) []string {
			return []string{b.From.String() + " → " + b.To.String(), b.To.String()}
		}
	case sim.SegmentMoved:
		l.newestArrow = 0 // the segment that moves now has none
		if what = l.otherSegment(e); what == nil {
			return
		}
	}
	r := l.otherRow(e)
	l.rows[r].text = func(w *lang.Catalogue) []string { return w.Ladder.Other(e.Conn(), w.End(e.At), what(w)) }
	if s := e.Segment(); s.ID != 0 && s.Sent() {
		l.hold(s.ID, r)
	}
}

// otherRow returns the row of a note: a new one, unless a row already counts how often
// this segment was sent again.
func (l *Ladder) otherRow(e sim.Event) int {
	again := e.Kind() == sim.KindSegment && !e.Segment().Sent() && e.Segment().Fate == sim.Retransmitted
	if r, ok := l.repeatRows[e.Segment().ID]; ok && again {
		return r
	}
	r := l.add(e.T, rowNote)
	if again {
		l.rows[r].counts = true
		l.repeatRows[e.Segment().ID] = r
	}
	return r
}

// otherRepeat returns the note on a segment that is sent again. It is nil where a row
// with an arrow counts that.
func (l *Ladder) otherRepeat(e sim.Event) wording {
	before, arrived := l.arrivals[e.Segment().ID]
	if r, ok := l.repeatRows[e.Segment().ID]; !arrived || ok && l.rows[r].kind != rowNote {
		l.countSends(e)
		return nil
	}
	times := timesMore(e.Segment().Copies - before)
	return func(w *lang.Catalogue) []string {
		return []string{w.Ladder.OtherRepeated(e.Segment().String(), times), w.Ladder.OtherAgain(e.Segment().Flags.String(), times)}
	}
}

// otherSegment returns the note on a segment of another connection. It is nil if the
// row above already implies it: without a row below, a segment that was sent is taken as
// delivered.
func (l *Ladder) otherSegment(e sim.Event) wording {
	if e.Segment().Sent() {
		return func(*lang.Catalogue) []string { return []string{e.Segment().String(), e.Segment().Flags.String()} }
	}
	r, held := l.heldRows[e.Segment().ID]
	switch e.Segment().Fate {
	case sim.Delivered:
		l.delivered(e.Segment())
		if held && r >= l.final && r == len(l.rows)-1 {
			return nil
		}
	case sim.Dropped:
		delete(l.heldRows, e.Segment().ID)
	case sim.Duplicated:
	case sim.Retransmitted:
		return l.otherRepeat(e)
	default:
		return nil
	}
	return func(w *lang.Catalogue) []string {
		s := e.Segment()
		return []string{w.Ladder.OtherFate(s.String(), s.Fate), w.Ladder.OtherFate(s.Flags.String(), s.Fate)}
	}
}
