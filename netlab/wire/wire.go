package wire

import (
	"errors"
	"slices"
	"time"

	"finwait/sim"
)

// MaxPacket is the size of the largest IPv4 packet.
const MaxPacket = 1 << 16

// ErrEmpty says that a host has sent nothing more.
var ErrEmpty = errors.New("nothing was sent")

// Port is one end of the wire: a TUN, or what stands for one in a test.
type Port interface {
	// Read reads the next packet that the host has sent into buf and returns its
	// size, ErrEmpty when there is none.
	Read(buf []byte) (int, error)
	// Write has the host receive a packet.
	Write(packet []byte) error
}

// Wire is the cable between two hosts, and whoever holds it: every segment that
// one host sends stays on it until it is delivered or dropped. What is not TCP
// over IPv4 (ICMP) passes at once; what is not IPv4 at all is thrown away.
//
//	client host ──▶ Take ──▶ flight ──▶ Deliver ──▶ server host
//	                           └──────▶ Drop
//
// It is not safe for concurrent use.
type Wire struct {
	ports  map[sim.End]Port
	flight []*Held
	// landed are those that were delivered, and whose acknowledgement was not.
	landed []*Held
	sent   map[stretch]sim.Seq // the number after all that was sent
	cut    bool
	last   int // the newest id
	buf    [MaxPacket]byte
}

// Held is a segment on the wire. It belongs to the Wire: read it, do not write to
// it. Its Packet and Copies change when it is retransmitted.
type Held struct {
	ID     int
	From   sim.End
	Packet Packet
	// Copies is how often the sender has sent it, 1 and up.
	Copies int
	// Resent: its sequence numbers were on the wire before and are not any more.
	Resent bool

	raw     []byte    // of the newest copy
	arrived time.Time // when it was delivered
	replied bool      // the other host has sent something since
}

// News is what has become of a segment.
type News struct {
	Held *Held
	Fate sim.Fate
}

// ErrNotHeld says that the segment is not on the wire any more.
var ErrNotHeld = errors.New("the segment is not on the wire")

// stretch is a part of what one end of a connection sends: its SYN, its SYN ACK,
// or all that follows. A SYN and a SYN ACK of one end have the same number
// (simultaneous open) and are not the same segment.
type stretch struct {
	direction
	opening sim.Flags
}

func stretchOf(p Packet) stretch {
	s := stretch{direction: direction{p.Src, p.Dst}}
	if p.Flags&sim.SYN != 0 {
		s.opening = p.Flags & (sim.SYN | sim.ACK)
	}
	return s
}

// next returns the sequence number after the segment. It is Seq for one that takes
// no place in the sequence (a bare ACK, a reset): that is never the same segment
// again.
func (p Packet) next() sim.Seq { return sim.Segment{Flags: p.Flags, Seq: p.Seq, Len: p.Len}.Next() }

// New returns a wire between two ports, which stay the caller's.
func New(client, server Port) *Wire {
	return &Wire{ports: map[sim.End]Port{sim.Client: client, sim.Server: server}, sent: map[stretch]sim.Seq{}}
}

// Take reads everything that the hosts have sent, the client's first, and calls fn
// with what became of each segment: Held, or Retransmitted when it is one that is
// held already. On a cut wire Held is followed by Dropped.
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

// take takes in one packet.
func (w *Wire) take(from sim.End, raw []byte, fn func(News)) error {
	p, err := Parse(raw)
	switch {
	case errors.Is(err, ErrNotTCP) && len(raw) > 0 && raw[0]>>4 == 4 && !w.cut:
		return w.ports[from.Peer()].Write(raw)
	case err != nil:
		return nil
	}
	w.replies(p)
	if w.repeat(p, raw, fn) {
		return nil
	}
	w.last++
	h := &Held{ID: w.last, From: from, Packet: p, Copies: 1, Resent: w.resent(p), raw: slices.Clone(raw)}
	w.flight = append(w.flight, h)
	fn(News{h, sim.Held})
	if w.cut {
		fn(w.remove(h, sim.Dropped))
	}
	return nil
}

// resent notes what a segment takes of the sequence, and reports whether any of it
// was on the wire before.
func (w *Wire) resent(p Packet) bool {
	if p.next() == p.Seq {
		return false
	}
	k := stretchOf(p)
	end, known := w.sent[k]
	again := known && p.Seq.Before(end)
	if k.opening != 0 {
		again = known && p.next() == end
		if !again { // another connection on the same ports
			delete(w.sent, stretch{direction: k.direction})
		}
	}
	if !again || p.next().After(end) {
		w.sent[k] = p.next()
	}
	return again
}

