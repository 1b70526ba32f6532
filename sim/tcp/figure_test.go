package tcp

import (
	"testing"

	"finwait/sim"
)

// line is one line of a figure: an input, what it brings, and both ends after it.
type line struct {
	does   func(*bench) *bench
	says   string
	states string
}

// figure draws a figure of RFC 9293 and compares every line.
func figure(t *testing.T, b *bench, lines []line) {
	t.Helper()
	for i, l := range lines {
		l.does(b)
		if got := tell(b.said); got != l.says {
			t.Errorf("line %d:\n got %s\nwant %s", i+1, got, l.says)
		}
		if got := b.states(); got != l.states {
			t.Errorf("line %d: %s, want %s", i+1, got, l.states)
		}
	}
}

// calls, delivers and the others are the inputs of the figures.
func calls(proc int, op Op, fd, n int) func(*bench) *bench {
	return func(b *bench) *bench { return b.do(on(proc, op, fd, n)) }
}

func delivers(from Side) func(*bench) *bench { return func(b *bench) *bench { return b.deliver(from) } }

func drops(from Side) func(*bench) *bench { return func(b *bench) *bench { return b.drop(from) } }

func lets(side Side, t Timer) func(*bench) *bench {
	return func(b *bench) *bench {
		return b.do(Input{Op: OpTimer, Side: side, Conn: 1, Timer: t, Now: b.now + Second})
	}
}

// Figure 6: basic three-way handshake.
func TestFigureHandshake(t *testing.T) {
	figure(t, newBench().listens().do(on(clientProc, OpSocket, 0, 0)), []line{
		{func(b *bench) *bench { return b.do(Input{Op: OpConnect, Proc: clientProc, FD: 3, Conn: 1}) }, "SYN seq 0; SYN_SENT; blocks", "SYN_SENT CLOSED"},
		{delivers(Client), "SYN seq 0 delivered; SYN ACK seq 0 ack 1; SYN_RECV", "SYN_SENT SYN_RECV"},
		{delivers(Server), "SYN ACK seq 0 ack 1 delivered; ACK ack 1; ESTABLISHED; = 0", "ESTABLISHED SYN_RECV"},
		{delivers(Client), "ACK ack 1 delivered; ESTABLISHED", "ESTABLISHED ESTABLISHED"},
		{calls(clientProc, OpWrite, 3, 5), "PSH ACK seq 1 ack 1 len 5; = 5", "ESTABLISHED ESTABLISHED"},
	})
}

// Figure 7: simultaneous connection synchronization. Linux answers the SYN ACK of the
// other with an ACK that the figure does not have.
func TestFigureSimultaneousOpen(t *testing.T) {
	figure(t, newBench().connects(clientProc), []line{
		{func(b *bench) *bench { return b.connects(serverProc) }, "= 3; SYN seq 0; SYN_SENT; blocks", "SYN_SENT SYN_SENT"},
		{delivers(Server), "SYN seq 0 delivered; SYN ACK seq 0 ack 1; SYN_RECV", "SYN_RECV SYN_SENT"},
		{delivers(Client), "SYN seq 0 delivered; SYN ACK seq 0 ack 1; SYN_RECV", "SYN_RECV SYN_RECV"},
		{delivers(Client), "SYN ACK seq 0 ack 1 delivered; ACK ack 1; ESTABLISHED; = 0", "SYN_RECV ESTABLISHED"},
		{delivers(Server), "SYN ACK seq 0 ack 1 delivered; ACK ack 1; ESTABLISHED; = 0", "ESTABLISHED ESTABLISHED"},
		{delivers(Server), "ACK ack 1 delivered", "ESTABLISHED ESTABLISHED"},
		{delivers(Client), "ACK ack 1 delivered", "ESTABLISHED ESTABLISHED"},
	})
}

// Figures 9 and 10: half-open connections. The client's host has forgotten the
// connection, as after a crash; either end finds out when it is sent something.
func TestFigureHalfOpen(t *testing.T) {
	b := connected()
	crash(b)
	figure(t, b, []line{
		{calls(serverProc, OpWrite, 4, 5), "PSH ACK seq 1 ack 1 len 5; = 5", "CLOSED ESTABLISHED"},
		{delivers(Server), "PSH ACK seq 1 ack 1 len 5 delivered; RST seq 1", "CLOSED ESTABLISHED"},
		{delivers(Client), "RST seq 1 delivered; CLOSED", "CLOSED CLOSED"},
		{calls(serverProc, OpRead, 4, 5), "= -1 ECONNRESET", "CLOSED CLOSED"},
	})
}

