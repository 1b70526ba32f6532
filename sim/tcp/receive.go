package tcp

import "finwait/sim"

// Segments that arrive, and what every state does with them.

// arrive takes in a segment (tcp_v4_rcv).
func (m *machine) receive(seg Segment) {
	m.beforeLastSegment = socket{}
	s := m.lookup(seg.From.peer(), seg.Conn)
	if s == nil {
		m.rcvNoSocket(&seg)
		return
	}
	switch s.kind {
	case request:
		m.rcvRequest(s, &seg)
	case mini:
		m.rcvMini(s, &seg)
	default:
		if m.Observed {
			m.beforeLastSegment, m.beforeLastSegmentUntil = *s, m.now+m.maxObservationDelay()
		}
		m.rcvByState(s, &seg)
		m.recordReadable(s)
		m.writeXmit(s) // what waited for this acknowledgement (tcp_data_snd_check)
	}
	if s.timers.ack != 0 && s.timers.ack <= m.now && !m.Observed {
		m.sendACK(s)
	}
}

// process hands a segment to the function of the state (tcp_v4_do_rcv).
func (m *machine) rcvByState(s *socket, seg *Segment) {
	switch s.state {
	case sim.SynSent:
		m.rcvSynSent(s, seg)
	case sim.SynRecv:
		m.rcvSynRecv(s, seg)
	case sim.Established:
		m.rcvEstablished(s, seg)
	case sim.FinWait1:
		m.rcvFinWait1(s, seg)
	case sim.FinWait2:
		m.rcvFinWait2(s, seg)
	case sim.CloseWait:
		m.rcvCloseWait(s, seg)
	case sim.Closing:
		m.rcvClosing(s, seg)
	case sim.LastAck:
		m.rcvLastAck(s, seg)
	}
}

// acceptable makes the checks that come before all others, and answers what fails
// them (tcp_validate_incoming; RFC 9293 section 3.10.7.4, RFC 5961).
func (m *machine) validateIncoming(s *socket, seg *Segment) bool {
	reset := seg.Flags&sim.RST != 0
	edge := s.rcv.NXT + m.rcvWindow(s)
	if m.rejectPAWS(s, seg) {
		return false
	}
	// First the sequence number (tcp_sequence): what ends before what was acknowledged,
	// or begins beyond the window.
	if after(s.rcv.lastACKSent, seg.end()) || after(seg.Seq, edge) {
		switch {
		case reset && s.resetMatchesFIN(seg):
			m.rcvReset(s)
		case reset:
		case seg.Len > 0 || seg.Flags&sim.FIN != 0:
			m.sendACK(s) // tcp_send_dupack: data are not rate limited
		default:
			m.sendChallengeACK(s)
		}
		return false
	}
	// Then RST: exact, or just beyond what was acknowledged selectively; any other in the
	// window is answered, so that its sender, if it is the peer, sends an exact one (RFC
	// 5961 section 3.2).
	if reset {
		if seg.Seq == s.rcv.NXT || s.resetMatchesFIN(seg) || s.rcv.nOutOfOrder > 0 && seg.Seq == s.rcv.outOfOrder[s.rcv.nOutOfOrder-1].to {
			m.rcvReset(s)
		} else {
			m.sendChallengeACK(s)
		}
		return false
	}
	// Then SYN: a peer that has forgotten the connection answers with a reset (RFC 5961
	// section 4.2).
	if seg.Flags&sim.SYN != 0 {
		m.sendChallengeACK(s)
		return false
	}
	return true
}

// resetBeforeFIN reports whether a reset has the number of the FIN that was taken in:
// its sender does not know that it sent one (tcp_reset_check).
func (s *socket) resetMatchesFIN(seg *Segment) bool {
	switch s.state {
	case sim.CloseWait, sim.LastAck, sim.Closing:
		return seg.Seq == s.rcv.NXT-1
	}
	return false
}

