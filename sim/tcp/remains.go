package tcp

import "finwait/sim"

// What is left of a connection whose socket is gone: TIME_WAIT, and FIN_WAIT2 without a
// process. It has numbers and a timer, no queues.

// timeWait puts what is left of a connection into TIME_WAIT, or an orphan into its last
// minute of FIN_WAIT2. A descriptor, if there is one, keeps a socket in CLOSE
// (tcp_time_wait).
func (m *machine) timeWait(s *socket, state sim.State, length Time) {
	rest := m.alloc(mini, s.side, s.conn)
	if rest == nil { // as with tcp_max_tw_buckets
		m.over(s, s.err)
		return
	}
	rest.shown, rest.orphan = s.shown, s.orphan
	rest.bound, rest.reuse = s.bound, s.reuse
	rest.tx.nxt, rest.rx.nxt, rest.rx.acked = s.tx.nxt, s.rx.nxt, s.rx.nxt
	rest.rx.read, rest.rx.edge = s.rx.nxt, s.rx.edge
	rest.rx.newest, rest.rx.recent = s.rx.newest, s.rx.recent
	rest.tm.wait = m.now + length
	s.shown, s.orphan = sim.Closed, false
	m.over(s, s.err)
	m.set(rest, state)
}

// remains takes in a segment for what is left of a connection
// (tcp_timewait_state_process).
func (m *machine) remains(s *socket, seg *Segment) {
	if s.state == sim.FinWait2 {
		m.orphaned(s, seg)
		return
	}
	m.timeWaiting(s, seg)
}

// orphaned is FIN_WAIT2 without a process: only a FIN is welcome. RFC 5961 is not for it:
// a reset or a SYN anywhere in the window ends it.
func (m *machine) orphaned(s *socket, seg *Segment) {
	end := seg.next()
	switch {
	case seg.Flags == sim.ACK && seg.Len == 0 && m.maybeStale(s, seg):
		m.mayChallenge(s)
	case m.stale(s, seg), !seg.within(s.rx.nxt, s.rx.nxt+m.window(s)):
		m.repeatACK(s, seg)
	case seg.Flags&sim.RST != 0: // anywhere in the window
		m.set(s, sim.Close)
	case seg.Flags&sim.SYN != 0:
		m.refuse(seg)
		m.set(s, sim.Close)
	case seg.Flags&sim.ACK == 0, end == seg.Seq:
	case seg.Flags&sim.FIN == 0 || end != s.rx.nxt+1:
		m.refuse(seg) // data that nobody will read
		m.set(s, sim.Close)
	default:
		s.rx.stamp(seg)
		s.rx.nxt = end
		s.tm.wait = m.now + lastMinute
		m.sendACK(s)
		m.set(s, sim.TimeWait)
	}
}

// timeWaiting is TIME_WAIT: it answers what was sent again, and waits anew. An exact
// reset ends it (tcp_rfc1337 0), an exact ACK restarts its minute. A new SYN is for a
// listener, if there is one (RFC 6191, TCP_TW_SYN).
func (m *machine) timeWaiting(s *socket, seg *Segment) {
	reset, stale := seg.Flags&sim.RST != 0, m.stale(s, seg)
	switch {
	case reset && seg.Seq == s.rx.nxt && !stale:
		m.set(s, sim.Close)
	case reset:
	case seg.Flags == sim.ACK && seg.Len == 0 && m.maybeStale(s, seg):
		s.tm.wait = m.now + lastMinute
		m.mayChallenge(s)
	case seg.Seq == s.rx.nxt && seg.next() == seg.Seq && !stale:
		s.tm.wait = m.now + lastMinute
	case s.isNew(seg):
		m.reborn(s, seg)
	default:
		if seg.Flags&sim.ACK != 0 || stale {
			s.tm.wait = m.now + lastMinute
		}
		m.repeatACK(s, seg)
	}
}

// isNew reports whether a SYN that meets TIME_WAIT can be no old duplicate: its timestamp
// is newer than the last one, or, if they are equal, its number is.
func (s *socket) isNew(seg *Segment) bool {
	if seg.Flags&(sim.SYN|sim.ACK) != sim.SYN || seg.Nth < s.rx.newest {
		return false
	}
	return after(seg.Seq, s.rx.nxt) || seg.Nth > s.rx.newest
}

// reborn gives a listener the SYN of a connection that is in TIME_WAIT here. The new
// one's numbers are beyond all of the old one's.
func (m *machine) reborn(s *socket, seg *Segment) {
	l := m.listening(s.side)
	if l == nil {
		m.sendACK(s)
		return
	}
	isn := s.tx.nxt + beyondOld
	m.set(s, sim.Close)
	m.report()
	m.answerSYN(l, seg, isn)
}

// beyondOld is how far the numbers of a connection begin beyond those of the one with the
// same ports that is in TIME_WAIT (tcp_timewait_state_process, tcp_twsk_unique).
const beyondOld = 65535 + 2

// repeatACK repeats the last acknowledgement; to a SYN, and to what brings no data, at most
// twice a second (tcp_timewait_check_oow_rate_limit, tcp_oow_rate_limited).
func (m *machine) repeatACK(s *socket, seg *Segment) {
	if seg.next() != seg.Seq && seg.Flags&sim.SYN == 0 {
		m.sendACK(s)
		return
	}
	m.challenge(s)
}
