package tcp

import (
	"testing"

	"finwait/sim"
)

// exchange is one line of a figure: an input, its effects, and the states of both ends after
// it.
type exchange struct {
	step    func(*bench) *bench
	effects string
	states  string
}

// figure plays a figure of RFC 9293 and compares every line.
func figure(t *testing.T, b *bench, lines []exchange) {
	t.Helper()
	for i, l := range lines {
		l.step(b)
		if got := summary(b.effects); got != l.effects {
			t.Errorf("line %d:\n got %s\nwant %s", i+1, got, l.effects)
		}
		if got := b.states(); got != l.states {
			t.Errorf("line %d: %s, want %s", i+1, got, l.states)
		}
	}
}

// calls, delivers, drops and timerFires are the inputs of the figures.
func calls(proc int, op Op, fd, n int) func(*bench) *bench {
	return func(b *bench) *bench { return b.do(sys(proc, op, fd, n)) }
}

func delivers(from Side) func(*bench) *bench { return func(b *bench) *bench { return b.deliver(from) } }

func drops(from Side) func(*bench) *bench { return func(b *bench) *bench { return b.drop(from) } }

func timerFires(side Side, t Timer) func(*bench) *bench {
	return func(b *bench) *bench { return b.fireLater(side, t) }
}

// fireLater lets a timer of a side fire a second later, whatever its deadline is.
func (b *bench) fireLater(side Side, t Timer) *bench {
	return b.do(Input{Op: OpTimer, Side: side, Conn: 1, Timer: t, Now: b.now + Second})
}

// The initial sequence numbers of the figures of RFC 9293.
const (
	issA = 100
	issB = 300
)

// connectsWith makes the client connect with an initial sequence number.
func connectsWith(isn sim.Seq) func(*bench) *bench {
	return func(b *bench) *bench {
		return b.do(Input{Op: OpConnect, Proc: clientProc, FD: 3, Conn: 1, ISN: isn})
	}
}

// listensWith returns a bench whose server listens with an initial sequence number.
func listensWith(isn sim.Seq) *bench {
	return newBench().do(
		sys(serverProc, OpSocket, 0, 0), sys(serverProc, OpReuseAddr, 3, 1), sys(serverProc, OpBind, 3, 0),
		Input{Op: OpListen, Proc: serverProc, FD: 3, N: 5, ISN: isn},
	)
}

// opensSocket gives the client a socket.
func (b *bench) opensSocket() *bench { return b.do(sys(clientProc, OpSocket, 0, 0)) }

// established returns a connection. The client's next sequence number is 100, the server's is
// 300.
func established() *bench {
	b := connectsWith(issA - 1)(listensWith(issB - 1).opensSocket()).deliverAll()
	b.do(sys(serverProc, OpAccept, 3, 0))
	return b
}

// deliversSecond delivers the second segment of a side before the first.
func deliversSecond(from Side) func(*bench) *bench {
	return func(b *bench) *bench { return b.do(Input{Op: OpSwap, Side: from}).deliver(from) }
}

// timerFiresAfter lets a timer fire at its deadline, which must be wait from now.
func timerFiresAfter(side Side, t Timer, wait Time) func(*bench) *bench {
	return func(b *bench) *bench {
		for _, d := range b.Deadlines(nil) {
			if d.Side == side && d.Timer == t && d.At == b.now+wait {
				return b.do(Input{Op: OpTimer, Side: side, Conn: d.Conn, Timer: t, Now: d.At})
			}
		}
		return b.do(Input{})
	}
}

// Figure 6: basic three-way handshake for connection synchronization.
func TestFigure6Handshake(t *testing.T) {
	figure(t, listensWith(issB).opensSocket(), []exchange{
		{connectsWith(issA), "SYN seq 100; SYN_SENT; blocks", "SYN_SENT CLOSED"},
		{delivers(Client), "SYN seq 100 delivered; SYN ACK seq 300 ack 101; SYN_RECV", "SYN_SENT SYN_RECV"},
		{delivers(Server), "SYN ACK seq 300 ack 101 delivered; ACK ack 301; ESTABLISHED; = 0", "ESTABLISHED SYN_RECV"},
		{delivers(Client), "ACK ack 301 delivered; ESTABLISHED", "ESTABLISHED ESTABLISHED"},
		{calls(clientProc, OpWrite, 3, 5), "PSH ACK seq 101 ack 301 len 5; = 5", "ESTABLISHED ESTABLISHED"},
	})
}

