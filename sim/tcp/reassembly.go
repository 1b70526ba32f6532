package tcp

import "finwait/sim"

// queueData takes in the text and the FIN of a segment (tcp_data_queue; RFC 9293 section
// 3.10.7.4, seventh and eighth).
func (m *machine) queueData(s *socket, seg *Segment) {
	from, end, fin := seg.Seq, seg.end(), seg.Flags&sim.FIN != 0
	switch {
	case from == end:
		return
	case !end.After(s.rcv.NXT):
		m.enterQuickAck(s)
		return
	case from.After(s.rcv.NXT):
		s.rcv.addOutOfOrder(sim.Span{From: from, To: end}, fin)
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
	if s.rcv.wndEdge.After(s.rcv.NXT) {
		left = uint32(s.rcv.wndEdge - s.rcv.NXT)
	}
	// __tcp_select_window does not offer less than a segment.
	enough := max(2*left, min(2*uint32(m.MSS), uint32(m.Window)/2))
	if 2*left <= uint32(m.Window) && m.rcvWindow(s) >= enough {
		m.sendACK(s)
	}
}

// addOutOfOrder adds a span beyond a hole, and joins it with its neighbours
// (tcp_data_queue_ofo). Spans beyond the limit count as lost.
func (r *receiver) addOutOfOrder(added sim.Span, fin bool) {
	if fin {
		r.finOutOfOrder, r.finEnd = true, added.To
	}
	r.setOutOfOrder(sim.Spans(r.outOfOrder[:r.nOutOfOrder]).Add(added))
}

// drainOutOfOrder advances RCV.NXT over the spans that are no longer beyond a hole
// (tcp_ofo_queue). It reports whether a FIN comes next.
func (r *receiver) drainOutOfOrder() bool {
	spans := sim.Spans(r.outOfOrder[:r.nOutOfOrder])
	next, passed := spans.Advance(r.NXT)
	r.NXT = next
	r.setOutOfOrder(spans[passed:])
	return passed > 0 && r.finOutOfOrder && r.NXT == r.finEnd
}

// setOutOfOrder stores the spans beyond a hole. They may be a view of the array itself.
func (r *receiver) setOutOfOrder(spans sim.Spans) {
	r.nOutOfOrder = uint8(copy(r.outOfOrder[:], spans))
	clear(r.outOfOrder[r.nOutOfOrder:])
}
