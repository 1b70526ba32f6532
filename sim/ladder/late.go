package ladder

import "finwait/sim"

// late notes what became of an older connection: its lifelines are not drawn any
// more.
func (l *Ladder) late(e sim.Event) {
	what := e.From.String() + " → " + e.To.String()
	if e.Kind == sim.KindSegment {
		if what = l.lateSegment(e); what == "" {
			return
		}
	}
	who, conn := string(e.At), itoa(e.Conn)
	r := l.lateRow(e)
	l.rows[r].forms = []string{
		"connection " + conn + ", " + who + ": " + what,
		"conn " + conn + ", " + who + ": " + what,
		"conn " + conn + ": " + what,
	}
	if e.Kind == sim.KindSegment && e.Segment.ID != 0 && e.Segment.Sent() {
		l.hang(e.Segment.ID, r)
	}
}

// lateRow returns the row of a note: a new one, unless it only counts once more.
func (l *Ladder) lateRow(e sim.Event) int {
	again := e.Kind == sim.KindSegment && !e.Segment.Sent() && e.Segment.Fate == sim.Retransmitted
	if r, ok := l.repeats[e.Segment.ID]; ok && again {
		return r
	}
	r := l.add(e.T, rowNote)
	if again {
		l.rows[r].counts = true
		l.repeats[e.Segment.ID] = r
	}
	return r
}

// lateAgain returns what is to be said of a segment that is sent once more, and
// nothing where a row with an arrow counts that.
func (l *Ladder) lateAgain(e sim.Event) string {
	before, arrived := l.arrived[e.Segment.ID]
	if r, ok := l.repeats[e.Segment.ID]; !arrived || ok && l.rows[r].kind != rowNote {
		l.count(e)
		return ""
	}
	return e.Segment.String() + " sent again" + timesMore(e.Segment.Copies-before) + ": it has arrived"
}

// lateSegment returns what is to be said of a segment of an older connection, and
// nothing where that has been said: that it was sent says that it was delivered,
// while there is nothing below.
func (l *Ladder) lateSegment(e sim.Event) string {
	what := e.Segment.String()
	if e.Segment.Sent() {
		return what
	}
	r, held := l.flight[e.Segment.ID]
	switch e.Segment.Fate {
	case sim.Delivered:
		l.arrives(e.Segment)
		if held && r >= l.final && r == len(l.rows)-1 {
			return ""
		}
	case sim.Dropped:
		delete(l.flight, e.Segment.ID)
	case sim.Duplicated:
	case sim.Retransmitted:
		return l.lateAgain(e)
	default:
		return ""
	}
	return what + " " + string(e.Segment.Fate)
}
