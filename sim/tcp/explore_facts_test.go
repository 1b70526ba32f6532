package tcp_test

import (
	"encoding/binary"

	"finwait/sim"
	"finwait/sim/tcp"
)

// Facts are what the wire has shown since both sides were without a connection.
type Facts struct {
	FIN   [2]sim.Seq // sequence number after each side's newest FIN
	Sent  [2]bool    // whether the side has sent a FIN
	Blind [2]bool    // whether the side has sent a FIN that does not acknowledge the other's, or has one queued
}

// Crossed reports whether each side has sent a FIN without knowing the other's.
func (f *Facts) Crossed() bool { return f.Blind[0] && f.Blind[1] }

// learn updates the facts from what was sent.
func (n *position) learn(effects []tcp.Effect) {
	f := &n.facts
	for _, e := range effects {
		if e.Kind == tcp.StateChanged && e.To == sim.FinWait1 { // the FIN may still be queued: behind a window, or a loss
			f.Blind[e.Side] = true
		}
		seg := e.Segment
		if e.Kind != tcp.SegmentMoved || seg.Fate != tcp.Held || seg.Resent {
			continue
		}
		if seg.Flags&sim.SYN != 0 {
			n.begun[seg.From]++
		}
		if seg.Flags&sim.FIN == 0 {
			continue
		}
		me, peer := seg.From, 1-seg.From
		f.FIN[me], f.Sent[me] = seg.Seq.Add(int(seg.Len)+1), true
		f.Blind[me] = f.Blind[me] || !f.Sent[peer] || seg.Ack != f.FIN[peer]
	}
	if p := n.states(); idle(p[0]) && idle(p[1]) {
		*f = Facts{}
	}
}

// idle reports whether a side in the state has no connection.
func idle(s sim.State) bool { return s == sim.Closed || s == sim.Listen }

func (f *Facts) append(b []byte) []byte {
	for side := range sides {
		b = binary.LittleEndian.AppendUint32(b, uint32(f.FIN[side]))
		b = append(b, bit(f.Sent[side])|bit(f.Blind[side])<<1)
	}
	return b
}

func bit(ok bool) byte {
	if ok {
		return 1
	}
	return 0
}
