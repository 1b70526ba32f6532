package ladder

import (
	"finwait/sim"
)

// olderConnection places an event of a connection older than that of the lifelines as a
// note.
func (l *Ladder) olderConnection(e sim.Event) {
	what := ""
	switch b := e.Body.(type) {
	case sim.StateChanged:
		what = b.From.String() + " → " + b.To.String()
	case sim.SegmentMoved:
		if what = l.olderSegment(e); what == "" {
			return
		}
	}
	who, conn := string(e.At), itoa(e.Conn())
	r := l.olderRow(e)
	l.rows[r].forms = []string{
		"connection " + conn + ", " + who + ": " + what,
		"conn " + conn + ", " + who + ": " + what,
		"conn " + conn + ": " + what,
	}
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

// olderRepeat returns the note on a segment that is sent again. It is empty where a row
// with an arrow counts that.
func (l *Ladder) olderRepeat(e sim.Event) string {
	before, arrived := l.arrivals[e.Segment().ID]
	if r, ok := l.repeatRows[e.Segment().ID]; !arrived || ok && l.rows[r].kind != rowNote {
		l.countSends(e)
		return ""
	}
	return e.Segment().String() + " sent again" + timesMore(e.Segment().Copies-before) + ": it has arrived"
}

// olderSegment returns the note on a segment of an older connection. It is empty if the
// row above already implies it: without a row below, a segment that was sent is taken as
// delivered.
func (l *Ladder) olderSegment(e sim.Event) string {
	what := e.Segment().String()
	if e.Segment().Sent() {
		return what
	}
	r, held := l.heldRows[e.Segment().ID]
	switch e.Segment().Fate {
	case sim.Delivered:
		l.delivered(e.Segment())
		if held && r >= l.final && r == len(l.rows)-1 {
			return ""
		}
	case sim.Dropped:
		delete(l.heldRows, e.Segment().ID)
	case sim.Duplicated:
	case sim.Retransmitted:
		return l.olderRepeat(e)
	default:
		return ""
	}
	return what + " " + string(e.Segment().Fate)
}
