package ladder

import (
	"finwait/sim"
	"finwait/sim/text"
)

// Ladder is the fold of events into rows. The zero value is ready. It must not
// be copied once it has been used.
type Ladder struct {
	rows  []row
	ends  [2]end
	final int // rows before it never change again

	conn      int  // number of the connection on the lifelines
	announced bool // the client is making a newer one, and its events will follow
	heading   int  // row of the newest connection's heading; meaningful while not final

	mark  sim.Seconds // the next gap is measured from here
	arrow int         // the newest row with an arrow, counted from 1; 0: none

	auto automatic // a step that has begun, and may yet be refused

	flight  map[int]int // rows of the segments that hang on the wire, by number
	arrived map[int]int // how often those that were delivered had been sent then
	repeats map[int]int // rows that say how often they were sent since
}

// Len returns the number of rows so far.
func (l *Ladder) Len() int { return len(l.rows) }

// Final returns the number of rows that no further event can change, but for how
// often a segment that hangs in one of them, or has arrived, has been sent.
func (l *Ladder) Final() int { return l.final }

// Apply takes one more event into the ladder. It never fails: what an event says
// that makes no sense is drawn as it was said, or not at all.
func (l *Ladder) Apply(e sim.Event) {
	l.automatically(e)
	switch e.Kind {
	case sim.KindLab:
		l.mark = e.T
	case sim.KindStep:
		l.seal()
		l.mark = e.T // the pause before it was the reader's
	case sim.KindSettled:
		l.gap(e.T)
		l.seal()
	case sim.KindCable:
		l.cable(e)
	case sim.KindRefused:
		l.refused(e)
	case sim.KindSilent:
		l.silent(e)
	default:
		l.applyEnd(e)
	}
}

// applyEnd is Apply for the events of one end.
func (l *Ladder) applyEnd(e sim.Event) {
	i, ok := indexOf(e.At)
	if !ok {
		return
	}
	switch e.Kind {
	case sim.KindStart:
		l.started(e, i)
	case sim.KindCall:
		l.called(e, i)
	case sim.KindReturn:
		l.returned(e, i)
	case sim.KindBlocked:
		l.blocked(e, i)
	case sim.KindSignal:
		l.signalled(e, i)
	case sim.KindExit:
		l.exited(e, i)
	case sim.KindVerdict:
		l.judged(e, i)
	case sim.KindState, sim.KindSegment:
		l.applyConn(e, i)
	}
}

// applyConn is Apply for the events of one connection.
func (l *Ladder) applyConn(e sim.Event, i int) {
	if e.Conn > l.conn || l.announced && opens(e) {
		l.newConnection(e)
	}
	switch {
	case e.Conn > 0 && (e.Conn < l.conn || l.announced):
		l.late(e)
	case e.Kind == sim.KindSegment:
		l.segment(e, i)
	case e.Conn == 0:
		l.listener(e, i)
	default:
		l.state(e, i)
	}
}

// opens reports whether an event is the client's first on a connection, whatever
// its number.
func opens(e sim.Event) bool {
	if e.Kind == sim.KindState {
		return e.Conn > 0 && e.To == sim.SynSent
	}
	return e.At == sim.Client && e.Segment.Flags == sim.SYN && e.Segment.Sent() && !e.Segment.Resent
}

// add appends a row, after a gap row if nothing has happened for a while, and
// returns its index.
func (l *Ladder) add(t sim.Seconds, kind rowKind) int {
	l.gap(t)
	l.mark = t
	l.rows = append(l.rows, row{kind: kind, life: l.lives(), arrow: arrow{from: nobody}})
	return len(l.rows) - 1
}

// shortestGap is how long nothing must have happened for the ladder to say so.
const shortestGap = sim.Seconds(1)

// gap appends a row for the time in which nothing happened, if it was long.
func (l *Ladder) gap(t sim.Seconds) {
	if len(l.rows) == 0 || !(t-l.mark >= shortestGap) {
		return
	}
	forms := []string{(t - l.mark).String()}
	l.mark = t
	l.rows = append(l.rows, row{kind: rowGap, life: l.lives(), forms: forms, arrow: arrow{from: nobody}})
}

func (l *Ladder) lives() [2]life { return [2]life{l.ends[0].life, l.ends[1].life} }

func (l *Ladder) refused(e sim.Event) {
	r := l.add(e.T, rowRefused)
	l.rows[r].forms = []string{text.Clean(e.Text)}
}

// announce begins the rows of a further connection when the client asks for it,
// before the first segment: the calls that make it stand below the heading.
func (l *Ladder) announce(t sim.Seconds) {
	if l.conn == 0 || l.announced {
		return
	}
	l.announced = true
	l.separate(t, l.conn+1)
}

// newConnection takes the lifelines over for the connection of e.
func (l *Ladder) newConnection(e sim.Event) {
	switch {
	case l.announced && l.heading >= l.final:
		l.rows[l.heading].conn = e.Conn
	case l.conn > 0 && !l.announced:
		l.separate(e.T, e.Conn)
	}
	l.conn, l.announced = e.Conn, false
}

// separate appends the heading of a connection and clears the lifelines for it.
func (l *Ladder) separate(t sim.Seconds, conn int) {
	l.heading = l.add(t, rowHeading)
	l.rows[l.heading].conn = conn
	for i := range l.ends {
		l.ends[i].newConnection()
	}
}
