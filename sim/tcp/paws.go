package tcp

import "finwait/sim"

// Timestamps (RFC 7323 section 5, PAWS): which segment was overtaken by one that its sender
// has sent later. Their place is taken by the order in which segments were sent, copies
// included; in a World that is Lazy by when.

// stamp notes that a segment was taken in (tcp_replace_ts_recent).
func (r *receiver) storeTSRecent(seg *Segment) {
	if !after(seg.Seq, r.lastACKSent) && seg.SendOrder >= r.tsRecent {
		r.tsRecent, r.tsRecentAt = seg.SendOrder, seg.SentAt
	}
}

// stale reports whether a segment was overtaken by one that was sent after it
// (tcp_paws_check).
func (m *machine) failsPAWS(s *socket, seg *Segment) bool {
	if !m.Observed {
		return seg.SendOrder < s.rcv.tsRecent
	}
	older := s.rcv.tsRecentAt - seg.SentAt
	switch {
	case !m.alternative:
	case seg.FirstSentAt != seg.SentAt: // what was sent again held more than this: the old one travels on
		older = s.rcv.tsRecentAt - seg.FirstSentAt
	case older > -pawsUncertainty && older < pawsUncertainty:
		return older <= pawsWindow
	}
	return older > pawsWindow
}

// maybeStale is stale where the kernel may see that or not: it compares milliseconds.
func (m *machine) mayFailPAWS(s *socket, seg *Segment) bool {
	return m.Observed && seg.SendOrder < s.rcv.tsRecent && s.rcv.tsRecentAt-seg.SentAt > -2*pawsWindow
}

const (
	pawsWindow      Time = 1  // how much older a timestamp may be (TCP_PAWS_WINDOW), in milliseconds
	pawsUncertainty Time = 50 // by how much somebody who looks on may be mistaken
)

// overtaken takes in a segment that was overtaken by what was sent after it: its timestamp is
// too old. It reports whether it was that. A reset is never too old
// (tcp_validate_incoming).
func (m *machine) rejectPAWS(s *socket, seg *Segment) bool {
	switch {
	case seg.Flags&sim.RST != 0:
		return false
	case seg.Flags == sim.ACK && seg.Len == 0:
		return m.rejectPAWSAck(s, seg)
	case !m.failsPAWS(s, seg):
		return false
	case seg.Flags&sim.SYN != 0:
		m.sendChallengeACK(s)
	default:
		m.sendACK(s) // tcp_send_dupack: data are not rate limited
	}
	return true
}

// overtakenACK is overtaken for a bare acknowledgement. It is dropped without a word if its
// number is old, too, or if all that it says is known and it is not much older
// (tcp_disordered_ack_check, since Linux 6.15).
func (m *machine) rejectPAWSAck(s *socket, seg *Segment) bool {
	known := !after(seg.Ack, s.snd.UNA)
	switch {
	case after(seg.Seq, s.rcv.NXT):
		return false
	case m.Observed && (m.failsPAWS(s, seg) || m.mayFailPAWS(s, seg) && known):
		m.allowChallengeACK(s)
	case m.Observed, !m.failsPAWS(s, seg), seg.Seq == s.rcv.NXT && seg.Ack == s.snd.UNA:
		return false
	case seg.Seq == s.rcv.NXT:
		m.allowChallengeACK(s)
	}
	return true
}