// Figure 7: simultaneous connection synchronization. Linux answers the peer's SYN ACK with an
// ACK that the figure does not have.
func TestFigure7SimultaneousOpen(t *testing.T) {
	b := connectsWith(issA)(newBench().opensSocket()).do(sys(serverProc, OpSocket, 0, 0))
	figure(t, b, []exchange{
		{func(b *bench) *bench {
			return b.do(Input{Op: OpConnect, Proc: serverProc, FD: 3, Conn: 1, ISN: issB})
		}, "SYN seq 300; SYN_SENT; blocks", "SYN_SENT SYN_SENT"},
		{delivers(Server), "SYN seq 300 delivered; SYN ACK seq 100 ack 301; SYN_RECV", "SYN_RECV SYN_SENT"},
		{delivers(Client), "SYN seq 100 delivered; SYN ACK seq 300 ack 101; SYN_RECV", "SYN_RECV SYN_RECV"},
		{delivers(Server), "SYN ACK seq 300 ack 101 delivered; ACK ack 301; ESTABLISHED; = 0", "ESTABLISHED SYN_RECV"},
		{delivers(Client), "SYN ACK seq 100 ack 301 delivered; ACK ack 101; ESTABLISHED; = 0", "ESTABLISHED ESTABLISHED"},
		{delivers(Server), "ACK ack 101 delivered", "ESTABLISHED ESTABLISHED"},
		{delivers(Client), "ACK ack 301 delivered", "ESTABLISHED ESTABLISHED"},
	})
}

// Figure 8: recovery from an old duplicate SYN. A client that was killed has sent the old
// one.
func TestFigure8OldDuplicateSYN(t *testing.T) {
	b := connectsWith(90)(listensWith(issB).opensSocket())
	b.ISNStep = 100
	b.do(sys(clientProc, OpKill, 0, int(SIGKILL)), Input{Op: OpStart, Side: Client}).opensSocket()
	figure(t, b, []exchange{
		{connectsWith(issA), "SYN seq 100; SYN_SENT; blocks", "SYN_SENT CLOSED"},
		{delivers(Client), "SYN seq 90 delivered; SYN ACK seq 300 ack 91; SYN_RECV", "SYN_SENT SYN_RECV"},
		{delivers(Server), "SYN ACK seq 300 ack 91 delivered; RST seq 91", "SYN_SENT SYN_RECV"},
		{deliversSecond(Client), "RST seq 91 delivered; CLOSED", "SYN_SENT CLOSED"}, // the figure says LISTEN
		{delivers(Client), "SYN seq 100 delivered; SYN ACK seq 400 ack 101; SYN_RECV", "SYN_SENT SYN_RECV"},
		{delivers(Server), "SYN ACK seq 400 ack 101 delivered; ACK ack 401; ESTABLISHED; = 0", "ESTABLISHED SYN_RECV"},
		{delivers(Client), "ACK ack 401 delivered; ESTABLISHED", "ESTABLISHED ESTABLISHED"},
	})
}

// "If the SYN at line 6 had arrived before the RST, a more complex exchange might have
// occurred with RSTs sent in both directions": here the exchange ends the connection at both
// ends.
func TestFigure8SYNBeforeRST(t *testing.T) {
	b := connectsWith(90)(listensWith(issB).opensSocket())
	b.do(sys(clientProc, OpKill, 0, int(SIGKILL)), Input{Op: OpStart, Side: Client}).opensSocket()
	figure(t, connectsWith(issA)(b), []exchange{
		{delivers(Client), "SYN seq 90 delivered; SYN ACK seq 300 ack 91; SYN_RECV", "SYN_SENT SYN_RECV"},
		{delivers(Server), "SYN ACK seq 300 ack 91 delivered; RST seq 91", "SYN_SENT SYN_RECV"},
		{delivers(Client), "SYN seq 100 delivered; RST ACK seq 0 ack 101; CLOSED", "SYN_SENT CLOSED"},
		{delivers(Server), "RST ACK seq 0 ack 101 delivered; CLOSED; = -1 ECONNREFUSED", "CLOSED CLOSED"},
		{delivers(Client), "RST seq 91 delivered", "CLOSED CLOSED"},
	})
}

