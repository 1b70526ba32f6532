package tcp

import (
	"testing"

	"finwait/sim"
)

// A read that slept returns what was there at some moment since: after the first segment,
// after the second, and no other amount; never more than it asks for.
func TestRecheckRead(t *testing.T) {
	for _, test := range []struct {
		asks, looked int
		want         string
	}{
		{99, 0, "= 8"},
		{99, 5, "= 5"},
		{99, 8, "= 8"},
		{99, 1, "-"},
		{99, 3, "-"},
		{99, 7, "-"},
		{2, 2, "= 2"},
		{2, 1, "-"},
		{6, 5, "= 5"},
		{6, 6, "= 6"},
	} {
		b := connected()
		b.Observed = true
		b.do(sys(serverProc, OpRead, 4, test.asks), sys(clientProc, OpWrite, 3, 5), sys(clientProc, OpWrite, 3, 3))
		b.do(Input{Op: OpEmit, Side: Client, Conn: 1, Seq: 6, N: 3, Flags: sim.PSH, Ack: 1, Now: 100}) // in its own time
		for len(b.Flight(nil)) > 0 {
			b.deliver(Client)
		}
		b.do(Input{Op: OpRecheck, Proc: serverProc, N: test.looked})
		if b.expect(t, test.want); t.Failed() {
			t.Fatalf("asks for %d, has looked at %d: %s", test.asks, test.looked, summary(b.effects))
		}
	}
}

// What another reader has taken is not there any more.
func TestRecheckTwoReaders(t *testing.T) {
	for looked, want := range map[int]string{3: "= 3", 5: "= 3", 2: "-"} {
		b := connected().do(sys(serverProc, OpFork, 0, 0))
		b.Observed = true
		b.do(sys(serverProc, OpRead, 4, 2), sys(2, OpRead, 4, 99), sys(clientProc, OpWrite, 3, 5)).deliver(Client)
		b.do(Input{Op: OpRecheck, Proc: serverProc}).expect(t, "= 2")
		b.do(Input{Op: OpRecheck, Proc: 2, N: looked}).expect(t, want)
	}
}

// More than a process remembers may have been there.
func TestRecheckManyAmounts(t *testing.T) {
	b := connected()
	b.Observed = true
	b.do(sys(serverProc, OpRead, 4, 99))
	for range maxReadable + 3 {
		b.do(sys(clientProc, OpWrite, 3, 1)).deliver(Client)
		b.do(Input{Op: OpTimer, Timer: TimerACK, Side: Server, Conn: 1}).deliver(Server)
	}
	b.do(Input{Op: OpRecheck, Proc: serverProc, N: maxReadable + 1}).expect(t, "= 9")
}

// A connect whose connection is over succeeds only if there was one: this time.
func TestRecheckConnect(t *testing.T) {
	refused := func() *bench {
		b := newBench()
		b.Observed = true
		return b.connects(clientProc).deliver(Client).deliver(Server)
	}
	refused().do(Input{Op: OpRecheck, Proc: clientProc, N: 1}).expect(t, "= -1 ECONNREFUSED")

	was := func() *bench { // a connection that was reset before the connect has returned
		b := newBench()
		b.Observed = true
		b.listens().connects(clientProc).deliver(Client).deliver(Server).deliver(Client)
		return b.do(sys(serverProc, OpClose, 3, 0)).deliver(Server)
	}
	was().do(Input{Op: OpRecheck, Proc: clientProc, N: 1}).expect(t, "= 0")
	b := was().do(Input{Op: OpRecheck, Proc: clientProc})
	b.expect(t, "= -1 ECONNRESET")
	b.do(Input{Op: OpConnect, Proc: clientProc, FD: 3, Conn: 2}).deliver(Client).deliver(Server)
	b.do(Input{Op: OpRecheck, Proc: clientProc, N: 1}).expect(t, "= -1 ECONNREFUSED")
}
