package tcp

import (
	"testing"

	"finwait/sim"
)

// unackedData returns an observed bench whose client sent 10 bytes 100 ms ago, and has 5 more
// that wait for the acknowledgement.
func unackedData() *bench {
	b := connected()
	b.Observed = true
	b.do(sys(clientProc, OpWrite, 3, 10), sys(clientProc, OpWrite, 3, 5))
	return b.do(Input{Now: b.now + 100})
}

// emit is an OpEmit of the client.
func emit(seq sim.Seq, n int, flags sim.Flags) Input {
	return Input{Op: OpEmit, Side: Client, Conn: 1, Seq: seq, N: n, Flags: flags | sim.ACK, Ack: 1}
}

const psh = sim.PSH

// What an end may send at a time of its own choice, and what it may not: one line for each
// condition of emitSegment, emitData and mayRetransmit.
func TestEmit(t *testing.T) {
	for name, test := range map[string]struct {
		bench *bench
		in    Input
		want  string
	}{
		"a retransmission":           {unackedData(), emit(1, 10, psh), "PSH ACK seq 1 ack 1 len 10"},
		"a part of it":               {unackedData(), emit(3, 4, 0), "ACK seq 3 ack 1 len 4"},
		"waiting data":               {unackedData(), emit(11, 5, psh), "PSH ACK seq 11 ack 1 len 5"},
		"both in one segment":        {unackedData(), emit(1, 15, psh), "PSH ACK seq 1 ack 1 len 15"},
		"a part of the waiting data": {unackedData(), emit(11, 2, 0), "ACK seq 11 ack 1 len 2"},

		"not observed":                  {unobserved(unackedData()), emit(1, 10, psh), "-"},
		"no such connection":            {unackedData(), Input{Op: OpEmit, Side: Client, Conn: 2, Seq: 1, N: 10, Flags: sim.ACK, Ack: 1}, "-"},
		"nothing is unacknowledged":     {observed(connected()), emit(1, 1, 0), "-"},
		"another ACK":                   {unackedData(), Input{Op: OpEmit, Side: Client, Conn: 1, Seq: 1, N: 10, Flags: sim.ACK, Ack: 2}, "-"},
		"a SYN":                         {unackedData(), emit(1, 0, sim.SYN), "-"},
		"a reset":                       {unackedData(), emit(1, 10, sim.RST), "-"},
		"no data":                       {unackedData(), emit(5, 0, 0), "-"},
		"acknowledged data":             {unackedData(), emit(0, 5, 0), "-"},
		"a gap before the data":         {unackedData(), emit(12, 2, 0), "-"},
		"never written":                 {unackedData(), emit(11, 6, psh), "-"},
		"beyond the window":             {limitWindow(unackedData(), 12), emit(11, 5, psh), "-"},
		"a FIN that was not queued":     {unackedData(), emit(11, 5, sim.FIN), "-"},
		"a FIN before the last byte":    {closeBehindUnsent(unackedData()), emit(11, 3, sim.FIN), "-"},
		"a FIN":                         {closeBehindUnsent(unackedData()), emit(11, 5, psh|sim.FIN), "FIN PSH ACK seq 11 ack 1 len 5"},
		"data in place of the FIN":      {closeBehindUnsent(unackedData()), emit(11, 6, psh), "-"},
		"a full retransmission queue":   {fullRtxQueue(), emit(11+(maxRtxQueue-1)*1448, 100, 0), "-"},
		"new data too early":            {justSent(unackedData()), emit(11, 5, psh), "-"},
		"a retransmission too early":    {justSent(unackedData()), emit(1, 10, psh), "-"},
		"a retransmission after a SACK": {sackedJustNow(), emit(1, 10, psh), "PSH ACK seq 1 ack 1 len 10"},
	} {
		t.Run(name, func(t *testing.T) {
			test.bench.do(test.in).expect(t, test.want)
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

// fullRtxQueue returns a bench whose client has a full retransmission queue, and more to send.
func fullRtxQueue() *bench {
	b := unackedData().do(sys(clientProc, OpWrite, 3, 40000))
	for range maxRtxQueue - initCwnd {
		after100ms(b).do(emit(b.clientSnd().NXT-b.clientSnd().ISS, b.MSS, 0))
	}
	return after100ms(b)
}

// justSent makes the client's newest segment one that was sent a millisecond ago.
func justSent(b *bench) *bench {
	b.clientSnd().newestSentAt, b.clientSnd().rtxQueue[0].sentAt = b.now-1, b.now-1
	return b
}

// limitWindow ends the client's send window at a sequence number.
func limitWindow(b *bench, to sim.Seq) *bench {
	b.clientSnd().WND = uint32(to + b.clientSnd().ISS - b.clientSnd().UNA)
	return b
}

// closeBehindUnsent makes the client close. The FIN waits behind the data that wait.
func closeBehindUnsent(b *bench) *bench {
	b.clientSnd().lossHigh = b.clientSnd().NXT // in loss, nothing new is sent
	b.do(sys(clientProc, OpClose, 3, 0))
	b.clientSnd().lossHigh = b.clientSnd().UNA
	return b
}

// sackedJustNow returns a bench whose client has sent two segments just now, of which the second
// was SACKed.
func sackedJustNow() *bench {
	b := justSent(unackedData())
	s, m := b.lookup(Client, 1), machine{World: &b.World}
	m.enqueueRtx(s, rtxSegment{end: s.snd.writeSeq, psh: true, sacked: true})
	return b
}

// Time that has passed permits a retransmission, but not any number of them.
func TestRetransmitBurst(t *testing.T) {
	for name, piece := range map[string]func(i int) Input{
		"copies": func(int) Input { return emit(1, 10, psh) },
		"pieces": func(i int) Input { return emit(1+sim.Seq(i%10), 1, 0) },
	} {
		b, sent := unackedData(), 0
		for i := range 100 {
			b.do(piece(i))
			sent += len(b.effects)
		}
		if sent != maxBurst {
			t.Errorf("%s: %d of 100 were sent at once", name, sent)
		}
		if after100ms(after100ms(b)).do(piece(0)); len(b.effects) != 1 {
			t.Errorf("%s: no retransmission later: %s", name, summary(b.effects))
		}
	}
}
