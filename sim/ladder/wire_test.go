package ladder_test

import (
	"strings"
	"testing"

	"finwait/sim"
	. "finwait/sim/ladder"
)

// The logs of golden files on the wire.

var wireStories = []story{
	{"wire-handshake", wireHandshake},
	{"wire-simultaneous", wireSimultaneous},
	{"wire-simultaneous-open", wireSimultaneousOpen},
	{"wire-lost-fin", wireLostFIN},
	{"wire-lost-last-ack", wireLostLastACK},
	{"wire-cut", wireCut},
	{"wire-data", wireData},
}

func onWire() *script {
	s := newScript(sim.Captured)
	s.auto = true
	s.connected()
	s.auto = false
	return s
}

func wireHandshake() *script {
	s := newScript(sim.Captured)
	s.listen()
	s.step("client connect")
	s.does(client, 3, "socket", sim.NoFD, "AF_INET", "SOCK_STREAM", "0")
	c := s.call(client, "connect", 3, addr)
	syn := s.held(client, "SYN", 0, 0, 0)
	s.became(client, sim.Closed, sim.SynSent)
	s.blocked(client, c)
	s.deliver(syn)
	s.orphan(server, sim.Listen, sim.SynRecv)
	synack := s.held(server, "SYN ACK", 0, 1, 0)
	s.settled()
	s.laterFate(synack, sim.Retransmitted)
	s.deliver(synack)
	ack := s.held(client, "ACK", 1, 1, 0)
	s.became(client, sim.SynSent, sim.Established)
	s.ret(client, c, sim.Result{})
	s.deliver(ack)
	s.orphan(server, sim.SynRecv, sim.Established)
	s.accept()
	return s
}

// heldConnect is a connect whose SYN is held.
func (s *script) heldConnect(at sim.End, to string) (c sim.Call, syn int) {
	s.step(string(at) + " connect")
	s.does(at, 3, "socket", sim.NoFD, "AF_INET", "SOCK_STREAM", "0")
	c = s.call(at, "connect", 3, to)
	syn = s.held(at, "SYN", 0, 0, 0)
	s.became(at, sim.Closed, sim.SynSent)
	s.blocked(at, c)
	return c, syn
}

// wireSimultaneousOpen loses the server's SYN ACK: its ACK opens the client's end.
func wireSimultaneousOpen() *script {
	s := newScript(sim.Captured)
	one, syn := s.heldConnect(client, addr)
	two, other := s.heldConnect(server, "127.0.0.2:40113")
	s.deliver(syn)
	lost := s.held(server, "SYN ACK", 0, 1, 0)
	s.became(server, sim.SynSent, sim.SynRecv)
	s.deliver(other)
	synack := s.held(client, "SYN ACK", 0, 1, 0)
	s.became(client, sim.SynSent, sim.SynRecv)
	s.drop(lost)
	s.deliver(synack)
	ack := s.held(server, "ACK", 1, 1, 0)
	s.ret(server, two, sim.Result{})
	s.became(server, sim.SynRecv, sim.Established)
	s.deliver(ack)
	s.ret(client, one, sim.Result{})
	s.became(client, sim.SynRecv, sim.Established)
	s.step(`server write "hello"`)
	s.write(server, 3, "hello", 1, 1)
	return s
}

// heldClose is a close whose FIN is held.
func (s *script) heldClose(at sim.End, from, to sim.State, seq, ack sim.Seq) int {
	s.step(string(at) + " close")
	c := s.call(at, "close", map[sim.End]int{client: 3, server: 4}[at])
	id := s.held(at, "FIN ACK", seq, ack, 0)
	s.ret(at, c, sim.Result{})
	s.orphan(at, from, to)
	s.timer(at, sim.TimerRetransmit, 0.2)
	return id
}

func wireSimultaneous() *script {
	s := onWire()
	one := s.heldClose(client, sim.Established, sim.FinWait1, 1, 1)
	two := s.heldClose(server, sim.Established, sim.FinWait1, 1, 1)
	s.settled()
	s.laterFate(one, sim.Retransmitted)
	s.laterFate(two, sim.Retransmitted)
	s.deliver(one)
	s.orphan(server, sim.FinWait1, sim.Closing)
	three := s.held(server, "ACK", 2, 2, 0)
	s.deliver(two)
	s.orphan(client, sim.FinWait1, sim.Closing)
	four := s.held(client, "ACK", 2, 2, 0)
	s.deliver(three)
	s.orphan(client, sim.Closing, sim.TimeWait)
	s.deliver(four)
	s.orphan(server, sim.Closing, sim.TimeWait)
	return s
}

