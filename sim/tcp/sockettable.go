package tcp

import (
	"math/bits"

	"finwait/sim"
)

// lookup returns the socket that receives the segments of a connection on a side, or nil. A
// socket in CLOSE receives none, although a descriptor may still refer to it.
func (w *World) lookup(side Side, conn uint16) *socket {
	for i := range w.sockets {
		s := &w.sockets[i]
		if s.kind != free && s.conn == conn && s.side == side && s.state != sim.Close && s.state != sim.Closed && conn != 0 {
			return s
		}
	}
	return nil
}

// listener returns the listener of a side, or nil.
func (w *World) listener(side Side) *socket {
	for i := range w.sockets {
		if s := &w.sockets[i]; s.kind == full && s.state == sim.Listen && s.side == side {
			return s
		}
	}
	return nil
}

// alloc returns a new socket, or nil when the World has no room.
func (w *World) alloc(k kind, side Side, conn uint16) *socket {
	for i := range w.sockets {
		if s := &w.sockets[i]; s.kind == free {
			*s = socket{kind: k, id: uint8(i), side: side, conn: conn, state: sim.Close, listener: -1}
			return s
		}
	}
	w.unsupported = true
	return nil
}

// setState changes a socket's state. reportStates reports the change before anything else
// happens.
func (w *World) setState(s *socket, state sim.State) {
	s.state = state
	w.markDirty(s)
}

// markDirty makes reportStates look at a socket.
func (w *World) markDirty(s *socket) { w.dirty |= 1 << s.id }

// diagState returns the state that sock_diag reports (tcp_diag_dump). A socket in CLOSE is
// not reported, so it is CLOSED.
func (s *socket) diagState() (state sim.State, orphan bool) {
	switch s.state {
	case sim.Close:
		return sim.Closed, false
	case sim.FinWait1, sim.FinWait2, sim.Closing, sim.LastAck, sim.TimeWait:
		return s.state, s.isOrphan()
	}
	return s.state, false
}

// reportStates reports the states that have changed, and frees closed sockets without a
// process.
func (m *machine) reportStates() {
	for m.dirty != 0 {
		i := bits.TrailingZeros32(m.dirty)
		m.dirty &^= 1 << i
		s := &m.sockets[i]
		state, orphan := s.diagState()
		if state != s.reportedState || orphan != s.reportedOrphan {
			m.effect(Effect{Kind: StateChanged, Side: s.side, Conn: s.conn, From: s.reportedState, To: state, Orphan: orphan})
			s.reportedState, s.reportedOrphan = state, orphan
		}
		if s.state == sim.Close && s.isOrphan() {
			*s = socket{}
		}
	}
}
