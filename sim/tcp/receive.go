package tcp

import "finwait/sim"

// Segments that arrive, and what every state does with them.

// arrive takes in a segment (tcp_v4_rcv).
func (m *machine) arrive(seg Segment) {
	m.ghost = socket{}
	s := m.socketOf(seg.From.peer(), seg.Conn)
	if s == nil {
		m.knock(&seg)
		return
	}
	switch s.kind {
	case request:
		m.handshake(s, &seg)
	case mini:
		m.remains(s, &seg)
	default:
		if m.Lazy {
			m.ghost, m.haunts = *s, m.now+m.lateness()
		}
		m.process(s, &seg)
		m.noteUnread(s)
		m.push(s) // what waited for this acknowledgement (tcp_data_snd_check)
	}
	if s.tm.ack != 0 && s.tm.ack <= m.now && !m.Lazy {
		m.sendACK(s)
	}
}

// process hands a segment to the function of the state (tcp_v4_do_rcv).
func (m *machine) process(s *socket, seg *Segment) {
	switch s.state {
	case sim.SynSent:
		m.synSent(s, seg)
	case sim.SynRecv:
		m.synRecv(s, seg)
	case sim.Established:
		m.established(s, seg)
	case sim.FinWait1:
		m.finWait1(s, seg)
	case sim.FinWait2:
		m.finWait2(s, seg)
	case sim.CloseWait:
		m.closeWait(s, seg)
	case sim.Closing:
		m.closingState(s, seg)
	case sim.LastAck:
		m.lastAck(s, seg)
	}
}

// acceptable makes the checks that come before all others, and answers what fails
// them (tcp_validate_incoming; RFC 9293 section 3.10.7.4, RFC 5961).
func (m *machine) acceptable(s *socket, seg *Segment) bool {
	reset := seg.Flags&sim.RST != 0
	edge := s.rx.nxt + m.window(s)
	if m.overtaken(s, seg) {
		return false
	}
	// First the sequence number (tcp_sequence): what ends before what was acknowledged,
	// or begins beyond the window.
	if after(s.rx.acked, seg.next()) || after(seg.Seq, edge) {
		switch {
		case reset && s.resetBeforeFIN(seg):
			m.reset(s)
		case reset:
		case seg.Len > 0 || seg.Flags&sim.FIN != 0:
			m.sendACK(s) // tcp_send_dupack: data are not rate limited
		default:
			m.challenge(s)
		}
		return false
	}
	// Then RST: exact, or just beyond what was acknowledged selectively; any other in the
	// window is answered, so that its sender, if it is the peer, sends an exact one (RFC
	// 5961 section 3.2).
	if reset {
		if seg.Seq == s.rx.nxt || s.resetBeforeFIN(seg) || s.rx.spans > 0 && seg.Seq == s.rx.holes[s.rx.spans-1].to {
			m.reset(s)
		} else {
			m.challenge(s)
		}
		return false
	}
	// Then SYN: a peer that has forgotten the connection answers with a reset (RFC 5961
	// section 4.2).
	if seg.Flags&sim.SYN != 0 {
		m.challenge(s)
		return false
	}
	return true
}

// resetBeforeFIN reports whether a reset has the number of the FIN that was taken in:
// its sender does not know that it sent one (tcp_reset_check).
func (s *socket) resetBeforeFIN(seg *Segment) bool {
	switch s.state {
	case sim.CloseWait, sim.LastAck, sim.Closing:
		return seg.Seq == s.rx.nxt-1
	}
	return false
}

// reset ends a connection that the peer has reset (tcp_reset). EPIPE where the peer
// has already said that it sends no more.
func (m *machine) reset(s *socket) {
	err := ECONNRESET
	switch s.state {
	case sim.SynSent:
		err = ECONNREFUSED
	case sim.CloseWait:
		err = EPIPE
	}
	s.late = m.Lazy && s.tm.resend != 0 && m.impatient(s)
	m.over(s, err)
}

// confirmed takes in the acknowledgement of a segment and reports whether the rest of
// the segment counts (tcp_ack; RFC 9293 section 3.10.7.4, fifth). A segment without ACK
// does not; one that acknowledges what was never sent is answered (RFC 5961 section 5.2).
func (m *machine) confirmed(s *socket, seg *Segment) bool {
	switch {
	case seg.Flags&sim.ACK == 0:
		return false
	case after(seg.Ack, s.tx.nxt):
		m.challenge(s)
		return false
	case after(s.tx.una, seg.Ack):
		return true // an old one
	}
	fresh := after(seg.Ack, s.tx.una)
	m.heardFrom(s, seg)
	// The window is taken from the newest segment only (tcp_may_update_window).
	if fresh || after(seg.Seq, s.tx.wl) || seg.Seq == s.tx.wl && (seg.Window > s.tx.wnd || seg.Window == 0) {
		s.tx.wnd, s.tx.wl = seg.Window, seg.Seq
	}
	s.rx.stamp(seg)
	if fresh {
		m.advance(s, seg.Ack)
	}
	if s.tx.sacked(seg) && !fresh && !s.tx.mended {
		s.tm.resend, s.tm.fast, s.tm.tail = m.now+reorder, true, false
	}
	if s.tm.persist && s.tx.wnd > 0 {
		s.tm.persist, s.tm.resend, s.tx.backoff = false, 0, 0
	}
	return true
}

