package wire

import (
	"slices"
	"time"

	"finwait/sim"
)

// lands remembers a segment that has arrived until its acknowledgement
// has, and forgets those that it acknowledges.
func (w *Wire) lands(h *Held) {
	w.landed = slices.DeleteFunc(w.landed, func(old *Held) bool { return acknowledges(h.Packet, old.Packet) })
	h.arrived, h.replied = time.Now(), false
	if h.Packet.next() != h.Packet.Seq && !slices.Contains(w.landed, h) {
		w.landed = append(w.landed, h)
	}
}

// MaxDelay is the longest a host holds an acknowledgement back (TCP_DELACK_MAX,
// include/net/tcp.h), and a timer tick of 250 Hz. What it has not acknowledged by then
// it will not: it has refused it.
const MaxDelay = 204 * time.Millisecond

// replies notes which segments a new one answers: it acknowledges all that its sender
// has taken in, and what it does not acknowledge was refused.
func (w *Wire) replies(p Packet) {
	for _, h := range w.landed {
		back := p.Src == h.Packet.Dst && p.Dst == h.Packet.Src
		h.replied = h.replied || back && p.Flags&(sim.ACK|sim.RST) != 0
	}
}

// awaited returns the segments that p only repeats because the wire holds their
// acknowledgement, or a reset: the other host has all that p brings, and has said so,
// or has had them for so short a time that it is about to.
func (w *Wire) awaited(p Packet) []*Held {
	if p.next() == p.Seq {
		return nil
	}
	acknowledged := func(h *Held) bool { return acknowledges(h.Packet, p) }
	held := slices.ContainsFunc(w.flight, acknowledged)
	var all []*Held
	for _, h := range w.landed {
		if !held && !h.awaits(p) {
			continue
		}
		if stretchOf(h.Packet) == stretchOf(p) && h.Packet.next().After(p.Seq) && p.next().After(h.Packet.Seq) {
			all = append(all, h)
		}
	}
	return all
}

// awaits reports whether a segment that has arrived is still to be acknowledged, and
// p brings nothing but what it brought.
func (h *Held) awaits(p Packet) bool {
	within := !p.Seq.Before(h.Packet.Seq) && !p.next().After(h.Packet.next())
	return within && !h.replied && time.Since(h.arrived) < MaxDelay
}

// acknowledges reports whether a, which the other end has sent, says that all of p
// has arrived, or that the connection is over.
func acknowledges(a, p Packet) bool {
	if a.Src != p.Dst || a.Dst != p.Src {
		return false
	}
	return isReset(a) || a.Flags&sim.ACK != 0 && !a.Ack.Before(p.next())
}

func isReset(p Packet) bool { return p.Flags&sim.RST != 0 }