// reset ends a connection that the peer has reset (tcp_reset). EPIPE where the peer
// has already said that it sends no more.
func (m *machine) rcvReset(s *socket) {
	err := ECONNRESET
	switch s.state {
	case sim.SynSent:
		err = ECONNREFUSED
	case sim.CloseWait:
		err = EPIPE
	}
	s.errMayBeTimeout = m.Observed && s.timers.retransmit != 0 && m.writeTimedOut(s)
	m.doneWithError(s, err)
}

// confirmed takes in the acknowledgement of a segment and reports whether the rest of
// the segment counts (tcp_ack; RFC 9293 section 3.10.7.4, fifth). A segment without ACK
// does not; one that acknowledges what was never sent is answered (RFC 5961 section 5.2).
func (m *machine) processAck(s *socket, seg *Segment) bool {
	switch {
	case seg.Flags&sim.ACK == 0:
		return false
	case after(seg.Ack, s.snd.NXT):
		m.sendChallengeACK(s)
		return false
	case after(s.snd.UNA, seg.Ack):
		return true // an old one
	}
	isNewAck := after(seg.Ack, s.snd.UNA)
	m.resetProbes(s, seg)
	// The window is taken from the newest segment only (tcp_may_update_window).
	if isNewAck || after(seg.Seq, s.snd.WL1) || seg.Seq == s.snd.WL1 && (seg.Window > s.snd.WND || seg.Window == 0) {
		s.snd.WND, s.snd.WL1 = seg.Window, seg.Seq
	}
	s.rcv.storeTSRecent(seg)
	if isNewAck {
		m.cleanRtxQueue(s, seg.Ack)
	}
	if s.snd.markSACKed(seg) && !isNewAck && !s.snd.fastRetransmitted {
		s.timers.retransmit, s.timers.fastRetransmit, s.timers.tlp = m.now+rackReorderWait, true, false
	}
	if s.timers.persist && s.snd.WND > 0 {
		s.timers.persist, s.timers.retransmit, s.snd.backoff = false, 0, 0
	}
	return true
}

// heardFrom notes that somebody is there: probes count from the beginning again. Data whose
// acknowledgement says nothing new take a short cut, on which nobody thinks of the probes
// (tcp_rcv_established); not the first data, which wait for memory to be set aside
// (sk_forward_alloc), and in a kernel later ones may have to, too.
func (m *machine) resetProbes(s *socket, seg *Segment) {
	s.rcv.lastHeardAt = m.now
	short := s.state == sim.Established && seg.Len > 0 && seg.Flags&sim.FIN == 0 && seg.Seq == s.rcv.NXT &&
		seg.Ack == s.snd.UNA && seg.Window == s.snd.WND && s.rcv.nOutOfOrder == 0
	switch {
	case short && m.Observed:
		s.snd.probesMaybeOut += s.snd.probesOut
		s.snd.probesOut = 0
	case !short || !s.rcv.gotData:
		s.snd.probesMaybeOut, s.snd.probesOut = 0, 0
	}
}

// sacked marks what a segment says has arrived beyond a hole, and reports whether there
// is anything.
func (t *sender) markSACKed(seg *Segment) bool {
	from, any := t.UNA, false
	for i := range t.rtxQueue[:t.rtxLen] {
		p := &t.rtxQueue[i]
		for _, b := range seg.SACK {
			if b.to != b.from && !after(b.from, from) && !after(p.end, b.to) {
				p.sacked, any = true, true
			}
		}
		from = p.end
	}
	return any
}

