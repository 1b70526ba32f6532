package tcp

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"finwait/sim"
)

var update = flag.Bool("update", false, "write what the model does into testdata")

// situation is a socket in a state. Its descriptor is 3 of the process on side.
type situation struct {
	name string
	side Side
	make func() *bench
}

// situations are the eleven states, with and without a descriptor or a listener where that
// makes a difference, and CLOSED and CLOSE. Each is built from an earlier one.
var situations = []situation{
	{"CLOSED", Client, newBench},
	{"LISTEN", Server, func() *bench { return newBench().listens() }},
	{"SYN_SENT", Client, func() *bench { return newBench().connects(clientProc) }},
	{"SYN_RECV", Server, func() *bench { return newBench().listens().connects(clientProc).deliver(Client) }},
	{"SYN_RECV after a simultaneous open", Client, func() *bench {
		return newBench().connects(clientProc).connects(serverProc).deliver(Server)
	}},
	{"ESTABLISHED", Client, connected},
	{"FIN_WAIT1", Client, finWait1},
	{"FIN_WAIT1 orphan", Client, func() *bench { return connected().do(sys(clientProc, OpClose, 3, 0)) }},
	{"FIN_WAIT2", Client, func() *bench { return finWait1().deliverAll() }},
	{"FIN_WAIT2 orphan", Client, func() *bench { return connected().do(sys(clientProc, OpClose, 3, 0)).deliverAll() }},
	{"CLOSING", Client, func() *bench {
		return finWait1().do(sys(serverProc, OpClose, 4, 0)).deliver(Server)
	}},
	{"TIME_WAIT", Client, func() *bench {
		return finWait1().deliverAll().do(sys(serverProc, OpClose, 4, 0)).deliverAll()
	}},
	{"TIME_WAIT beside a listener", Server, serverTimeWait},
	{"CLOSE_WAIT", Client, closeWait},
	{"LAST_ACK", Client, func() *bench { return closeWait().do(sys(clientProc, OpShutdown, 3, ShutWrite)) }},
	{"LAST_ACK orphan", Client, func() *bench { return closeWait().do(sys(clientProc, OpClose, 3, 0)) }},
	{"CLOSE", Client, func() *bench { // the peer has sent a reset
		return connected().do(Input{Op: OpLinger, Proc: serverProc, FD: 4}, sys(serverProc, OpClose, 4, 0)).deliverAll()
	}},
}

func finWait1() *bench { return connected().do(sys(clientProc, OpShutdown, 3, ShutWrite)) }

func closeWait() *bench { return connected().do(sys(serverProc, OpClose, 4, 0)).deliverAll() }

// event is something that happens to a socket.
type event struct {
	name string
	do   func(*bench, Side)
}

// events are the kinds of segments, every call and every timer.
var events = []event{
	{"SYN", segmentEvent(sim.SYN, func(s, seg *numbers) { seg.seq = 0 })},
	{"SYN in the window", segmentEvent(sim.SYN, func(_, seg *numbers) { seg.seq += 9 })},
	{"SYN again, acknowledged", segmentEvent(synAck, func(s, seg *numbers) { seg.seq, seg.ack = 0, s.ack })},
	{"ACK", segmentEvent(sim.ACK, func(s, seg *numbers) { seg.ack = s.ack })},
	{"data", segmentEvent(sim.PSH|sim.ACK, func(_, seg *numbers) { seg.len = 5 })},
	{"data with ACK", segmentEvent(sim.PSH|sim.ACK, func(s, seg *numbers) { seg.len, seg.ack = 5, s.ack })},
	{"data beyond a hole", segmentEvent(sim.PSH|sim.ACK, func(_, seg *numbers) { seg.len = 5; seg.seq += 9 })},
	{"FIN", segmentEvent(finAck, func(_, _ *numbers) {})},
	{"FIN with ACK", segmentEvent(finAck, func(s, seg *numbers) { seg.ack = s.ack })},
	{"FIN beyond a hole", segmentEvent(finAck, func(_, seg *numbers) { seg.seq += 9 })},
	{"FIN again", segmentEvent(finAck, func(_, seg *numbers) { seg.seq-- })},
	{"keepalive probe", segmentEvent(sim.ACK, func(_, seg *numbers) { seg.seq-- })},
	{"RST", segmentEvent(sim.RST, func(_, _ *numbers) {})},
	{"RST in the window", segmentEvent(sim.RST, func(_, seg *numbers) { seg.seq += 9 })},
	{"RST out of the window", segmentEvent(sim.RST, func(_, seg *numbers) { seg.seq += 1 << 20 })},
	{"RST with ACK", segmentEvent(sim.RST|sim.ACK, func(s, seg *numbers) { seg.ack = s.ack })},

	{"read", callEvent(OpRead, 9)},
	{"write", callEvent(OpWrite, 5)},
	{"write of nothing", callEvent(OpWrite, 0)},
	{"shutdown RD", callEvent(OpShutdown, ShutRead)},
	{"shutdown WR", callEvent(OpShutdown, ShutWrite)},
	{"shutdown RDWR", callEvent(OpShutdown, ShutBoth)},
	{"close", callEvent(OpClose, 0)},
	{"close with SO_LINGER 0", func(b *bench, side Side) {
		b.do(Input{Op: OpLinger, Proc: int(side), FD: 3}, sys(int(side), OpClose, 3, 0))
	}},
	{"close with SO_LINGER 2", func(b *bench, side Side) {
		b.do(Input{Op: OpLinger, Proc: int(side), FD: 3, N: 2}, sys(int(side), OpClose, 3, 0))
	}},
	{"poll", callEvent(OpPoll, 0)},
	{"SO_ERROR", callEvent(OpSoError, 0)},
	{"dup", callEvent(OpDup, 0)},
	{"fork", callEvent(OpFork, 0)},
	{"connect", func(b *bench, side Side) { b.do(Input{Op: OpConnect, Proc: int(side), FD: 3, Conn: 2}) }},
	{"listen", callEvent(OpListen, 5)},
	{"accept", callEvent(OpAccept, 0)},
	{"kill", func(b *bench, side Side) { b.do(Input{Op: OpKill, Proc: int(side), N: int(SIGKILL)}) }},

	{"retransmission timer", timerEvent(TimerRetransmit)},
	{"acknowledgement timer", timerEvent(TimerACK)},
	{"keepalive timer", timerEvent(TimerKeepalive)},
	{"TIME_WAIT timer", timerEvent(TimerTimeWait)},
}

