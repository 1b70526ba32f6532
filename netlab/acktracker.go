package netlab

import (
	"time"

	"finwait/netlab/wire"
	"finwait/sim"
)

// ackTracker reports whether one end of a connection on the wire has yet to acknowledge
// delivered data, a SYN or a FIN: until then a step is not over. The zero value is ready. It
// is not safe for concurrent use.
type ackTracker struct {
	next   sim.Seq   // first number that was not delivered
	beyond sim.Spans // spans that were delivered after it
	acked  sim.Seq   // newest acknowledgement number that the end has sent
	since  time.Time // time at which next last advanced
}

// delivered takes a segment that reached the end.
func (t *ackTracker) delivered(s sim.Segment, now time.Time) {
	if s.Flags&sim.RST != 0 || s.Next() == s.Seq {
		return
	}
	t.beyond = t.beyond.Add(sim.Span{From: s.Seq, To: s.Next()})
	next, passed := t.beyond.Advance(t.next)
	t.beyond = t.beyond[passed:]
	if next != t.next {
		t.next, t.since = next, now
	}
}

// sent takes a segment that the end has sent.
func (t *ackTracker) sent(s sim.Segment) {
	if s.Flags&sim.ACK != 0 {
		t.acked = t.acked.Later(s.Ack)
	}
}

// due reports whether an acknowledgement is still to come. The kernel sends it within
// wire.MaxDelay, or never.
func (t *ackTracker) due(now time.Time) bool {
	return t.next.After(t.acked) && now.Sub(t.since) < wire.MaxDelay
}