// advance forgets what was acknowledged (tcp_clean_rtx_queue). What a timeout has taken
// for lost is repeated as the acknowledgements come (RFC 5681 section 3.1), but not once
// the SYN is confirmed: then the kernel takes the timeout for a mistake
// (tcp_packet_delayed).
func (m *machine) cleanRtxQueue(s *socket, ack uint32) {
	if s.snd.rtxLen > 0 && s.snd.rtxQueue[0].syn {
		s.snd.lossHigh = ack
	}
	n := uint8(0)
	for n < s.snd.rtxLen && !after(s.snd.rtxQueue[n].end, ack) {
		n++
	}
	copy(s.snd.rtxQueue[:], s.snd.rtxQueue[n:s.snd.rtxLen])
	s.snd.rtxLen -= n
	clear(s.snd.rtxQueue[s.snd.rtxLen:])
	s.snd.UNA, s.snd.ackedAt = ack, m.now
	m.maxRTT = max(m.maxRTT, m.now-s.snd.unackedSince)
	s.snd.retransmits, s.snd.backoff = 0, 0
	if !s.snd.inLoss() { // the loss is made good (tcp_retrans_stamp_cleanup)
		s.snd.retransStamp = 0
	}
	s.snd.tlpOut, s.snd.fastRetransmitted, s.snd.cwndOne = false, false, false
	if s.snd.inLoss() && !m.Observed {
		for i := 0; i < min(int(s.snd.rtxLen), 2); i++ {
			m.retransmit(s, i)
		}
	}
	m.rearmRTO(s)
}

// finConfirmed reports whether our FIN was acknowledged, and with it all that we sent.
func (s *socket) finAcked() bool { return s.snd.finQueued && s.snd.UNA == s.snd.writeSeq }

// brings reports whether a segment brings data that are new, in order or not. A FIN
// alone does only beyond a hole (tcp_rcv_state_process).
func (s *socket) hasNewData(seg *Segment) bool {
	end := seg.end()
	if end == seg.Seq {
		return false
	}
	if seg.Flags&sim.FIN != 0 {
		end--
	}
	return after(end, s.rcv.NXT)
}

// refuseData ends a connection whose data nobody will read (TCP_ABORT_ON_DATA).
func (m *machine) abortOnData(s *socket, seg *Segment) {
	m.sendReset(seg)
	m.rcvReset(s)
}

// queueData takes in what a segment brings (tcp_data_queue).
func (m *machine) queueData(s *socket, seg *Segment) {
	from, end, fin := seg.Seq, seg.end(), seg.Flags&sim.FIN != 0
	switch {
	case from == end:
		return
	case !after(end, s.rcv.NXT):
		m.enterQuickAck(s)
		return
	case after(from, s.rcv.NXT):
		s.rcv.addOutOfOrder(seqRange{from, end}, fin)
		m.ackNow(s) // RFC 5681 section 4.2: at once, so that the peer sees the hole
		return
	}
	if fin && end-1 != s.rcv.NXT || !fin { // not a FIN alone
		m.dataReceived(s)
	}
	filled := s.rcv.nOutOfOrder > 0
	s.rcv.NXT = end
	if s.rcv.drainOutOfOrder() {
		fin = true
	}
	if fin {
		m.rcvFIN(s)
	}
	if filled && s.state.Connected() && s.kind == full && s.rcv.lastACKSent != s.rcv.NXT {
		m.ackNow(s) // RFC 5681 section 4.2: a hole was filled
		return
	}
	m.scheduleAck(s, fin)
}

// maxQuick is how many acknowledgements leave at once at first (TCP_MAX_QUICKACKS).
const maxQuickACKs = 16

// heard notes that data have come (tcp_event_data_recv).
func (m *machine) dataReceived(s *socket) {
	if !s.rcv.gotData {
		s.rcv.gotData, s.rcv.quickACKs = true, maxQuickACKs
	}
	s.rcv.lastDataAt, s.rcv.lastHeardAt = m.now, m.now
}

// owe has what was taken in acknowledged: at once, or a little later in the hope that
// data or a FIN carry it (RFC 9293 section 3.8.6.3; __tcp_ack_snd_check). After a FIN
// the kernel always waits: for the next tick, or for TCP_ATO_MIN if data had come.
func (m *machine) scheduleAck(s *socket, fin bool) {
	if !s.state.Connected() || s.kind != full || s.rcv.lastACKSent == s.rcv.NXT {
		return
	}
	wait := Time(0)
	switch {
	case fin && !s.rcv.gotData:
		wait = tick
	case s.rcv.NXT-s.rcv.lastACKSent > uint32(m.MSS):
	case s.rcv.pingpong || s.rcv.quickACKs == 0:
		wait = atoMin
	}
	if s.timers.ack == 0 {
		s.timers.ackPendingSince = m.now
	}
	if due := m.now + wait; s.timers.ack == 0 || due < s.timers.ack {
		s.timers.ack = due
	}
}