// numbers are the sequence number, acknowledgement number and length of a segment.
type numbers struct {
	seq, ack sim.Seq
	len      uint32
}

// segmentEvent makes a segment of the peer arrive. The segment is in order and acknowledges
// nothing new until change has changed it; s has the numbers of a segment in order that
// acknowledges everything.
func segmentEvent(flags sim.Flags, change func(s, seg *numbers)) func(*bench, Side) {
	return func(b *bench, side Side) {
		all, seg := numbers{seq: 1, ack: 1}, numbers{seq: 1, ack: 1}
		if s := b.lookup(side, 1); s != nil {
			all = numbers{seq: s.rcv.NXT, ack: s.snd.NXT}
			seg = numbers{seq: s.rcv.NXT, ack: s.snd.UNA}
			if s.kind == mini {
				seg.ack = s.snd.NXT
			}
		}
		change(&all, &seg)
		if flags&sim.ACK == 0 {
			seg.ack = 0
		}
		b.effects = nil
		m := machine{World: &b.World}
		m.receive(Segment{Flags: flags, From: side.peer(), Conn: 1, SendOrder: b.nSent + 1, Seq: seg.seq, Ack: seg.ack, Len: seg.len, Window: 64240})
		m.settle(int(side))
		b.effects = m.out
	}
}

func callEvent(op Op, n int) func(*bench, Side) {
	return func(b *bench, side Side) { b.do(sys(int(side), op, 3, n)) }
}

func timerEvent(t Timer) func(*bench, Side) {
	return func(b *bench, side Side) {
		b.do(Input{Op: OpTimer, Side: side, Conn: 1, Timer: t, Now: b.now + 90*Second})
	}
}

// Every event in every state. The model writes the file. Its lines about segments, and about
// calls that need not wait, are compared with the kernel in netlab/host.
func TestStateByEvent(t *testing.T) {
	const file = "testdata/states.txt"
	var got strings.Builder
	for _, s := range situations {
		fmt.Fprintf(&got, "%s\n", s.name)
		for _, e := range events {
			b := s.make()
			e.do(b, s.side)
			fmt.Fprintf(&got, "    %-26s %s\n", e.name, summary(b.effects))
		}
		got.WriteString("\n")
	}
	if *update {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, string(want), got.String())
}

// compare compares line by line, each line in a subtest of its own, as in FIN_WAIT2/FIN.
func compare(t *testing.T, want, got string) {
	wants, gots := strings.Split(want, "\n"), strings.Split(got, "\n")
	if len(wants) != len(gots) {
		t.Fatalf("%d lines, want %d: a state or an event is missing", len(gots), len(wants))
	}
	state := ""
	for i := range wants {
		if !strings.HasPrefix(gots[i], " ") {
			state = gots[i]
		}
		name, _, _ := strings.Cut(strings.TrimSpace(gots[i]), "  ")
		t.Run(state+"/"+name, func(t *testing.T) {
			if wants[i] != gots[i] {
				t.Errorf("\n got %s\nwant %s", gots[i], wants[i])
			}
		})
	}
}

// Every state is among the situations, and its situation is in that state.
func TestEveryStateIsCovered(t *testing.T) {
	for _, state := range sim.States() {
		found := false
		for _, s := range situations {
			name, _, _ := strings.Cut(s.name, " orphan")
			if found = found || name == state.String(); name != state.String() || name == "CLOSE" {
				continue
			}
			conn := 1
			if state == sim.Listen {
				conn = 0
			}
			b := s.make()
			if got := b.View(s.side, conn).State; got != state {
				t.Errorf("%s: the socket is in %s", s.name, got)
			}
		}
		if !found {
			t.Errorf("%s is not tested", state)
		}
	}
}
