package tcp

import (
	"testing"

	"finwait/sim"
)

// waiting returns a Lazy bench whose client has sent 10 bytes, 100 ms ago, and has 5 more
// that wait for their acknowledgement.
func waiting() *bench {
	b := connected()
	b.Lazy = true
	b.do(on(clientProc, OpWrite, 3, 10), on(clientProc, OpWrite, 3, 5))
	return b.do(Input{Now: b.now + 100})
}

// told is what a client on the bench is told to send.
func told(seq uint32, n int, flags sim.Flags) Input {
	return Input{Op: OpSend, Side: Client, Conn: 1, Seq: seq, N: n, Flags: flags | sim.ACK, Ack: 1}
}

const psh = sim.PSH

// What an end may send in its own time, and what it may not: one line for each condition of
// sendChosen, sendAsTold and mayRepeat.
func TestSendAsTold(t *testing.T) {
	for name, test := range map[string]struct {
		is   *bench
		in   Input
		want string
	}{
		"again":            {waiting(), told(1, 10, psh), "PSH ACK seq 1 ack 1 len 10"},
		"a part again":     {waiting(), told(3, 4, 0), "ACK seq 3 ack 1 len 4"},
		"what waits":       {waiting(), told(11, 5, psh), "PSH ACK seq 11 ack 1 len 5"},
		"both in one":      {waiting(), told(1, 15, psh), "PSH ACK seq 1 ack 1 len 15"},
		"a part of it new": {waiting(), told(11, 2, 0), "ACK seq 11 ack 1 len 2"},

		"not lazy":             {eager(waiting()), told(1, 10, psh), "-"},
		"of nobody":            {waiting(), Input{Op: OpSend, Side: Client, Conn: 2, Seq: 1, N: 10, Flags: sim.ACK, Ack: 1}, "-"},
		"nothing is out":       {lazy(connected()), told(1, 1, 0), "-"},
		"another ACK":          {waiting(), Input{Op: OpSend, Side: Client, Conn: 1, Seq: 1, N: 10, Flags: sim.ACK, Ack: 2}, "-"},
		"a SYN":                {waiting(), told(1, 0, sim.SYN), "-"},
		"a reset":              {waiting(), told(1, 10, sim.RST), "-"},
		"nothing":              {waiting(), told(5, 0, 0), "-"},
		"before what is out":   {waiting(), told(0, 5, 0), "-"},
		"a gap before it":      {waiting(), told(12, 2, 0), "-"},
		"never written":        {waiting(), told(11, 6, psh), "-"},
		"beyond the window":    {narrow(waiting(), 12), told(11, 5, psh), "-"},
		"a FIN that is none":   {waiting(), told(11, 5, sim.FIN), "-"},
		"a FIN in the middle":  {closed(waiting()), told(11, 3, sim.FIN), "-"},
		"a FIN":                {closed(waiting()), told(11, 5, psh|sim.FIN), "FIN PSH ACK seq 11 ack 1 len 5"},
		"as data, where a FIN": {closed(waiting()), told(11, 6, psh), "-"},
		"more than can be out": {crowded(), told(11+(maxSent-1)*1448, 100, 0), "-"},
		"new, too early":       {soon(waiting()), told(11, 5, psh), "-"},
		"again, too early":     {soon(waiting()), told(1, 10, psh), "-"},
		"again, it was SACKed": {sackedSoon(), told(1, 10, psh), "PSH ACK seq 1 ack 1 len 10"},
	} {
		t.Run(name, func(t *testing.T) {
			test.is.do(test.in).expect(t, test.want)
		})
	}
}

func (b *bench) tx() *sender { return &b.socketOf(Client, 1).tx }

func lazy(b *bench) *bench {
	b.Lazy = true
	return b
}

func eager(b *bench) *bench {
	b.Lazy = false
	return b
}

func later100(b *bench) *bench { return b.do(Input{Now: b.now + 100}) }

// crowded has as many segments out as there can be, and more to send.
func crowded() *bench {
	b := waiting().do(on(clientProc, OpWrite, 3, 40000))
	for range maxSent - firstWindow {
		later100(b).do(told(b.tx().nxt-b.tx().iss, b.MSS, 0))
	}
	return later100(b)
}

// soon makes that what was sent was sent just now.
func soon(b *bench) *bench {
	b.tx().at, b.tx().sent[0].at = b.now-1, b.now-1
	return b
}

// narrow gives the client's peer a window up to a number.
func narrow(b *bench, to uint32) *bench {
	b.tx().wnd = to + b.tx().iss - b.tx().una
	return b
}

// closed has the client close: its FIN waits behind what waits.
func closed(b *bench) *bench {
	b.tx().lost = b.tx().nxt // so that it waits
	b.do(on(clientProc, OpClose, 3, 0))
	b.tx().lost = b.tx().una
	return b
}

// sackedSoon has two segments out, of which the second has arrived, just now.
func sackedSoon() *bench {
	b := soon(waiting())
	s, m := b.socketOf(Client, 1), machine{World: &b.World}
	m.enqueuePart(s, part{to: s.tx.write, push: true, sacked: true})
	return b
}

// Time is a reason to send something again, but not as often as anybody likes.
func TestStorm(t *testing.T) {
	for name, piece := range map[string]func(i int) Input{
		"copies": func(int) Input { return told(1, 10, psh) },
		"pieces": func(i int) Input { return told(1+uint32(i%10), 1, 0) },
	} {
		b, sent := waiting(), 0
		for i := range 100 {
			b.do(piece(i))
			sent += len(b.said)
		}
		if sent != maxStorm {
			t.Errorf("%s: %d of 100 at once", name, sent)
		}
		if later100(later100(b)).do(piece(0)); len(b.said) != 1 {
			t.Errorf("%s: never again: %s", name, tell(b.said))
		}
	}
}
