package tcp

import (
	"testing"

	"finwait/sim"
)

// A blocked read can return what was readable at some moment since it blocked: after the first
// segment or after the second, and no other amount. It never returns more than it asks for.
func TestRecheckRead(t *testing.T) {
	for _, test := range []struct {
		asks, early int
		want        string
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
		b.do(Input{Op: OpEmit, Side: Client, Conn: 1, Seq: 6, N: 3, Flags: sim.PSH, Ack: 1, Now: 100}) // the second write, which waited for an acknowledgement
		for len(b.Flight(nil)) > 0 {
			b.deliver(Client)
		}
		b.do(Input{Op: OpRecheck, Proc: serverProc, N: test.early})
		if b.expect(t, test.want); t.Failed() {
			t.Fatalf("asks for %d, early %d: %s", test.asks, test.early, summary(b.effects))
		}
	}
}

// What another reader has taken is no longer readable.
func TestRecheckTwoReaders(t *testing.T) {
	for early, want := range map[int]string{3: "= 3", 5: "= 3", 2: "-"} {
		b := connected().do(sys(serverProc, OpFork, 0, 0))
		b.Observed = true
		b.do(sys(serverProc, OpRead, 4, 2), sys(2, OpRead, 4, 99), sys(clientProc, OpWrite, 3, 5)).deliver(Client)
		b.do(Input{Op: OpRecheck, Proc: serverProc}).expect(t, "= 2")
		b.do(Input{Op: OpRecheck, Proc: 2, N: early}).expect(t, want)
	}
}

// More amounts may have been readable than a process records.
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

// A connect whose connection is over can succeed only if this connect established it.
func TestRecheckConnect(t *testing.T) {
	refused := func() *bench {
		b := newBench()
		b.Observed = true
		return b.connects(clientProc).deliver(Client).deliver(Server)
	}
	refused().do(Input{Op: OpRecheck, Proc: clientProc, N: 1}).expect(t, "= -1 ECONNREFUSED")

	wasReset := func() *bench { // the connection is reset before the connect has returned
		b := newBench()
		b.Observed = true
		b.listens().connects(clientProc).deliver(Client).deliver(Server).deliver(Client)
		return b.do(sys(serverProc, OpClose, 3, 0)).deliver(Server)
	}
	wasReset().do(Input{Op: OpRecheck, Proc: clientProc, N: 1}).expect(t, "= 0")
	b := wasReset().do(Input{Op: OpRecheck, Proc: clientProc})
	b.expect(t, "= -1 ECONNRESET")
	b.do(Input{Op: OpConnect, Proc: clientProc, FD: 3, Conn: 2}).deliver(Client).deliver(Server)
	b.do(Input{Op: OpRecheck, Proc: clientProc, N: 1}).expect(t, "= -1 ECONNREFUSED")
}
