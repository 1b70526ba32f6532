package tcp

import "finwait/sim"

// queueData takes in the text and the FIN of a segment (tcp_data_queue; RFC 9293 section
// 3.10.7.4, seventh and eighth).
func (m *machine) queueData(s *socket, seg *Segment) {
	from, end, fin := seg.Seq, seg.end(), seg.Flags&sim.FIN != 0
	switch {
	case from == end:
		return
	case !after(end, s.rcv.NXT): // a retransmission; the peer has missed the acknowledgement
		m.enterQuickAck(s)
		return
	case after(from, s.rcv.NXT):
		s.rcv.addOutOfOrder(seqRange{from, end}, fin)
		m.ackNow(s) // at once, so that the peer learns of the hole (RFC 5681 section 4.2)
		return
	}
	if fin && end-1 != s.rcv.NXT || !fin { // the segment has data
		m.dataReceived(s)
	}
	hadHole := s.rcv.nOutOfOrder > 0
	s.rcv.NXT = end
	if s.rcv.drainOutOfOrder() {
		fin = true
	}
	if fin {
		m.rcvFIN(s)
	}
	if hadHole && s.state.Connected() && s.kind == full && s.rcv.lastACKSent != s.rcv.NXT {
		m.ackNow(s) // at once, because a hole was filled (RFC 5681 section 4.2)
		return
	}
	m.scheduleAck(s, fin)
}

// rcvFIN handles the peer's FIN, which is in order (tcp_fin; RFC 9293 section 3.10.7.4,
// eighth).
func (m *machine) rcvFIN(s *socket) {
	s.finReceived, s.rcvShutdown, s.rcv.pingpong = true, true, true
	switch s.state {
	case sim.SynRecv, sim.Established:
		m.setState(s, sim.CloseWait) // scheduleAck acknowledges the FIN
	case sim.FinWait1: // the two FINs have crossed
		m.sendACK(s)
		m.setState(s, sim.Closing)
	case sim.FinWait2:
		m.sendACK(s)
		m.enterTimeWait(s, sim.TimeWait, timewaitLen)
	}
}

// updateWindow sends a window update after a read, if the window was closed or nearly closed
// and has grown enough (__tcp_cleanup_rbuf; RFC 9293 section 3.8.6.2.2).
func (m *machine) updateWindow(s *socket) {
	if s.rcvShutdown || s.state == sim.Close {
		return
	}
	left := uint32(0)
	if after(s.rcv.wndEdge, s.rcv.NXT) {
		left = s.rcv.wndEdge - s.rcv.NXT
	}
	// __tcp_select_window does not offer less than a segment.
	enough := max(2*left, min(2*uint32(m.MSS), uint32(m.Window)/2))
	if 2*left <= uint32(m.Window) && m.rcvWindow(s) >= enough {
		m.sendACK(s)
	}
}

// addOutOfOrder adds a range beyond a hole, and joins it with its neighbours
// (tcp_data_queue_ofo).
func (r *receiver) addOutOfOrder(added seqRange, fin bool) {
	if fin {
		r.finOutOfOrder, r.finEnd = true, added.to
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
		if !placed && after(s.from, added.from) {
			put(added)
			placed = true
		}
		put(s)
	}
	if !placed {
		put(added)
	}
	r.nOutOfOrder = uint8(min(n, maxOutOfOrder)) // ranges beyond the limit count as lost
	copy(r.outOfOrder[:], list[:r.nOutOfOrder])
}

// drainOutOfOrder advances RCV.NXT over the ranges that are no longer beyond a hole
// (tcp_ofo_queue). It reports whether a FIN comes next.
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
