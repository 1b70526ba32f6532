package tcp

import (
	"slices"

	"finwait/sim"
)

// What a World that is Lazy leaves to whoever watches a kernel: when a process wakes, and
// what is sent again, or late. (The others are where they happen: an acknowledgement that
// may leave in mayChallenge, a death in killed.) A kernel estimates the round trip, probes
// for losses and counts how much it dares to have on the way (RFC 6298, RFC 8985, RFC
// 5681); the model only says what it may send then, and what that brings.

// rouse has a process whose call sleeps look whether it can return. One in time has looked
// earlier than now: a connect while its connection was there, which is over by now; a read
// when there were only so many bytes. That many must have been there at some moment.
func (m *machine) recheck(number, inTime int) {
	if number < 0 || number >= maxProcesses {
		return
	}
	p := &m.procs[number]
	if p.call == OpRead && inTime > 0 {
		if !p.wasReadable(uint32(inTime)) {
			return
		}
		p.n = min(p.n, uint32(inTime))
	}
	p.awaitsRecheck, p.early = false, inTime > 0
}

// hasSeen reports whether a read that slept could return so many bytes at some moment.
func (p *process) wasReadable(n uint32) bool {
	for _, there := range p.readable[:p.nReadable] {
		if min(there, p.n) == n {
			return true
		}
	}
	return p.nReadable == maxReadable && min(p.readable[maxReadable-1], p.n) < n // more is not remembered
}

// noteUnread notes how much there is to be read, for the processes that sleep until there is
// something.
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

// sendChosen has an end send what it may send: again, what was not acknowledged; for the first
// time, what waits for an acknowledgement to come or for a loss to be made good. What it
// may not send it does not. ID is the segment that this is a copy of, as the wire counts;
// 0 if it travels as one of its own.
//
// A loss that a segment's acknowledgement tells of is made good before the rest of the
// segment is looked at (tcp_ack), so by the end as it was before that: by its ghost, which
// is there until the next segment comes, or until whoever watches must have seen that.
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
	owes := s.rcv.lastACKSent != s.rcv.NXT
	if in.Flags&sim.SYN == 0 {
		m.emitData(s, in)
	} else if s.snd.rtxQueue[0].syn && in.Seq == s.snd.UNA && in.N == 0 && m.mayRetransmit(s, in.Seq) {
		m.sendQueued(s, 0)
	}
	m.emitting = false
	// Nobody has seen what a copy acknowledges: it may have left before what has just come was
	// taken in.
	if m.copyOf != 0 && owes {
		s.timers.ackOptional = true
	}
}

// sendAsTold sends a segment of OpSend, if the end may.
func (m *machine) emitData(s *socket, in Input) {
	n, fin := uint32(max(0, in.N)), in.Flags&sim.FIN != 0
	from, end := in.Seq, in.Seq+n
	if fin {
		end++
	}
	if m.copyOf != 0 { // of that it may repeat a part: what is still to be repeated
		from, end = maxSeq(from, s.snd.UNA), minSeq(end, s.snd.NXT)
		fin = fin && s.snd.finQueued && end == s.snd.writeSeq
		if n = end - from; fin {
			n--
		}
	}
	last := s.snd.finQueued && end == s.snd.writeSeq // it reaches to the FIN
	outside := after(s.snd.UNA, from) || after(from, s.snd.NXT) || after(end, s.snd.writeSeq) || after(end, s.snd.UNA+s.snd.WND)
	// An acknowledgement may have made the congestion window larger (RFC 5681 section 3.1).
	grown := m.now-s.snd.ackedAt < minProbeDelay
	// With more than one segment on the way a probe may come with the next tick.
	early := !s.snd.inLoss() && !s.snd.hasSACKed() && !s.snd.cwndOne && !grown && s.snd.rtxLen < 2 && m.now-s.snd.newestSentAt < minProbeDelay
	switch {
	case outside, !after(end, from), last != fin, in.Flags&sim.RST != 0:
		return
	case after(end, s.snd.NXT) && early:
		return
	case after(end, s.snd.NXT) && int(s.snd.rtxLen) == maxRtxQueue:
		m.unsupported = true
		return
	case after(s.snd.NXT, from) && !m.mayRetransmit(s, from):
		return
	}
	if after(s.snd.NXT, from) { // again
		s.snd.lossHigh = s.snd.NXT
		s.snd.retransmits |= 1
		if s.snd.retransStamp == 0 { // somebody who was busy has seen it late; it was after this
			s.snd.retransStamp = s.snd.newestSentAt
		}
	}
	if after(end, s.snd.NXT) {
		m.enqueueRtx(s, rtxSegment{end: end, fin: fin, psh: in.Flags&sim.PSH != 0})
	}
	flags := in.Flags | sim.ACK
	if !fin {
		flags &^= sim.FIN
	}
	m.transmit(s, flags, from, n)
}

// mayRepeat reports whether an end has a reason to repeat what it has sent from a number on,
// and notes that it does: time has passed since, a timeout has taken it for lost, the peer has
// something beyond it; or there is more than that on the way, and a probe for the last of it
// comes with the next tick (tcp_schedule_loss_probe). The timers of a kernel double, so that
// few repetitions come soon.
func (m *machine) mayRetransmit(s *socket, from uint32) bool {
	i := 0
	for i+1 < int(s.snd.rtxLen) && !after(s.snd.rtxQueue[i].end, from) {
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

// storm is a time in which a segment is repeated at most maxStorm times: by a probe, for what
// a SACK says, by a timeout, and each time in pieces, perhaps.
const burstPeriod Time = 200

const maxBurst = 10

// later and earlier return one of two numbers (RFC 9293 section 3.4).
func maxSeq(a, b uint32) uint32 {
	if after(b, a) {
		return b
	}
	return a
}

func minSeq(a, b uint32) uint32 {
	if after(a, b) {
		return b
	}
	return a
}

// holed reports whether the peer has got something beyond a hole: how much a kernel dares to
// send then is its own (TCP_CA_Disorder, TCP_CA_Recovery; RFC 6937).
func (t *sender) hasSACKed() bool {
	return slices.ContainsFunc(t.rtxQueue[:t.rtxLen], func(p rtxSegment) bool { return p.sacked })
}

// soonestProbe is how soon after what was sent last a probe may bring something that is
// new (tcp_schedule_loss_probe, TCP_TIMEOUT_MIN_US).
const minProbeDelay Time = 2

// counts tells of one more copy of a segment that the wire knows.
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

// rounding is by how much a kernel may find that more time has passed than somebody who
// looks on: it counts in ticks.
func (w *World) tickRounding() Time {
	if w.Observed {
		return 3 * tick
	}
	return 0
}

// since is the moment from which what follows a timer counts: somebody who was busy has seen
// late that it fired.
func (w *World) timerBase(due Time) Time {
	if w.Observed {
		return min(due, w.now)
	}
	return w.now
}

// lateness is by how much somebody who looks on may have seen a segment later than it was
// sent: a machine may be busy.
func (w *World) maxObservationDelay() Time {
	if w.Observed {
		return 150
	}
	return 0
}
