package tcp

import "testing"

// The idle time begins when keepalive is turned on, however long the peer was silent before.
// If keepalive is on, a new idle time counts from the newest segment of the peer.
func TestKeepaliveTimes(t *testing.T) {
	times := func(b *bench, idle Time) *bench {
		call := func(op Op, idle, every Time, n int) Input {
			return Input{Op: op, Proc: clientProc, FD: 3, Idle: idle, Interval: every, N: n}
		}
		return b.do(call(OpKeepaliveTime, idle, 0, 0), call(OpKeepaliveTime, 0, Second, 0), call(OpKeepaliveTime, 0, 0, 3), call(OpKeepalive, 0, 0, 0))
	}
	left := func(b *bench) Time { return b.timersOf(Client).keepalive - b.now }
	b := connected()
	b.do(Input{Now: b.now + 5*Second})
	if got := left(times(b, 2*Second)); got != 2*Second {
		t.Errorf("turned on: in %d ms", got)
	}
	b.do(Input{Now: b.now + Second})
	if got := left(times(b, 9*Second)); got != 3*Second {
		t.Errorf("another time: in %d ms", got)
	}
	if got := left(times(b, 4*Second)); got != 0 {
		t.Errorf("a time that is over: in %d ms", got)
	}
}
