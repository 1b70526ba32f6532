package ladder

import (
	"finwait/sim"
	"finwait/sim/lang"
)

// Ladder is the fold of events into rows. The zero value is ready. It must not
// be copied once it has been used.
type Ladder struct {
	// Focus is the number of the connection on the lifelines, whose ladder is drawn whole, before
	// it is made and when there are newer ones, too. With 0 each connection has the lifelines from
	// its beginning until the next begins: that is the subject of the scene. Events of other
	// connections are notes. Focus is set before the first event, if at all.
	Focus int

	rows  []row
	ends  [2]end
	final int // how many rows never change again

	table sim.Table // the descriptors of every process

	conn      int  // number of the connection on the lifelines
	announced bool // the client is making a newer connection, whose events will follow
	coming    int  // number of that one, or of the first, once connect(2) has told it; else 0
	heading   int  // row of the newest connection's heading; used while that is not final

	step int // counts the steps that have begun, but for those of the set-up

	quietSince  sim.Seconds // the time of the newest row, from which a gap is measured
	newestArrow int         // the newest row with an arrow, counted from 1; 0 for none

	auto    autoChange // of a step that has begun and may still be refused
	sandbox bool       // there is no lesson: no step is marked as a person's own
	own     bool       // the step that runs is a person's own, and has no row yet

	// The two maps have the numbers of segments on the wire as keys.
	heldRows    map[int]int // rows in which a segment is held
	arrivedRows map[int]int // rows in which a segment has arrived
}

// Len returns the number of rows so far.
func (l *Ladder) Len() int { return len(l.rows) }

// Final returns how many rows no further event can change, except for the count of how
// often a segment in them has been sent.
func (l *Ladder) Final() int { return l.final }

// New reports whether row r was added or changed since the newest step of the lesson, or of a
// person, has begun. How often a segment was sent is no change.
func (l *Ladder) New(r int) bool { return l.step > 0 && l.rows[r].step == l.step }

// Apply takes one more event into the ladder. It never fails: an event that makes no
// sense is drawn as it is, or not at all.
func (l *Ladder) Apply(e sim.Event) {
	l.autoStep(e)
	switch b := e.Body.(type) {
	case sim.LabOpened:
		l.quietSince = e.T
		l.sandbox = b.Setting != nil && b.Lesson == ""
	case sim.StepBegun:
		l.settle()
		l.quietSince = e.T // the pause before it was the reader's
		if e.Step > 0 || b.Own {
			l.step++
		}
		l.own = b.Own && !l.sandbox
		l.skipped(b)
	case sim.StepSettled:
		l.gap(e.T)
		l.own = false
		l.settle()
		for i := range l.ends {
			l.ends[i].sending.written = false // the timers have been read
		}
	case sim.CableChanged:
		l.cable(e.T, b)
	case sim.StepRefused:
		l.refused(e.T, b)
	case sim.ModelSilent:
		l.silent(e.T, b)
	default:
		l.applyEnd(e)
	}
	l.follow(e)
}

// applyEnd is Apply for the events of one end.
func (l *Ladder) applyEnd(e sim.Event) {
	i, ok := indexOf(e.At)
	if !ok {
		return
	}
	switch b := e.Body.(type) {
	case sim.ProcessStarted:
		l.started(e.T, b, i)
	case sim.CallEntered:
		l.called(e.T, b, i)
	case sim.CallReturned:
		l.returned(e.T, b, i)
	case sim.CallBlocked:
		l.blocked(b, i)
	case sim.SignalTaken:
		l.signalled(e.T, b, i)
	case sim.Printed:
		l.printed(e.T, b, i)
	case sim.ProcessExited:
		l.exited(e.T, b, i)
	case sim.Verdict:
		l.verdict(e.T, b, i)
	case sim.StateChanged, sim.SegmentMoved:
		l.applyConn(e, i)
	case sim.TimerChanged:
		if b.Conn == l.onLifelines() {
			l.ends[i].sending.timed(b.Timer)
		}
	}
}

