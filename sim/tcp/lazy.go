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
func (m *machine) rouse(number, inTime int) {
	if number < 0 || number >= maxProcesses {
		return
	}
	p := &m.procs[number]
	if p.in == OpRead && inTime > 0 {
		if !p.hasSeen(uint32(inTime)) {
			return
		}
		p.n = min(p.n, uint32(inTime))
	}
	p.sleeps, p.inTime = false, inTime > 0
}

// hasSeen reports whether a read that slept could return so many bytes at some moment.
func (p *process) hasSeen(n uint32) bool {
	for _, there := range p.saw[:p.sights] {
		if min(there, p.n) == n {
			return true
		}
	}
	return p.sights == maxSights && min(p.saw[maxSights-1], p.n) < n // more is not remembered
}

// noteUnread notes how much there is to be read, for the processes that sleep until there is
// something.
func (m *machine) noteUnread(s *socket) {
	n := s.unread()
	for i := range m.procs {
		p := &m.procs[i]
		if p.in != OpRead || !p.sleeps || n == 0 || m.socket(p, int(p.fd)) != s || p.sights == maxSights {
			continue
		}
		p.saw[p.sights] = n
		p.sights++
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
func (m *machine) sendChosen(in Input) {
	s := m.socketOf(in.Side, uint16(in.Conn))
	if s == nil || in.Flags&sim.ACK != 0 && in.Ack != s.rx.nxt {
		if s = &m.ghost; m.now > m.haunts {
			return
		}
	}
	if !m.Lazy || s.side != in.Side || int(s.conn) != in.Conn || s.kind != full || s.tx.parts == 0 {
		return
	}
	m.chosen, m.copyOf = true, uint16(max(0, in.ID))
	owes := s.rx.acked != s.rx.nxt
	if in.Flags&sim.SYN == 0 {
		m.sendAsTold(s, in)
	} else if s.tx.sent[0].syn && in.Seq == s.tx.una && in.N == 0 && m.mayRepeat(s, in.Seq) {
		m.sendSent(s, 0)
	}
	m.chosen = false
	// Nobody has seen what a copy acknowledges: it may have left before what has just come was
	// taken in.
	if m.copyOf != 0 && owes {
		s.tm.may = true
	}
}

// sendAsTold sends a segment of OpSend, if the end may.
func (m *machine) sendAsTold(s *socket, in Input) {
	n, fin := uint32(max(0, in.N)), in.Flags&sim.FIN != 0
	from, end := in.Seq, in.Seq+n
	if fin {
		end++
	}
	if m.copyOf != 0 { // of that it may repeat a part: what is still to be repeated
		from, end = later(from, s.tx.una), earlier(end, s.tx.nxt)
		fin = fin && s.tx.fin && end == s.tx.write
		if n = end - from; fin {
			n--
		}
	}
	last := s.tx.fin && end == s.tx.write // it reaches to the FIN
	outside := after(s.tx.una, from) || after(from, s.tx.nxt) || after(end, s.tx.write) || after(end, s.tx.una+s.tx.wnd)
	// An acknowledgement may have made the congestion window larger (RFC 5681 section 3.1).
	grown := m.now-s.tx.ackedAt < soonestProbe
	// With more than one segment on the way a probe may come with the next tick.
	early := !s.tx.repairs() && !s.tx.holed() && !s.tx.tight && !grown && s.tx.parts < 2 && m.now-s.tx.at < soonestProbe
	switch {
	case outside, !after(end, from), last != fin, in.Flags&sim.RST != 0:
		return
	case after(end, s.tx.nxt) && early:
		return
	case after(end, s.tx.nxt) && int(s.tx.parts) == maxSent:
		m.beyond = true
		return
	case after(s.tx.nxt, from) && !m.mayRepeat(s, from):
		return
	}
	if after(s.tx.nxt, from) { // again
		s.tx.lost = s.tx.nxt
		s.tx.retransmits |= 1
		if s.tx.stamp == 0 { // somebody who was busy has seen it late; it was after this
			s.tx.stamp = s.tx.at
		}
	}
	if after(end, s.tx.nxt) {
		m.enqueuePart(s, part{to: end, fin: fin, push: in.Flags&sim.PSH != 0})
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
func (m *machine) mayRepeat(s *socket, from uint32) bool {
	i := 0
	for i+1 < int(s.tx.parts) && !after(s.tx.sent[i].to, from) {
		i++
	}
	p := &s.tx.sent[i]
	if m.now-p.at >= storm {
		p.at, p.again = m.now-soonestProbe, 0
	}
	if p.again == maxStorm || m.now-p.at < soonestProbe && s.tx.parts < 2 && !s.tx.repairs() && !s.tx.holed() {
		return false
	}
	p.again++
	return true
}

// storm is a time in which a segment is repeated at most maxStorm times: by a probe, for what
// a SACK says, by a timeout, and each time in pieces, perhaps.
const storm Time = 200

const maxStorm = 10

// later and earlier return one of two numbers (RFC 9293 section 3.4).
func later(a, b uint32) uint32 {
	if after(b, a) {
		return b
	}
	return a
}

func earlier(a, b uint32) uint32 {
	if after(a, b) {
		return b
	}
	return a
}

// holed reports whether the peer has got something beyond a hole: how much a kernel dares to
// send then is its own (TCP_CA_Disorder, TCP_CA_Recovery; RFC 6937).
func (t *sender) holed() bool {
	return slices.ContainsFunc(t.sent[:t.parts], func(p part) bool { return p.sacked })
}

// soonestProbe is how soon after what was sent last a probe may bring something that is
// new (tcp_schedule_loss_probe, TCP_TIMEOUT_MIN_US).
const soonestProbe Time = 2

// counts tells of one more copy of a segment that the wire knows.
func (m *machine) counts(seg Segment) {
	for i := range m.flight[:m.flying] {
		if h := &m.flight[i]; h.ID == m.copyOf {
			m.copied(h, &seg)
			return
		}
	}
	for i := range m.landed[:m.landing] {
		if h := &m.landed[i].Segment; h.ID == m.copyOf {
			m.copied(h, &seg)
			return
		}
	}
}

// rounding is by how much a kernel may find that more time has passed than somebody who
// looks on: it counts in ticks.
func (w *World) rounding() Time {
	if w.Lazy {
		return 3 * tick
	}
	return 0
}

// since is the moment from which what follows a timer counts: somebody who was busy has seen
// late that it fired.
func (w *World) since(due Time) Time {
	if w.Lazy {
		return min(due, w.now)
	}
	return w.now
}

// lateness is by how much somebody who looks on may have seen a segment later than it was
// sent: a machine may be busy.
func (w *World) lateness() Time {
	if w.Lazy {
		return 150
	}
	return 0
}
