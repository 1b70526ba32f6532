package tcp

import "finwait/sim"

// An observed World is compared with a kernel that estimates round trips, probes for losses
// and controls congestion (RFC 6298, RFC 8985, RFC 5681). The functions here let a blocked
// call return and a segment leave when the kernel was observed to do so, and only if it was
// allowed to. Optional acknowledgements are in allowChallengeACK, deaths by SIGPIPE in kill.

// recheck lets a blocked call return. If early is set, it may return on a condition that held
// at some earlier moment since it blocked: a connect may succeed because its connection was
// established, although it is over by now; a read may return early bytes because that many
// could be read.
func (m *machine) recheck(proc, early int) {
	if proc < 0 || proc >= maxProcesses {
		return
	}
	p := &m.procs[proc]
	if p.call == OpRead && early > 0 {
		if !p.wasReadable(uint32(early)) {
			return
		}
		p.n = min(p.n, uint32(early))
	}
	p.awaitsRecheck, p.early = false, early > 0
}

// wasReadable reports whether a blocked read could have returned n bytes at some moment since
// it blocked.
func (p *process) wasReadable(n uint32) bool {
	for _, there := range p.readable[:p.nReadable] {
		if min(there, p.n) == n {
			return true
		}
	}
	return p.nReadable == maxReadable && min(p.readable[maxReadable-1], p.n) < n // later amounts were not recorded
}

// recordReadable records how much can be read from a socket, for every process whose read on
// it is blocked.
func (m *machine) recordReadable(s *socket) {
	n := s.unread()
	for i := range m.procs {
		p := &m.procs[i]
		if p.call != OpRead || !p.awaitsRecheck || n == 0 || m.socketAt(p, int(p.fd)) != s || p.nReadable == maxReadable {
			continue
		}
		p.readable[p.nReadable] = n
		p.nReadable++
	}
}

// emitSegment sends the segment of an OpEmit if the end may send it: a retransmission of
// unacknowledged data, or data that wait for an acknowledgement or for the repair of a loss.
// Otherwise it does nothing. The input's ID is the segment on the wire that this is a copy
// of, and 0 for a segment that travels by itself.
//
// The kernel repairs a loss that an acknowledgement reveals before it handles the rest of the
// segment (tcp_ack), so the socket as it was before the newest segment may send too. It may
// until another segment arrives, an OpForget comes, or maxObservationDelay is over.
func (m *machine) emitSegment(in Input) {
	s := m.lookup(in.Side, uint16(in.Conn))
	if s == nil || in.Flags&sim.ACK != 0 && in.Ack != s.rcv.NXT {
		if s = &m.beforeLastSegment; m.now > m.beforeLastSegmentUntil {
			return
		}
	}
	if !m.Observed || s.side != in.Side || int(s.conn) != in.Conn || s.kind != full || s.snd.rtxLen == 0 {
		return
	}
	m.emitting, m.copyOf = true, uint16(max(0, in.ID))
	if in.Flags&sim.SYN == 0 {
		m.emitData(s, in)
	} else if s.snd.rtxQueue[0].syn && in.Seq == s.snd.UNA && in.N == 0 && m.mayRetransmit(s, in.Seq) {
		m.sendQueued(s, 0)
	}
	m.emitting = false
}