// Figure 9: half-open connection discovery. The client's host has lost its memory, and the
// client connects again from the same port. Linux sends the SYN again 12 ms after the reset,
// not a second after the first SYN (tcp_rcv_synsent_state_process).
func TestFigure9HalfOpen(t *testing.T) {
	b := established()
	crash(b)
	b.do(sys(clientProc, OpClose, 3, 0)).opensSocket()
	figure(t, b, []exchange{
		{connectsWith(400), "SYN seq 400; SYN_SENT; blocks", "SYN_SENT ESTABLISHED"},
		{delivers(Client), "SYN seq 400 delivered; ACK ack 100", "SYN_SENT ESTABLISHED"},
		{delivers(Server), "ACK ack 100 delivered; RST seq 100", "SYN_SENT ESTABLISHED"},
		{delivers(Client), "RST seq 100 delivered; CLOSED", "SYN_SENT CLOSED"},
		{timerFiresAfter(Client, TimerRetransmit, tlpDelay), "SYN seq 400", "SYN_SENT CLOSED"},
		{delivers(Client), "SYN seq 400 delivered; SYN ACK seq 299 ack 401; SYN_RECV", "SYN_SENT SYN_RECV"},
		{delivers(Server), "SYN ACK seq 299 ack 401 delivered; ACK ack 300; ESTABLISHED; = 0", "ESTABLISHED SYN_RECV"},
		{delivers(Client), "ACK ack 300 delivered; ESTABLISHED", "ESTABLISHED ESTABLISHED"},
	})
	b.do(sys(serverProc, OpRead, 4, 5))
	b.expect(t, "= -1 ECONNRESET")
}

// Figure 10: active side causes half-open connection discovery.
func TestFigure10HalfOpen(t *testing.T) {
	b := established()
	crash(b)
	figure(t, b, []exchange{
		{calls(serverProc, OpWrite, 4, 10), "PSH ACK seq 300 ack 100 len 10; = 10", "CLOSED ESTABLISHED"},
		{delivers(Server), "PSH ACK seq 300 ack 100 len 10 delivered; RST seq 100", "CLOSED ESTABLISHED"},
		{delivers(Client), "RST seq 100 delivered; CLOSED", "CLOSED CLOSED"},
		{calls(serverProc, OpRead, 4, 5), "= -1 ECONNRESET", "CLOSED CLOSED"},
	})
}

// Figure 11: an old duplicate SYN initiates a reset on two passive sockets.
func TestFigure11TwoPassive(t *testing.T) {
	b := connectsWith(700)(listensWith(issB).opensSocket())
	b.do(sys(clientProc, OpKill, 0, int(SIGKILL)), Input{Op: OpStart, Side: Client}).opensSocket()
	b.do(sys(clientProc, OpListen, 3, 5))
	figure(t, b, []exchange{
		{delivers(Client), "SYN seq 700 delivered; SYN ACK seq 300 ack 701; SYN_RECV", "CLOSED SYN_RECV"},
		{delivers(Server), "SYN ACK seq 300 ack 701 delivered; RST seq 701", "CLOSED SYN_RECV"},
		{delivers(Client), "RST seq 701 delivered; CLOSED", "CLOSED CLOSED"},
	})
	for _, side := range []Side{Client, Server} {
		if got := b.View(side, 0).State; got != sim.Listen {
			t.Errorf("the %s is in %s, want LISTEN", side.End(), got)
		}
	}
}

// crash makes the client's host lose its end of the connection.
func crash(b *bench) {
	s := b.lookup(Client, 1)
	s.state, s.reportedState, s.rcvShutdown, s.sndShutdown, s.timers = sim.Close, sim.Closed, true, true, timers{}
}

