package tcp

import "finwait/sim"

// rcvNoSocket handles a segment without a connection: CLOSED and LISTEN (RFC 9293 sections
// 3.10.7.1 and 3.10.7.2). A listener answers a SYN; everything else is answered with a reset.
func (m *machine) rcvNoSocket(seg *Segment) {
	l := m.listener(seg.From.peer())
	if l == nil || seg.Flags&(sim.SYN|sim.ACK|sim.RST) != sim.SYN {
		m.sendReset(seg)
		return
	}
	isn := l.listenISN
	if isn == 0 {
		isn = m.nextIncarnation(l.side, seg.Conn)
	}
	if m.rcvListen(l, seg, isn) {
		l.listenISN += m.ISNStep
	}
}

// rcvListen is LISTEN (RFC 9293 section 3.10.7.2, third): a SYN begins a handshake. A full
// accept queue drops the SYN, and the peer sends it again (sk_acceptq_is_full). rcvListen
// reports whether it has begun a handshake.
func (m *machine) rcvListen(l *socket, seg *Segment, isn sim.Seq) bool {
	if m.acceptQueueLen(l) > int(l.backlog) {
		return false
	}
	s := m.alloc(request, l.side, seg.Conn)
	if s == nil {
		return false
	}
	s.listener, s.reuseAddr = int8(l.id), l.reuseAddr
	all, _ := m.requestQueueLen(s.listener)
	m.unsupported = m.unsupported || all > int(l.backlog)+1 // a kernel sends SYN cookies (tcp_syn_flood_action)
	s.reportedState = sim.Listen
	s.snd.start(isn)
	s.snd.WND, s.snd.unackedSince, s.rcv.lastHeardAt = seg.Window, m.now, m.now
	s.rcv.start(seg)
	m.setState(s, sim.SynRecv)
	m.sendSYNACK(s)
	return true
}

// requestQueueLen returns the number of handshakes that a listener has not completed, and how
// many of them are young: answered only once (reqsk_queue_len, reqsk_queue_len_young).
func (w *World) requestQueueLen(listener int8) (total, young int) {
	for i := range w.sockets {
		if s := &w.sockets[i]; s.kind == request && s.listener == listener {
			total++
			if s.snd.retransmits == 0 {
				young++
			}
		}
	}
	return total, young
}

// rcvRequest is SYN_RECV of a listener: an ACK makes the request a connection
// (tcp_check_req). A reset is checked before the acknowledgement and must be exact (RFC 5961
// section 3); the other checks are in the order of RFC 9293 section 3.10.7.4.
func (m *machine) rcvRequest(s *socket, seg *Segment) {
	ack, edge := seg.Flags&sim.ACK != 0, m.rcvEdge(s)
	switch {
	case s.listener < 0: // the listener was closed; there may be another one (tcp_v4_rcv)
		m.setState(s, sim.Close)
		m.reportStates()
		m.rcvNoSocket(seg)
	case seg.Flags == sim.SYN && seg.Seq == s.rcv.IRS: // the same SYN again
		if m.oowACKAllowed(s) {
			s.snd.dupSYNs++
			m.sendSYNACK(s)
		}
	case seg.Flags&sim.RST != 0:
		m.rcvRequestRST(s, seg, edge)
	case ack && seg.Ack != s.snd.NXT:
		m.sendReset(seg)
	case !seg.inWindow(s.rcv.NXT, edge):
		m.sendChallengeACK(s)
	case seg.Flags&sim.SYN != 0 && seg.Seq != s.rcv.IRS:
		m.sendReset(seg)
		m.dropRequest(s)
	case !ack || m.acceptQueueLen(&m.sockets[s.listener]) > int(m.sockets[s.listener].backlog):
		// A full accept queue ignores the ACK, and the SYN ACK is sent again
		// (tcp_v4_syn_recv_sock).
	default:
		m.completeRequest(s, seg)
	}
}

// rcvRequestRST handles a reset of a request (RFC 5961 section 3.2).
func (m *machine) rcvRequestRST(s *socket, seg *Segment, edge sim.Seq) {
	switch {
	case seg.Seq == s.rcv.NXT:
		m.dropRequest(s)
	case seg.inWindow(s.rcv.NXT, edge):
		m.sendChallengeACK(s)
	}
}

