package tcp

import "finwait/sim"

// Timestamps (RFC 7323 section 5, PAWS): which segment was overtaken by one that its sender
// has sent later. Their place is taken by the order in which segments were sent, copies
// included; in a World that is Lazy by when.

// stamp notes that a segment was taken in (tcp_replace_ts_recent).
func (r *receiver) stamp(seg *Segment) {
	if !after(seg.Seq, r.acked) && seg.Nth >= r.newest {
		r.newest, r.recent = seg.Nth, seg.At
	}
}

// stale reports whether a segment was overtaken by one that was sent after it
// (tcp_paws_check).
func (m *machine) stale(s *socket, seg *Segment) bool {
	if !m.Lazy {
		return seg.Nth < s.rx.newest
	}
	older := s.rx.recent - seg.At
	switch {
	case !m.doubt:
	case seg.First != seg.At: // what was sent again held more than this: the old one travels on
		older = s.rx.recent - seg.First
	case older > -pawsDoubt && older < pawsDoubt:
		return older <= pawsWindow
	}
	return older > pawsWindow
}

// maybeStale is stale where the kernel may see that or not: it compares milliseconds.
func (m *machine) maybeStale(s *socket, seg *Segment) bool {
	return m.Lazy && seg.Nth < s.rx.newest && s.rx.recent-seg.At > -2*pawsWindow
}

const (
	pawsWindow Time = 1  // how much older a timestamp may be (TCP_PAWS_WINDOW), in milliseconds
	pawsDoubt  Time = 50 // by how much somebody who looks on may be mistaken
)

// overtaken takes in a segment that was overtaken by what was sent after it: its timestamp is
// too old. It reports whether it was that. A reset is never too old
// (tcp_validate_incoming).
func (m *machine) overtaken(s *socket, seg *Segment) bool {
	switch {
	case seg.Flags&sim.RST != 0:
		return false
	case seg.Flags == sim.ACK && seg.Len == 0:
		return m.overtakenACK(s, seg)
	case !m.stale(s, seg):
		return false
	case seg.Flags&sim.SYN != 0:
		m.challenge(s)
	default:
		m.sendACK(s) // tcp_send_dupack: data are not rate limited
	}
	return true
}

// overtakenACK is overtaken for a bare acknowledgement. It is dropped without a word if its
// number is old, too, or if all that it says is known and it is not much older
// (tcp_disordered_ack_check, since Linux 6.15).
func (m *machine) overtakenACK(s *socket, seg *Segment) bool {
	known := !after(seg.Ack, s.tx.una)
	switch {
	case after(seg.Seq, s.rx.nxt):
		return false
	case m.Lazy && (m.stale(s, seg) || m.maybeStale(s, seg) && known):
		m.mayChallenge(s)
	case m.Lazy, !m.stale(s, seg), seg.Seq == s.rx.nxt && seg.Ack == s.tx.una:
		return false
	case seg.Seq == s.rx.nxt:
		m.mayChallenge(s)
	}
	return true
}