func wireLostFIN() *script {
	s := onWire()
	fin := s.heldClose(client, sim.Established, sim.FinWait1, 1, 1)
	s.step("wait 500ms")
	s.sleep(0.5)
	s.laterFate(fin, sim.Retransmitted)
	s.drop(fin)
	s.settled()
	s.sleep(0.4)
	fin = s.heldRepeat(client, "FIN ACK", 1, 1, 0)
	s.drop(fin)
	s.step("wait 2s")
	s.sleep(0.8)
	fin = s.heldRepeat(client, "FIN ACK", 1, 1, 0)
	s.sleep(1.2)
	s.deliver(fin)
	s.became(server, sim.Established, sim.CloseWait)
	ack := s.held(server, "ACK", 1, 2, 0)
	s.deliver(ack)
	s.orphan(client, sim.FinWait1, sim.FinWait2)
	return s
}

func wireLostLastACK() *script {
	s := onWire()
	s.deliver(s.heldClose(client, sim.Established, sim.FinWait1, 1, 1))
	s.became(server, sim.Established, sim.CloseWait)
	s.deliver(s.held(server, "ACK", 1, 2, 0))
	s.orphan(client, sim.FinWait1, sim.FinWait2)
	s.deliver(s.heldClose(server, sim.CloseWait, sim.LastAck, 1, 2))
	s.orphan(client, sim.FinWait2, sim.TimeWait)
	s.drop(s.held(client, "ACK", 2, 2, 0))
	s.settled()
	s.sleep(0.2)
	fin := s.heldRepeat(server, "FIN ACK", 1, 2, 0)
	s.deliver(fin)
	ack := s.heldRepeat(client, "ACK", 2, 2, 0)
	s.deliver(ack)
	s.orphan(server, sim.LastAck, sim.Closed)
	return s
}

func wireCut() *script {
	s := onWire()
	s.step("auto deliver on")
	s.auto = true
	s.step(`client write "hello"`)
	s.write(client, 3, "hello", 1, 1)
	s.cable(sim.CableCut)
	s.step(`client write "anybody there?"`)
	c := s.call(client, "write", 3, `"anybody there?"`)
	s.laterFate(s.held(client, "PSH ACK", 6, 1, 14), sim.Dropped)
	s.ret(client, c, sim.Result{Ret: 14})
	s.step("wait 3s")
	for _, pause := range []sim.Seconds{0.2, 0.2, 0.4} {
		s.sleep(pause)
		s.laterFate(s.heldRepeat(client, "PSH ACK", 6, 1, 14), sim.Dropped)
	}
	s.sleep(2.2)
	s.cable(sim.CableMended)
	s.settled()
	s.sleep(0.3)
	s.laterFate(s.heldRepeat(client, "PSH ACK", 6, 1, 14), sim.Delivered)
	s.seg(server, "ACK", 1, 20, 0)
	return s
}

// wireData has data that overtake, a copy, and a segment lost after others came.
func wireData() *script {
	s := onWire()
	write := func(text string, seq sim.Seq) int {
		s.step("client write " + text)
		c := s.call(client, "write", 3, text)
		id := s.held(client, "PSH ACK", seq, 1, 5)
		s.ret(client, c, sim.Result{Ret: 5})
		return id
	}
	hello, world := write(`"hello"`, 1), write(`"world"`, 6)
	s.deliver(world)
	ack := s.held(server, "ACK", 1, 1, 0)
	s.step("duplicate client")
	s.laterFate(hello, sim.Duplicated)
	s.held(server, "ACK", 1, 11, 0)
	s.drop(hello)
	s.drop(ack)
	return s
}

// With automatic delivery a ladder of the wire looks like one of loopback.
func TestAutomaticDeliveryLooksLikeLoopback(t *testing.T) {
	for _, story := range stories {
		want := picture(story.log().ladder(), 78, Options{Grow: 1})
		if got := picture(automatic(story.log().log), 78, Options{Grow: 1}); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", story.name, got, want)
		}
	}
}

// automatic folds a log of loopback as a wire with automatic delivery would report it.
func automatic(log []sim.Event) *Ladder {
	l := &Ladder{}
	for i, e := range append(log, sim.Event{T: log[len(log)-1].T, Body: sim.StepSettled{}}) {
		if e.Kind() == sim.KindSegment {
			sim.Edit(&e, func(b *sim.SegmentMoved) { b.Segment.ID, b.Segment.Copies, b.Segment.Fate = i+1, 1, sim.Held })
			l.Apply(e)
			sim.Edit(&e, func(b *sim.SegmentMoved) { b.Segment.Fate = sim.Delivered })
		}
		l.Apply(e)
	}
	return l
}

