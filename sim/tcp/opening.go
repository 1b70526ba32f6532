package tcp

import "finwait/sim"

// How connections begin: LISTEN, SYN_SENT and SYN_RECV.

// knock is a segment for which there is no connection: a SYN that a listener answers,
// or something to refuse (LISTEN and CLOSED of RFC 9293 sections 3.10.7.1 and 3.10.7.2).
func (m *machine) knock(seg *Segment) {
	l := m.listening(seg.From.peer())
	if l == nil || seg.Flags&(sim.SYN|sim.ACK|sim.RST) != sim.SYN {
		m.refuse(seg)
		return
	}
	isn := l.isn
	if isn == 0 {
		isn = m.anew(l.side, seg.Conn)
	}
	if m.answerSYN(l, seg, isn) {
		l.isn += m.NextISN
	}
}

// answerSYN is LISTEN: a SYN begins a handshake, unless the accept queue is full: then it
// is dropped, and its sender tries again (sk_acceptq_is_full). It reports whether it has
// begun one.
func (m *machine) answerSYN(l *socket, seg *Segment, isn uint32) bool {
	if m.waiting(l) > int(l.backlog) {
		return false
	}
	s := m.alloc(request, l.side, seg.Conn)
	if s == nil {
		return false
	}
	s.listener, s.reuse = int8(l.id), l.reuse
	all, _ := m.handshakes(s.listener)
	m.beyond = m.beyond || all > int(l.backlog)+1 // SYN cookies (tcp_syn_flood_action)
	s.shown = sim.Listen
	s.tx.opens(isn)
	s.tx.wnd, s.tx.begun, s.rx.alive = seg.Window, m.now, m.now
	s.rx.opens(seg)
	m.set(s, sim.SynRecv)
	m.sendSYNACK(s)
	return true
}

// handshakes returns how many handshakes a listener has not ended, and how many of them it
// has answered only once (reqsk_queue_len, reqsk_queue_len_young).
func (w *World) handshakes(listener int8) (all, young int) {
	for i := range w.sockets {
		if s := &w.sockets[i]; s.kind == request && s.listener == listener {
			all++
			if s.tx.retransmits == 0 {
				young++
			}
		}
	}
	return all, young
}

// handshake is SYN_RECV of a listener: a request that its ACK makes a connection
// (tcp_check_req). A reset is looked at before the acknowledgement, and must be exact
// (RFC 5961 section 3); the rest is in the order of RFC 9293 section 3.10.7.4.
func (m *machine) handshake(s *socket, seg *Segment) {
	ack, edge := seg.Flags&sim.ACK != 0, s.rx.nxt+m.window(s)
	switch {
	case s.listener < 0: // its listener was closed; there may be another (tcp_v4_rcv)
		m.set(s, sim.Close)
		m.report()
		m.knock(seg)
	case seg.Flags == sim.SYN && seg.Seq == s.rx.irs: // again
		if m.mayAnswer(s) {
			s.tx.again++
			m.sendSYNACK(s)
		}
	case seg.Flags&sim.RST != 0:
		m.resetHandshake(s, seg, edge)
	case ack && seg.Ack != s.tx.nxt:
		m.refuse(seg)
	case !seg.within(s.rx.nxt, edge):
		m.challenge(s)
	case seg.Flags&sim.SYN != 0 && seg.Seq != s.rx.irs:
		m.refuse(seg)
		m.drop(s)
	case !ack || m.waiting(&m.sockets[s.listener]) > int(m.sockets[s.listener].backlog):
		// Without room in the accept queue the ACK is forgotten: the SYN ACK is
		// repeated (tcp_v4_syn_recv_sock).
	default:
		m.enqueue(s, seg)
	}
}

// resetHandshake is what a reset does to a request.
func (m *machine) resetHandshake(s *socket, seg *Segment, edge uint32) {
	switch {
	case seg.Seq == s.rx.nxt:
		m.drop(s)
	case seg.within(s.rx.nxt, edge):
		m.challenge(s)
	}
}