// heardFrom notes that somebody is there: probes count from the beginning again. Data whose
// acknowledgement says nothing new take a short cut, on which nobody thinks of the probes
// (tcp_rcv_established); not the first data, which wait for memory to be set aside
// (sk_forward_alloc), and in a kernel later ones may have to, too.
func (m *machine) heardFrom(s *socket, seg *Segment) {
	s.rx.alive = m.now
	short := s.state == sim.Established && seg.Len > 0 && seg.Flags&sim.FIN == 0 && seg.Seq == s.rx.nxt &&
		seg.Ack == s.tx.una && seg.Window == s.tx.wnd && s.rx.spans == 0
	switch {
	case short && m.Lazy:
		s.tx.doubtful += s.tx.unanswered
		s.tx.unanswered = 0
	case !short || !s.rx.heard:
		s.tx.doubtful, s.tx.unanswered = 0, 0
	}
}

// sacked marks what a segment says has arrived beyond a hole, and reports whether there
// is anything.
func (t *sender) sacked(seg *Segment) bool {
	from, any := t.una, false
	for i := range t.sent[:t.parts] {
		p := &t.sent[i]
		for _, b := range seg.Sacks {
			if b.to != b.from && !after(b.from, from) && !after(p.to, b.to) {
				p.sacked, any = true, true
			}
		}
		from = p.to
	}
	return any
}

// advance forgets what was acknowledged (tcp_clean_rtx_queue). What a timeout has taken
// for lost is repeated as the acknowledgements come (RFC 5681 section 3.1), but not once
// the SYN is confirmed: then the kernel takes the timeout for a mistake
// (tcp_packet_delayed).
func (m *machine) advance(s *socket, ack uint32) {
	if s.tx.parts > 0 && s.tx.sent[0].syn {
		s.tx.lost = ack
	}
	n := uint8(0)
	for n < s.tx.parts && !after(s.tx.sent[n].to, ack) {
		n++
	}
	copy(s.tx.sent[:], s.tx.sent[n:s.tx.parts])
	s.tx.parts -= n
	clear(s.tx.sent[s.tx.parts:])
	s.tx.una, s.tx.ackedAt = ack, m.now
	m.slowest = max(m.slowest, m.now-s.tx.begun)
	s.tx.retransmits, s.tx.backoff = 0, 0
	if !s.tx.repairs() { // the loss is made good (tcp_retrans_stamp_cleanup)
		s.tx.stamp = 0
	}
	s.tx.probing, s.tx.mended, s.tx.tight = false, false, false
	if s.tx.repairs() && !m.Lazy {
		for i := 0; i < min(int(s.tx.parts), 2); i++ {
			m.sendAgain(s, i)
		}
	}
	m.rearm(s)
}

// finConfirmed reports whether our FIN was acknowledged, and with it all that we sent.
func (s *socket) finConfirmed() bool { return s.tx.fin && s.tx.una == s.tx.write }

// brings reports whether a segment brings data that are new, in order or not. A FIN
// alone does only beyond a hole (tcp_rcv_state_process).
func (s *socket) brings(seg *Segment) bool {
	end := seg.next()
	if end == seg.Seq {
		return false
	}
	if seg.Flags&sim.FIN != 0 {
		end--
	}
	return after(end, s.rx.nxt)
}

// refuseData ends a connection whose data nobody will read (TCP_ABORT_ON_DATA).
func (m *machine) refuseData(s *socket, seg *Segment) {
	m.refuse(seg)
	m.reset(s)
}

// queueData takes in what a segment brings (tcp_data_queue).
func (m *machine) queueData(s *socket, seg *Segment) {
	from, end, fin := seg.Seq, seg.next(), seg.Flags&sim.FIN != 0
	switch {
	case from == end:
		return
	case !after(end, s.rx.nxt):
		m.oweAgain(s)
		return
	case after(from, s.rx.nxt):
		s.rx.beyond(span{from, end}, fin)
		m.oweNow(s) // RFC 5681 section 4.2: at once, so that the peer sees the hole
		return
	}
	if fin && end-1 != s.rx.nxt || !fin { // not a FIN alone
		m.heard(s)
	}
	filled := s.rx.spans > 0
	s.rx.nxt = end
	if s.rx.fill() {
		fin = true
	}
	if fin {
		m.takeFIN(s)
	}
	if filled && s.state.Connected() && s.kind == full && s.rx.acked != s.rx.nxt {
		m.oweNow(s) // RFC 5681 section 4.2: a hole was filled
		return
	}
	m.owe(s, fin)
}

