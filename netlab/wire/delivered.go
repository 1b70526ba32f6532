package wire

import (
	"slices"

	"finwait/sim"
)

// deliveredTo remembers a segment that has arrived until its acknowledgement
// has, and forgets those that it acknowledges.
func (w *Wire) deliveredTo(h *Held) {
	w.arrived = slices.DeleteFunc(w.arrived, func(old *Held) bool { return acknowledges(h.Packet, old.Packet) })
	if h.Packet.next() != h.Packet.Seq && !slices.Contains(w.arrived, h) {
		w.arrived = append(w.arrived, h)
	}
}

// awaited returns the segments that p only repeats because the wire holds their
// acknowledgement, or a reset: the other host has all that p brings, and has said so.
func (w *Wire) awaited(p Packet) []*Held {
	answered := func(h *Held) bool { return p.next() != p.Seq && acknowledges(h.Packet, p) }
	if !slices.ContainsFunc(w.flight, answered) {
		return nil
	}
	var all []*Held
	for _, h := range w.arrived {
		if stretchOf(h.Packet) == stretchOf(p) && int32(h.Packet.next()-p.Seq) > 0 && int32(p.next()-h.Packet.Seq) > 0 {
			all = append(all, h)
		}
	}
	return all
}

// acknowledges reports whether a, which the other end has sent, says that all of p
// has arrived, or that the connection is over.
func acknowledges(a, p Packet) bool {
	if a.Src != p.Dst || a.Dst != p.Src {
		return false
	}
	return isReset(a) || a.Flags&sim.ACK != 0 && int32(a.Ack-p.next()) >= 0
}

func isReset(p Packet) bool { return p.Flags&sim.RST != 0 }
