package tcp

import (
	"testing"

	"finwait/sim"
)

// A SYN that is not the first one between its ports, and the ends of a handshake. All of it
// was seen on Linux 6.18: one kernel against scripted segments.

// receives delivers a segment to an end as if the peer had sent it. It comes half a second after
// the one before, so that the rate limit permits every answer.
func (b *bench) receives(side Side, seg Segment) *bench {
	b.now += oowACKInterval
	return b.receivesAtOnce(side, seg)
}

// receivesAtOnce delivers a segment without a delay. A segment without SendOrder is the newest.
func (b *bench) receivesAtOnce(side Side, seg Segment) *bench {
	seg.From, seg.Conn, seg.Window = side.peer(), 1, 64240
	if seg.SendOrder == 0 {
		b.nSent++
		seg.SendOrder = b.nSent
	}
	b.effects = nil
	m := machine{World: &b.World}
	m.receive(seg)
	m.settle(int(side))
	b.effects = m.out
	return b
}

// reception is a segment that arrives, and its effects.
type reception struct {
	seg  Segment
	want string
}

func (b *bench) receivesAll(t *testing.T, side Side, all []reception) {
	t.Helper()
	for _, g := range all {
		if said := summary(b.receives(side, g.seg).effects); said != g.want {
			t.Errorf("%s:\n got %s\nwant %s", g.seg.Sim(), said, g.want)
		}
	}
}

// serverTimeWait returns a bench whose server is in TIME_WAIT and still listens. The next
// sequence number of either side is 2.
func serverTimeWait() *bench {
	b := connected().do(sys(serverProc, OpClose, 4, 0)).deliverAll()
	return b.do(sys(clientProc, OpClose, 3, 0)).deliverAll()
}

// withNewestTimestamp returns a segment with the newest timestamp that the server has received.
func (b *bench) withNewestTimestamp(seg Segment) Segment {
	seg.SendOrder = b.lookup(Server, 1).rcv.tsRecent
	return seg
}

// Without a newer timestamp the sequence number decides whether a SYN is new. The answers are
// rate limited.
func TestTimeWaitMeetsSYN(t *testing.T) {
	b := serverTimeWait()
	b.receivesAll(t, Server, []reception{
		{b.withNewestTimestamp(Segment{Flags: sim.SYN, Seq: ^sim.Seq(4)}), "ACK ack 2"},
		{b.withNewestTimestamp(Segment{Flags: sim.SYN, Seq: 2}), "ACK ack 2"},
	})
	b.receivesAtOnce(Server, b.withNewestTimestamp(Segment{Flags: sim.SYN, Seq: 2})).expect(t, "-")
	b.receives(Server, b.withNewestTimestamp(Segment{Flags: sim.SYN, Seq: 3})).expect(t, "CLOSED; SYN ACK seq 65539 ack 4; SYN_RECV")
}

// A newer timestamp makes a SYN new, whatever its sequence number is. An older one makes it
// old.
func TestTimeWaitMeetsSYNWithTimestamps(t *testing.T) {
	b := serverTimeWait()
	b.receives(Server, Segment{Flags: sim.SYN, Seq: 5000, SendOrder: 1}).expect(t, "ACK ack 2")
	if left := b.View(Server, 1).Expires; left != timewaitLen {
		t.Errorf("TIME_WAIT has %d ms left, want 60 s", left)
	}
	b.receives(Server, Segment{Flags: sim.SYN, Seq: ^sim.Seq(4)}).expect(t, "CLOSED; SYN ACK seq 65539 ack 4294967292; SYN_RECV")
}

// Without a listener every new SYN is answered; the answers to old ones are rate limited. No
// SYN restarts TIME_WAIT.
func TestTimeWaitMeetsSYNWithoutListener(t *testing.T) {
	b := serverTimeWait().do(sys(serverProc, OpClose, 3, 0))
	for range 3 {
		b.receivesAtOnce(Server, Segment{Flags: sim.SYN, Seq: 1000}).expect(t, "ACK ack 2")
	}
	b.receives(Server, b.withNewestTimestamp(Segment{Flags: sim.SYN, Seq: 0})).expect(t, "ACK ack 2")
	b.receivesAtOnce(Server, b.withNewestTimestamp(Segment{Flags: sim.SYN, Seq: 0})).expect(t, "-")
	if left := b.View(Server, 1).Expires; left >= timewaitLen {
		t.Errorf("TIME_WAIT has %d ms left: it was restarted", left)
	}
}

