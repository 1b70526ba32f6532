package tcp

import (
	"testing"

	"finwait/sim"
)

// overdueAfter returns the timer of a side that becomes overdue first and after which time, in
// steps of 100 ms. The time is -1 if none does within limit.
func (b *bench) overdueAfter(side Side, limit Time) (Timer, Time) {
	for wait := Time(0); wait <= limit; wait += 100 {
		for _, d := range b.Overdue(b.now+wait, nil) {
			if d.Side == side {
				return d.Timer, wait
			}
		}
	}
	return 0, -1
}

// A timer becomes overdue soon after the kernel should have fired it, and never before the
// kernel may do so.
func TestOverdue(t *testing.T) {
	for name, test := range map[string]struct {
		bench            *bench
		side             Side
		timer            Timer
		earliest, latest Time // the timer becomes overdue between these two times
	}{
		"no timer runs":                       {connected(), Client, 0, -1, -1},
		"a SYN":                               {newBench().connects(clientProc), Client, TimerRetransmit, 3 * Second, 12 * Second},
		"a SYN ACK":                           {newBench().listens().connects(clientProc).deliver(Client), Server, TimerRetransmit, 3 * Second, 12 * Second},
		"data":                                {unackedData(), Client, TimerRetransmit, 2 * Second, 3 * Second},
		"data, ACKed late":                    {slowACK(), Client, TimerRetransmit, 15 * Second, 150 * Second},
		"TIME_WAIT":                           {inTimeWait(), Client, TimerTimeWait, 62 * Second, 80 * Second},
		"FIN_WAIT2 of 1s":                     {finWait2Of(1), Client, TimerTimeWait, 2000, 3 * Second},
		"FIN_WAIT2 of 1s, FIN ACKed after 1s": {slowFINACK(), Client, TimerTimeWait, 10500, 25 * Second},
		"a keepalive":                         {connected().do(keepalive(clientProc, 3)...), Client, TimerKeepalive, 2000, 3 * Second},
		"a window probe":                      {observed(windowClosed()), Client, TimerRetransmit, 2 * Second, 3 * Second},
	} {
		timer, at := test.bench.overdueAfter(test.side, 200*Second)
		if timer != test.timer || at < test.earliest || at > test.latest {
			t.Errorf("%s: timer %d overdue after %d ms", name, timer, at)
		}
	}
}

// slowACK returns a bench whose client's first data were acknowledged after three seconds, and
// whose further data are unacknowledged.
func slowACK() *bench {
	b := observed(connected())
	b.do(sys(clientProc, OpWrite, 3, 10), Input{Now: b.now + 3*Second}).deliver(Client)
	b.do(Input{Op: OpTimer, Timer: TimerACK, Side: Server, Conn: 1}).deliver(Server)
	return b.do(sys(clientProc, OpWrite, 3, 10))
}

func finWait2Of(seconds int) *bench {
	return connected().do(sys(clientProc, OpLinger2, 3, seconds), sys(clientProc, OpClose, 3, 0)).deliverAll()
}

// slowFINACK returns a bench with an orphan in FIN_WAIT2 whose FIN was acknowledged after a
// second. A kernel takes that for the round trip, and waits for three and a half timeouts.
func slowFINACK() *bench {
	b := observed(connected()).do(sys(clientProc, OpLinger2, 3, 1), sys(clientProc, OpClose, 3, 0))
	b.do(Input{Now: b.now + Second}).deliver(Client)
	return b.do(Input{Op: OpTimer, Timer: TimerACK, Side: Server, Conn: 1}).deliver(Server)
}

// windowClosed returns a bench whose client has data that wait for a window.
func windowClosed() *bench {
	b := connected()
	b.clientSnd().WND = 0
	return b.do(sys(clientProc, OpWrite, 3, 10))
}

// The retransmission timer of an observed World sends only a retransmission that is overdue.
func TestOverdueRetransmission(t *testing.T) {
	resend := Input{Op: OpTimer, Timer: TimerRetransmit, Side: Client, Conn: 1}
	b := unackedData()
	b.do(resend).expect(t, "-")
	resend.Now = b.now + 5*Second
	b.do(resend).expect(t, "PSH ACK seq 1 ack 1 len 10 retransmitted")

	// An end that goes on retransmitting must have given up at some time.
	b = unackedData().do(sys(clientProc, OpClose, 3, 0))
	gone := Time(-1)
	for end := b.now + 400*Second; b.now < end && gone < 0; {
		at := b.now + 10*Second
		b.do(Input{Op: OpEmit, Side: Client, Conn: 1, Seq: 1, N: 10, Flags: psh | sim.ACK, Ack: 1, Now: at})
		for _, d := range b.Overdue(at, nil) {
			if gone = at; b.do(fireInput(d)).View(Client, 1).State != sim.Closed {
				t.Error(b.states())
			}
		}
	}
	if gone < 204*Second || gone > 230*Second { // the kernel checks its limit of 102.2 s only at a timeout
		t.Errorf("it must have given up after %d ms", gone)
	}
}

func fireInput(d Deadline) Input {
	return Input{Op: OpTimer, Timer: d.Timer, Side: d.Side, Conn: d.Conn}
}

func inTimeWait() *bench {
	return connected().do(sys(clientProc, OpClose, 3, 0)).deliverAll().do(sys(serverProc, OpClose, 4, 0)).deliverAll()
}
