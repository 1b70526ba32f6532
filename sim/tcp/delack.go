package tcp

// maxQuickACKs is the number of acknowledgements that leave at once when data first arrive
// (TCP_MAX_QUICKACKS).
const maxQuickACKs = 16

// The limits of a delayed acknowledgement.
const (
	atoMin    Time = 40  // the shortest delay: TCP_ATO_MIN, TCP_DELACK_MIN
	delackMax Time = 200 // the longest delay: TCP_DELACK_MAX
)

// dataReceived records that data have arrived (tcp_event_data_recv).
func (m *machine) dataReceived(s *socket) {
	if !s.rcv.gotData {
		s.rcv.gotData, s.rcv.quickACKs = true, maxQuickACKs
	}
	s.rcv.lastDataAt, s.rcv.lastHeardAt = m.now, m.now
}

// scheduleAck lets an acknowledgement leave at once, or later so that data or a FIN can carry
// it (RFC 9293 section 3.8.6.3; __tcp_ack_snd_check). After a FIN the kernel always waits:
// until the next tick, or for TCP_ATO_MIN if data had arrived before.
func (m *machine) scheduleAck(s *socket, fin bool) {
	if !s.state.Connected() || s.kind != full || s.rcv.lastACKSent == s.rcv.NXT {
		return
	}
	wait := Time(0)
	switch {
	case fin && !s.rcv.gotData:
		wait = tick
	case s.rcv.NXT.Sub(s.rcv.lastACKSent) > m.MSS:
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

// ackNow lets an acknowledgement leave as soon as the input is handled, unless another
// segment carries it first (inet_csk_schedule_ack in quick mode).
func (m *machine) ackNow(s *socket) {
	if s.timers.ack == 0 {
		s.timers.ackPendingSince = m.now
	}
	s.timers.ack = m.now
}

// enterQuickAck acknowledges a segment that the peer has sent again: the earlier
// acknowledgement was lost or is late (tcp_enter_quickack_mode). A segment that the peer's
// acknowledgement allows to be sent carries the new one.
func (m *machine) enterQuickAck(s *socket) {
	s.rcv.pingpong, s.rcv.quickACKs = false, maxQuickACKs
	m.ackNow(s)
}