// What becomes of a segment is drawn in its row while that is the newest, else on a row of
// its own.
func TestWireRows(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(s *script, fin int)
		want []string
	}{
		{"held", func(*script, int) {}, []string{"FIN_WAIT1 ╎━━ FIN ACK seq 1 #4 ━━━━▷ ┃"}},
		{"sent twice", func(s *script, fin int) { s.laterFate(fin, sim.Retransmitted) }, []string{"FIN_WAIT1 ╎━━ FIN ACK seq 1 #4 x2 ━▷ ┃"}},
		{"delivered", func(s *script, fin int) {
			s.deliver(fin)
			s.became(server, sim.Established, sim.CloseWait)
		}, []string{"FIN_WAIT1 ╎━━ FIN ACK seq 1 ━━━━━━━━━▶┃ CLOSE_WAIT"}},
		{"sent twice and delivered", func(s *script, fin int) { s.laterFate(fin, sim.Retransmitted); s.deliver(fin) }, []string{"FIN_WAIT1 ╎━━ FIN ACK seq 1 sent x2 ━▶┃"}},
		{"dropped", func(s *script, fin int) { s.drop(fin) }, []string{"FIN_WAIT1 ╎━━ FIN ACK seq 1 #4 ━━━━✗ ┃"}},
		{"rows below, then delivered", func(s *script, fin int) {
			s.step("server dup")
			s.does(server, 5, "dup", 4)
			s.deliver(fin)
			s.became(server, sim.Established, sim.CloseWait)
		}, []string{"FIN_WAIT1 ╎━━ FIN ACK seq 1 #4 ━━━━▷ ┃", "╎ │ ┃ dup(4) = 5", "╎ FIN ACK #4 ▷▶┃ CLOSE_WAIT"}},
		{"time below, then dropped", func(s *script, fin int) {
			s.step("wait 1s")
			s.sleep(1)
			s.settled()
			s.laterFate(fin, sim.Retransmitted)
			s.drop(fin)
		}, []string{"FIN_WAIT1 ╎━━ FIN ACK seq 1 #4 x2 ━▷ ┃", "╎ ⋯ 1.0 s │ ┃", "╎ FIN ACK #4 sent x2 ✗ ┃"}},
		{"a copy", func(s *script, fin int) {
			s.step("duplicate")
			s.laterFate(fin, sim.Duplicated)
			s.deliver(fin)
		}, []string{"FIN_WAIT1 ╎━━ FIN ACK seq 1 #4 ━━━━▷ ┃", "╎ FIN ACK copy #4 ▷▶┃", "╎ FIN ACK #4 ▷▶┃"}},
		{"nobody heard of it", func(s *script, fin int) {
			s.add(sim.Event{At: server, Body: sim.SegmentMoved{Conn: 1, Segment: sim.Segment{ID: 99, Flags: sim.RST, Fate: sim.Retransmitted}}})
			s.add(sim.Event{At: server, Body: sim.SegmentMoved{Conn: 1, Segment: sim.Segment{ID: 99, Flags: sim.RST, Fate: sim.Dropped}}})
		}, []string{"FIN_WAIT1 ╎━━ FIN ACK seq 1 #4 ━━━━▷ ┃", "╎ ✗◁ RST #99 │ ┃"}},
		{"of the connection before", func(s *script, fin int) {
			s.conn, s.auto = 2, true
			s.connect(40113)
			s.conn, s.auto = 1, false
			s.laterFate(fin, sim.Retransmitted)
			s.deliver(fin)
			ack := s.held(server, "ACK", 1, 2, 0)
			s.laterFate(ack, sim.Delivered)
			s.step("client poll")
			s.drop(s.held(server, "RST", 9, 0, 0))
		}, []string{
			"conn 1 client: FIN ACK delivered", "┃ conn 1 server: ACK ack 2 ╎", "┃ conn 1 server: RST seq 9 ╎", "┃ conn 1 server: RST dropped ╎",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := onWire()
			fin := s.heldClose(client, sim.Established, sim.FinWait1, 1, 1)
			s.settled()
			c.do(s, fin)
			rows := strings.Split(tail(t, s, len(c.want)), "\n")
			for i, want := range c.want {
				if !strings.Contains(rows[i], want) {
					t.Errorf("row %d: got %q, want %q", i, rows[i], want)
				}
			}
		})
	}
}

