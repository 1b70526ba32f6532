package wire

import (
	"errors"
	"net/netip"
	"slices"
	"time"

	"finwait/sim"
	"finwait/sim/cable"
)

// MaxPacket is the size of the largest IPv4 packet.
const MaxPacket = 1 << 16

// ErrEmpty is the error of a read when the host has sent nothing more.
var ErrEmpty = errors.New("nothing was sent")

// Port is one end of the wire: a TUN, or its substitute in a test.
type Port interface {
	// Read reads the next packet that the host has sent into buf and returns its size. The
	// error is ErrEmpty if there is none.
	Read(buf []byte) (int, error)
	// Write makes the host receive a packet.
	Write(packet []byte) error
}

// Wire is the cable between two hosts. Every segment that a host sends stays on it until it is
// delivered or dropped. What is not TCP over IPv4 (ICMP) passes at once; what is not IPv4 is
// discarded.
//
//	client host ──▶ Take ──▶ flight ──▶ Deliver ──▶ server host
//	                           └──────▶ Drop
//
// Which segment repeats which is decided by sim/cable, as in the model. A Wire is not safe for
// concurrent use.
type Wire struct {
	ports     map[sim.End]Port
	flight    []*Held                    // in the order of delivery, both directions together
	delivered []*Held                    // segments whose acknowledgement was not delivered
	sent      cable.Sent[netip.AddrPort] // everything sent so far
	cut       bool
	lastID    int
	buf       [MaxPacket]byte
}

// Held is a segment on the wire. It belongs to the Wire: read it, do not write to it. A
// retransmission changes its Packet and Copies.
type Held struct {
	ID     int // 1 and up
	From   sim.End
	Packet Packet
	Copies int  // how often the sender has sent the segment, 1 and up
	Resent bool // the sequence numbers were sent before, in a segment that is no longer on the wire

	raw         []byte // the newest copy
	deliveredAt time.Time
	replied     bool // the receiver has sent an acknowledgement or a reset since the delivery
}

// News reports what has become of a segment.
type News struct {
	Held   *Held
	Packet Packet // what was sent: of a retransmission the copy, which may differ from Held.Packet
	Fate   sim.Fate
}

// news returns news of a segment that is as it was.
func (h *Held) news(fate sim.Fate) News { return News{h, h.Packet, fate} }

// ErrNotHeld is the error of an action on a segment that is not on the wire any more.
var ErrNotHeld = errors.New("the segment is not on the wire")

// MaxDelay is the longest time for which a host delays an acknowledgement.
const MaxDelay = cable.MaxAckDelay * time.Millisecond

// view returns what the rules of the cable see of the packet.
func (p Packet) view() cable.Segment[netip.AddrPort] {
	return cable.Segment[netip.AddrPort]{
		Direction: cable.Direction[netip.AddrPort]{Src: p.Src, Dst: p.Dst},
		Flags:     p.Flags, Ack: p.Ack,
		Span: sim.Span{From: p.Seq, To: sim.Segment{Flags: p.Flags, Seq: p.Seq, Len: p.Len}.Next()},
	}
}

// New returns a wire between two ports, which the caller owns.
func New(client, server Port) *Wire {
	return &Wire{ports: map[sim.End]Port{sim.Client: client, sim.Server: server}}
}

// Take reads everything that the hosts have sent, the client's first, and calls fn with what
// became of each segment: Held, or Retransmitted for a copy of a segment that is on the wire
// or waits for its acknowledgement. On a cut wire Held is followed by Dropped. The error is
// that of a port.
func (w *Wire) Take(fn func(News)) error {
	for _, from := range []sim.End{sim.Client, sim.Server} {
		for {
			n, err := w.ports[from].Read(w.buf[:])
			if errors.Is(err, ErrEmpty) {
				break
			}
			if err != nil {
				return err
			}
			if err := w.take(from, w.buf[:n], fn); err != nil {
				return err
			}
		}
	}
	return nil
}

// take takes one packet.
func (w *Wire) take(from sim.End, raw []byte, fn func(News)) error {
	p, err := Parse(raw)
	switch {
	case errors.Is(err, ErrNotTCP) && len(raw) > 0 && raw[0]>>4 == 4 && !w.cut:
		return w.ports[from.Peer()].Write(raw)
	case err != nil:
		return nil
	}
	w.markReplied(p)
	if w.countRetransmission(p, raw, fn) {
		return nil
	}
	w.lastID++
	h := &Held{ID: w.lastID, From: from, Packet: p, Copies: 1, Resent: w.sent.Add(p.view()), raw: slices.Clone(raw)}
	w.flight = append(w.flight, h)
	fn(h.news(sim.Held))
	if w.cut {
		fn(w.remove(h, sim.Dropped))
	}
	return nil
}

// markReplied records which delivered segments p replies to.
func (w *Wire) markReplied(p Packet) {
	for _, h := range w.delivered {
		h.replied = h.replied || p.view().RepliesTo(h.Packet.view())
	}
}

