package tcp

import "finwait/sim"

// A minisock is what the kernel keeps of a connection after the socket is gone: in TIME_WAIT,
// and in FIN_WAIT2 without a process. It has sequence numbers and a timer, and no queues.

// timewaitLen is how long TIME_WAIT lasts (TCP_TIMEWAIT_LEN).
const timewaitLen = 60 * Second

// isnGap is the distance of the sequence numbers of a new connection from those of the one in
// TIME_WAIT that had the same ports (tcp_timewait_state_process, tcp_twsk_unique).
const isnGap = 65535 + 2

// enterTimeWait replaces a socket by a minisock in TIME_WAIT, or in FIN_WAIT2 (tcp_time_wait).
// If a descriptor refers to the socket, the socket remains in CLOSE.
func (m *machine) enterTimeWait(s *socket, state sim.State, length Time) {
	tw := m.alloc(mini, s.side, s.conn)
	if tw == nil { // the kernel does the same beyond tcp_max_tw_buckets
		m.doneWithError(s, s.err)
		return
	}
	tw.reportedState, tw.reportedOrphan = s.reportedState, s.reportedOrphan
	tw.bound, tw.reuseAddr = s.bound, s.reuseAddr
	tw.snd.NXT, tw.rcv.NXT, tw.rcv.lastACKSent = s.snd.NXT, s.rcv.NXT, s.rcv.NXT
	tw.rcv.copiedSeq, tw.rcv.wndEdge = s.rcv.NXT, s.rcv.wndEdge
	tw.rcv.tsRecent, tw.rcv.tsRecentAt = s.rcv.tsRecent, s.rcv.tsRecentAt
	tw.timers.timewait = m.now + length
	// The minisock takes over the reported state: sock_diag shows one end, not two.
	s.reportedState, s.reportedOrphan = sim.Closed, false
	m.doneWithError(s, s.err)
	m.setState(tw, state)
}

// rcvMini handles a segment for a minisock (tcp_timewait_state_process).
func (m *machine) rcvMini(s *socket, seg *Segment) {
	if s.state == sim.FinWait2 {
		m.rcvOrphanFinWait2(s, seg)
		return
	}
	m.rcvTimeWait(s, seg)
}

// rcvOrphanFinWait2 is FIN_WAIT2 of a minisock: an exact FIN leads to TIME_WAIT, data are
// answered with a reset. RFC 5961 does not apply: a reset or a SYN anywhere in the window
// ends the minisock.
func (m *machine) rcvOrphanFinWait2(s *socket, seg *Segment) {
	end := seg.end()
	switch {
	case seg.Flags == sim.ACK && seg.Len == 0 && m.mayFailPAWS(s, seg):
		m.allowChallengeACK(s)
	case m.failsPAWS(s, seg), !seg.inWindow(s.rcv.NXT, m.rcvEdge(s)):
		m.repeatACK(s, seg)
	case seg.Flags&sim.RST != 0:
		m.setState(s, sim.Close)
	case seg.Flags&sim.SYN != 0:
		m.sendReset(seg)
		m.setState(s, sim.Close)
	case seg.Flags&sim.ACK == 0, end == seg.Seq:
	case seg.Flags&sim.FIN == 0 || end != s.rcv.NXT+1:
		m.sendReset(seg) // no process will read the data
		m.setState(s, sim.Close)
	default:
		s.rcv.storeTSRecent(seg)
		s.rcv.NXT = end
		s.timers.timewait = m.now + timewaitLen
		m.sendACK(s)
		m.setState(s, sim.TimeWait)
	}
}

// rcvTimeWait is TIME_WAIT: a segment that the peer sends again is acknowledged, and the time
// starts again. An exact ACK also restarts the time; an exact reset ends TIME_WAIT
// (tcp_rfc1337 is 0). A listener takes a new SYN (RFC 6191, TCP_TW_SYN).
func (m *machine) rcvTimeWait(s *socket, seg *Segment) {
	reset, stale := seg.Flags&sim.RST != 0, m.failsPAWS(s, seg)
	switch {
	case reset && seg.Seq == s.rcv.NXT && !stale:
		m.setState(s, sim.Close)
	case reset:
	case seg.Flags == sim.ACK && seg.Len == 0 && m.mayFailPAWS(s, seg):
		s.timers.timewait = m.now + timewaitLen
		m.allowChallengeACK(s)
	case seg.Seq == s.rcv.NXT && seg.end() == seg.Seq && !stale:
		s.timers.timewait = m.now + timewaitLen
	case s.isNewSYN(seg):
		m.reuseTimeWait(s, seg)
	default:
		if seg.Flags&sim.ACK != 0 || stale {
			s.timers.timewait = m.now + timewaitLen
		}
		m.repeatACK(s, seg)
	}
}

// isNewSYN reports whether a SYN in TIME_WAIT cannot be an old duplicate. Its timestamp must
// be newer than the last one; if the two are equal, its sequence number must be.
func (s *socket) isNewSYN(seg *Segment) bool {
	if seg.Flags&(sim.SYN|sim.ACK) != sim.SYN || seg.SendOrder < s.rcv.tsRecent {
		return false
	}
	return seg.Seq.After(s.rcv.NXT) || seg.SendOrder > s.rcv.tsRecent
}

// reuseTimeWait hands a SYN that arrives in TIME_WAIT to the listener. The new sequence
// numbers begin beyond the old ones.
func (m *machine) reuseTimeWait(s *socket, seg *Segment) {
	l := m.listener(s.side)
	if l == nil {
		m.sendACK(s)
		return
	}
	isn := s.snd.NXT + isnGap
	m.setState(s, sim.Close)
	m.reportStates()
	m.rcvListen(l, seg, isn)
}

// repeatACK sends the last acknowledgement again. The answers to a SYN, and to a segment
// without data, are rate limited (tcp_timewait_check_oow_rate_limit, tcp_oow_rate_limited).
func (m *machine) repeatACK(s *socket, seg *Segment) {
	if seg.end() != seg.Seq && seg.Flags&sim.SYN == 0 {
		m.sendACK(s)
		return
	}
	m.sendChallengeACK(s)
}
