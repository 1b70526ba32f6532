package tcp

import "finwait/sim"

// What is left of a connection whose socket is gone: TIME_WAIT, and FIN_WAIT2 without a
// process. It has numbers and a timer, no queues.

// timeWait puts what is left of a connection into TIME_WAIT, or an orphan into its last
// minute of FIN_WAIT2. A descriptor, if there is one, keeps a socket in CLOSE
// (tcp_time_wait).
func (m *machine) enterTimeWait(s *socket, state sim.State, length Time) {
	rest := m.alloc(mini, s.side, s.conn)
	if rest == nil { // as with tcp_max_tw_buckets
		m.doneWithError(s, s.err)
		return
	}
	rest.reportedState, rest.reportedOrphan = s.reportedState, s.reportedOrphan
	rest.bound, rest.reuseAddr = s.bound, s.reuseAddr
	rest.snd.NXT, rest.rcv.NXT, rest.rcv.lastACKSent = s.snd.NXT, s.rcv.NXT, s.rcv.NXT
	rest.rcv.copiedSeq, rest.rcv.wndEdge = s.rcv.NXT, s.rcv.wndEdge
	rest.rcv.tsRecent, rest.rcv.tsRecentAt = s.rcv.tsRecent, s.rcv.tsRecentAt
	rest.timers.timewait = m.now + length
	s.reportedState, s.reportedOrphan = sim.Closed, false
	m.doneWithError(s, s.err)
	m.setState(rest, state)
}

// remains takes in a segment for what is left of a connection
// (tcp_timewait_state_process).
func (m *machine) rcvMini(s *socket, seg *Segment) {
	if s.state == sim.FinWait2 {
		m.rcvOrphanFinWait2(s, seg)
		return
	}
	m.rcvTimeWait(s, seg)
}

// orphaned is FIN_WAIT2 without a process: only a FIN is welcome. RFC 5961 is not for it:
// a reset or a SYN anywhere in the window ends it.
func (m *machine) rcvOrphanFinWait2(s *socket, seg *Segment) {
	end := seg.end()
	switch {
	case seg.Flags == sim.ACK && seg.Len == 0 && m.mayFailPAWS(s, seg):
		m.allowChallengeACK(s)
	case m.failsPAWS(s, seg), !seg.inWindow(s.rcv.NXT, s.rcv.NXT+m.rcvWindow(s)):
		m.repeatACK(s, seg)
	case seg.Flags&sim.RST != 0: // anywhere in the window
		m.setState(s, sim.Close)
	case seg.Flags&sim.SYN != 0:
		m.sendReset(seg)
		m.setState(s, sim.Close)
	case seg.Flags&sim.ACK == 0, end == seg.Seq:
	case seg.Flags&sim.FIN == 0 || end != s.rcv.NXT+1:
		m.sendReset(seg) // data that nobody will read
		m.setState(s, sim.Close)
	default:
		s.rcv.storeTSRecent(seg)
		s.rcv.NXT = end
		s.timers.timewait = m.now + timewaitLen
		m.sendACK(s)
		m.setState(s, sim.TimeWait)
	}
}

// timeWaiting is TIME_WAIT: it answers what was sent again, and waits anew. An exact
// reset ends it (tcp_rfc1337 0), an exact ACK restarts its minute. A new SYN is for a
// listener, if there is one (RFC 6191, TCP_TW_SYN).
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

// isNew reports whether a SYN that meets TIME_WAIT can be no old duplicate: its timestamp
// is newer than the last one, or, if they are equal, its number is.
func (s *socket) isNewSYN(seg *Segment) bool {
	if seg.Flags&(sim.SYN|sim.ACK) != sim.SYN || seg.SendOrder < s.rcv.tsRecent {
		return false
	}
	return after(seg.Seq, s.rcv.NXT) || seg.SendOrder > s.rcv.tsRecent
}

// reborn gives a listener the SYN of a connection that is in TIME_WAIT here. The new
// one's numbers are beyond all of the old one's.
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

// beyondOld is how far the numbers of a connection begin beyond those of the one with the
// same ports that is in TIME_WAIT (tcp_timewait_state_process, tcp_twsk_unique).
const isnGap = 65535 + 2

// repeatACK repeats the last acknowledgement; to a SYN, and to what brings no data, at most
// twice a second (tcp_timewait_check_oow_rate_limit, tcp_oow_rate_limited).
func (m *machine) repeatACK(s *socket, seg *Segment) {
	if seg.end() != seg.Seq && seg.Flags&sim.SYN == 0 {
		m.sendACK(s)
		return
	}
	m.sendChallengeACK(s)
}
