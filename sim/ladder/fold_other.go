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
	r := l.add(e.T, rowNote)
	l.rows[r].text = func(w *lang.Catalogue) []string { return w.Ladder.Other(e.Conn(), w.End(e.At), what(w)) }
	switch s := e.Segment(); {
	case s.ID != 0 && s.Sent():
		l.hold(s.ID, r)
	case s.Fate == sim.Delivered:
		l.delivered(s.ID, r)
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
		if held && r >= l.final && r == len(l.rows)-1 {
			l.delivered(e.Segment().ID, r)
			return nil
		}
	case sim.Dropped:
		delete(l.heldRows, e.Segment().ID)
	case sim.Duplicated:
	case sim.Retransmitted:
		l.countSends(e)
		return nil
	default:
		return nil
	}
	return func(w *lang.Catalogue) []string {
		s := e.Segment()
		return []string{w.Ladder.OtherFate(s.String(), s.Fate), w.Ladder.OtherFate(s.Flags.String(), s.Fate)}
	}
}