// countRetransmission counts a retransmission on the segment that it repeats, and reports
// whether there is one. Segments that the sender has joined travel as they were.
func (w *Wire) countRetransmission(p Packet, raw []byte, fn func(News)) bool {
	flight := make([]cable.Segment[netip.AddrPort], len(w.flight))
	for i, h := range w.flight {
		flight[i] = h.Packet.view()
	}
	delivered := make([]cable.Delivered[netip.AddrPort], len(w.delivered))
	for i, h := range w.delivered {
		delivered[i] = cable.Delivered[netip.AddrPort]{
			Segment: h.Packet.view(), Replied: h.replied, Recent: time.Since(h.deliveredAt) < MaxDelay,
		}
	}
	repeated := cable.Repeats(flight, delivered, p.view())
	switch {
	case repeated.Arrived:
		w.delivered[repeated.Index].addCopy(p, raw, fn)
	case repeated.Found:
		w.flight[repeated.Index].addCopy(p, raw, fn)
	}
	return repeated.Found
}

// addCopy counts the copy p of the segment.
func (h *Held) addCopy(p Packet, raw []byte, fn func(News)) {
	h.Copies++
	if p.view().Replaces(h.Packet.view()) {
		h.Packet, h.raw = p, append(h.raw[:0], raw...)
	}
	fn(News{h, p, sim.Retransmitted})
}

// Flight returns the segments on the wire in the order in which they will be
// delivered, both directions together. The caller owns the slice.
func (w *Wire) Flight() []*Held { return slices.Clone(w.flight) }

// Next returns the segment of an end that will be delivered next, of either end for "", nil
// for none.
func (w *Wire) Next(from sim.End) *Held {
	return w.find(func(h *Held) bool { return from == "" || h.From == from })
}

// ByID returns a segment on the wire, nil if it is not there.
func (w *Wire) ByID(id int) *Held { return w.find(func(h *Held) bool { return h.ID == id }) }

// find returns the first segment on the wire that satisfies ok, nil for none.
func (w *Wire) find(ok func(*Held) bool) *Held {
	if i := slices.IndexFunc(w.flight, ok); i >= 0 {
		return w.flight[i]
	}
	return nil
}

// Deliver delivers a segment to the other host. When Deliver returns, the host has processed
// it. The error is ErrNotHeld or that of the port; the segment then stays where it was.
func (w *Wire) Deliver(h *Held) (News, error) {
	if err := w.write(h); err != nil {
		return News{}, err
	}
	w.markDelivered(h)
	return w.remove(h, sim.Delivered), nil
}

// Duplicate delivers a copy of a segment to the other host, and keeps the segment on the wire.
// The errors are those of Deliver.
func (w *Wire) Duplicate(h *Held) (News, error) {
	if err := w.write(h); err != nil {
		return News{}, err
	}
	return h.news(sim.Duplicated), nil
}

// write makes the other host receive a segment.
func (w *Wire) write(h *Held) error {
	if !slices.Contains(w.flight, h) {
		return ErrNotHeld
	}
	return w.ports[h.From.Peer()].Write(h.raw)
}

// markDelivered records a delivered segment, and forgets the segments that it acknowledges.
func (w *Wire) markDelivered(h *Held) {
	seg := h.Packet.view()
	w.delivered = slices.DeleteFunc(w.delivered, func(old *Held) bool { return seg.Acknowledges(old.Packet.view()) })
	h.deliveredAt = time.Now()
	if !seg.Span.Empty() {
		w.delivered = append(w.delivered, h)
	}
}

// Drop loses a segment. The error is ErrNotHeld.
func (w *Wire) Drop(h *Held) (News, error) {
	if !slices.Contains(w.flight, h) {
		return News{}, ErrNotHeld
	}
	return w.remove(h, sim.Dropped), nil
}

// remove takes a segment off the wire.
func (w *Wire) remove(h *Held, fate sim.Fate) News {
	w.flight = slices.DeleteFunc(w.flight, func(other *Held) bool { return other == h })
	return h.news(fate)
}

// Swap lets the second segment of an end overtake the first. It returns the news of the first,
// and whether there were two.
func (w *Wire) Swap(from sim.End) (News, bool) {
	i, ok := cable.Swap(w.flight, func(h *Held) bool { return h.From == from })
	if !ok {
		return News{}, false
	}
	return w.flight[i].news(sim.Overtaken), true
}

// Cut cuts the cable: the segments on it are lost, and so is every segment sent until Mend. No
// host learns of it.
func (w *Wire) Cut() []News {
	w.cut = true
	var lost []News
	for len(w.flight) > 0 {
		lost = append(lost, w.remove(w.flight[0], sim.Dropped))
	}
	return lost
}

// Mend mends the cable, after it has taken what was sent before, which is lost: fn is called as
// by Take. The error is that of a port; the cable is cut then as it was.
func (w *Wire) Mend(fn func(News)) error {
	if err := w.Take(fn); err != nil {
		return err
	}
	w.cut = false
	return nil
}

// IsCut reports whether the cable is cut.
func (w *Wire) IsCut() bool { return w.cut }
