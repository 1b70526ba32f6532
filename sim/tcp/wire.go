package tcp

import (
	"slices"

	"finwait/sim"
)

// The wire: segments that were sent and have not arrived, in the order in which they
// will be delivered, both directions together. On lo each arrives as soon as nothing
// else is going on.

// send puts a segment on the wire. One that only repeats what is there, or what has
// arrived and whose acknowledgement is there, is a copy of it: it would not have been
// sent if nobody held anything.
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

// enter puts a segment at the end of the flight. A wire that is full loses it.
func (m *machine) putOnWire(seg Segment) {
	if int(m.nFlight) == maxFlight {
		m.unsupported = true
		return
	}
	m.flight[m.nFlight] = seg
	m.nFlight++
}

// unflight takes segment i off the wire.
func (w *World) takeOffWire(i int) {
	copy(w.flight[i:w.nFlight], w.flight[i+1:w.nFlight])
	w.nFlight--
	w.flight[w.nFlight] = Segment{}
}

// news tells what became of a segment.
func (m *machine) reportSegment(seg Segment, fate Fate) {
	seg.Fate = fate
	m.effect(Effect{Kind: SegmentMoved, Side: seg.From, Conn: seg.Conn, Segment: seg})
}

// Flight appends what is on the wire, and returns the extended slice.
func (w *World) Flight(all []Segment) []Segment { return append(all, w.flight[:w.nFlight]...) }

// Cut reports whether the cable is cut.
func (w *World) Cut() bool { return w.cableCut }

// sameStretch reports whether two segments belong to the same part of what one end
// sends: its SYN, its SYN ACK, or all that follows.
func samePhase(a, b *Segment) bool {
	return a.From == b.From && a.Conn == b.Conn && phase(a.Flags) == phase(b.Flags)
}

func phase(f sim.Flags) sim.Flags {
	if f&sim.SYN == 0 {
		return 0
	}
	return f & (sim.SYN | sim.ACK)
}

// repeats counts a retransmission on the segments that it repeats, and reports whether
// it brings nothing else.
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

// copied counts one more copy of a segment. It travels on in place of the older one,
// unless it acknowledges more: what is on the wire was sent before that.
func (m *machine) addCopy(h, seg *Segment) {
	h.Copies++
	if h.Seq == seg.Seq && h.end() == seg.end() && h.Ack == seg.Ack {
		h.Window, h.SACK, h.Flags, h.SendOrder, h.SentAt = seg.Window, seg.SACK, seg.Flags, seg.SendOrder, seg.SentAt
	}
	m.reportSegment(*h, Retransmitted)
}

// overlap reports whether two segments share a sequence number.
func overlap(a, b *Segment) bool { return after(a.end(), b.Seq) && after(b.end(), a.Seq) }

// holding reports whether segments on the wire together bring all that seg does, and calls
// fn with each, in the order of the sequence, up to where it knows.
func (w *World) covering(seg *Segment, fn func(*Segment)) bool {
	for at := seg.Seq; after(seg.end(), at); {
		i := slices.IndexFunc(w.flight[:w.nFlight], func(h Segment) bool {
			return samePhase(&h, seg) && !after(h.Seq, at) && after(h.end(), at)
		})
		if i < 0 {
			return false
		}
		fn(&w.flight[i])
		at = w.flight[i].end()
	}
	return true
}

// acknowledged reports whether an acknowledgement of all of seg, or a reset, is on the wire.
func (w *World) ackOnWire(seg *Segment) bool {
	for i := range w.flight[:w.nFlight] {
		if acknowledges(&w.flight[i], seg) {
			return true
		}
	}
	return false
}

// awaits reports whether a segment that has arrived is still to be acknowledged, and seg
// brings nothing but what it brought.
func (w *World) awaitingAck(h *deliveredSegment, seg *Segment) bool {
	within := !after(h.Seq, seg.Seq) && !after(seg.end(), h.end())
	return within && !h.replied && w.now-h.at < delackMax+tick
}

// acknowledges reports whether a says that all of seg has arrived, or that the connection is
// over.
func acknowledges(a, seg *Segment) bool {
	if a.From == seg.From || a.Conn != seg.Conn {
		return false
	}
	return a.Flags&sim.RST != 0 || a.Flags&sim.ACK != 0 && !after(seg.end(), a.Ack)
}

// landed is a segment that has arrived and whose acknowledgement has not.
type deliveredSegment struct {
	Segment
	at      Time
	replied bool // its receiver has sent something since
}

// lands remembers a segment that has arrived until its acknowledgement has.
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

// replies notes which segments that have arrived a new one answers: it acknowledges all
// that its sender has taken in, and what it does not acknowledge was refused.
func (w *World) markReplied(seg *Segment) {
	for i := range w.delivered[:w.nDelivered] {
		h := &w.delivered[i]
		back := seg.From != h.From && seg.Conn == h.Conn
		h.replied = h.replied || back && seg.Flags&(sim.ACK|sim.RST) != 0
	}
}

// handle does what a person does to the wire.
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

func (m *machine) cutCable() {
	m.cableCut = true
	m.effect(Effect{Kind: CableChanged, Ret: 1})
	for m.nFlight > 0 {
		h := m.flight[0]
		m.takeOffWire(0)
		m.reportSegment(h, Dropped)
	}
}

// swap lets the second segment of a side overtake its first.
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