// Only the second half grows of an arrow whose segment was held.
func TestWireGrow(t *testing.T) {
	hung := onWire()
	fin := hung.heldClose(client, sim.Established, sim.FinWait1, 1, 1)
	held := hung.ladder()
	hung.deliver(fin)
	hung.became(server, sim.Established, sim.CloseWait)
	below := wireSimultaneous()
	for _, c := range []struct {
		name string
		l    *Ladder
		grow float64
		want string
	}{
		{"held", held, 0, "╎ ┃"},
		{"held", held, 0.5, "╎━━ FIN ACK s▷ ┃"},
		{"held", held, 1, "╎━━ FIN ACK seq 1 #4 ━━━━▷ ┃"},
		{"delivered", hung.ladder(), 0, "╎━━ FIN ACK seq 1 ━━━━━━━━▶ ┃"},
		{"delivered", hung.ladder(), 0.5, "╎━━ FIN ACK seq 1 ━━━━━━━━━▶┃"},
		{"delivered", hung.ladder(), 1, "╎━━ FIN ACK seq 1 ━━━━━━━━━▶┃ CLOSE_WAIT"},
		{"from below", below.ladder(), 0, "╎ ACK #7 ╎"},
		{"from below", below.ladder(), 0.5, "╎ ACK #7 ▶ ╎"},
		{"from below", below.ladder(), 1, "╎ ACK #7 ▷▶╎ TIME_WAIT"},
	} {
		got := c.l.Draw(c.l.Len()-1, c.l.Len(), 78, Options{Grow: c.grow})[0].String()
		if got = strings.Join(strings.Fields(got), " "); !strings.HasSuffix(got, c.want) {
			t.Errorf("%s, %v: got %q, want %q", c.name, c.grow, got, c.want)
		}
	}
}

// An arrow has its flags before its number, and its number before its count.
func TestWireNarrow(t *testing.T) {
	s := onWire()
	s.laterFate(s.heldClose(client, sim.Established, sim.FinWait1, 1, 1), sim.Retransmitted)
	l := s.ladder()
	for width, want := range map[int]string{
		40: "╎━━ FIN ACK ━▷ ┃", 46: "╎━━ FIN ACK #4 ━▷ ┃", 58: "╎━━ FIN ACK #4 x2 ━━▷ ┃", 98: "╎━━ FIN ACK seq 1 #4 sent x2 ━▷ ┃",
	} {
		got := strings.Join(strings.Fields(l.Draw(l.Len()-1, l.Len(), width, Options{Grow: 1})[0].String()), " ")
		if !strings.HasSuffix(got, want) {
			t.Errorf("%d: got %q, want %q", width, got, want)
		}
	}
}

// A row whose count alone has changed is written again when nothing but time has passed.
func TestTranscriptCounts(t *testing.T) {
	s := onWire()
	fin := s.heldClose(client, sim.Established, sim.FinWait1, 1, 1)
	s.step("wait 2s")
	s.sleep(1)
	s.laterFate(fin, sim.Retransmitted)
	s.sleep(1)
	s.step("server dup")
	s.laterFate(fin, sim.Retransmitted)
	s.does(server, 5, "dup", 4)
	var tr Transcript
	var rows []string
	for _, e := range append(s.log, sim.Event{T: s.t, Body: sim.StepSettled{}}) {
		for _, line := range tr.Apply(e) {
			if strings.ContainsAny(line, "▷⋯") || strings.Contains(line, "dup") {
				rows = append(rows, strings.Join(strings.Fields(line), " "))
			}
		}
	}
	want := "FIN_WAIT1 ╎━━ FIN ACK seq 1 #4 ━━━━▷ ┃, FIN_WAIT1 ╎━━ FIN ACK seq 1 #4 x2 ━▷ ┃, ╎ ⋯ 2.0 s │ ┃, ▸ server dup, ╎ │ ┃ dup(4) = 5"
	if got := strings.Join(rows, ", "); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A row whose segment has gone on is written again, also in a step that does not settle.
func TestTranscriptOfAStepThatDoesNotSettle(t *testing.T) {
	s := onWire()
	s.deliver(s.heldClose(client, sim.Established, sim.FinWait1, 1, 1))
	s.call(server, "read", 4)
	s.add(sim.Event{Step: 9, Body: sim.StepBegun{Step: sim.MustParseStep("client poll")}})
	if got := transcript(Transcript{}, s.log); !strings.Contains(got, "#4 ━━━━▷") || !strings.Contains(got, "FIN ACK  seq 1 ━━━━━━━━━▶") {
		t.Errorf("got\n%s", got)
	}
}

// TestThreadLeavesTextAlone: a thread is not drawn in the spaces of a text, beside a sign either.
func TestThreadLeavesTextAlone(t *testing.T) {
	for _, why := range []string{"\u202eAAAᄀ", "? a", `it is dead; "server start" helps`, "it is dead (1), it says"} {
		for width := 40; width < 100; width++ {
			l := fold([]sim.Event{
				{T: 1, At: sim.Server, Body: sim.SegmentMoved{Segment: sim.Segment{ID: 1, Fate: sim.Held}, By: sim.ByKernel}},
				{T: 1, At: sim.Client, Body: sim.StepRefused{Why: why}},
			})
			if got := l.Draw(1, 2, width, Options{Grow: 1})[0].String(); strings.Contains(got, "✗│") || strings.Contains(got, ";│") || strings.Contains(got, ",│") {
				t.Errorf("at %d: %q", width, got)
			}
		}
	}
}