// repeat counts a retransmission on the segments that are held, or that arrived and
// whose acknowledgement is held, and reports whether it brings nothing but them: it
// would not have been sent if nobody held anything. The newest copy of a segment
// travels on, whose timestamps are the sender's latest, but not one that acknowledges
// more: what is on the wire was sent before that. Where the sender has joined two into
// one (tcp_retrans_try_collapse), they travel as they were.
func (w *Wire) repeat(p Packet, raw []byte, fn func(News)) bool {
	again := w.holding(p)
	if again == nil {
		again = w.awaited(p)
	}
	for _, h := range again {
		h.Copies++
		if h.Packet.Seq == p.Seq && h.Packet.next() == p.next() && h.Packet.Ack == p.Ack {
			h.Packet, h.raw = p, append(h.raw[:0], raw...)
		}
		fn(News{h, sim.Retransmitted})
	}
	return len(again) > 0
}

// holding returns the segments on the wire that together hold all that p brings, in
// the order of the sequence; none unless they do.
func (w *Wire) holding(p Packet) []*Held {
	var all []*Held
	for at := p.Seq; p.next().After(at); {
		i := slices.IndexFunc(w.flight, func(h *Held) bool {
			return stretchOf(h.Packet) == stretchOf(p) && !h.Packet.Seq.After(at) && h.Packet.next().After(at)
		})
		if i < 0 {
			return nil
		}
		all = append(all, w.flight[i])
		at = w.flight[i].Packet.next()
	}
	return all
}

// Flight returns the segments on the wire in the order in which they will be
// delivered, both directions together. The caller owns the slice.
func (w *Wire) Flight() []*Held { return slices.Clone(w.flight) }

// Next returns the next segment that an end has sent, of either end for "", nil
// when there is none.
func (w *Wire) Next(from sim.End) *Held {
	for _, h := range w.flight {
		if from == "" || h.From == from {
			return h
		}
	}
	return nil
}

// ByID returns a segment on the wire, nil when it is not there.
func (w *Wire) ByID(id int) *Held {
	for _, h := range w.flight {
		if h.ID == id {
			return h
		}
	}
	return nil
}

// Deliver lets a segment reach the other host. When it returns, that host has
// taken it in.
func (w *Wire) Deliver(h *Held) (News, error) {
	if !slices.Contains(w.flight, h) {
		return News{}, ErrNotHeld
	}
	if err := w.ports[h.From.Peer()].Write(h.raw); err != nil {
		return News{}, err
	}
	w.lands(h)
	return w.remove(h, sim.Delivered), nil
}

// Duplicate lets a copy of a segment reach the other host, and holds the segment.
func (w *Wire) Duplicate(h *Held) (News, error) {
	if !slices.Contains(w.flight, h) {
		return News{}, ErrNotHeld
	}
	if err := w.ports[h.From.Peer()].Write(h.raw); err != nil {
		return News{}, err
	}
	return News{h, sim.Duplicated}, nil
}

// Drop loses a segment.
func (w *Wire) Drop(h *Held) (News, error) {
	if !slices.Contains(w.flight, h) {
		return News{}, ErrNotHeld
	}
	return w.remove(h, sim.Dropped), nil
}

func (w *Wire) remove(h *Held, fate sim.Fate) News {
	w.flight = slices.DeleteFunc(w.flight, func(other *Held) bool { return other == h })
	return News{h, fate}
}

// Swap lets the second segment that an end has sent overtake the first. It returns
// the news of the first, and whether there were two.
func (w *Wire) Swap(from sim.End) (News, bool) {
	first := -1
	for i, h := range w.flight {
		switch {
		case h.From != from:
		case first < 0:
			first = i
		default:
			w.flight[first], w.flight[i] = h, w.flight[first]
			return News{w.flight[i], sim.Overtaken}, true
		}
	}
	return News{}, false
}

// Cut cuts the cable: what is on it is lost, and so is all that is sent from now
// on. Nobody is told.
func (w *Wire) Cut() []News {
	w.cut = true
	var lost []News
	for len(w.flight) > 0 {
		lost = append(lost, w.remove(w.flight[0], sim.Dropped))
	}
	return lost
}

// Mend mends the cable.
func (w *Wire) Mend() { w.cut = false }

// IsCut reports whether the cable is cut.
func (w *Wire) IsCut() bool { return w.cut }