// Figure 9: the one that has forgotten opens the connection again. The other answers with
// what it knows. That it would then be told that it is wrong takes another initial
// sequence number: relative numbers, which all begin at 0, end the figure here.
func TestFigureHalfOpenRecovery(t *testing.T) {
	b := connected()
	crash(b)
	b.do(on(clientProc, OpClose, 3, 0), on(clientProc, OpSocket, 0, 0))
	figure(t, b, []line{
		{func(b *bench) *bench { return b.do(Input{Op: OpConnect, Proc: clientProc, FD: 3, Conn: 1}) }, "SYN seq 0; SYN_SENT; blocks", "SYN_SENT ESTABLISHED"},
		{delivers(Client), "SYN seq 0 delivered; ACK ack 1", "SYN_SENT ESTABLISHED"},
	})
}

// crash makes the client's host forget its end of the connection.
func crash(b *bench) {
	s := b.socketOf(Client, 1)
	s.state, s.shown, s.rcvShut, s.sndShut, s.tm = sim.Close, sim.Closed, true, true, timers{}
}

// Figure 12: normal close sequence.
func TestFigureNormalClose(t *testing.T) {
	figure(t, connected(), []line{
		{calls(clientProc, OpClose, 3, 0), "FIN ACK seq 1 ack 1; FIN_WAIT1 orphan; = 0", "FIN_WAIT1 ESTABLISHED"},
		{delivers(Client), "FIN ACK seq 1 ack 1 delivered; CLOSE_WAIT", "FIN_WAIT1 CLOSE_WAIT"},
		{lets(Server, TimerACK), "ACK ack 2", "FIN_WAIT1 CLOSE_WAIT"},
		{delivers(Server), "ACK ack 2 delivered; FIN_WAIT2 orphan", "FIN_WAIT2 CLOSE_WAIT"},
		{calls(serverProc, OpClose, 4, 0), "FIN ACK seq 1 ack 2; LAST_ACK orphan; = 0", "FIN_WAIT2 LAST_ACK"},
		{delivers(Server), "FIN ACK seq 1 ack 2 delivered; ACK ack 2; TIME_WAIT orphan", "TIME_WAIT LAST_ACK"},
		{delivers(Client), "ACK ack 2 delivered; CLOSED", "TIME_WAIT CLOSED"},
		{lets(Client, TimerWait), "CLOSED", "CLOSED CLOSED"},
	})
}

// Figure 13: simultaneous close sequence.
func TestFigureSimultaneousClose(t *testing.T) {
	figure(t, connected(), []line{
		{calls(clientProc, OpClose, 3, 0), "FIN ACK seq 1 ack 1; FIN_WAIT1 orphan; = 0", "FIN_WAIT1 ESTABLISHED"},
		{calls(serverProc, OpClose, 4, 0), "FIN ACK seq 1 ack 1; FIN_WAIT1 orphan; = 0", "FIN_WAIT1 FIN_WAIT1"},
		{delivers(Client), "FIN ACK seq 1 ack 1 delivered; ACK ack 2; CLOSING orphan", "FIN_WAIT1 CLOSING"},
		{delivers(Server), "FIN ACK seq 1 ack 1 delivered; ACK ack 2; CLOSING orphan", "CLOSING CLOSING"},
		{delivers(Server), "ACK ack 2 delivered; TIME_WAIT orphan", "TIME_WAIT CLOSING"},
		{delivers(Client), "ACK ack 2 delivered; TIME_WAIT orphan", "TIME_WAIT TIME_WAIT"},
	})
}

// The last ACK is lost: the FIN comes again, and restarts TIME_WAIT.
func TestLostLastACK(t *testing.T) {
	b := connected().do(on(clientProc, OpClose, 3, 0)).deliverAll().do(on(serverProc, OpClose, 4, 0)).deliver(Server)
	figure(t, b, []line{
		{drops(Client), "ACK ack 2 dropped", "TIME_WAIT LAST_ACK"},
		{lets(Server, TimerResend), "FIN ACK seq 1 ack 2", "TIME_WAIT LAST_ACK"},
		{delivers(Server), "FIN ACK seq 1 ack 2 delivered; ACK ack 2", "TIME_WAIT LAST_ACK"},
		{delivers(Client), "ACK ack 2 delivered; CLOSED", "TIME_WAIT CLOSED"},
	})
	if left := b.View(Client, 1).Expires; left != lastMinute {
		t.Errorf("TIME_WAIT has %d ms left, want a fresh minute", left)
	}
}

// An orphan whose FIN is lost repeats it ten times, as Linux does by default, and is gone
// after 107 s without a word (kernel: 107.8 s).
func TestOrphanGivesUp(t *testing.T) {
	b := connected().do(on(clientProc, OpClose, 3, 0)).drop(Client)
	start, sent := b.now, 1
	for b.View(Client, 1).State != sim.Closed {
		due, _ := b.Next()
		b.do(Input{Op: OpTimer, Side: due.Side, Conn: due.Conn, Timer: due.Timer, Now: due.At})
		for b.flying > 0 {
			sent++
			b.drop(Client)
		}
	}
	if gone := b.now - start; sent != 10 || gone < 106*Second || gone > 108*Second {
		t.Errorf("%d FINs, gone after %d ms; want 10 and 107 s", sent, gone)
	}
}
