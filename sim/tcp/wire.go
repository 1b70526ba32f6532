package tcp

import (
	"slices"

	"finwait/sim"
)

// The wire holds the segments that were sent and have not arrived, both directions together,
// in the order of delivery. On lo each segment arrives as soon as nothing else is left to do.

// deliveredSegment is a segment that has arrived and whose acknowledgement has not.
type deliveredSegment struct {
	Segment
	at      Time // time of the delivery
	replied bool // the receiver has sent an acknowledgement or a reset since
}

// send puts a segment on the wire. A segment that only repeats one on the wire, or a delivered
// one whose acknowledgement is on the wire, becomes a copy of it: without the delay of the
// wire it would not have been sent.
func (m *machine) send(seg Segment) {
	m.nSent++
	seg.SendOrder = m.nSent
	if m.Loopback {
		seg.Resent = false
		m.effect(Effect{Kind: SegmentMoved, Side: seg.From, Conn: seg.Conn, Segment: seg})
		m.putOnWire(seg)
		return
	}
	m.markReplied(&seg)
	if m.Observed {
		seg.SentAt, seg.FirstSentAt = m.now, m.now
	}
	switch {
	case m.emitting && m.copyOf != 0:
		m.countCopy(seg)
		return
	case !m.emitting && seg.end() != seg.Seq && m.countRetransmission(&seg):
		return
	}
	m.lastID++
	seg.ID, seg.Copies = m.lastID, 1
	m.reportSegment(seg, Held)
	if m.cableCut {
		m.reportSegment(seg, Dropped)
		return
	}
	m.putOnWire(seg)
}

// putOnWire appends a segment to the wire. A full wire loses it.
func (m *machine) putOnWire(seg Segment) {
	if int(m.nFlight) == maxFlight {
		m.unsupported = true
		return
	}
	m.flight[m.nFlight] = seg
	m.nFlight++
}

// takeOffWire removes segment i from the wire.
func (w *World) takeOffWire(i int) {
	copy(w.flight[i:w.nFlight], w.flight[i+1:w.nFlight])
	w.nFlight--
	w.flight[w.nFlight] = Segment{}
}

// reportSegment reports what became of a segment.
func (m *machine) reportSegment(seg Segment, fate Fate) {
	seg.Fate = fate
	m.effect(Effect{Kind: SegmentMoved, Side: seg.From, Conn: seg.Conn, Segment: seg})
}

// Flight appends the segments on the wire to all, and returns the extended slice.
func (w *World) Flight(all []Segment) []Segment { return append(all, w.flight[:w.nFlight]...) }

// Cut reports whether the cable is cut.
func (w *World) Cut() bool { return w.cableCut }

// samePhase reports whether two segments belong to the same phase of what one end sends: its
// SYN, its SYN ACK, or everything after it.
func samePhase(a, b *Segment) bool {
	return a.From == b.From && a.Conn == b.Conn && phase(a.Flags) == phase(b.Flags)
}

// phase returns the flags that tell the phases apart.
func phase(f sim.Flags) sim.Flags {
	if f&sim.SYN == 0 {
		return 0
	}
	return f & (sim.SYN | sim.ACK)
}

// countRetransmission counts a retransmission on the segments that it repeats. It reports
// whether the retransmission contains nothing else.
func (m *machine) countRetransmission(seg *Segment) bool {
	if m.covering(seg, func(*Segment) {}) {
		m.covering(seg, func(h *Segment) { m.addCopy(h, seg) })
		return true
	}
	found, acked := false, m.ackOnWire(seg)
	for i := range m.delivered[:m.nDelivered] {
		h := &m.delivered[i]
		if samePhase(&h.Segment, seg) && overlap(&h.Segment, seg) && (acked || m.awaitingAck(h, seg)) {
			m.addCopy(&h.Segment, seg)
			found = true
		}
	}
	return found
}

// addCopy counts a copy of the segment h. The copy replaces h on the wire, unless it has
// another acknowledgement number: the segment on the wire was sent before that.
func (m *machine) addCopy(h, seg *Segment) {
	h.Copies++
	if h.Seq == seg.Seq && h.end() == seg.end() && h.Ack == seg.Ack {
		h.Window, h.SACK, h.Flags, h.SendOrder, h.SentAt = seg.Window, seg.SACK, seg.Flags, seg.SendOrder, seg.SentAt
	}
	m.reportSegment(*h, Retransmitted)
}

