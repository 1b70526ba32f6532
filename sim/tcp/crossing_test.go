package tcp

import (
	"testing"

	"finwait/sim"
)

// crossed returns a bench on which both connect: the client is in SYN_SENT, the server,
// which has got the client's SYN, in SYN_RECV.
func crossed() *bench {
	return newBench().connects(clientProc).do(on(serverProc, OpSocket, 0, 0), on(serverProc, OpReuse, 3, 1), on(serverProc, OpBind, 3, 0),
		Input{Op: OpConnect, Proc: serverProc, FD: 3, Conn: 1}).deliver(Client)
}

// A socket that is closed in SYN_RECV sends its FIN behind its SYN ACK; both are repeated
// (kernel: the FIN as a probe after a second, then the SYN ACK).
func TestCloseInSynRecv(t *testing.T) {
	b := crossed()
	b.do(Input{Op: OpKill, Proc: serverProc, N: int(SIGKILL)})
	b.expect(t, "SIGKILL; FIN ACK seq 1 ack 1; FIN_WAIT1 orphan; exit")
	figure(t, b.drop(Server).drop(Server).drop(Server), []line{
		{lets(Server, TimerResend), "FIN ACK seq 1 ack 1", "SYN_SENT FIN_WAIT1"},
		{drops(Server), "FIN ACK seq 1 ack 1 dropped", "SYN_SENT FIN_WAIT1"},
		{lets(Server, TimerResend), "SYN ACK seq 0 ack 1", "SYN_SENT FIN_WAIT1"},
		{delivers(Server), "SYN ACK seq 0 ack 1 delivered; ACK ack 1; ESTABLISHED; = 0", "ESTABLISHED FIN_WAIT1"},
		{delivers(Client), "ACK ack 1 delivered", "ESTABLISHED FIN_WAIT1"},
		{lets(Server, TimerResend), "FIN ACK seq 1 ack 1", "ESTABLISHED FIN_WAIT1"},
		{delivers(Server), "FIN ACK seq 1 ack 1 delivered; CLOSE_WAIT", "CLOSE_WAIT FIN_WAIT1"},
	})
}

// The SYN's timer goes on when the other SYN arrives; from then on each time takes twice
// as long (kernel: 3.1, 5.1, 9.2 s after the SYN).
func TestSynRecvTimer(t *testing.T) {
	b := newBench().connects(clientProc).connects(serverProc)
	for _, s := range []Time{1, 2} {
		b.do(Input{Op: OpTimer, Side: Server, Conn: 1, Timer: TimerResend, Now: 1 + s*Second})
	}
	b.do(Input{Op: OpNone, Now: 1 + 2700}).deliver(Client)
	for _, s := range []Time{3, 5, 9, 17} {
		due, _ := b.next(Server)
		if due.At != 1+s*Second {
			t.Errorf("the SYN ACK is repeated after %d ms, want %d s", due.At-1, s)
		}
		b.do(Input{Op: OpTimer, Side: Server, Conn: 1, Timer: due.Timer, Now: due.At})
	}
	b.SynRetries = 6 // as many as there were
	due, _ := b.next(Server)
	b.do(Input{Op: OpTimer, Side: Server, Conn: 1, Timer: due.Timer, Now: due.At})
	b.expect(t, "CLOSED; = -1 ETIMEDOUT")
}

// next returns the timer of a side that fires first.
func (b *bench) next(side Side) (first Due, ok bool) {
	for _, d := range b.Dues(nil) {
		if d.Side == side && (!ok || d.At < first.At) {
			first, ok = d, true
		}
	}
	return first, ok
}

// The ports are in use while a listener's note of the connection is there.
func TestConnectPortsInUse(t *testing.T) {
	b := newBench().listens().connects(clientProc).deliver(Client).do(on(serverProc, OpClose, 3, 0), on(serverProc, OpSocket, 0, 0))
	b.do(Input{Op: OpConnect, Proc: serverProc, FD: 3, Conn: 1})
	b.expect(t, "= -1 EADDRNOTAVAIL")
}

// A socket that a program has bound keeps the port after a reset; one that was accepted
// does not.
func TestPortIsKept(t *testing.T) {
	b := crossed().do(Input{Op: OpKill, Proc: clientProc, N: int(SIGKILL)}).deliverAll()
	b.do(on(serverProc, OpSocket, 0, 0), on(serverProc, OpBind, 4, 0))
	b.expect(t, "= 4; = -1 EADDRINUSE")
	b.do(on(serverProc, OpClose, 3, 0), on(serverProc, OpBind, 4, 0))
	b.expect(t, "= 0; = 0")

	b = connected().do(on(serverProc, OpClose, 3, 0), on(clientProc, OpLinger, 3, 0), on(clientProc, OpClose, 3, 0)).deliverAll()
	if state := b.View(Server, 1).State; state != sim.Closed {
		t.Fatal(state)
	}
	b.do(on(serverProc, OpSocket, 0, 0), on(serverProc, OpBind, 3, 0))
	b.expect(t, "= 3; = 0")
}

// What overtakes another is told: who looks at the wire must know the order.
func TestSwapIsTold(t *testing.T) {
	b := connected().do(on(clientProc, OpWrite, 3, 3), on(clientProc, OpShutdown, 3, ShutWrite)).do(Input{Op: OpSwap, Side: Client})
	b.expect(t, "PSH ACK seq 1 ack 1 len 3 overtaken")
	b.deliver(Client).expect(t, "FIN ACK seq 4 ack 1 delivered; ACK ack 1")
}
