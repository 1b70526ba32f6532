package tcp

import "finwait/sim"

// Protection against wrapped sequence numbers (PAWS, RFC 7323 section 5) rejects a segment
// that was sent before one that has already arrived. The model has no timestamps. It compares
// the order in which segments were sent, or in an observed World the times.

const (
	// pawsWindow is by how many milliseconds a timestamp may be older (TCP_PAWS_WINDOW).
	pawsWindow Time = 1
	// pawsUncertainty is by how many milliseconds an observed time may be wrong.
	pawsUncertainty Time = 50
)

// storeTSRecent records the timestamp of a segment that was taken in
// (tcp_replace_ts_recent).
func (r *receiver) storeTSRecent(seg *Segment) {
	if !seg.Seq.After(r.lastACKSent) && seg.SendOrder >= r.tsRecent {
		r.tsRecent, r.tsRecentAt = seg.SendOrder, seg.SentAt
	}
}

// failsPAWS reports whether the timestamp of a segment is too old (tcp_paws_check).
func (m *machine) failsPAWS(s *socket, seg *Segment) bool {
	if !m.Observed {
		return seg.SendOrder < s.rcv.tsRecent
	}
	older := s.rcv.tsRecentAt - seg.SentAt
	switch {
	case !m.alternative:
	case seg.FirstSentAt != seg.SentAt: // the copy may have been another segment, and the first one is still on its way
		older = s.rcv.tsRecentAt - seg.FirstSentAt
	case older > -pawsUncertainty && older < pawsUncertainty:
		return older <= pawsWindow
	}
	return older > pawsWindow
}

// mayFailPAWS reports whether the kernel may drop the segment. The kernel compares
// milliseconds, which an observer does not see exactly.
func (m *machine) mayFailPAWS(s *socket, seg *Segment) bool {
	return m.Observed && seg.SendOrder < s.rcv.tsRecent && s.rcv.tsRecentAt-seg.SentAt > -2*pawsWindow
}

// rejectPAWS answers a segment whose timestamp is too old, and reports whether the segment
// was one. A reset is never too old (tcp_validate_incoming).
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
		m.sendACK(s) // data are not rate limited (tcp_send_dupack)
	}
	return true
}

// rejectPAWSAck is rejectPAWS for a bare acknowledgement. The kernel drops it without an
// answer if its sequence number is old too, or if it acknowledges nothing new and is only a
// little older (tcp_disordered_ack_check, since Linux 6.15).
func (m *machine) rejectPAWSAck(s *socket, seg *Segment) bool {
	known := !seg.Ack.After(s.snd.UNA)
	switch {
	case seg.Seq.After(s.rcv.NXT):
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