// Figure 12: normal close sequence.
func TestFigure12NormalClose(t *testing.T) {
	figure(t, established(), []exchange{
		{calls(clientProc, OpClose, 3, 0), "FIN ACK seq 100 ack 300; FIN_WAIT1 orphan; = 0", "FIN_WAIT1 ESTABLISHED"},
		{delivers(Client), "FIN ACK seq 100 ack 300 delivered; CLOSE_WAIT", "FIN_WAIT1 CLOSE_WAIT"},
		{timerFires(Server, TimerACK), "ACK ack 101", "FIN_WAIT1 CLOSE_WAIT"},
		{delivers(Server), "ACK ack 101 delivered; FIN_WAIT2 orphan", "FIN_WAIT2 CLOSE_WAIT"},
		{calls(serverProc, OpClose, 4, 0), "FIN ACK seq 300 ack 101; LAST_ACK orphan; = 0", "FIN_WAIT2 LAST_ACK"},
		{delivers(Server), "FIN ACK seq 300 ack 101 delivered; ACK ack 301; TIME_WAIT orphan", "TIME_WAIT LAST_ACK"},
		{delivers(Client), "ACK ack 301 delivered; CLOSED", "TIME_WAIT CLOSED"},
		{timerFires(Client, TimerTimeWait), "CLOSED", "CLOSED CLOSED"},
	})
}

// Figure 13: simultaneous close sequence.
func TestFigure13SimultaneousClose(t *testing.T) {
	figure(t, established(), []exchange{
		{calls(clientProc, OpClose, 3, 0), "FIN ACK seq 100 ack 300; FIN_WAIT1 orphan; = 0", "FIN_WAIT1 ESTABLISHED"},
		{calls(serverProc, OpClose, 4, 0), "FIN ACK seq 300 ack 100; FIN_WAIT1 orphan; = 0", "FIN_WAIT1 FIN_WAIT1"},
		{delivers(Client), "FIN ACK seq 100 ack 300 delivered; ACK ack 101; CLOSING orphan", "FIN_WAIT1 CLOSING"},
		{delivers(Server), "FIN ACK seq 300 ack 100 delivered; ACK ack 301; CLOSING orphan", "CLOSING CLOSING"},
		{delivers(Server), "ACK ack 101 delivered; TIME_WAIT orphan", "TIME_WAIT CLOSING"},
		{delivers(Client), "ACK ack 301 delivered; TIME_WAIT orphan", "TIME_WAIT TIME_WAIT"},
	})
}

// The last ACK is lost: the peer sends its FIN again, which restarts TIME_WAIT.
func TestLostLastACK(t *testing.T) {
	b := connected().do(sys(clientProc, OpClose, 3, 0)).deliverAll().do(sys(serverProc, OpClose, 4, 0)).deliver(Server)
	figure(t, b, []exchange{
		{drops(Client), "ACK ack 2 dropped", "TIME_WAIT LAST_ACK"},
		{timerFires(Server, TimerRetransmit), "FIN ACK seq 1 ack 2", "TIME_WAIT LAST_ACK"},
		{delivers(Server), "FIN ACK seq 1 ack 2 delivered; ACK ack 2", "TIME_WAIT LAST_ACK"},
		{delivers(Client), "ACK ack 2 delivered; CLOSED", "TIME_WAIT CLOSED"},
	})
	if left := b.View(Client, 1).Expires; left != timewaitLen {
		t.Errorf("TIME_WAIT has %d ms left, want a fresh minute", left)
	}
}

// An orphan whose FIN is lost sends ten FINs, as Linux does by default, and disappears after
// 107 s without a reset (kernel: 107.8 s).
func TestOrphanGivesUp(t *testing.T) {
	b := connected().do(sys(clientProc, OpClose, 3, 0)).drop(Client)
	start, sent := b.now, 1
	for b.View(Client, 1).State != sim.Closed {
		due, _ := b.Next()
		b.do(Input{Op: OpTimer, Side: due.Side, Conn: due.Conn, Timer: due.Timer, Now: due.At})
		for b.nFlight > 0 {
			sent++
			b.drop(Client)
		}
	}
	if gone := b.now - start; sent != 10 || gone < 106*Second || gone > 108*Second {
		t.Errorf("%d FINs, gone after %d ms; want 10 and 107 s", sent, gone)
	}
}