// dropRequest removes a request (inet_csk_reqsk_queue_drop).
func (m *machine) dropRequest(s *socket) {
	s.listener = -1
	m.setState(s, sim.Close)
}

// completeRequest makes a request a connection and puts it into the accept queue. The segment
// may also contain data and a FIN.
func (m *machine) completeRequest(s *socket, seg *Segment) {
	l := &m.sockets[s.listener]
	m.lastAcceptSeq++
	s.kind, s.acceptSeq, s.bound = full, m.lastAcceptSeq, true
	// The connection inherits the options of the listener (tcp_create_openreq_child).
	s.linger, s.lingerTime, s.linger2, s.userTimeout = l.linger, l.lingerTime, l.linger2, l.userTimeout
	s.keepalive, s.keepIdle, s.keepIntvl, s.keepCnt = l.keepalive, l.keepIdle, l.keepIntvl, l.keepCnt
	s.rcv.lastOOWACKAt = 0
	m.establish(s, seg)
	m.rcvEstablished(s, seg)
}

// rcvSynSent is SYN_SENT (tcp_rcv_synsent_state_process; RFC 9293 section 3.10.7.3).
func (m *machine) rcvSynSent(s *socket, seg *Segment) {
	ack := seg.Flags&sim.ACK != 0
	switch {
	case ack && seg.Ack != s.snd.NXT:
		// The peer has an old connection, or none. The reset ends an old one, so the SYN is
		// sent again soon; but only the first time.
		m.sendReset(seg)
		if s.snd.retransmits == 0 {
			s.timers.retransmit = m.now + tlpDelay
		}
		return
	case seg.Flags&sim.RST != 0:
		if ack { // a reset without ACK is dropped (RFC 9293 section 3.10.7.3, second)
			m.rcvReset(s)
		}
		return
	case seg.Flags&sim.SYN == 0:
		return
	}
	s.rcv.start(seg)
	if !ack { // simultaneous open (RFC 9293 section 3.5, figure 7); the timer of the SYN keeps running
		s.snd.WND, s.snd.WL1 = seg.Window, seg.Seq
		m.setState(s, sim.SynRecv)
		m.transmit(s, sim.SYN|sim.ACK, s.snd.ISS, 0)
		return
	}
	s.wasEstablished = true
	m.establish(s, seg)
	m.sendACK(s)
}

// rcvSynRecv is SYN_RECV after a simultaneous open: a whole socket and not a request. The
// peer's SYN ACK acknowledges the SYN (tcp_validate_incoming accepts it).
func (m *machine) rcvSynRecv(s *socket, seg *Segment) {
	const synAck = sim.SYN | sim.ACK
	crossed := seg.Flags == synAck && seg.end() == s.rcv.NXT && seg.Ack == s.snd.NXT
	if !crossed && !m.validateIncoming(s, seg) || seg.Flags&sim.ACK == 0 {
		return
	}
	if seg.Ack != s.snd.NXT {
		m.sendReset(seg)
		return
	}
	s.rcv.storeTSRecent(seg)
	s.wasEstablished = true
	m.establish(s, seg)
	if s.sndShutdown {
		m.closeState(s)
	}
	if crossed {
		m.sendACK(s)
		return
	}
	m.queueData(s, seg)
}

// establish enters ESTABLISHED: the SYN is acknowledged. The keepalive time begins.
//
// The congestion window is one segment if the SYN or SYN ACK was sent again more than once;
// the answer to a SYN that came again counts too, but not alone (tcp_init_transfer,
// tcp_create_openreq_child; RFC 5681 section 3.1).
func (m *machine) establish(s *socket, seg *Segment) {
	s.snd.cwndOne = s.snd.retransmits > 0 && s.snd.retransmits+s.snd.dupSYNs > 1
	s.snd.UNA, s.snd.WND, s.snd.WL1, s.snd.retransmits, s.snd.backoff = s.snd.NXT, seg.Window, seg.Seq, 0, 0
	s.rcv.lastDataAt, s.rcv.lastHeardAt, s.timers.retransmit = m.now, m.now, 0
	m.maxRTT = max(m.maxRTT, m.now-s.snd.unackedSince)
	if s.keepalive {
		s.timers.keepalive = m.now + s.keepIdle
	}
	m.setState(s, sim.Established)
}
