package wire

import (
	"bytes"
	"testing"

	"finwait/sim"
)

// ledger checks that every segment is accounted for: Held first, then on the wire
// until it is delivered or dropped, and no news after that, but that a delivered one
// was sent again.
type ledger struct {
	state  map[int]sim.Fate
	copies map[int]int
}

func (l *ledger) enter(t *testing.T, n News) {
	id, before := n.Held.ID, l.state[n.Held.ID]
	switch {
	case n.Fate == sim.Held && (before != "" || id != len(l.state)+1 || n.Held.Copies != 1),
		n.Fate != sim.Held && before != sim.Held && (n.Fate != sim.Retransmitted || before != sim.Delivered),
		n.Fate == sim.Retransmitted && n.Held.Copies != l.copies[id]+1:
		t.Fatalf("segment %d: %s after %q, %d copies", id, n.Fate, before, n.Held.Copies)
	}
	l.copies[id] = n.Held.Copies
	if n.Fate == sim.Held || n.Fate == sim.Delivered || n.Fate == sim.Dropped {
		l.state[id] = n.Fate
	}
}

// balance checks that what is on the wire is what the news say.
func (l *ledger) balance(t *testing.T, w *Wire) {
	on := map[int]bool{}
	for _, h := range w.Flight() {
		on[h.ID] = true
		if w.ByID(h.ID) != h {
			t.Fatalf("segment %d is not to be found", h.ID)
		}
	}
	for id, fate := range l.state {
		if on[id] != (fate == sim.Held) {
			t.Fatalf("segment %d is %s, on the wire: %v", id, fate, on[id])
		}
	}
}

// FuzzWire: whatever the hosts send and whoever handles it, nothing is lost without
// news, and nothing is invented.
func FuzzWire(f *testing.F) {
	f.Add([]byte{0, 0, 1, 0, 0, 0, 2, 0, 3, 0, 4, 0, 7, 0, 5, 0})
	f.Add(bytes.Repeat([]byte{0, 17, 1, 99, 2, 1}, 20))
	f.Fuzz(func(t *testing.T, ops []byte) {
		b := newBench()
		l := &ledger{map[int]sim.Fate{}, map[int]int{}}
		enter := func(n News) { l.enter(t, n) }
		for ; len(ops) >= 2; ops = ops[2:] {
			b.perform(t, ops[0], ops[1], enter)
			l.balance(t, b.Wire)
		}
		received := len(b.client.got) + len(b.server.got)
		for _, fate := range l.state {
			if fate == sim.Delivered {
				received--
			}
		}
		if received < 0 {
			t.Fatalf("%d segments were delivered to nobody", -received)
		}
	})
}

// perform makes one operation of a fuzzed run.
func (b *bench) perform(t *testing.T, op, arg byte, enter func(News)) {
	act := b.Deliver
	switch op % 8 {
	case 0, 1, 2: // a host sends something, rubbish now and then
		from, port := sim.Client, b.client
		if arg&1 != 0 {
			from, port = sim.Server, b.server
		}
		p := segment(from, sim.Flags(arg>>1)&flagMask, sim.Seq(op>>4), 0, "abcdefg"[:arg>>5], 0)
		if arg == 255 {
			p = p[:op%40]
		}
		port.send(p)
		if err := b.Take(enter); err != nil {
			t.Fatal(err)
		}
		return
	case 3:
		act = b.Drop
	case 4:
		act = b.Duplicate
	case 5:
		b.Swap([]sim.End{sim.Client, sim.Server}[arg%2])
		return
	case 6:
		if err := b.Mend(enter); err != nil {
			t.Fatal(err)
		}
		if arg > 128 {
			for _, n := range b.Cut() {
				enter(n)
			}
		}
		return
	}
	flight := b.Flight()
	if len(flight) == 0 {
		return
	}
	news, err := act(flight[int(arg)%len(flight)])
	if err != nil {
		t.Fatal(err)
	}
	enter(news)
}