// drop forgets a request (inet_csk_reqsk_queue_drop).
func (m *machine) drop(s *socket) {
	s.listener = -1
	m.set(s, sim.Close)
}

// enqueue makes a connection of a handshake and puts it into the accept queue. The
// segment may bring data and a FIN already.
func (m *machine) enqueue(s *socket, seg *Segment) {
	l := &m.sockets[s.listener]
	m.queued++
	s.kind, s.queue, s.bound = full, m.queued, true
	// It inherits the options of its listener (tcp_create_openreq_child).
	s.linger, s.lingerFor, s.linger2, s.patience = l.linger, l.lingerFor, l.linger2, l.patience
	s.keepalive, s.idle, s.every, s.probes = l.keepalive, l.idle, l.every, l.probes
	s.rx.oow = 0
	m.establish(s, seg)
	m.established(s, seg)
}

// synSent is SYN_SENT (tcp_rcv_synsent_state_process).
func (m *machine) synSent(s *socket, seg *Segment) {
	ack := seg.Flags&sim.ACK != 0
	switch {
	case ack && seg.Ack != s.tx.nxt:
		// Whose it is has forgotten its end, or never had one. The SYN is repeated at
		// once, for when the reset has ended that; but only the first time.
		m.refuse(seg)
		if s.tx.retransmits == 0 {
			s.tm.resend = m.now + probeAfter
		}
		return
	case seg.Flags&sim.RST != 0:
		if ack { // else it is dropped (RFC 9293 section 3.10.7.3, second)
			m.reset(s)
		}
		return
	case seg.Flags&sim.SYN == 0:
		return
	}
	s.rx.opens(seg)
	if !ack { // simultaneous open (RFC 9293 section 3.5, figure 7); the timer of the SYN goes on
		s.tx.wnd, s.tx.wl = seg.Window, seg.Seq
		m.set(s, sim.SynRecv)
		m.transmit(s, sim.SYN|sim.ACK, s.tx.iss, 0)
		return
	}
	s.opened = true
	m.establish(s, seg)
	m.sendACK(s)
}

// synRecv is SYN_RECV after a simultaneous open: a socket, not a request. The peer's
// SYN ACK brings the acknowledgement that ends it (tcp_validate_incoming lets it pass).
func (m *machine) synRecv(s *socket, seg *Segment) {
	const synAck = sim.SYN | sim.ACK
	crossed := seg.Flags == synAck && seg.next() == s.rx.nxt && seg.Ack == s.tx.nxt
	if !crossed && !m.acceptable(s, seg) || seg.Flags&sim.ACK == 0 {
		return
	}
	if seg.Ack != s.tx.nxt {
		m.refuse(seg)
		return
	}
	s.rx.stamp(seg)
	s.opened = true
	m.establish(s, seg)
	if s.sndShut {
		m.finish(s)
	}
	if crossed {
		m.sendACK(s)
		return
	}
	m.queueData(s, seg)
}

// establish begins ESTABLISHED with the acknowledgement of the SYN.
// After one that was repeated more than once, and not only because the peer has asked again,
// the congestion window is one segment (tcp_init_transfer, tcp_create_openreq_child; RFC 5681
// section 3.1). Keepalive counts from here.
func (m *machine) establish(s *socket, seg *Segment) {
	s.tx.tight = s.tx.retransmits > 0 && s.tx.retransmits+s.tx.again > 1
	s.tx.una, s.tx.wnd, s.tx.wl, s.tx.retransmits, s.tx.backoff = s.tx.nxt, seg.Window, seg.Seq, 0, 0
	s.rx.last, s.rx.alive, s.tm.resend = m.now, m.now, 0
	m.slowest = max(m.slowest, m.now-s.tx.begun)
	if s.keepalive {
		s.tm.keep = m.now + s.idle
	}
	m.set(s, sim.Established)
}
