package netlab

import (
	"slices"
	"time"

	"finwait/netlab/wire"
	"finwait/sim"
)

// owed tells whether one end of a connection on the wire still has to acknowledge
// what was delivered to it: then a step is not over.
type owed struct {
	arrived []span // what was delivered, beyond next
	next    uint32 // all before it was delivered
	acked   uint32 // the newest acknowledgement that the end has sent
	since   time.Time
}

// span is a range of sequence numbers, to is behind it.
type span struct{ from, to uint32 }

// delivered takes in a segment that reached the end.
func (o *owed) delivered(s sim.Segment, now time.Time) {
	if s.Flags&sim.RST != 0 || s.Next() == s.Seq {
		return
	}
	o.arrived = append(o.arrived, span{s.Seq, s.Next()})
	slices.SortFunc(o.arrived, func(a, b span) int { return int(int32(a.from - b.from)) })
	before := o.next
	for len(o.arrived) > 0 && int32(o.arrived[0].from-o.next) <= 0 {
		if int32(o.arrived[0].to-o.next) > 0 {
			o.next = o.arrived[0].to
		}
		o.arrived = o.arrived[1:]
	}
	if o.next != before {
		o.since = now
	}
}

// sent takes in a segment that the end has sent.
func (o *owed) sent(s sim.Segment) {
	if s.Flags&sim.ACK != 0 && int32(s.Ack-o.acked) > 0 {
		o.acked = s.Ack
	}
}

// due reports whether an acknowledgement is still to come.
func (o *owed) due(now time.Time) bool {
	return int32(o.next-o.acked) > 0 && now.Sub(o.since) < wire.MaxDelay
}
