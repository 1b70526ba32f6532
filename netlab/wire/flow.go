package wire

import (
	"net/netip"

	"finwait/sim"
	"finwait/sim/cable"
)

// Flow turns packets into segments with relative sequence numbers; see cable.Numbers. The zero
// value is ready. It must see the packets in the order in which they were sent, and is not
// safe for concurrent use.
type Flow struct {
	numbers cable.Numbers[netip.AddrPort]
}

// Segment returns p with relative numbers, as delivered. Without the ACK flag Ack is 0.
func (f *Flow) Segment(p Packet) sim.Segment {
	seq, ack := f.numbers.Learn(p.view())
	return sim.Segment{Flags: p.Flags, Seq: seq, Ack: ack, Len: p.Len, Fate: sim.Delivered}
}
