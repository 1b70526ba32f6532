package netlab

import (
	"time"

	"finwait/sim"
)

// A segment on the wire is read some time after it was sent, and nobody has stamped
// it. When it was sent follows from what it is: a SYN is sent by a connect, data by
// the write that brought them, a FIN by a close, a shutdown or a death. What is
// sent by no call is an answer to what was delivered, or a timer's doing.

// placeLate gives every segment of the batch that was read late its place: before
// the end of the call that sent it.
func (l *Lab) placeLate() {
	for i := range l.batch {
		o := &l.batch[i]
		if o.late {
			o.at = l.sentAt(i)
		}
		if o.packet != nil && o.packet.Stamped && o.event.Segment().Sent() {
			o.conn.end(o.event.At).clock.learn(o.packet.Stamp, o.at)
		}
	}
	for _, o := range l.batch {
		for _, d := range o.deeds {
			if d.what == didWrite {
				l.conns[d.conn-1].end(d.at).written += uint32(d.n)
			}
		}
	}
}

// sentAt returns when the segment of occurrence i was sent. That was after all that
// was delivered to its sender before it was read: it may answer that. And it was not
// before its timestamp, for a timer may send what a call has left behind.
func (l *Lab) sentAt(i int) int64 {
	o := &l.batch[i]
	from, reached := o.event.At, int64(0)
	for _, before := range l.batch[:i] {
		if before.packet != nil && !before.late && before.event.At == from.Peer() {
			reached = max(reached, before.at)
		}
	}
	if o.packet.Stamped {
		reached = max(reached, o.conn.end(from).clock.earliest(o.packet.Stamp))
	}
	written := o.conn.end(from).written
	for _, end := range l.batch {
		if end.event.At != from || end.at >= o.at {
			continue
		}
		for _, d := range end.deeds {
			if d.conn == o.conn.n && d.what == didWrite {
				written += uint32(d.n)
			}
		}
		if end.at > reached && end.sends(o, written) {
			return end.at - 1
		}
	}
	return o.at
}

// sends reports whether the end of a call, or of a process, is that of the one that
// sent the segment s. written is how many bytes have been written up to it.
func (end *occurrence) sends(s *occurrence, written uint32) bool {
	if end.event.Kind() == sim.KindReturn && end.event.Call().Name == sim.CallConnect {
		return s.event.Segment().Flags&sim.SYN != 0
	}
	g := s.event.Segment()
	for _, d := range end.deeds {
		switch {
		case d.conn != s.conn.n:
		case d.what == didClose, d.what == wasDropped:
			return true // the last that it sends of its own accord
		case d.what == didShutWrite && g.Flags&sim.RST == 0:
			return true // a reset can only be a later one's
		case d.what == didWrite && g.Len > 0 && g.Flags&sim.FIN == 0:
			return !g.Seq.Add(g.Len - 1).After(sim.Seq(written))
		case d.what == didRead && g.Flags == sim.ACK && g.Len == 0:
			return true // a window update
		}
	}
	return false
}

// clock is the clock in the timestamps of an end: a stamp, and when it was sent, as near as
// is known. The zero value knows nothing.
type clock struct {
	stamp uint32
	at    int64 // nanoseconds
}

// coarse is by how much a time from a clock may be wrong: it counts milliseconds, and what
// was sent is known a little later.
const coarse = 5 * int64(time.Millisecond)

// reads returns when the clock shows a stamp.
func (c *clock) reads(stamp uint32) int64 {
	return c.at + int64(int32(stamp-c.stamp))*int64(time.Millisecond)
}

// learn takes in when a segment was sent, at the latest.
func (c *clock) learn(stamp uint32, at int64) {
	if c.at == 0 || at < c.reads(stamp) {
		c.stamp, c.at = stamp, at
	}
}

// earliest returns when a segment was sent, at the earliest.
func (c *clock) earliest(stamp uint32) int64 {
	if c.at == 0 {
		return 0
	}
	return c.reads(stamp) - coarse
}
