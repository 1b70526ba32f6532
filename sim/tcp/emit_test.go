package tcp

import (
	"testing"

	"finwait/sim"
)

// waiting returns a Lazy bench whose client has sent 10 bytes, 100 ms ago, and has 5 more
// that wait for their acknowledgement.
func unackedData() *bench {
	b := connected()
	b.Observed = true
	b.do(sys(clientProc, OpWrite, 3, 10), sys(clientProc, OpWrite, 3, 5))
	return b.do(Input{Now: b.now + 100})
}

// told is what a client on the bench is told to send.
func emit(seq uint32, n int, flags sim.Flags) Input {
	return Input{Op: OpEmit, Side: Client, Conn: 1, Seq: seq, N: n, Flags: flags | sim.ACK, Ack: 1}
}

const psh = sim.PSH

// What an end may send in its own time, and what it may not: one line for each condition of
// sendChosen, sendAsTold and mayRepeat.
func TestEmit(t *testing.T) {
	for name, test := range map[string]struct {
		is   *bench
		in   Input
		want string
	}{
		"again":            {unackedData(), emit(1, 10, psh), "PSH ACK seq 1 ack 1 len 10"},
		"a part again":     {unackedData(), emit(3, 4, 0), "ACK seq 3 ack 1 len 4"},
		"what waits":       {unackedData(), emit(11, 5, psh), "PSH ACK seq 11 ack 1 len 5"},
		"both in one":      {unackedData(), emit(1, 15, psh), "PSH ACK seq 1 ack 1 len 15"},
		"a part of it new": {unackedData(), emit(11, 2, 0), "ACK seq 11 ack 1 len 2"},

		"not lazy":             {unobserved(unackedData()), emit(1, 10, psh), "-"},
		"of nobody":            {unackedData(), Input{Op: OpEmit, Side: Client, Conn: 2, Seq: 1, N: 10, Flags: sim.ACK, Ack: 1}, "-"},
		"nothing is out":       {observed(connected()), emit(1, 1, 0), "-"},
		"another ACK":          {unackedData(), Input{Op: OpEmit, Side: Client, Conn: 1, Seq: 1, N: 10, Flags: sim.ACK, Ack: 2}, "-"},
		"a SYN":                {unackedData(), emit(1, 0, sim.SYN), "-"},
		"a reset":              {unackedData(), emit(1, 10, sim.RST), "-"},
		"nothing":              {unackedData(), emit(5, 0, 0), "-"},
		"before what is out":   {unackedData(), emit(0, 5, 0), "-"},
		"a gap before it":      {unackedData(), emit(12, 2, 0), "-"},
		"never written":        {unackedData(), emit(11, 6, psh), "-"},
		"beyond the window":    {limitWindow(unackedData(), 12), emit(11, 5, psh), "-"},
		"a FIN that is none":   {unackedData(), emit(11, 5, sim.FIN), "-"},
		"a FIN in the middle":  {closeBehindUnsent(unackedData()), emit(11, 3, sim.FIN), "-"},
		"a FIN":                {closeBehindUnsent(unackedData()), emit(11, 5, psh|sim.FIN), "FIN PSH ACK seq 11 ack 1 len 5"},
		"as data, where a FIN": {closeBehindUnsent(unackedData()), emit(11, 6, psh), "-"},
		"more than can be out": {fullRtxQueue(), emit(11+(maxRtxQueue-1)*1448, 100, 0), "-"},
		"new, too early":       {justSent(unackedData()), emit(11, 5, psh), "-"},
		"again, too early":     {justSent(unackedData()), emit(1, 10, psh), "-"},
		"again, it was SACKed": {sackedJustNow(), emit(1, 10, psh), "PSH ACK seq 1 ack 1 len 10"},
	} {
		t.Run(name, func(t *testing.T) {
			test.is.do(test.in).expect(t, test.want)
		})
	}
}

func (b *bench) clientSnd() *sender { return &b.lookup(Client, 1).snd }

func observed(b *bench) *bench {
	b.Observed = true
	return b
}

func unobserved(b *bench) *bench {
	b.Observed = false
	return b
}

func after100ms(b *bench) *bench { return b.do(Input{Now: b.now + 100}) }

// crowded has as many segments out as there can be, and more to send.
func fullRtxQueue() *bench {
	b := unackedData().do(sys(clientProc, OpWrite, 3, 40000))
	for range maxRtxQueue - initCwnd {
		after100ms(b).do(emit(b.clientSnd().NXT-b.clientSnd().ISS, b.MSS, 0))
	}
	return after100ms(b)
}

// soon makes that what was sent was sent just now.
func justSent(b *bench) *bench {
	b.clientSnd().newestSentAt, b.clientSnd().rtxQueue[0].sentAt = b.now-1, b.now-1
	return b
}

// narrow gives the client's peer a window up to a number.
func limitWindow(b *bench, to uint32) *bench {
	b.clientSnd().WND = to + b.clientSnd().ISS - b.clientSnd().UNA
	return b
}

// closed has the client close: its FIN waits behind what waits.
func closeBehindUnsent(b *bench) *bench {
	b.clientSnd().lossHigh = b.clientSnd().NXT // so that it waits
	b.do(sys(clientProc, OpClose, 3, 0))
	b.clientSnd().lossHigh = b.clientSnd().UNA
	return b
}

// sackedSoon has two segments out, of which the second has arrived, just now.
func sackedJustNow() *bench {
	b := justSent(unackedData())
	s, m := b.lookup(Client, 1), machine{World: &b.World}
	m.enqueueRtx(s, rtxSegment{end: s.snd.writeSeq, psh: true, sacked: true})
	return b
}

// Time is a reason to send something again, but not as often as anybody likes.
func TestRetransmitBurst(t *testing.T) {
	for name, piece := range map[string]func(i int) Input{
		"copies": func(int) Input { return emit(1, 10, psh) },
		"pieces": func(i int) Input { return emit(1+uint32(i%10), 1, 0) },
	} {
		b, sent := unackedData(), 0
		for i := range 100 {
			b.do(piece(i))
			sent += len(b.effects)
		}
		if sent != maxBurst {
			t.Errorf("%s: %d of 100 at once", name, sent)
		}
		if after100ms(after100ms(b)).do(piece(0)); len(b.effects) != 1 {
			t.Errorf("%s: never again: %s", name, summary(b.effects))
		}
	}
}
