package tcp

import (
	"testing"

	"finwait/sim"
)

// A World is a value: a copy is a snapshot, and a World can be the key of a map.
func TestWorldIsAValue(t *testing.T) {
	b := connected()
	before := b.World
	b.do(sys(clientProc, OpClose, 3, 0))
	if before == b.World {
		t.Fatal("a close has changed nothing")
	}
	if got := before.View(Client, 1).State; got != sim.Established {
		t.Errorf("the copy has gone on to %s", got)
	}
	again := before
	again.Do(sys(clientProc, OpClose, 3, 0), nil)
	if again != b.World {
		t.Error("the same input has led to another world")
	}
	_ = map[World]bool{before: true}
}

// An observed World leaves a delayed acknowledgement to TimerACK, unless a segment carries it.
func TestObservedAckTimer(t *testing.T) {
	b := connected()
	b.Observed = true
	b.do(sys(clientProc, OpWrite, 3, 5)).deliver(Client)
	b.expect(t, "PSH ACK seq 1 ack 1 len 5 delivered")
	deadlines := b.Deadlines(nil)
	found := false
	for _, d := range deadlines {
		if d.Timer == TimerACK {
			found = d.Side == Server && d.Earliest <= b.now && d.Latest >= b.now+delackMax
		}
	}
	if !found {
		t.Errorf("no acknowledgement is pending: %+v", deadlines)
	}
	b.do(sys(serverProc, OpWrite, 4, 2))
	b.expect(t, "PSH ACK seq 1 ack 6 len 2; = 2") // the data carry the acknowledgement
	if b.timersOf(Server).ack != 0 {
		t.Error("an acknowledgement is still pending")
	}
}

func (b *bench) timersOf(side Side) timers { return b.lookup(side, 1).timers }

// An impossible input changes nothing.
func TestImpossibleInputs(t *testing.T) {
	b := connected()
	before := b.World
	for _, in := range []Input{
		{},
		{Op: OpRead, Proc: -1},
		{Op: OpRead, Proc: 99},
		{Op: OpRead, Proc: 5, FD: 3},
		{Op: OpKill, Proc: 7},
		{Op: OpDeliver, ID: 99},
		{Op: OpDrop},
		{Op: OpSwap},
		{Op: OpTimer, Conn: 9},
		{Op: 200},
	} {
		if b.do(in); len(b.effects) > 0 || before != b.World {
			t.Errorf("%+v: %s", in, summary(b.effects))
		}
	}
}

// BenchmarkInputs plays a connection on a wire, from socket to the end of TIME_WAIT.
func BenchmarkInputs(b *testing.B) {
	fresh := newBench().listens().World
	var effects []Effect
	inputs := 0
	w := fresh
	b.ReportAllocs()
	for b.Loop() {
		w = fresh
		do := func(in Input) {
			inputs++
			effects = w.Do(in, effects[:0])
		}
		id := 0
		deliver := func() {
			id++
			do(Input{Op: OpDeliver, ID: id})
		}
		do(sys(clientProc, OpSocket, 0, 0))
		do(Input{Op: OpConnect, Proc: clientProc, FD: 3, Conn: 1})
		deliver()
		deliver()
		deliver()
		do(sys(serverProc, OpAccept, 3, 0))
		do(sys(clientProc, OpWrite, 3, 5))
		deliver()
		deliver()
		do(sys(serverProc, OpRead, 4, 9))
		do(sys(clientProc, OpClose, 3, 0))
		deliver()
		do(sys(serverProc, OpRead, 4, 9))
		do(sys(serverProc, OpClose, 4, 0))
		deliver()
		deliver()
		do(Input{Op: OpTimer, Conn: 1, Timer: TimerTimeWait})
	}
	b.ReportMetric(float64(inputs)/b.Elapsed().Seconds(), "inputs/s")
}

// The order in which an exit ends connections: the one that loses its last descriptor last
// comes first. A connection in an accept queue ends with its listener.
func TestExitCloseOrder(t *testing.T) {
	second := []Input{sys(clientProc, OpSocket, 0, 0), {Op: OpConnect, Proc: clientProc, FD: 4, Conn: 2}}
	for _, test := range []struct {
		name   string
		inputs []Input
		want   string
	}{
		{"the highest first", nil, "FIN ACK seq 1 ack 1; RST ACK seq 1 ack 1"},
		{"a copy of the highest", []Input{sys(serverProc, OpDup, 4, 0)}, "FIN ACK seq 1 ack 1; RST ACK seq 1 ack 1"},
		{"a copy of the lowest", []Input{sys(serverProc, OpDup, 3, 0)}, "RST ACK seq 1 ack 1; FIN ACK seq 1 ack 1"},
		{"a copy of each", []Input{sys(serverProc, OpDup, 3, 0), sys(serverProc, OpDup, 4, 0)}, "FIN ACK seq 1 ack 1; RST ACK seq 1 ack 1"},
	} {
		b := connected()
		b.do(second...).deliverAll()
		b.do(test.inputs...).deliverAll()
		b.do(Input{Op: OpKill, Proc: serverProc, N: int(SIGKILL)})
		var sent []Effect
		for _, e := range b.effects {
			if e.Kind == SegmentMoved {
				sent = append(sent, e)
			}
		}
		if got := summary(sent); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// SACK blocks take room from the data of a segment.
func TestSACKBlocksShrinkMSS(t *testing.T) {
	b := connected().do(sys(clientProc, OpWrite, 3, 1448), sys(clientProc, OpWrite, 3, 1448), Input{Op: OpSwap, Side: Client}).deliver(Client)
	b.do(sys(serverProc, OpWrite, 4, 1448)).expect(t, "ACK seq 1 ack 1 len 1436; PSH ACK seq 1437 ack 1 len 12; = 1448")
	b.deliver(Client) // the missing segment
	b.do(sys(serverProc, OpWrite, 4, 1448)).expect(t, "PSH ACK seq 1449 ack 2897 len 1448; = 1448")
}
