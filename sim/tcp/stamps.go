package tcp

import "finwait/sim"

// Timestamps (RFC 7323 section 5, PAWS): which segment was overtaken by one that its sender
// has sent later. Their place is taken by the number of a segment, which counts what was
// sent; in a World that is Lazy by when it was sent.

// stamp notes that a segment was taken in (tcp_replace_ts_recent).
func (r *receiver) stamp(seg *Segment) {
	if !after(seg.Seq, r.acked) && seg.ID >= r.newest {
		r.newest, r.recent = seg.ID, seg.At
	}
}

// stale reports whether a segment was overtaken by one that was sent after it
// (tcp_paws_check).
func (m *machine) stale(s *socket, seg *Segment) bool {
	if m.Lazy {
		return s.rx.recent-seg.At > pawsWindow
	}
	return seg.ID < s.rx.newest
}

// maybeStale is stale where the kernel may see that or not: it compares milliseconds.
func (m *machine) maybeStale(s *socket, seg *Segment) bool {
	return m.Lazy && seg.ID != s.rx.newest && s.rx.recent-seg.At > -2*pawsWindow
}

// pawsWindow is how much older a timestamp may be (TCP_PAWS_WINDOW), in milliseconds.
const pawsWindow Time = 1

// overtaken takes in a bare acknowledgement that was overtaken by what was sent after it:
// its timestamp is too old, and it is dropped; without a word if its number is old, too, or
// if all that it says is known and it is not much older (tcp_disordered_ack_check, since
// Linux 6.15). It reports whether it was that.
func (m *machine) overtaken(s *socket, seg *Segment) bool {
	if seg.Flags != sim.ACK || seg.Len > 0 || after(seg.Seq, s.rx.nxt) {
		return false
	}
	known := !after(seg.Ack, s.tx.una)
	switch {
	case m.Lazy && (m.stale(s, seg) || m.maybeStale(s, seg) && known):
		m.mayChallenge(s)
	case m.Lazy, !m.stale(s, seg), seg.Seq == s.rx.nxt && seg.Ack == s.tx.una:
		return false
	case seg.Seq == s.rx.nxt:
		m.mayChallenge(s)
	}
	return true
}