// A client may connect from the ports of a minisock, and begins beyond its sequence numbers. It
// may not while the old connection has a whole socket.
func TestConnectFromUsedPorts(t *testing.T) {
	again := Input{Op: OpConnect, Proc: clientProc, FD: 4, Conn: 1}
	for name, c := range map[string]struct {
		b    *bench
		want string
	}{
		"ESTABLISHED": {connected(), "= -1 EADDRNOTAVAIL"},
		"FIN_WAIT1":   {finWait1(), "= -1 EADDRNOTAVAIL"},
		"FIN_WAIT2":   {finWait1().deliverAll(), "= -1 EADDRNOTAVAIL"},
		"FIN_WAIT2 orphan": {
			finWait1().deliverAll().do(sys(clientProc, OpDup, 3, 0), sys(clientProc, OpClose, 4, 0), sys(clientProc, OpClose, 3, 0), sys(clientProc, OpSocket, 0, 0)),
			"CLOSED; SYN seq 65539; SYN_SENT; blocks",
		},
		"TIME_WAIT": {
			finWait1().deliverAll().do(sys(serverProc, OpClose, 4, 0)).deliverAll(),
			"CLOSED; SYN seq 65539; SYN_SENT; blocks",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.b.do(sys(clientProc, OpSocket, 0, 0))
			c.b.do(again).expect(t, c.want)
		})
	}
}

// An exact reset, or another SYN in the window, ends a request. Any other reset in the window
// is challenged (RFC 5961), and so is a segment out of the window.
func TestRequestEnds(t *testing.T) {
	synRecv := func() *bench { return newBench().listens().connects(clientProc).deliver(Client) }
	b := synRecv()
	b.receivesAll(t, Server, []reception{
		{Segment{Flags: sim.RST, Seq: 50}, "ACK ack 1"},
		{Segment{Flags: sim.RST | sim.ACK, Seq: 50, Ack: 7}, "ACK ack 1"},
		{Segment{Flags: sim.RST, Seq: 0}, "-"},
		{Segment{Flags: sim.RST, Seq: 9000000}, "-"},
		{Segment{Flags: synAck, Seq: 0, Ack: 1}, "ACK ack 1"},
		{Segment{Flags: sim.ACK, Seq: 0, Ack: 1}, "ACK ack 1"},
		{Segment{Flags: sim.SYN, Seq: ^sim.Seq(9)}, "ACK ack 1"},
		{Segment{Flags: sim.ACK, Seq: 1, Ack: 7}, "RST seq 7"},
	})
	b.receivesAtOnce(Server, Segment{Flags: sim.RST, Seq: 50}).expect(t, "ACK ack 1")
	b.receivesAtOnce(Server, Segment{Flags: sim.RST, Seq: 50}).expect(t, "-")
	b.receives(Server, Segment{Flags: sim.ACK, Seq: 100, Ack: 1}).expect(t, "ESTABLISHED")

	synRecv().receives(Server, Segment{Flags: sim.SYN, Seq: 10}).expect(t, "RST ACK seq 0 ack 11; CLOSED")
	synRecv().receives(Server, Segment{Flags: sim.RST, Seq: 1}).expect(t, "CLOSED")
	synRecv().receives(Server, Segment{Flags: sim.RST | sim.ACK, Seq: 1, Ack: 7}).expect(t, "CLOSED")
}

// bothConnect returns a bench whose client is in SYN_RECV: its SYN has crossed the server's.
func bothConnect() *bench {
	return newBench().connects(clientProc).connects(serverProc).deliver(Server)
}