// oweNow has an acknowledgement leave as soon as nothing else carries it
// (inet_csk_schedule_ack in quick mode).
func (m *machine) ackNow(s *socket) {
	if s.timers.ack == 0 {
		s.timers.ackPendingSince = m.now
	}
	s.timers.ack = m.now
}

// oweAgain is oweNow for what was sent again: our acknowledgement was lost, or is late. What
// this lets us send carries it (tcp_enter_quickack_mode).
func (m *machine) enterQuickAck(s *socket) {
	s.rcv.pingpong, s.rcv.quickACKs = false, maxQuickACKs
	m.ackNow(s)
}

// takeFIN takes in the peer's FIN, which is in order (tcp_fin; RFC 9293 section
// 3.10.7.4, eighth).
func (m *machine) rcvFIN(s *socket) {
	s.finReceived, s.rcvShutdown, s.rcv.pingpong = true, true, true
	switch s.state {
	case sim.SynRecv, sim.Established:
		m.setState(s, sim.CloseWait) // its acknowledgement is owed: see owe
	case sim.FinWait1: // ours was not acknowledged: they have crossed
		m.sendACK(s)
		m.setState(s, sim.Closing)
	case sim.FinWait2:
		m.sendACK(s)
		m.enterTimeWait(s, sim.TimeWait, timewaitLen)
	}
}

// readAway notes that somebody has read: the peer may send again if the window had been
// closed, or nearly (__tcp_cleanup_rbuf; RFC 9293 section 3.8.6.2.2: not for every byte).
func (m *machine) updateWindow(s *socket) {
	if s.rcvShutdown || s.state == sim.Close {
		return
	}
	left := uint32(0)
	if after(s.rcv.wndEdge, s.rcv.NXT) {
		left = s.rcv.wndEdge - s.rcv.NXT
	}
	// __tcp_select_window offers nothing that is less than a segment.
	if least := min(2*uint32(m.MSS), uint32(m.Window)/2); 2*left <= uint32(m.Window) && m.rcvWindow(s) >= max(2*left, least) {
		m.sendACK(s)
	}
}

// beyond keeps what lies beyond a hole, in order and joined (tcp_data_queue_ofo).
func (r *receiver) addOutOfOrder(in seqRange, fin bool) {
	if fin {
		r.finOutOfOrder, r.finEnd = true, in.to
	}
	var list [maxOutOfOrder + 1]seqRange
	n := 0
	put := func(s seqRange) {
		if n > 0 && !after(s.from, list[n-1].to) {
			if after(s.to, list[n-1].to) {
				list[n-1].to = s.to
			}
			return
		}
		list[n] = s
		n++
	}
	placed := false
	for _, s := range r.outOfOrder[:r.nOutOfOrder] {
		if !placed && after(s.from, in.from) {
			put(in)
			placed = true
		}
		put(s)
	}
	if !placed {
		put(in)
	}
	r.nOutOfOrder = uint8(min(n, maxOutOfOrder)) // more is forgotten, as if it had been lost
	copy(r.outOfOrder[:], list[:r.nOutOfOrder])
}

// fill takes in what is not beyond a hole any more, and reports whether that ends with
// a FIN (tcp_ofo_queue).
func (r *receiver) drainOutOfOrder() bool {
	n := uint8(0)
	for n < r.nOutOfOrder && !after(r.outOfOrder[n].from, r.NXT) {
		if after(r.outOfOrder[n].to, r.NXT) {
			r.NXT = r.outOfOrder[n].to
		}
		n++
	}
	copy(r.outOfOrder[:], r.outOfOrder[n:r.nOutOfOrder])
	r.nOutOfOrder -= n
	clear(r.outOfOrder[r.nOutOfOrder:])
	return n > 0 && r.finOutOfOrder && r.NXT == r.finEnd
}
