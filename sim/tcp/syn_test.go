package tcp

import (
	"testing"

	"finwait/sim"
)

// What a SYN meets that is not the first one of its ports, and what ends a handshake.
// All of it was seen on Linux 6.18, one kernel against scripted segments.

// gets delivers a segment to an end as if the peer had sent it, half a second after the
// one before, so that no answer is left out for being too many.
func (b *bench) receives(side Side, seg Segment) *bench {
	b.now += oowACKInterval
	return b.receivesAtOnce(side, seg)
}

// getsAtOnce delivers a segment in the same moment. One without Nth is new.
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

// got is a segment and what it must bring.
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

// serverTimeWait returns a server in TIME_WAIT, 2 on both sides, that listens still.
func serverTimeWait() *bench {
	b := connected().do(sys(serverProc, OpClose, 4, 0)).deliverAll()
	return b.do(sys(clientProc, OpClose, 3, 0)).deliverAll()
}

// same is a segment with the timestamp of the newest that the server has got.
func (b *bench) withNewestTimestamp(seg Segment) Segment {
	seg.SendOrder = b.lookup(Server, 1).rcv.tsRecent
	return seg
}

// Without newer timestamps the number says whether a SYN is new; every answer is limited.
func TestTimeWaitMeetsSYN(t *testing.T) {
	b := serverTimeWait()
	b.receivesAll(t, Server, []reception{
		{b.withNewestTimestamp(Segment{Flags: sim.SYN, Seq: ^uint32(4)}), "ACK ack 2"},
		{b.withNewestTimestamp(Segment{Flags: sim.SYN, Seq: 2}), "ACK ack 2"},
	})
	b.receivesAtOnce(Server, b.withNewestTimestamp(Segment{Flags: sim.SYN, Seq: 2})).expect(t, "-")
	b.receives(Server, b.withNewestTimestamp(Segment{Flags: sim.SYN, Seq: 3})).expect(t, "CLOSED; SYN ACK seq 65539 ack 4; SYN_RECV")
}

// A newer timestamp makes a SYN new whatever its number is, an older one makes it old.
func TestTimeWaitMeetsSYNWithTimestamps(t *testing.T) {
	b := serverTimeWait()
	b.receives(Server, Segment{Flags: sim.SYN, Seq: 5000, SendOrder: 1}).expect(t, "ACK ack 2")
	if left := b.View(Server, 1).Expires; left != timewaitLen {
		t.Errorf("TIME_WAIT has %d ms left, want a fresh minute", left)
	}
	b.receives(Server, Segment{Flags: sim.SYN, Seq: ^uint32(4)}).expect(t, "CLOSED; SYN ACK seq 65539 ack 4294967292; SYN_RECV")
}

// Nobody listens: every SYN that is new gets an answer, an old one not too often. None
// restarts the minute.
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

// A client may connect again from the ports of what is left of a connection, and begins
// beyond its numbers; not while there is a socket.
func TestConnectAgain(t *testing.T) {
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

// A request ends by an exact reset, or by another SYN in the window; a reset elsewhere in
// the window is answered (RFC 5961), as is what is out of it.
func TestHandshake(t *testing.T) {
	synRecv := func() *bench { return newBench().listens().connects(clientProc).deliver(Client) }
	b := synRecv()
	b.receivesAll(t, Server, []reception{
		{Segment{Flags: sim.RST, Seq: 50}, "ACK ack 1"},
		{Segment{Flags: sim.RST | sim.ACK, Seq: 50, Ack: 7}, "ACK ack 1"},
		{Segment{Flags: sim.RST, Seq: 0}, "-"},
		{Segment{Flags: sim.RST, Seq: 9000000}, "-"},
		{Segment{Flags: synAck, Seq: 0, Ack: 1}, "ACK ack 1"},
		{Segment{Flags: sim.ACK, Seq: 0, Ack: 1}, "ACK ack 1"},
		{Segment{Flags: sim.SYN, Seq: ^uint32(9)}, "ACK ack 1"},
		{Segment{Flags: sim.ACK, Seq: 1, Ack: 7}, "RST seq 7"},
	})
	b.receivesAtOnce(Server, Segment{Flags: sim.RST, Seq: 50}).expect(t, "ACK ack 1")
	b.receivesAtOnce(Server, Segment{Flags: sim.RST, Seq: 50}).expect(t, "-")
	b.receives(Server, Segment{Flags: sim.ACK, Seq: 100, Ack: 1}).expect(t, "ESTABLISHED")

	synRecv().receives(Server, Segment{Flags: sim.SYN, Seq: 10}).expect(t, "RST ACK seq 0 ack 11; CLOSED")
	synRecv().receives(Server, Segment{Flags: sim.RST, Seq: 1}).expect(t, "CLOSED")
	synRecv().receives(Server, Segment{Flags: sim.RST | sim.ACK, Seq: 1, Ack: 7}).expect(t, "CLOSED")
}

// bothConnect returns a client in SYN_RECV whose SYN has crossed that of the server.
func bothConnect() *bench {
	return newBench().connects(clientProc).connects(serverProc).deliver(Server)
}

// SYN_RECV after a simultaneous open is a socket, and checks as one.
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

// It is repeated as often as a SYN would be, without the linear ones.
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

// An ACK that is not acceptable has the SYN repeated at once, but only once.
func TestSynSentRetransmitsAtOnce(t *testing.T) {
	b := newBench().connects(clientProc)
	b.receives(Client, Segment{Flags: sim.ACK, Seq: 1, Ack: 99}).expect(t, "RST seq 99")
	if due, _ := b.Next(); due.At != b.now+tlpDelay {
		t.Errorf("the SYN is repeated after %d ms, want %d", due.At-b.now, tlpDelay)
	}
	b.fireLater(Client, TimerRetransmit)
	before, _ := b.Next()
	b.receives(Client, Segment{Flags: sim.ACK, Seq: 1, Ack: 99}).expect(t, "RST seq 99")
	if due, _ := b.Next(); due != before {
		t.Errorf("the SYN is repeated at %d, want %d as before", due.At, before.At)
	}
}

// Numbers wrap (RFC 9293 section 3.4): a connection that begins at the end of the numbers
// does what one does that begins at 0.
func TestSequenceNumbersWrap(t *testing.T) {
	b := connectsWith(^uint32(0))(listensWith(^uint32(1)).opensSocket()).deliverAll()
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

// What is left of a connection counts its own answers: it answers although the socket has
// done so a moment ago (tcp_time_wait).
func TestMinisockRateLimit(t *testing.T) {
	again := Segment{Flags: synAck, Seq: 0, Ack: 1, SendOrder: 2}
	b := connected().do(sys(clientProc, OpClose, 3, 0))
	b.receives(Client, again).expect(t, "ACK ack 1")
	b.deliver(Client).deliver(Client).do(Input{Op: OpTimer, Side: Server, Conn: 1, Timer: TimerACK}).deliver(Server)
	b.expect(t, "ACK ack 2 delivered; FIN_WAIT2 orphan")
	b.receivesAtOnce(Client, again).expect(t, "ACK ack 1")
	b.receivesAtOnce(Client, again).expect(t, "-")
}
