package netlab

import (
	"math"
	"slices"
	"time"

	"finwait/sim"
)

// A segment on the wire is read some time after it was sent, and nobody has stamped it. When
// it was sent follows from what it is: a SYN is sent by a connect, data by the write that
// brought them, a FIN by a close, a shutdown or a death. A segment that no call sends is an
// answer to what was delivered, or a timer's doing.

// placeLate gives every segment of the batch that was read late the time at which it was sent,
// as near as is known: before the end of the call that sent it, by its timestamp, and not after
// what the same host has sent later.
func (j *journal) placeLate() {
	for i := range j.batch {
		p := &j.batch[i]
		if p.late {
			p.at = j.sentAt(i)
		}
		if p.late && p.packet.Stamped {
			p.conn.end(p.event.At).clock.learn(p.packet.Stamp, p.at)
		}
	}
	j.batch.keepSendOrder()
	for _, p := range j.batch {
		for _, e := range p.effects {
			if e.what == didWrite {
				j.sockets.conns[e.conn-1].end(e.at).written += uint32(e.n)
			}
		}
	}
}

// keepSendOrder places no segment after one of the same host that was read later: a host's
// segments are read in the order in which they were sent.
func (b batch) keepSendOrder() {
	next := map[sim.End]int64{} // time of the segment that was read after this one
	for i := range slices.Backward(b) {
		if p := &b[i]; p.late {
			from := p.event.At
			if after, ok := next[from]; ok {
				p.at = min(p.at, after)
			}
			next[from] = p.at
		}
	}
}

// sentAt returns when the segment at index i of the batch was sent. That was after all that
// was delivered to its sender before it was read: it may answer that. And it was neither before
// nor after its timestamp, for a timer may send what a call has left behind, and the lab may be
// late to read what was sent.
func (j *journal) sentAt(i int) int64 {
	p := &j.batch[i]
	at := j.sentByCall(i)
	if p.packet.Stamped {
		at = min(at, p.conn.end(p.event.At).clock.latest(p.packet.Stamp))
	}
	return at
}

// sentByCall returns the time before the end of the call that can have sent the segment at index
// i of the batch, the time at which it was read where no call can.
func (j *journal) sentByCall(i int) int64 {
	p := &j.batch[i]
	if !p.event.Segment().Sent() { // a timer has sent a copy
		return p.at
	}
	from, reached := p.event.At, int64(0)
	for _, before := range j.batch[:i] {
		if before.packet != nil && !before.late && before.event.At == from.Peer() {
			reached = max(reached, before.at)
		}
	}
	if p.packet.Stamped {
		reached = max(reached, p.conn.end(from).clock.earliest(p.packet.Stamp))
	}
	written := p.conn.end(from).written
	aborted := j.batch.aborted(i)
	for k, end := range j.batch {
		if end.event.At != from {
			continue
		}
		before := written
		written += end.wrote(p.conn)
		if aborted && end.closes(p.conn) || written > before && p.leftBefore(before) {
			if begun := j.batch.begun(k); begun > reached {
				return min(p.at, begun-1)
			}
		}
		if end.at > reached && end.at < p.at && end.couldHaveSent(p, written) {
			return end.at - 1
		}
	}
	return p.at
}

// wrote returns how many bytes the call that ended here has written to the connection.
func (p *pending) wrote(c *conn) (n uint32) {
	for _, e := range p.effects {
		if e.conn == c.n && e.what == didWrite {
			n += uint32(e.n)
		}
	}
	return n
}

// leftBefore reports whether a segment ends within the first n bytes written, and so left before
// the next write: that adds to what is still to be sent (tcp_sendmsg_locked), so that the two
// leave together.
func (p *pending) leftBefore(n uint32) bool {
	g := p.event.Segment()
	return g.Len > 0 && !g.Resent && !g.Seq.Add(g.Len-1).After(sim.Seq(n))
}

