package tcp

import "finwait/sim"

// writeXmit sends what may be sent (tcp_write_xmit): what the windows allow, and no small
// segment while another one is unacknowledged (Nagle's algorithm, RFC 9293 section 3.7.4;
// tcp_minshall_check). A segment with a FIN does not wait for that.
func (m *machine) writeXmit(s *socket) {
	if s.snd.inLoss() || s.snd.cwndOne && s.snd.rtxLen > 0 || m.Observed && s.snd.hasSACKed() {
		return // the congestion window is one segment (tcp_enter_loss; establish)
	}
	before := s.snd.NXT
	for m.sendNext(s, false) && !s.snd.cwndOne {
	}
	switch {
	case s.snd.NXT != before:
		m.rearmRTO(s)
	case s.snd.rtxLen == 0 && s.snd.NXT != s.snd.writeSeq && s.timers.retransmit == 0:
		// No acknowledgement will come that could open the window (tcp_check_probe_timer).
		s.timers.retransmit, s.timers.persist = m.now+shortestRTO, true
	}
}

// sendNext sends the next new segment if the windows allow it, and reports whether it did. A
// probe may exceed the congestion window by one segment and may be small.
func (m *machine) sendNext(s *socket, probe bool) bool {
	// Something must be unsent, and the congestion window must have room.
	if s.snd.NXT == s.snd.writeSeq || s.snd.rtxLen >= initCwnd && !probe || s.snd.rtxLen == maxRtxQueue {
		return false
	}
	left, fin := uint32(s.snd.writeSeq-s.snd.NXT), uint32(0)
	if s.snd.finQueued {
		fin = 1
	}
	room := s.snd.wndEdge().Sub(s.snd.NXT)
	if room < int(min(left, m.mss(s))) {
		m.unsupported = m.unsupported || m.Observed // a kernel enlarges the receive window (tcp_rcv_space_adjust)
	}
	if room <= 0 { // tcp_snd_wnd_test
		return false
	}
	// A FIN takes a sequence number and no room in the segment.
	n := min(left-fin, m.mss(s), uint32(room))
	last := n == left-fin
	if fin == 1 && last && int(n) == room {
		fin = 0 // the window has no room for the FIN
	}
	withFIN := fin == 1 && last
	// Nagle's algorithm holds a small segment back while another one is unacknowledged.
	if n == 0 && !withFIN || !probe && n < m.mss(s) && !withFIN && s.snd.smallEnd.After(s.snd.UNA) {
		return false
	}
	m.sendNewSegment(s, rtxSegment{end: s.snd.NXT.Add(int(n)), fin: withFIN, psh: last && n > 0})
	return true
}

// mss returns the number of bytes of data for which a segment has room; SACK blocks take room
// (tcp_current_mss).
func (w *World) mss(s *socket) uint32 {
	n := uint32(w.MSS)
	if blocks := min(uint32(s.rcv.nOutOfOrder), maxSACKBlocks); blocks > 0 {
		n -= 4 + 8*blocks
	}
	return n
}

// sendNewSegment sends a segment for the first time.
func (m *machine) sendNewSegment(s *socket, p rtxSegment) {
	if p.fin {
		p.end++
	}
	m.enqueueRtx(s, p)
	m.sendQueued(s, int(s.snd.rtxLen)-1)
}

// enqueueRtx appends a segment that is about to be sent to the retransmission queue.
func (m *machine) enqueueRtx(s *socket, p rtxSegment) {
	if uint32(p.end-s.snd.NXT) < m.mss(s) {
		s.snd.smallEnd = p.end
	}
	if p.sentAt = m.now; s.snd.rtxLen == 0 {
		s.snd.unackedSince = m.now
	}
	s.snd.rtxQueue[s.snd.rtxLen] = p
	s.snd.rtxLen++
	s.snd.NXT, s.snd.newestSentAt = p.end, m.now
	if s.rcv.gotData && m.now-s.rcv.lastDataAt < atoMin {
		s.rcv.pingpong = true // the program answers what it received (tcp_event_data_sent)
	}
}

// sendQueued sends segment i of the retransmission queue.
func (m *machine) sendQueued(s *socket, i int) {
	from := s.snd.startOf(i)
	p := s.snd.rtxQueue[i]
	if p.syn {
		m.transmit(s, sim.SYN|sim.ACK, from, 0)
		return
	}
	flags, n := sim.ACK, uint32(p.end-from)
	if p.fin {
		flags |= sim.FIN
		n--
	}
	if p.psh && n > 0 {
		flags |= sim.PSH
	}
	m.transmit(s, flags, from, n)
}

// retransmit sends segment i of the retransmission queue again. Small segments behind it are
// joined to it as far as they fit, so a FIN travels with the data before it
// (tcp_retrans_try_collapse). Nothing is joined to a SYN.
func (m *machine) retransmit(s *socket, i int) {
	from := s.snd.startOf(i)
	for i+1 < int(s.snd.rtxLen) && !s.snd.rtxQueue[i].syn {
		next := s.snd.rtxQueue[i+1]
		n := next.end.Sub(from)
		if next.fin {
			n--
		}
		// The peer already has next, or next does not fit into the segment or into the window.
		if next.sacked || n > m.MSS || next.end.After(s.snd.wndEdge()) {
			break
		}
		next.psh = next.psh || s.snd.rtxQueue[i].psh
		s.snd.rtxQueue[i] = next
		copy(s.snd.rtxQueue[i+1:], s.snd.rtxQueue[i+2:s.snd.rtxLen])
		s.snd.rtxLen--
		s.snd.rtxQueue[s.snd.rtxLen] = rtxSegment{}
	}
	m.sendQueued(s, i)
}