// emitData sends the data of an OpEmit if the end may send them.
func (m *machine) emitData(s *socket, in Input) {
	n, fin := uint32(max(0, in.N)), in.Flags&sim.FIN != 0
	from, end := in.Seq, in.Seq.Add(int(n))
	if fin {
		end++
	}
	reachesFIN := s.snd.finQueued && end == s.snd.writeSeq
	outside := s.snd.UNA.After(from) || from.After(s.snd.NXT) || end.After(s.snd.writeSeq) || end.After(s.snd.wndEdge())
	// A new acknowledgement may have enlarged the congestion window (RFC 5681 section 3.1).
	cwndMayGrow := m.now-s.snd.ackedAt < minProbeDelay
	// With more than one segment out, a tail loss probe may come with the next tick.
	early := s.snd.rtxLen < 2 && m.now-s.snd.newestSentAt < minProbeDelay &&
		!cwndMayGrow && !s.snd.cwndOne && !s.snd.inLoss() && !s.snd.hasSACKed()
	switch {
	case outside, !end.After(from), reachesFIN != fin, in.Flags&sim.RST != 0:
		return
	case end.After(s.snd.NXT) && early:
		return
	case end.After(s.snd.NXT) && int(s.snd.rtxLen) == maxRtxQueue:
		m.unsupported = true
		return
	case s.snd.NXT.After(from) && !m.mayRetransmit(s, from):
		return
	}
	if s.snd.NXT.After(from) { // a retransmission
		s.snd.lossHigh = s.snd.NXT
		s.snd.retransmits |= 1
		if s.snd.retransStamp == 0 { // the retransmission may have been observed late, but it came after this
			s.snd.retransStamp = s.snd.newestSentAt
		}
	}
	if end.After(s.snd.NXT) {
		m.enqueueRtx(s, rtxSegment{end: end, fin: fin, psh: in.Flags&sim.PSH != 0})
	}
	m.transmit(s, in.Flags|sim.ACK, from, n)
}

// burstPeriod is the time in which a segment is retransmitted at most maxBurst times.
const burstPeriod Time = 200

// maxBurst allows for a probe, a fast retransmission and a timeout, each sent in pieces.
const maxBurst = 10

// minProbeDelay is the shortest time after which a tail loss probe may send new data
// (tcp_schedule_loss_probe, TCP_TIMEOUT_MIN_US).
const minProbeDelay Time = 2

// mayRetransmit reports whether an end has a reason to retransmit from a sequence number, and
// counts the retransmission. Each of these is a reason: time has passed since the segment was
// sent; a timeout has taken the segment for lost; the peer has received something beyond it;
// more than one segment is out, and a tail loss probe comes with the next tick
// (tcp_schedule_loss_probe). The kernel's timeouts double, so few retransmissions come soon.
func (m *machine) mayRetransmit(s *socket, from sim.Seq) bool {
	i := 0
	for i+1 < int(s.snd.rtxLen) && !s.snd.rtxQueue[i].end.After(from) {
		i++
	}
	p := &s.snd.rtxQueue[i]
	if m.now-p.sentAt >= burstPeriod {
		p.sentAt, p.resends = m.now-minProbeDelay, 0
	}
	if p.resends == maxBurst || m.now-p.sentAt < minProbeDelay && s.snd.rtxLen < 2 && !s.snd.inLoss() && !s.snd.hasSACKed() {
		return false
	}
	p.resends++
	return true
}

// countCopy counts the segment of an OpEmit as a copy of the one that the wire knows.
func (m *machine) countCopy(seg Segment) {
	for i := range m.flight[:m.nFlight] {
		if h := &m.flight[i]; h.ID == m.copyOf {
			m.addCopy(h, &seg)
			return
		}
	}
	for i := range m.delivered[:m.nDelivered] {
		if h := &m.delivered[i].Segment; h.ID == m.copyOf {
			m.addCopy(h, &seg)
			return
		}
	}
}

// tickRounding returns by how much a kernel may measure a longer time than an observer does:
// the kernel counts in ticks.
func (w *World) tickRounding() Time {
	if w.Observed {
		return 3 * tick
	}
	return 0
}

// timerBase is when a timer is taken to have fired: no later than it was due.
func (w *World) timerBase(due Time) Time {
	if w.Observed {
		return min(due, w.now)
	}
	return w.now
}

// maxObservationDelay bounds how late an observer on a busy machine sees a segment.
func (w *World) maxObservationDelay() Time {
	if w.Observed {
		return 150
	}
	return 0
}

// Unobserved returns the world as it goes on when nobody observes a kernel any more: it acts by
// itself, and a blocked call that can return does so at the next input. A retransmission that is
// due was observed to be sent (OpEmit): the next one comes a timeout later.
func (w *World) Unobserved() World {
	alone := *w
	alone.Observed = false
	for i := range alone.procs {
		alone.procs[i].awaitsRecheck = false
	}
	for i := range alone.sockets {
		if s := &alone.sockets[i]; s.timers.retransmit != 0 && s.timers.retransmit <= alone.now {
			s.timers.retransmit, s.timers.tlp = alone.now+s.rto(), false
		}
	}
	return alone
}