// overlap reports whether two segments share a sequence number.
func overlap(a, b *Segment) bool { return a.end().After(b.Seq) && b.end().After(a.Seq) }

// covering calls fn with the segments on the wire that cover seg, in the order of their
// sequence numbers, until it finds a gap. It reports whether they cover all of seg.
func (w *World) covering(seg *Segment, fn func(*Segment)) bool {
	for at := seg.Seq; seg.end().After(at); {
		i := slices.IndexFunc(w.flight[:w.nFlight], func(h Segment) bool {
			return samePhase(&h, seg) && !h.Seq.After(at) && h.end().After(at)
		})
		if i < 0 {
			return false
		}
		fn(&w.flight[i])
		at = w.flight[i].end()
	}
	return true
}

// ackOnWire reports whether an acknowledgement of all of seg, or a reset, is on the wire.
func (w *World) ackOnWire(seg *Segment) bool {
	for i := range w.flight[:w.nFlight] {
		if acknowledges(&w.flight[i], seg) {
			return true
		}
	}
	return false
}

// awaitingAck reports whether the delivered segment h still waits for its acknowledgement, and
// seg covers no other bytes.
func (w *World) awaitingAck(h *deliveredSegment, seg *Segment) bool {
	covered := !h.Seq.After(seg.Seq) && !seg.end().After(h.end())
	return covered && !h.replied && w.now-h.at < delackMax+tick
}

// acknowledges reports whether the segment a acknowledges all of seg, or resets the
// connection.
func acknowledges(a, seg *Segment) bool {
	if a.From == seg.From || a.Conn != seg.Conn {
		return false
	}
	return a.Flags&sim.RST != 0 || a.Flags&sim.ACK != 0 && !seg.end().After(a.Ack)
}

// markDelivered records a segment that has arrived, and removes the segments that it
// acknowledges.
func (w *World) markDelivered(seg Segment) {
	n := uint8(0)
	for _, old := range w.delivered[:w.nDelivered] {
		if !acknowledges(&seg, &old.Segment) && old.ID != seg.ID {
			w.delivered[n] = old
			n++
		}
	}
	clear(w.delivered[n:])
	w.nDelivered = n
	switch {
	case seg.end() == seg.Seq:
	case int(n) == maxDelivered:
		w.unsupported = true
	default:
		w.delivered[n] = deliveredSegment{Segment: seg, at: w.now}
		w.nDelivered++
	}
}

// markReplied records which delivered segments the new segment seg answers. It answers all of
// them: it acknowledges everything that its sender has accepted, and a segment that it does
// not acknowledge was rejected.
func (w *World) markReplied(seg *Segment) {
	for i := range w.delivered[:w.nDelivered] {
		h := &w.delivered[i]
		back := seg.From != h.From && seg.Conn == h.Conn
		h.replied = h.replied || back && seg.Flags&(sim.ACK|sim.RST) != 0
	}
}

// handleWire does what a person does to the wire.
func (m *machine) handleWire(in Input) {
	switch in.Op {
	case OpCut:
		m.cutCable()
		return
	case OpMend:
		m.cableCut = false
		m.effect(Effect{Kind: CableChanged})
		return
	case OpSwap:
		m.swap(in.Side)
		return
	}
	for i, h := range m.flight[:m.nFlight] {
		if int(h.ID) != in.ID {
			continue
		}
		switch in.Op {
		case OpDeliver:
			m.takeOffWire(i)
			m.markDelivered(h)
			m.reportSegment(h, Delivered)
			m.receive(h)
		case OpDrop:
			m.takeOffWire(i)
			m.reportSegment(h, Dropped)
		case OpDuplicate:
			m.reportSegment(h, Duplicated)
			m.receive(h)
		}
		return
	}
}

// cutCable cuts the cable: every segment on the wire is lost.
func (m *machine) cutCable() {
	m.cableCut = true
	m.effect(Effect{Kind: CableChanged, Ret: 1})
	for m.nFlight > 0 {
		h := m.flight[0]
		m.takeOffWire(0)
		m.reportSegment(h, Dropped)
	}
}

// swap lets the second segment of a side overtake the first.
func (m *machine) swap(side Side) {
	first := -1
	for i := range m.flight[:m.nFlight] {
		switch {
		case m.flight[i].From != side:
		case first < 0:
			first = i
		default:
			m.flight[first], m.flight[i] = m.flight[i], m.flight[first]
			m.reportSegment(m.flight[i], Overtaken)
			return
		}
	}
}