// SYN_RECV after a simultaneous open is a whole socket and makes the checks of one.
func TestSimultaneousOpenHandshake(t *testing.T) {
	bothConnect().receivesAll(t, Client, []reception{
		{Segment{Flags: sim.SYN, Seq: 0}, "ACK ack 1"},
		{Segment{Flags: sim.SYN, Seq: 10}, "ACK ack 1"},
		{Segment{Flags: synAck, Seq: 0, Ack: 99}, "ACK ack 1"},
		{Segment{Flags: sim.ACK, Seq: 1, Ack: 99}, "RST seq 99"},
		{Segment{Flags: sim.RST, Seq: 50}, "ACK ack 1"},
		{Segment{Flags: sim.RST, Seq: 0}, "-"},
		{Segment{Flags: sim.RST, Seq: 1}, "CLOSED; = -1 ECONNRESET"},
	})
}

// The SYN ACK of a simultaneous open is retransmitted tcp_syn_retries times, without the linear
// timeouts.
func TestSimultaneousOpenGivesUp(t *testing.T) {
	b := bothConnect()
	b.SynRetries = 2
	for range 2 {
		b.fireLater(Client, TimerRetransmit)
		b.expect(t, "SYN ACK seq 0 ack 1 retransmitted")
	}
	b.fireLater(Client, TimerRetransmit)
	b.expect(t, "CLOSED; = -1 ETIMEDOUT")
}

// An unacceptable ACK makes the client send its SYN again soon, but only the first time.
func TestSynSentRetransmitsAtOnce(t *testing.T) {
	b := newBench().connects(clientProc)
	b.receives(Client, Segment{Flags: sim.ACK, Seq: 1, Ack: 99}).expect(t, "RST seq 99")
	if due, _ := b.Next(); due.At != b.now+tlpDelay {
		t.Errorf("the SYN is sent again after %d ms, want %d", due.At-b.now, tlpDelay)
	}
	b.fireLater(Client, TimerRetransmit)
	before, _ := b.Next()
	b.receives(Client, Segment{Flags: sim.ACK, Seq: 1, Ack: 99}).expect(t, "RST seq 99")
	if due, _ := b.Next(); due != before {
		t.Errorf("the SYN is sent again at %d, want %d as before", due.At, before.At)
	}
}

// Sequence numbers wrap (RFC 9293 section 3.4): a connection that begins just before 0 does the
// same as one that begins at 0.
func TestSequenceNumbersWrap(t *testing.T) {
	b := connectsWith(^sim.Seq(0))(listensWith(^sim.Seq(1)).opensSocket()).deliverAll()
	b.do(sys(serverProc, OpAccept, 3, 0), sys(clientProc, OpWrite, 3, 5)).deliverAll()
	b.do(sys(serverProc, OpRead, 4, 9))
	if e := b.effects[0]; e.Ret != 5 || e.Offset != 0 {
		t.Errorf("read %d bytes at %d, want 5 at 0", e.Ret, e.Offset)
	}
	b.do(sys(serverProc, OpWrite, 4, 3), sys(serverProc, OpClose, 4, 0)).deliverAll()
	b.do(sys(clientProc, OpRead, 3, 9))
	if e := b.effects[0]; e.Ret != 3 || e.Offset != 0 {
		t.Errorf("read %d bytes at %d, want 3 at 0", e.Ret, e.Offset)
	}
	b.do(sys(clientProc, OpClose, 3, 0)).deliverAll()
	if got := b.states(); got != "CLOSED TIME_WAIT" {
		t.Error(got)
	}
}

// A minisock has a rate limit of its own: it answers although the socket has just answered
// (tcp_time_wait).
func TestMinisockRateLimit(t *testing.T) {
	again := Segment{Flags: synAck, Seq: 0, Ack: 1, SendOrder: 2}
	b := connected().do(sys(clientProc, OpClose, 3, 0))
	b.receives(Client, again).expect(t, "ACK ack 1")
	b.deliver(Client).deliver(Client).do(Input{Op: OpTimer, Side: Server, Conn: 1, Timer: TimerACK}).deliver(Server)
	b.expect(t, "ACK ack 2 delivered; FIN_WAIT2 orphan")
	b.receivesAtOnce(Client, again).expect(t, "ACK ack 1")
	b.receivesAtOnce(Client, again).expect(t, "-")
}
