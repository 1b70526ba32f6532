package tcp

import (
	"testing"

	"finwait/sim"
)

// A World is a value: a copy keeps its moment, and it can be the key of a map.
func TestWorldIsAValue(t *testing.T) {
	b := connected()
	before := b.World
	b.do(on(clientProc, OpClose, 3, 0))
	if before == b.World {
		t.Fatal("a close has changed nothing")
	}
	if got := before.View(Client, 1).State; got != sim.Established {
		t.Errorf("the copy has gone on to %s", got)
	}
	again := before
	again.Do(on(clientProc, OpClose, 3, 0), nil)
	if again != b.World {
		t.Error("the same input has led to another world")
	}
	_ = map[World]bool{before: true}
}

// A lazy machine leaves to its timer what the kernel may delay, and nothing else.
func TestLazy(t *testing.T) {
	b := connected()
	b.Lazy = true
	b.do(on(clientProc, OpWrite, 3, 5)).deliver(Client)
	b.expect(t, "PSH ACK seq 1 ack 1 len 5 delivered")
	dues := b.Dues(nil)
	found := false
	for _, d := range dues {
		if d.Timer == TimerACK {
			found = d.Side == Server && d.From <= b.now && d.To >= b.now+ackMax
		}
	}
	if !found {
		t.Errorf("no acknowledgement is owed: %+v", dues)
	}
	b.do(on(serverProc, OpWrite, 4, 2))
	b.expect(t, "PSH ACK seq 1 ack 6 len 2; = 2") // it carries the acknowledgement
	if b.tmOf(Server).ack != 0 {
		t.Error("an acknowledgement is owed still")
	}
}

func (b *bench) tmOf(side Side) timers { return b.socketOf(side, 1).tm }

// What cannot be is left alone.
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
		if b.do(in); len(b.said) > 0 || before != b.World {
			t.Errorf("%+v: %s", in, tell(b.said))
		}
	}
}

// BenchmarkInputs is a connection from socket to TIME_WAIT and beyond, on a wire.
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
		do(on(clientProc, OpSocket, 0, 0))
		do(Input{Op: OpConnect, Proc: clientProc, FD: 3, Conn: 1})
		deliver()
		deliver()
		deliver()
		do(on(serverProc, OpAccept, 3, 0))
		do(on(clientProc, OpWrite, 3, 5))
		deliver()
		deliver()
		do(on(serverProc, OpRead, 4, 9))
		do(on(clientProc, OpClose, 3, 0))
		deliver()
		do(on(serverProc, OpRead, 4, 9))
		do(on(serverProc, OpClose, 4, 0))
		deliver()
		deliver()
		do(Input{Op: OpTimer, Conn: 1, Timer: TimerWait})
	}
	b.ReportMetric(float64(inputs)/b.Elapsed().Seconds(), "inputs/s")
}

// In which order a death ends connections: what loses its last descriptor last comes first,
// and what a listener has in its queue goes with the listener.
func TestOrderOfDeath(t *testing.T) {
	second := []Input{on(clientProc, OpSocket, 0, 0), {Op: OpConnect, Proc: clientProc, FD: 4, Conn: 2}}
	for _, test := range []struct {
		name   string
		inputs []Input
		want   string
	}{
		{"the highest first", nil, "FIN ACK seq 1 ack 1; RST ACK seq 1 ack 1"},
		{"a copy of the highest", []Input{on(serverProc, OpDup, 4, 0)}, "FIN ACK seq 1 ack 1; RST ACK seq 1 ack 1"},
		{"a copy of the lowest", []Input{on(serverProc, OpDup, 3, 0)}, "RST ACK seq 1 ack 1; FIN ACK seq 1 ack 1"},
		{"a copy of each", []Input{on(serverProc, OpDup, 3, 0), on(serverProc, OpDup, 4, 0)}, "FIN ACK seq 1 ack 1; RST ACK seq 1 ack 1"},
	} {
		b := connected()
		b.do(second...).deliverAll()
		b.do(test.inputs...).deliverAll()
		b.do(Input{Op: OpKill, Proc: serverProc, N: int(SIGKILL)})
		var sent []Effect
		for _, e := range b.said {
			if e.Kind == Moved {
				sent = append(sent, e)
			}
		}
		if got := tell(sent); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// What has arrived beyond a hole is said beside the data, which have less room then.
func TestHoleTakesRoom(t *testing.T) {
	b := connected().do(on(clientProc, OpWrite, 3, 1448), on(clientProc, OpWrite, 3, 1448), Input{Op: OpSwap, Side: Client}).deliver(Client)
	b.do(on(serverProc, OpWrite, 4, 1448)).expect(t, "ACK seq 1 ack 1 len 1436; PSH ACK seq 1437 ack 1 len 12; = 1448")
	b.deliver(Client) // the hole is filled
	b.do(on(serverProc, OpWrite, 4, 1448)).expect(t, "PSH ACK seq 1449 ack 2897 len 1448; = 1448")
}