// applyConn is Apply for the events of one connection.
func (l *Ladder) applyConn(e sim.Event, i int) {
	if l.Focus == 0 && (e.Conn() > l.conn || l.announced && opens(e)) {
		l.newConnection(e)
	}
	switch {
	case e.Conn() > 0 && (e.Conn() != l.onLifelines() || l.announced):
		l.otherConnection(e)
	case e.Kind() == sim.KindSegment:
		l.segment(e, i)
	case e.Conn() == 0:
		l.listener(e.T, sim.Of[sim.StateChanged](e), i)
	default:
		l.state(e.T, sim.Of[sim.StateChanged](e), i)
	}
}

// onLifelines returns the number of the connection on the lifelines, 0 before the first.
func (l *Ladder) onLifelines() int {
	if l.Focus != 0 {
		return l.Focus
	}
	return l.conn
}

// opens reports whether an event is the first of a connection that the client opens,
// whatever the number of that connection.
func opens(e sim.Event) bool {
	if b, ok := e.Body.(sim.StateChanged); ok {
		return b.Conn > 0 && b.To == sim.SynSent
	}
	return e.At == sim.Client && e.Segment().Flags == sim.SYN && e.Segment().Sent() && !e.Segment().Resent
}

// add appends a row of that kind and returns its index. If nothing has happened for a
// while, a gap row comes before it.
func (l *Ladder) add(t sim.Seconds, kind rowKind) int {
	l.gap(t)
	l.quietSince = t
	return l.append(row{kind: kind})
}

// append appends a row and returns its index. The first row of a person's own step is marked as
// such.
func (l *Ladder) append(r row) int {
	r.life, r.arrow, r.own, r.hanging = l.lives(), arrow{from: nobody}, l.own, l.hanging()
	l.own, r.step = false, l.step
	l.rows = append(l.rows, r)
	return len(l.rows) - 1
}

// shortestGap is the shortest time without events that has a row.
const shortestGap = sim.Seconds(1)

// gap appends a row for the time without events, if it was long.
func (l *Ladder) gap(t sim.Seconds) {
	if len(l.rows) == 0 || !(t-l.quietSince >= shortestGap) {
		return
	}
	span := t - l.quietSince
	l.quietSince = t
	l.append(row{kind: rowGap, text: func(*lang.Catalogue) []string { return []string{span.String()} }})
}

// skipped appends a row for a wait that was not made.
func (l *Ladder) skipped(b sim.StepBegun) {
	if b.Skipped {
		l.append(row{kind: rowGap, text: func(w *lang.Catalogue) []string { return w.Ladder.Skipped(b.Step) }})
	}
}

func (l *Ladder) lives() [2]life { return [2]life{l.ends[0].life, l.ends[1].life} }

func (l *Ladder) refused(t sim.Seconds, b sim.StepRefused) {
	r := l.add(t, rowRefused)
	l.rows[r].text = func(w *lang.Catalogue) []string { return []string{w.Refusal(b)} }
}

// announce appends the heading of a further connection when the client makes the first
// call for it, before any segment: the calls that make it stand below the heading.
func (l *Ladder) announce(t sim.Seconds) {
	if l.Focus != 0 || l.conn == 0 || l.announced {
		return
	}
	l.announced = true
	l.addHeading(t, l.conn+1)
}

// newConnection gives the lifelines to the connection of e.
func (l *Ladder) newConnection(e sim.Event) {
	switch {
	case l.announced && l.heading >= l.final:
		l.rows[l.heading].conn = e.Conn()
	case l.conn > 0 && !l.announced:
		l.addHeading(e.T, e.Conn())
	}
	l.conn, l.announced, l.coming = e.Conn(), false, 0
	for i := range l.ends {
		l.ends[i].life = l.lifeOf(i)
	}
}

// addHeading appends the heading of a connection and clears the lifelines for it.
func (l *Ladder) addHeading(t sim.Seconds, conn int) {
	l.heading = l.add(t, rowHeading)
	l.rows[l.heading].conn = conn
	for i := range l.ends {
		l.ends[i].newConnection()
		l.ends[i].life = l.lifeOf(i)
	}
}
