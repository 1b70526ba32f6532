package ladder

import (
	"finwait/sim"
	"finwait/sim/lang"
)

// phrase returns a text in a language.
type phrase func(*lang.Catalogue) string

// olderConnection places an event of a connection older than that of the lifelines as a
// note.
func (l *Ladder) olderConnection(e sim.Event) {
	var what phrase
	switch b := e.Body.(type) {
	case sim.StateChanged:
		what = func(*lang.Catalogue) string { return b.From.String() + " → " + b.To.String() }
	case sim.SegmentMoved:
		if what = l.olderSegment(e); what == nil {
			return
		}
	}
	r := l.olderRow(e)
	l.rows[r].text = func(w *lang.Catalogue) []string { return w.Ladder.Older(e.Conn(), w.End(e.At), what(w)) }
	if s := e.Segment(); s.ID != 0 && s.Sent() {
		l.hold(s.ID, r)
	}
}

// olderRow returns the row of a note: a new one, unless a row already counts how often
// this segment was sent again.
func (l *Ladder) olderRow(e sim.Event) int {
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

// olderRepeat returns the note on a segment that is sent again. It is nil where a row
// with an arrow counts that.
func (l *Ladder) olderRepeat(e sim.Event) phrase {
	before, arrived := l.arrivals[e.Segment().ID]
	if r, ok := l.repeatRows[e.Segment().ID]; !arrived || ok && l.rows[r].kind != rowNote {
		l.countSends(e)
		return nil
	}
	times := timesMore(e.Segment().Copies - before)
	return func(w *lang.Catalogue) string { return w.Ladder.OlderRepeated(e.Segment().String(), times) }
}

// olderSegment returns the note on a segment of an older connection. It is nil if the
// row above already implies it: without a row below, a segment that was sent is taken as
// delivered.
func (l *Ladder) olderSegment(e sim.Event) phrase {
	if e.Segment().Sent() {
		return func(*lang.Catalogue) string { return e.Segment().String() }
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
		return l.olderRepeat(e)
	default:
		return nil
	}
	return func(w *lang.Catalogue) string {
		return w.Ladder.OlderFate(e.Segment().String(), e.Segment().Fate)
	}
}
