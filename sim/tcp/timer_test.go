package tcp

import (
	"testing"

	"finwait/sim"
)

// fireAtDeadline lets a timer of a side fire at its deadline.
func (b *bench) fireAtDeadline(t Timer, side Side) *bench {
	for _, d := range b.Deadlines(nil) {
		if d.Side == side && d.Timer == t {
			return b.do(Input{Op: OpTimer, Side: side, Conn: d.Conn, Timer: t, Now: d.At})
		}
	}
	panic("no such timer runs")
}

// A tail loss probe sends new data, also a small segment and one beyond the congestion window.
// Without new data it sends the newest segment again.
func TestTailLossProbe(t *testing.T) {
	b := connected()
	b.do(sys(clientProc, OpWrite, 3, 5), sys(clientProc, OpWrite, 3, 2))
	b.expect(t, "PSH ACK seq 1 ack 1 len 5; = 5; = 2")
	b.fireAtDeadline(TimerRetransmit, Client)
	b.expect(t, "PSH ACK seq 6 ack 1 len 2")
	b.fireAtDeadline(TimerRetransmit, Client)
	b.expect(t, "PSH ACK seq 1 ack 1 len 7 retransmitted")

	b = connected()
	b.do(sys(clientProc, OpWrite, 3, 20000))
	if n := len(b.Flight(nil)); n != initCwnd {
		t.Errorf("%d segments in the first window", n)
	}
	b.fireAtDeadline(TimerRetransmit, Client)
	b.expect(t, "ACK seq 14481 ack 1 len 1448")
}

// TCP_LINGER2 is the time of an orphan in FIN_WAIT2. It is at least 3.5 timeouts. The time in
// excess of a minute passes as a whole socket, and then once more as a minisock.
func TestLinger2(t *testing.T) {
	for _, test := range []struct {
		seconds     int
		whole, rest Time
	}{
		{1, 0, Second}, {60, 0, 60 * Second}, {90, 30 * Second, 30 * Second}, {120, 60 * Second, 60 * Second},
	} {
		b := connected().do(sys(clientProc, OpLinger2, 3, test.seconds), sys(clientProc, OpClose, 3, 0)).deliverAll()
		if s := b.lookup(Client, 1); (s.kind == full) != (test.whole > 0) {
			t.Errorf("%d s: a whole socket: %v", test.seconds, s.kind == full)
		}
		if test.whole > 0 {
			if _, left := b.lookup(Client, 1).diagTimer(b.now); left != test.whole {
				t.Errorf("%d s: whole for %d ms", test.seconds, left)
			}
			b.fireAtDeadline(TimerKeepalive, Client)
		}
		if _, left := b.lookup(Client, 1).diagTimer(b.now); left != test.rest {
			t.Errorf("%d s: the rest for %d ms, want %d", test.seconds, left, test.rest)
		}
	}
	b := connected()
	b.FinTimeout = 1
	b.do(sys(clientProc, OpClose, 3, 0)).deliverAll()
	if _, left := b.lookup(Client, 1).diagTimer(b.now); left != shortestRTO*7/2 {
		t.Errorf("at least %d ms", left)
	}
}

// With TCP_LINGER2 below 0 an orphan has no FIN_WAIT2.
func TestLinger2None(t *testing.T) {
	b := connected().do(sys(clientProc, OpLinger2, 3, -1), sys(clientProc, OpClose, 3, 0)).deliver(Client)
	b.fireAtDeadline(TimerACK, Server).deliver(Server)
	b.expect(t, "ACK ack 2 delivered; RST seq 2; CLOSED")
	b = finWait1().deliverAll().do(sys(clientProc, OpLinger2, 3, -1))
	if b.View(Client, 1).State != sim.FinWait2 {
		t.Fatal(b.states())
	}
	b.do(sys(clientProc, OpClose, 3, 0)).expect(t, "RST ACK seq 2 ack 1; CLOSED; = 0")
}

// A retransmission is joined with the segments behind it that fit, except for those that were
// SACKed.
func TestRetransmitCollapses(t *testing.T) {
	lost := func() *bench {
		b := connected()
		b.do(sys(clientProc, OpWrite, 3, 5), sys(clientProc, OpClose, 3, 0))
		return b.fireAtDeadline(TimerRetransmit, Client).drop(Client)
	}
	b := lost().drop(Client).fireAtDeadline(TimerRetransmit, Client)
	b.expect(t, "FIN PSH ACK seq 1 ack 1 len 5")
	if b = lost().deliver(Client).deliver(Server).fireAtDeadline(TimerRetransmit, Client); b.lookup(Client, 1).snd.rtxLen != 2 {
		t.Error("two segments were joined although the peer has the second")
	}
	b.expect(t, "PSH ACK seq 1 ack 1 len 5")

	b = connected()
	b.do(sys(clientProc, OpWrite, 3, 2*1448)).drop(Client).drop(Client)
	b.fireAtDeadline(TimerRetransmit, Client).drop(Client).fireAtDeadline(TimerRetransmit, Client)
	b.expect(t, "ACK seq 1 ack 1 len 1448")
}

// The time between two SYN ACKs doubles, up to two minutes.
func TestSYNACKAgain(t *testing.T) {
	b := newBench().listens()
	b.SynAckRetries = 255
	b.connects(clientProc).deliver(Client)
	for n := range 10 {
		want := min(Second<<n, 120*Second)
		if _, left := b.lookup(Server, 1).diagTimer(b.now); left != want {
			t.Errorf("retransmission %d after %d ms, want %d", n+1, left, want)
		}
		b.fireAtDeadline(TimerRetransmit, Server)
	}
}
