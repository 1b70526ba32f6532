package tcp

import "finwait/sim"

// processAck handles the acknowledgement of a segment (tcp_ack; RFC 9293 section 3.10.7.4,
// fifth). It reports whether the rest of the segment is handled. A segment without ACK is
// ignored; an acknowledgement of something never sent is answered (RFC 5961 section 5.2).
func (m *machine) processAck(s *socket, seg *Segment) bool {
	switch {
	case seg.Flags&sim.ACK == 0:
		return false
	case seg.Ack.After(s.snd.NXT):
		m.sendChallengeACK(s)
		return false
	case s.snd.UNA.After(seg.Ack):
		return true // an old acknowledgement
	}
	isNewAck := seg.Ack.After(s.snd.UNA)
	m.resetProbes(s, seg)
	// Only the newest segment updates the window (tcp_may_update_window).
	if isNewAck || seg.Seq.After(s.snd.WL1) || seg.Seq == s.snd.WL1 && (seg.Window > s.snd.WND || seg.Window == 0) {
		s.snd.WND, s.snd.WL1 = seg.Window, seg.Seq
	}
	s.rcv.storeTSRecent(seg)
	if isNewAck {
		m.cleanRtxQueue(s, seg.Ack)
	}
	// RACK waits a little before it takes a hole for a loss (RFC 8985).
	if s.snd.markSACKed(seg) && !isNewAck && !s.snd.fastRetransmitted {
		s.timers.retransmit, s.timers.fastRetransmit, s.timers.tlp = m.now+rackReorderWait, true, false
	}
	if s.timers.persist && s.snd.WND > 0 { // the window is open again (tcp_ack_probe)
		s.timers.persist, s.timers.retransmit, s.snd.backoff = false, 0, 0
	}
	return true
}

// resetProbes records that the peer is alive: the count of unanswered probes begins again.
// The kernel's fast path, for data whose acknowledgement is not new, leaves the count alone
// (tcp_rcv_established). The first data never take the fast path, because no memory is
// reserved yet (sk_forward_alloc); a kernel may find the same with later data.
func (m *machine) resetProbes(s *socket, seg *Segment) {
	s.rcv.lastHeardAt = m.now
	fastPath := s.state == sim.Established && seg.Len > 0 && seg.Flags&sim.FIN == 0 && seg.Seq == s.rcv.NXT &&
		seg.Ack == s.snd.UNA && seg.Window == s.snd.WND && s.rcv.nOutOfOrder == 0
	switch {
	case fastPath && m.Observed:
		s.snd.probesMaybeOut += s.snd.probesOut
		s.snd.probesOut = 0
	case !fastPath || !s.rcv.gotData:
		s.snd.probesMaybeOut, s.snd.probesOut = 0, 0
	}
}

// markSACKed marks the segments that the SACK blocks of seg cover (RFC 2018), and reports
// whether there are any.
func (t *sender) markSACKed(seg *Segment) bool {
	from, found := t.UNA, false
	for i := range t.rtxQueue[:t.rtxLen] {
		p := &t.rtxQueue[i]
		for _, b := range seg.SACK {
			if b.To != b.From && !b.From.After(from) && !p.end.After(b.To) {
				p.sacked, found = true, true
			}
		}
		from = p.end
	}
	return found
}

// cleanRtxQueue removes what was acknowledged from the retransmission queue
// (tcp_clean_rtx_queue). Segments that a timeout has taken for lost are sent again as the
// acknowledgements arrive (RFC 5681 section 3.1). An acknowledged SYN ACK ends the loss: the
// kernel takes the timeout for a mistake (tcp_packet_delayed).
func (m *machine) cleanRtxQueue(s *socket, ack sim.Seq) {
	if s.snd.rtxLen > 0 && s.snd.rtxQueue[0].syn {
		s.snd.lossHigh = ack
	}
	n := uint8(0)
	for n < s.snd.rtxLen && !s.snd.rtxQueue[n].end.After(ack) {
		n++
	}
	copy(s.snd.rtxQueue[:], s.snd.rtxQueue[n:s.snd.rtxLen])
	s.snd.rtxLen -= n
	clear(s.snd.rtxQueue[s.snd.rtxLen:])
	s.snd.UNA, s.snd.ackedAt = ack, m.now
	m.maxRTT = max(m.maxRTT, m.now-s.snd.unackedSince)
	s.snd.retransmits, s.snd.backoff = 0, 0 // a new acknowledgement ends the backoff
	if !s.snd.inLoss() {                    // the loss is repaired (tcp_retrans_stamp_cleanup)
		s.snd.retransStamp = 0
	}
	s.snd.tlpOut, s.snd.fastRetransmitted, s.snd.cwndOne = false, false, false
	if s.snd.inLoss() && !m.Observed {
		// Slow start permits two segments for each acknowledgement.
		for i := 0; i < min(int(s.snd.rtxLen), 2); i++ {
			m.retransmit(s, i)
		}
	}
	m.rearmRTO(s)
}

// finAcked reports whether the FIN was acknowledged, and with it everything sent.
func (s *socket) finAcked() bool { return s.snd.finQueued && s.snd.UNA == s.snd.writeSeq }
