package tcp

import "finwait/sim"

// View is what sock_diag reports about one end of a connection.
type View struct {
	State        sim.State
	Orphan       bool
	Timer        string // sim.TimerOff, sim.TimerRetransmit, sim.TimerKeepalive, sim.TimerTimewait or sim.TimerPersist
	Expires      Time   // time until the timer fires
	Retransmits  int
	RecvQ, SendQ int // bytes, a FIN counting as one
}

// View returns the state of one end of a connection. Connection 0 is the listener.
func (w *World) View(side Side, conn int) View {
	s := w.lookup(side, uint16(conn))
	if conn == 0 {
		s = w.listener(side)
	}
	if s == nil {
		return View{State: sim.Closed, Timer: sim.TimerOff}
	}
	v := View{Retransmits: int(s.snd.retransmits)}
	v.State, v.Orphan = s.diagState()
	v.Timer, v.Expires = s.diagTimer(w.now)
	switch s.kind {
	case full:
		// inet_diag reports write_seq - snd_una and rcv_nxt - copied_seq, so a FIN counts as a
		// byte.
		v.SendQ = int(s.snd.writeSeq - s.snd.UNA)
		if v.RecvQ = int(s.rcv.NXT - s.rcv.copiedSeq); s.state == sim.SynSent || s.state == sim.Listen {
			v.RecvQ = 0
		}
		if s.snd.probesOut > 0 {
			v.Retransmits = int(s.snd.probesOut)
		}
	case mini:
		v.Retransmits = 0
	}
	return v
}

// diagTimer returns the one timer that sock_diag reports, and the time until it fires
// (inet_sk_diag_fill).
func (s *socket) diagTimer(now Time) (string, Time) {
	switch {
	case s.timers.timewait != 0:
		return sim.TimerTimewait, s.timers.timewait - now
	case s.timers.retransmit != 0 && s.timers.persist:
		return sim.TimerPersist, s.timers.retransmit - now
	case s.timers.retransmit != 0:
		return sim.TimerRetransmit, s.timers.retransmit - now
	case s.timers.keepalive != 0:
		return sim.TimerKeepalive, s.timers.keepalive - now
	}
	return sim.TimerOff, 0
}

// ConnOf returns the number of the connection to which a descriptor of a process refers, and
// 0 for none.
func (w *World) ConnOf(proc, fd int) int {
	if s := w.socketOf(proc, fd); s != nil {
		return int(s.conn)
	}
	return 0
}

// socketOf returns the socket of a descriptor of a process, or nil when the descriptor is
// closed.
func (w *World) socketOf(proc, fd int) *socket {
	if proc < 0 || proc >= maxProcesses {
		return nil
	}
	m := machine{World: w}
	return m.socketAt(&w.procs[proc], fd)
}