// maxQuick is how many acknowledgements leave at once at first (TCP_MAX_QUICKACKS).
const maxQuick = 16

// heard notes that data have come (tcp_event_data_recv).
func (m *machine) heard(s *socket) {
	if !s.rx.heard {
		s.rx.heard, s.rx.quick = true, maxQuick
	}
	s.rx.last, s.rx.alive = m.now, m.now
}

// owe has what was taken in acknowledged: at once, or a little later in the hope that
// data or a FIN carry it (RFC 9293 section 3.8.6.3; __tcp_ack_snd_check). After a FIN
// the kernel always waits: for the next tick, or for TCP_ATO_MIN if data had come.
func (m *machine) owe(s *socket, fin bool) {
	if !s.state.Connected() || s.kind != full || s.rx.acked == s.rx.nxt {
		return
	}
	wait := Time(0)
	switch {
	case fin && !s.rx.heard:
		wait = tick
	case s.rx.nxt-s.rx.acked > uint32(m.MSS):
	case s.rx.talks || s.rx.quick == 0:
		wait = ato
	}
	if s.tm.ack == 0 {
		s.tm.owedAt = m.now
	}
	if due := m.now + wait; s.tm.ack == 0 || due < s.tm.ack {
		s.tm.ack = due
	}
}

// oweNow has an acknowledgement leave as soon as nothing else carries it
// (inet_csk_schedule_ack in quick mode).
func (m *machine) oweNow(s *socket) {
	if s.tm.ack == 0 {
		s.tm.owedAt = m.now
	}
	s.tm.ack = m.now
}

// oweAgain is oweNow for what was sent again: our acknowledgement was lost, or is late. What
// this lets us send carries it (tcp_enter_quickack_mode).
func (m *machine) oweAgain(s *socket) {
	s.rx.talks, s.rx.quick = false, maxQuick
	m.oweNow(s)
}

// takeFIN takes in the peer's FIN, which is in order (tcp_fin; RFC 9293 section
// 3.10.7.4, eighth).
func (m *machine) takeFIN(s *socket) {
	s.done, s.rcvShut, s.rx.talks = true, true, true
	switch s.state {
	case sim.SynRecv, sim.Established:
		m.set(s, sim.CloseWait) // its acknowledgement is owed: see owe
	case sim.FinWait1: // ours was not acknowledged: they have crossed
		m.sendACK(s)
		m.set(s, sim.Closing)
	case sim.FinWait2:
		m.sendACK(s)
		m.timeWait(s, sim.TimeWait, lastMinute)
	}
}

// readAway notes that somebody has read: the peer may send again if the window had been
// closed, or nearly (__tcp_cleanup_rbuf; RFC 9293 section 3.8.6.2.2: not for every byte).
func (m *machine) readAway(s *socket) {
	if s.rcvShut || s.state == sim.Close {
		return
	}
	now := uint32(0)
	if after(s.rx.edge, s.rx.nxt) {
		now = s.rx.edge - s.rx.nxt
	}
	// __tcp_select_window offers nothing that is less than a segment.
	if least := min(2*uint32(m.MSS), uint32(m.Window)/2); 2*now <= uint32(m.Window) && m.window(s) >= max(2*now, least) {
		m.sendACK(s)
	}
}

// beyond keeps what lies beyond a hole, in order and joined (tcp_data_queue_ofo).
func (r *receiver) beyond(in span, fin bool) {
	if fin {
		r.fin, r.finAt = true, in.to
	}
	var list [maxHoles + 1]span
	n := 0
	put := func(s span) {
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
	for _, s := range r.holes[:r.spans] {
		if !placed && after(s.from, in.from) {
			put(in)
			placed = true
		}
		put(s)
	}
	if !placed {
		put(in)
	}
	r.spans = uint8(min(n, maxHoles)) // more is forgotten, as if it had been lost
	copy(r.holes[:], list[:r.spans])
}

// fill takes in what is not beyond a hole any more, and reports whether that ends with
// a FIN (tcp_ofo_queue).
func (r *receiver) fill() bool {
	n := uint8(0)
	for n < r.spans && !after(r.holes[n].from, r.nxt) {
		if after(r.holes[n].to, r.nxt) {
			r.nxt = r.holes[n].to
		}
		n++
	}
	copy(r.holes[:], r.holes[n:r.spans])
	r.spans -= n
	clear(r.holes[r.spans:])
	return n > 0 && r.fin && r.nxt == r.finAt
}
