package tcp

import (
	"finwait/sim"
	"finwait/sim/cable"
)

// The wire holds the segments that were sent and have not arrived, both directions together,
// in the order of delivery. Which segment repeats which is decided by sim/cable, as on the wire
// of a live lab. On lo each segment arrives as soon as nothing else is left to do.

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

// Endpoint identifies one end of a connection: the number of the connection, and the side in
// the lowest bit. One integer is compared faster than a struct.
type Endpoint uint32

// DirectionFrom returns the direction of what a side sends on a connection.
func DirectionFrom(side Side, conn int) cable.Direction[Endpoint] {
	at := Endpoint(conn)<<1 | Endpoint(side)
	return cable.Direction[Endpoint]{Src: at, Dst: at ^ 1}
}

// View returns what the rules of the cable see of the segment.
func (s *Segment) View() cable.Segment[Endpoint] {
	return cable.Segment[Endpoint]{
		Direction: DirectionFrom(s.From, int(s.Conn)),
		Flags:     s.Flags, Ack: s.Ack,
		Span: sim.Span{From: s.Seq, To: s.end()},
	}
}

// countRetransmission counts a retransmission on the segment that it repeats. It reports whether
// there is one.
func (m *machine) countRetransmission(seg *Segment) bool {
	const usual = 4 // more segments than that take memory from the heap
	flight := make([]cable.Segment[Endpoint], 0, usual)
	for i := range m.flight[:m.nFlight] {
		flight = append(flight, m.flight[i].View())
	}
	delivered := make([]cable.Delivered[Endpoint], 0, usual)
	for i := range m.delivered[:m.nDelivered] {
		h := &m.delivered[i]
		recent := m.now-h.at < cable.MaxAckDelay
		delivered = append(delivered, cable.Delivered[Endpoint]{Segment: h.View(), Replied: h.replied, Recent: recent})
	}
	repeated := cable.Repeats(flight, delivered, seg.View())
	switch {
	case repeated.Arrived:
		m.addCopy(&m.delivered[repeated.Index].Segment, seg)
	case repeated.Found:
		m.addCopy(&m.flight[repeated.Index], seg)
	}
	return repeated.Found
}

// addCopy counts a copy of the segment h, and reports the copy as it was sent. The copy replaces
// h on the wire, unless it has another acknowledgement number: the segment on the wire was sent
// before that.
func (m *machine) addCopy(h, seg *Segment) {
	h.Copies++
	if seg.View().Replaces(h.View()) {
		h.Window, h.SACK, h.Flags, h.SendOrder, h.SentAt = seg.Window, seg.SACK, seg.Flags, seg.SendOrder, seg.SentAt
	}
	seg.ID, seg.Copies, seg.Resent = h.ID, h.Copies, h.Resent
	m.reportSegment(*seg, Retransmitted)
}

// markDelivered records a segment that has arrived, and removes the segments that it
// acknowledges.
func (w *World) markDelivered(seg Segment) {
	n, ack := uint8(0), seg.View()
	for i := range w.delivered[:w.nDelivered] {
		if old := &w.delivered[i]; !ack.Acknowledges(old.View()) {
			w.delivered[n] = *old
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

// markReplied records which delivered segments the new segment seg replies to.
func (w *World) markReplied(seg *Segment) {
	reply := seg.View()
	for i := range w.delivered[:w.nDelivered] {
		h := &w.delivered[i]
		h.replied = h.replied || reply.RepliesTo(h.View())
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
	i, ok := cable.Swap(m.flight[:m.nFlight], func(h Segment) bool { return h.From == side })
	if ok {
		m.reportSegment(m.flight[i], Overtaken)
	}
}
