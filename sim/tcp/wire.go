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
	m.sent++
	seg.Nth = m.sent
	if m.Loopback {
		seg.Resent = false
		m.emit(Effect{Kind: Moved, Side: seg.From, Conn: seg.Conn, Segment: seg})
		m.enter(seg)
		return
	}
	m.replies(&seg)
	if m.Lazy {
		seg.At, seg.First = m.now, m.now
	}
	switch {
	case m.chosen && m.copyOf != 0:
		m.counts(seg)
		return
	case !m.chosen && seg.next() != seg.Seq && m.repeats(&seg):
		return
	}
	m.lastID++
	seg.ID, seg.Copies = m.lastID, 1
	m.news(seg, Held)
	if m.cut {
		m.news(seg, Dropped)
		return
	}
	m.enter(seg)
}

// enter puts a segment at the end of the flight. A wire that is full loses it.
func (m *machine) enter(seg Segment) {
	if int(m.flying) == maxFlight {
		m.beyond = true
		return
	}
	m.flight[m.flying] = seg
	m.flying++
}

// unflight takes segment i off the wire.
func (w *World) unflight(i int) {
	copy(w.flight[i:w.flying], w.flight[i+1:w.flying])
	w.flying--
	w.flight[w.flying] = Segment{}
}

// news tells what became of a segment.
func (m *machine) news(seg Segment, fate Fate) {
	seg.Fate = fate
	m.emit(Effect{Kind: Moved, Side: seg.From, Conn: seg.Conn, Segment: seg})
}

// Flight appends what is on the wire, and returns the extended slice.
func (w *World) Flight(all []Segment) []Segment { return append(all, w.flight[:w.flying]...) }

// Cut reports whether the cable is cut.
func (w *World) Cut() bool { return w.cut }

// sameStretch reports whether two segments belong to the same part of what one end
// sends: its SYN, its SYN ACK, or all that follows.
func sameStretch(a, b *Segment) bool {
	return a.From == b.From && a.Conn == b.Conn && opening(a.Flags) == opening(b.Flags)
}

func opening(f sim.Flags) sim.Flags {
	if f&sim.SYN == 0 {
		return 0
	}
	return f & (sim.SYN | sim.ACK)
}

// repeats counts a retransmission on the segments that it repeats, and reports whether
// it brings nothing else.
func (m *machine) repeats(seg *Segment) bool {
	if m.holding(seg, func(*Segment) {}) {
		m.holding(seg, func(h *Segment) { m.copied(h, seg) })
		return true
	}
	found, acked := false, m.acknowledged(seg)
	for i := range m.landed[:m.landing] {
		h := &m.landed[i]
		if sameStretch(&h.Segment, seg) && overlap(&h.Segment, seg) && (acked || m.awaits(h, seg)) {
			m.copied(&h.Segment, seg)
			found = true
		}
	}
	return found
}

// copied counts one more copy of a segment. It travels on in place of the older one,
// unless it acknowledges more: what is on the wire was sent before that.
func (m *machine) copied(h, seg *Segment) {
	h.Copies++
	if h.Seq == seg.Seq && h.next() == seg.next() && h.Ack == seg.Ack {
		h.Window, h.Sacks, h.Flags, h.Nth, h.At = seg.Window, seg.Sacks, seg.Flags, seg.Nth, seg.At
	}
	m.news(*h, Retransmitted)
}

// overlap reports whether two segments share a sequence number.
func overlap(a, b *Segment) bool { return after(a.next(), b.Seq) && after(b.next(), a.Seq) }

// holding reports whether segments on the wire together bring all that seg does, and calls
// fn with each, in the order of the sequence, up to where it knows.
func (w *World) holding(seg *Segment, fn func(*Segment)) bool {
	for at := seg.Seq; after(seg.next(), at); {
		i := slices.IndexFunc(w.flight[:w.flying], func(h Segment) bool {
			return sameStretch(&h, seg) && !after(h.Seq, at) && after(h.next(), at)
		})
		if i < 0 {
			return false
		}
		fn(&w.flight[i])
		at = w.flight[i].next()
	}
	return true
}

// acknowledged reports whether an acknowledgement of all of seg, or a reset, is on the wire.
func (w *World) acknowledged(seg *Segment) bool {
	for i := range w.flight[:w.flying] {
		if acknowledges(&w.flight[i], seg) {
			return true
		}
	}
	return false
}

// awaits reports whether a segment that has arrived is still to be acknowledged, and seg
// brings nothing but what it brought.
func (w *World) awaits(h *landed, seg *Segment) bool {
	within := !after(h.Seq, seg.Seq) && !after(seg.next(), h.next())
	return within && !h.replied && w.now-h.at < ackMax+tick
}

// acknowledges reports whether a says that all of seg has arrived, or that the connection is
// over.
func acknowledges(a, seg *Segment) bool {
	if a.From == seg.From || a.Conn != seg.Conn {
		return false
	}
	return a.Flags&sim.RST != 0 || a.Flags&sim.ACK != 0 && !after(seg.next(), a.Ack)
}

// landed is a segment that has arrived and whose acknowledgement has not.
type landed struct {
	Segment
	at      Time
	replied bool // its receiver has sent something since
}

// lands remembers a segment that has arrived until its acknowledgement has.
func (w *World) lands(seg Segment) {
	n := uint8(0)
	for _, old := range w.landed[:w.landing] {
		if !acknowledges(&seg, &old.Segment) && old.ID != seg.ID {
			w.landed[n] = old
			n++
		}
	}
	clear(w.landed[n:])
	w.landing = n
	switch {
	case seg.next() == seg.Seq:
	case int(n) == maxLanded:
		w.beyond = true
	default:
		w.landed[n] = landed{Segment: seg, at: w.now}
		w.landing++
	}
}

// replies notes which segments that have arrived a new one answers: it acknowledges all
// that its sender has taken in, and what it does not acknowledge was refused.
func (w *World) replies(seg *Segment) {
	for i := range w.landed[:w.landing] {
		h := &w.landed[i]
		back := seg.From != h.From && seg.Conn == h.Conn
		h.replied = h.replied || back && seg.Flags&(sim.ACK|sim.RST) != 0
	}
}

// handle does what a person does to the wire.
func (m *machine) handle(in Input) {
	switch in.Op {
	case OpCut:
		m.cutCable()
		return
	case OpMend:
		m.cut = false
		m.emit(Effect{Kind: Cabled})
		return
	case OpSwap:
		m.swap(in.Side)
		return
	}
	for i, h := range m.flight[:m.flying] {
		if int(h.ID) != in.ID {
			continue
		}
		switch in.Op {
		case OpDeliver:
			m.unflight(i)
			m.lands(h)
			m.news(h, Delivered)
			m.arrive(h)
		case OpDrop:
			m.unflight(i)
			m.news(h, Dropped)
		case OpDuplicate:
			m.news(h, Duplicated)
			m.arrive(h)
		}
		return
	}
}

func (m *machine) cutCable() {
	m.cut = true
	m.emit(Effect{Kind: Cabled, Ret: 1})
	for m.flying > 0 {
		h := m.flight[0]
		m.unflight(0)
		m.news(h, Dropped)
	}
}

// swap lets the second segment of a side overtake its first.
func (m *machine) swap(side Side) {
	first := -1
	for i := range m.flight[:m.flying] {
		switch {
		case m.flight[i].From != side:
		case first < 0:
			first = i
		default:
			m.flight[first], m.flight[i] = m.flight[i], m.flight[first]
			m.news(m.flight[i], Overtaken)
			return
		}
	}
}
