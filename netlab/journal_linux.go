package netlab

import (
	"time"

	"finwait/netlab/wire"
	"finwait/sim"
)

// journal is what happened: the batch that is not emitted yet, the order of it, and the events
// that are emitted. No other part writes to the log.
type journal struct {
	sockets *sockets
	events  chan sim.Event
	closing <-chan struct{} // ends an emit that nobody reads

	start time.Time   // T 0, wall clock
	last  sim.Seconds // T of the newest event
	step  int         // number of the newest step, for its events
	table sim.Table   // of what was added
	flow  wire.Flow
	batch batch // comes in the order of reading

	inferred bool            // no segment is captured
	probe    func(sim.Event) // see Options
}

// pending is something that happened and was not emitted yet.
type pending struct {
	at      int64 // wall clock in nanoseconds, 0 while it is not known
	event   sim.Event
	effects []effect // of the event on connections

	// Of a segment that was captured, or that was held on the wire.
	packet *wire.Packet
	conn   *conn         // of every segment
	late   bool          // read some time after it was sent; at is when it was read
	passed []passedState // by the ends of the segment's connection
}

// batch is what happened since the last flush.
type batch []pending

// add takes in something that happened. What it says of processes and descriptors is in the
// table from now on.
func (j *journal) add(p pending) {
	j.table.Apply(p.event)
	j.batch = append(j.batch, p)
}

// addNow takes in what an end has just done; the end is empty for what concerns the whole lab.
func (j *journal) addNow(at sim.End, body sim.Body) {
	j.add(pending{at: time.Now().UnixNano(), event: sim.Event{At: at, Body: body}})
}

// moved takes in news of a segment, and reports whether it belongs to a connection.
func (j *journal) moved(n segmentNews) bool {
	c := j.sockets.connOf(n.packet)
	if c == nil {
		return false
	}
	s := j.flow.Segment(n.packet)
	s.Fate = n.fate
	if n.held != nil {
		s.ID, s.Copies, s.Resent = n.held.ID, n.held.Copies, n.held.Resent
		c.trackSegment(n.from, s)
	}
	p := pending{at: n.at, packet: &n.packet, conn: c, event: sim.Event{
		At: n.from, Body: sim.SegmentMoved{Conn: c.n, Segment: s, By: sim.ByKernel},
	}}
	if n.at == 0 {
		p.at, p.late = time.Now().UnixNano(), s.Sent() || s.Fate == sim.Retransmitted
	}
	j.add(p)
	return true
}

// emit appends one event to the log; at is wall clock in nanoseconds. T never runs backwards.
func (j *journal) emit(at int64, e sim.Event) {
	j.last = max(j.last, (sim.Seconds(at-j.start.UnixNano()) / 1e9).Rounded(1e6))
	e.T, e.Step = j.last, j.step
	select {
	case j.events <- e:
	case <-j.closing:
	}
}

// emitNow appends an event that belongs after all that has happened so far.
func (j *journal) emitNow(at sim.End, body sim.Body) {
	j.emit(time.Now().UnixNano(), sim.Event{At: at, Body: body})
}

// holds reports whether an end's programs hold the connection, or it still waits to be
// accepted.
func (j *journal) holds(c *conn, at sim.End) bool {
	return j.table.Holds(at, c.n) || at == sim.Server && !c.accepted
}