// aborted reports whether a reset follows the segment at index i of the batch that answers
// nothing: a close, or a death, has sent it, which then sends nothing else (tcp_close).
func (b batch) aborted(i int) bool {
	p := &b[i]
	if p.event.Segment().Flags&(sim.FIN|sim.RST) != 0 {
		return false
	}
	for _, later := range b[i+1:] {
		switch {
		case later.packet == nil || later.conn != p.conn:
		case later.event.At != p.event.At:
			return false
		case later.event.Segment().Flags&(sim.FIN|sim.RST) != 0:
			return later.event.Segment().Flags&sim.RST != 0
		}
	}
	return false
}

// closes reports whether the call, or the process, that ended here has closed the connection.
func (p *pending) closes(c *conn) bool {
	return slices.ContainsFunc(p.effects, func(e effect) bool { return e.conn == c.n && e.what == didClose })
}

// begun returns the time at which the call began, or the signal came, that ended at index i of
// the batch; the time of the end where that is not known.
func (b batch) begun(i int) int64 {
	if k := b.cause(i); k != none && b[k].at != 0 {
		return b[k].at
	}
	return b[i].at
}

// couldHaveSent reports whether the call, or the process, that ended here can have sent the
// segment s. written is how many bytes have been written up to it.
func (end *pending) couldHaveSent(s *pending, written uint32) bool {
	g := s.event.Segment()
	if end.event.Kind() == sim.KindReturn && end.event.Call().Name == sim.CallConnect {
		return g.Flags&sim.SYN != 0
	}
	for _, e := range end.effects {
		switch {
		case e.conn != s.conn.n:
		case e.what == didClose, e.what == wasDropped:
			return true // the last that it sends of its own accord
		case e.what == didShutWrite && g.Flags&sim.RST == 0:
			return true // a reset can only be a later one's
		case e.what == didWrite && g.Len > 0 && g.Flags&sim.FIN == 0:
			return !g.Seq.Add(g.Len - 1).After(sim.Seq(written))
		case e.what == didRead && g.Flags == sim.ACK && g.Len == 0:
			return true // a window update
		}
	}
	return false
}

// placeExternalSignals puts a signal that finwait did not send before everything that it
// caused: what the dying process sent, and what that woke up.
func (j *journal) placeExternalSignals() {
	for i := range j.batch {
		signal := &j.batch[i]
		if signal.at != 0 {
			continue
		}
		signal.at = j.batch[i+1].at // that of the exit
		for k, p := range j.batch {
			woken := p.event.Kind() == sim.KindReturn && p.event.PID() != signal.event.PID() && j.batch.cause(k) == none
			if (p.packet != nil || woken) && k != i {
				signal.at = min(signal.at, p.at-1)
			}
		}
	}
}

// cause returns the index in the batch of what made the event at index i happen: of the call
// that returned, of the signal that killed; none if that was in an earlier batch.
func (b batch) cause(i int) int {
	for k := i - 1; k >= 0; k-- {
		e := b[k].event
		if e.PID() != b[i].event.PID() {
			continue
		}
		if signal, ok := e.Body.(sim.SignalTaken); e.Kind() == sim.KindCall || ok && signal.Action == sim.Killed {
			return k
		}
	}
	return none
}

// stampClock is the clock in the timestamps of an end (RFC 7323 section 5.4): a stamp, and
// when it was sent, as near as is known. The zero value knows nothing.
type stampClock struct {
	stamp uint32
	at    int64 // wall clock in nanoseconds
}

// stampError is by how much a time from a stampClock may be wrong: it counts milliseconds, and
// what was sent is known a little later.
const stampError = 5 * int64(time.Millisecond)

// reads returns when the clock shows a stamp.
func (c *stampClock) reads(stamp uint32) int64 {
	return c.at + int64(int32(stamp-c.stamp))*int64(time.Millisecond)
}

// learn takes in when a segment was sent, at the latest.
func (c *stampClock) learn(stamp uint32, at int64) {
	if c.at == 0 || at < c.reads(stamp) {
		c.stamp, c.at = stamp, at
	}
}

// earliest returns when a segment was sent, at the earliest.
func (c *stampClock) earliest(stamp uint32) int64 {
	if c.at == 0 {
		return 0
	}
	return c.reads(stamp) - stampError
}

// latest returns when a segment was sent, at the latest.
func (c *stampClock) latest(stamp uint32) int64 {
	if c.at == 0 {
		return math.MaxInt64
	}
	return c.reads(stamp) + stampError
}
