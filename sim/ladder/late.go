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
	r := l.add(e.T, rowNote)
	l.rows[r].forms = []string{
		"connection " + conn + ", " + who + ": " + what,
		"conn " + conn + ", " + who + ": " + what,
		"conn " + conn + ": " + what,
	}
	if e.Kind == sim.KindSegment && e.Segment.ID != 0 && e.Segment.Sent() {
		l.hang(e.Segment.ID, r)
	}
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
		delete(l.flight, e.Segment.ID)
		if held && r >= l.final && r == len(l.rows)-1 {
			return ""
		}
	case sim.Dropped:
		delete(l.flight, e.Segment.ID)
	case sim.Duplicated:
	default:
		l.count(e)
		return ""
	}
	return what + " " + string(e.Segment.Fate)
}
