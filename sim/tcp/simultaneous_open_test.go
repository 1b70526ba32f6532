package tcp

import (
	"testing"

	"finwait/sim"
)

// synRecvCrossed returns a bench on which both sides connect. The client is in SYN_SENT; the
// server has received the client's SYN and is in SYN_RECV.
func synRecvCrossed() *bench {
	return newBench().connects(clientProc).do(sys(serverProc, OpSocket, 0, 0), sys(serverProc, OpReuseAddr, 3, 1), sys(serverProc, OpBind, 3, 0),
		Input{Op: OpConnect, Proc: serverProc, FD: 3, Conn: 1}).deliver(Client)
}

// A socket that is closed in SYN_RECV sends its FIN after its SYN ACK, and retransmits both
// (kernel: the FIN as a probe after a second, then the SYN ACK).
func TestCloseInSynRecv(t *testing.T) {
	b := synRecvCrossed()
	b.do(Input{Op: OpKill, Proc: serverProc, N: int(SIGKILL)})
	b.expect(t, "SIGKILL; FIN ACK seq 1 ack 1; FIN_WAIT1 orphan; exit")
	figure(t, b.drop(Server).drop(Server).drop(Server), []exchange{
		{timerFires(Server, TimerRetransmit), "FIN ACK seq 1 ack 1", "SYN_SENT FIN_WAIT1"},
		{drops(Server), "FIN ACK seq 1 ack 1 dropped", "SYN_SENT FIN_WAIT1"},
		{timerFires(Server, TimerRetransmit), "SYN ACK seq 0 ack 1", "SYN_SENT FIN_WAIT1"},
		{delivers(Server), "SYN ACK seq 0 ack 1 delivered; ACK ack 1; ESTABLISHED; = 0", "ESTABLISHED FIN_WAIT1"},
		{delivers(Client), "ACK ack 1 delivered", "ESTABLISHED FIN_WAIT1"},
		{timerFires(Server, TimerRetransmit), "FIN ACK seq 1 ack 1", "ESTABLISHED FIN_WAIT1"},
		{delivers(Server), "FIN ACK seq 1 ack 1 delivered; CLOSE_WAIT", "CLOSE_WAIT FIN_WAIT1"},
	})
}

// The timer of the SYN keeps running when the other SYN arrives. From then on each timeout is
// twice the one before (kernel: 3.1, 5.1, 9.2 s after the SYN).
func TestSynRecvTimer(t *testing.T) {
	b := newBench().connects(clientProc).connects(serverProc)
	for _, s := range []Time{1, 2} {
		b.do(Input{Op: OpTimer, Side: Server, Conn: 1, Timer: TimerRetransmit, Now: 1 + s*Second})
	}
	b.do(Input{Op: OpNone, Now: 1 + 2700}).deliver(Client)
	for _, s := range []Time{3, 5, 9, 17} {
		due, _ := b.nextDeadline(Server)
		if due.At != 1+s*Second {
			t.Errorf("the SYN ACK is sent again after %d ms, want %d s", due.At-1, s)
		}
		b.do(Input{Op: OpTimer, Side: Server, Conn: 1, Timer: due.Timer, Now: due.At})
	}
	b.SynRetries = 6 // the number of retransmissions so far
	due, _ := b.nextDeadline(Server)
	b.do(Input{Op: OpTimer, Side: Server, Conn: 1, Timer: due.Timer, Now: due.At})
	b.expect(t, "CLOSED; = -1 ETIMEDOUT")
}

// nextDeadline returns the first deadline of a side; ok is false when no timer runs.
func (b *bench) nextDeadline(side Side) (first Deadline, ok bool) {
	for _, d := range b.Deadlines(nil) {
		if d.Side == side && (!ok || d.At < first.At) {
			first, ok = d, true
		}
	}
	return first, ok
}

// The ports of a connection are in use while a listener has a request for it.
func TestConnectPortsInUse(t *testing.T) {
	b := newBench().listens().connects(clientProc).deliver(Client).do(sys(serverProc, OpClose, 3, 0), sys(serverProc, OpSocket, 0, 0))
	b.do(Input{Op: OpConnect, Proc: serverProc, FD: 3, Conn: 1})
	b.expect(t, "= -1 EADDRNOTAVAIL")
}

// A socket that a program has bound keeps its port after a reset. An accepted socket does
// not.
func TestBoundPortAfterReset(t *testing.T) {
	b := synRecvCrossed().do(Input{Op: OpKill, Proc: clientProc, N: int(SIGKILL)}).deliverAll()
	b.do(sys(serverProc, OpSocket, 0, 0), sys(serverProc, OpBind, 4, 0))
	b.expect(t, "= 4; = -1 EADDRINUSE")
	b.do(sys(serverProc, OpClose, 3, 0), sys(serverProc, OpBind, 4, 0))
	b.expect(t, "= 0; = 0")

	b = connected().do(sys(serverProc, OpClose, 3, 0), sys(clientProc, OpLinger, 3, 0), sys(clientProc, OpClose, 3, 0)).deliverAll()
	if state := b.View(Server, 1).State; state != sim.Closed {
		t.Fatal(state)
	}
	b.do(sys(serverProc, OpSocket, 0, 0), sys(serverProc, OpBind, 3, 0))
	b.expect(t, "= 3; = 0")
}

// Overtaking is an effect: an observer of the wire must know the order of the segments.
func TestSwapIsReported(t *testing.T) {
	b := connected().do(sys(clientProc, OpWrite, 3, 3), sys(clientProc, OpShutdown, 3, ShutWrite)).do(Input{Op: OpSwap, Side: Client})
	b.expect(t, "PSH ACK seq 1 ack 1 len 3 overtaken")
	b.deliver(Client).expect(t, "FIN ACK seq 4 ack 1 delivered; ACK ack 1")
}
