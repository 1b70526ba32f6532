package tcp

// setOption sets a socket option.
func (m *machine) setOption(s *socket, in Input) {
	switch in.Op {
	case OpReuseAddr:
		s.reuseAddr = in.N != 0
	case OpLinger:
		s.linger, s.lingerTime = in.N >= 0, Time(max(0, in.N))*Second
	case OpLinger2:
		s.linger2 = Time(in.N) * Second
	case OpUserTimeout:
		s.userTimeout, s.snd.userTimeoutSetAt = in.Idle, m.now
	case OpKeepaliveTime:
		m.setKeepaliveTime(s, in)
	case OpKeepalive:
		m.setKeepalive(s)
	}
}

// setKeepaliveTime sets one of the times of keepalive. If keepalive is on, a new idle time
// counts from the newest segment of the peer and may already be over
// (tcp_sock_set_keepidle_locked).
func (m *machine) setKeepaliveTime(s *socket, in Input) {
	switch {
	case in.Interval > 0:
		s.keepIntvl = in.Interval
	case in.N > 0:
		s.keepCnt = uint8(in.N)
	default:
		s.keepIdle = in.Idle
		if s.keepalive && s.state.Connected() {
			s.timers.keepalive = max(m.now, s.rcv.lastHeardAt+s.keepIdle)
		}
	}
}

// setKeepalive turns keepalive on. The idle time begins now (tcp_set_keepalive).
func (m *machine) setKeepalive(s *socket) {
	wasOn := s.keepalive
	s.keepalive = true
	if s.state.Connected() && !wasOn && s.timers.keepalive == 0 {
		s.timers.keepalive = m.now + s.keepIdle
	}
}
