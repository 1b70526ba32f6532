package ladder_test

import (
	"strconv"

	"finwait/sim"
	. "finwait/sim/ladder"
)

// script writes a log the way a lab does, one event a method.
type script struct {
	log  []sim.Event
	t    sim.Seconds
	n    int
	conn int
	by   sim.Source
	pid  map[sim.End]int
	wire map[int]sim.Event // the newest news of each segment
	auto bool              // segments are delivered at once
}

const (
	client = sim.Client
	server = sim.Server
	addr   = "127.0.0.1:8088"
)

func newScript(capture sim.Capture) *script {
	s := &script{by: sim.ByKernel, conn: 1, pid: map[sim.End]int{client: 4121, server: 4122}}
	if capture == sim.Inferred {
		s.by = sim.ByInference
	}
	s.add(sim.Event{
		Body: sim.LabOpened{
			Setting: &sim.Setting{
				Net: sim.Loopback, Capture: capture, Kernel: "6.18.44",
				Client: "127.0.0.2", Server: addr, Lesson: "test", Title: "A test",
			},
		},
	})
	s.add(sim.Event{At: server, Body: sim.ProcessStarted{PID: 4122}})
	s.add(sim.Event{At: client, Body: sim.ProcessStarted{PID: 4121}})
	return s
}

func (s *script) add(e sim.Event) {
	e.T, e.Step = s.t, s.n
	s.t += 0.0001
	s.log = append(s.log, e)
}

// step begins a step and ends the one before.
func (s *script) step(text string) {
	s.settled()
	if s.n > 0 || !s.settingUp(text) {
		s.n++
	}
	s.add(sim.Event{Body: sim.StepBegun{Step: sim.MustParseStep(text)}})
}

func (s *script) settingUp(text string) bool {
	return text == "server listen" || text == "client connect" || text == "server accept"
}

// settled ends the step.
func (s *script) settled() {
	if last := s.log[len(s.log)-1].Kind(); last != sim.KindStart && last != sim.KindSettled && last != sim.KindExpect {
		s.add(sim.Event{Body: sim.StepSettled{}})
	}
}

func (s *script) expect(text, got string) {
	s.settled()
	s.add(sim.Event{Body: sim.ExpectationChecked{Text: text, OK: got == "", Got: got}})
}

func (s *script) sleep(d sim.Seconds) { s.t += d }

func (s *script) call(at sim.End, name string, fd int, args ...string) sim.Call {
	c := sim.ReadCall(sim.CallName(name), fd, args)
	b := sim.CallEntered{PID: s.pid[at], Call: c}
	if c.Name == sim.CallConnect {
		b.Refers = s.conn
	}
	s.add(sim.Event{At: at, Body: b})
	return c
}

func (s *script) blocked(at sim.End, c sim.Call) {
	s.add(sim.Event{At: at, Body: sim.CallBlocked{PID: s.pid[at], Call: c}})
}

// ret ends a call: with a number, "-1 EPIPE", or a number and what was read.
func (s *script) ret(at sim.End, c sim.Call, r sim.Result) {
	b := sim.CallReturned{PID: s.pid[at], Call: c, Result: r}
	if c.Name == sim.CallAccept && r.Errno == "" {
		b.Refers = s.conn
	}
	s.add(sim.Event{At: at, Body: b})
}

func (s *script) does(at sim.End, ret int, name string, fd int, args ...string) {
	s.ret(at, s.call(at, name, fd, args...), sim.Result{Ret: ret})
}

func (s *script) fails(at sim.End, errno, name string, fd int, args ...string) {
	s.ret(at, s.call(at, name, fd, args...), sim.Result{Ret: -1, Errno: errno})
}

func (s *script) seg(at sim.End, flags string, seq, ack sim.Seq, length int) {
	f, ok := sim.ParseFlags(flags)
	if !ok {
		panic("no such flags: " + flags)
	}
	if s.auto {
		s.laterFate(s.held(at, flags, seq, ack, length), sim.Delivered)
		return
	}
	s.add(sim.Event{
		At: at, Body: sim.SegmentMoved{
			Conn: s.conn, By: s.by, Segment: sim.Segment{Flags: f, Seq: seq, Ack: ack, Len: length, Fate: sim.Delivered},
		},
	})
}

// laterFate adds a fate of segment id on the wire.
func (s *script) laterFate(id int, fate sim.Fate) {
	e := s.wire[id]
	sim.Edit(&e, func(b *sim.SegmentMoved) { b.Segment.Fate = fate })
	if fate == sim.Retransmitted {
		sim.Edit(&e, func(b *sim.SegmentMoved) { b.Segment.Copies++ })
	}
	s.wire[id] = e
	s.add(e)
}

// held sends a segment that the wire holds. It returns the number of the segment.
func (s *script) held(at sim.End, flags string, seq, ack sim.Seq, length int) int {
	f, _ := sim.ParseFlags(flags)
	if s.wire == nil {
		s.wire = map[int]sim.Event{}
	}
	id := len(s.wire) + 1
	s.wire[id] = sim.Event{
		At: at, Body: sim.SegmentMoved{
			Conn: s.conn, By: s.by, Segment: sim.Segment{
				Flags: f, Seq: seq, Ack: ack, Len: length, ID: id, Copies: 1,
			},
		},
	}
	s.laterFate(id, sim.Held)
	return id
}

// heldRepeat sends a segment that the wire holds and that had been sent before.
func (s *script) heldRepeat(at sim.End, flags string, seq, ack sim.Seq, length int) int {
	id := s.held(at, flags, seq, ack, length)
	e := s.wire[id]
	sim.Edit(&e, func(b *sim.SegmentMoved) { b.Segment.Resent = true })
	s.wire[id] = e
	sim.Edit(&s.log[len(s.log)-1], func(b *sim.SegmentMoved) { b.Segment.Resent = true })
	return id
}

// deliver is a step that delivers a segment.
func (s *script) deliver(id int) {
	s.step("deliver " + strconv.Itoa(id))
	s.laterFate(id, sim.Delivered)
}

func (s *script) drop(id int) {
	s.step("drop " + strconv.Itoa(id))
	s.laterFate(id, sim.Dropped)
}

func (s *script) cable(now sim.Cable) {
	s.step(map[sim.Cable]string{sim.CableCut: "cut", sim.CableMended: "mend"}[now])
	s.add(sim.Event{Body: sim.CableChanged{Cable: now}})
}

func (s *script) state(at sim.End, from, to sim.State, by sim.Source, orphan bool) {
	s.add(sim.Event{At: at, Body: sim.StateChanged{Conn: s.conn, From: from, To: to, By: by, Orphan: orphan}})
}

func (s *script) became(at sim.End, from, to sim.State) { s.state(at, from, to, sim.ByKernel, false) }

func (s *script) orphan(at sim.End, from, to sim.State) { s.state(at, from, to, sim.ByKernel, true) }

func (s *script) guess(at sim.End, from, to sim.State) { s.state(at, from, to, sim.ByInference, false) }

func (s *script) signal(at sim.End, name string, action sim.Action) {
	s.add(sim.Event{At: at, Body: sim.SignalTaken{PID: s.pid[at], Signal: name, Action: action}})
}

func (s *script) exit(at sim.End, status int, signal string) {
	s.add(sim.Event{At: at, Body: sim.ProcessExited{PID: s.pid[at], Status: status, Signal: signal}})
}

func (s *script) start(at sim.End, pid int, forked bool) {
	s.add(sim.Event{At: at, Body: sim.ProcessStarted{PID: pid, Forked: forked}})
	s.pid[at] = pid
}

// agrees adds a verdict of agreement, differs one of a difference.
func (s *script) agrees(at sim.End, what sim.What, both string) {
	s.add(sim.Event{At: at, Body: sim.Verdict{Conn: s.conn, What: what, Model: both, Kernel: both, Agree: true}})
}

func (s *script) differs(at sim.End, what sim.What, model, kernel string) {
	s.add(sim.Event{At: at, Body: sim.Verdict{Conn: s.conn, What: what, Model: model, Kernel: kernel}})
}

func (s *script) timer(at sim.End, timer string, expires sim.Seconds) {
	s.add(sim.Event{At: at, Body: sim.TimerChanged{Conn: s.conn, Timer: timer, Expires: expires}})
}

// listen, connect and accept are the steps that make a connection.
func (s *script) listen() {
	s.step("server listen")
	s.does(server, 3, "socket", sim.NoFD, "AF_INET", "SOCK_STREAM", "0")
	s.does(server, 0, "setsockopt", 3, "SOL_SOCKET", "SO_REUSEADDR", "1")
	s.does(server, 0, "bind", 3, addr)
	s.does(server, 0, "listen", 3, "5")
	s.add(sim.Event{At: server, Body: sim.StateChanged{From: sim.Closed, To: sim.Listen, By: sim.ByKernel}})
}

func (s *script) connect(port int) {
	s.step("client connect")
	s.does(client, 3, "socket", sim.NoFD, "AF_INET", "SOCK_STREAM", "0")
	s.does(client, 0, "bind", 3, "127.0.0.2:"+strconv.Itoa(port))
	c := s.call(client, "connect", 3, addr)
	s.seg(client, "SYN", 0, 0, 0)
	s.seg(server, "SYN ACK", 0, 1, 0)
	s.seg(client, "ACK", 1, 1, 0)
	s.ret(client, c, sim.Result{})
	s.guess(client, sim.Closed, sim.SynSent)
	s.became(client, sim.SynSent, sim.Established)
	s.guess(server, sim.Listen, sim.SynRecv)
	s.became(server, sim.SynRecv, sim.Established)
}

func (s *script) accept() {
	s.step("server accept")
	s.does(server, 4, "accept", 3, "NULL", "NULL")
}

func (s *script) connected() *script {
	s.listen()
	s.connect(40112)
	s.accept()
	return s
}

// ladder folds the log.
func (s *script) ladder() *Ladder {
	s.settled()
	return fold(s.log)
}

// write sends data that the other end's kernel acknowledges.
func (s *script) write(at sim.End, fd int, text string, seq, ack sim.Seq) {
	c := s.call(at, "write", fd, strconv.Quote(text))
	s.seg(at, "PSH ACK", seq, ack, len(text))
	s.ret(at, c, sim.Result{Ret: len(text)})
	s.seg(at.Peer(), "ACK", ack, seq.Add(len(text)), 0)
}

// clientCloses is a close while the server goes on, up to FIN_WAIT2.
func (s *script) clientCloses(seq, ack sim.Seq) {
	s.step("client close")
	c := s.call(client, "close", 3)
	s.seg(client, "FIN ACK", seq, ack, 0)
	s.ret(client, c, sim.Result{})
	s.orphan(client, sim.Established, sim.FinWait1)
	s.became(server, sim.Established, sim.CloseWait)
	s.sleep(0.004)
	s.seg(server, "ACK", ack, seq+1, 0)
	s.orphan(client, sim.FinWait1, sim.FinWait2)
	s.timer(client, sim.TimerTimewait, 60)
}

// serverCloses is the other half, up to TIME_WAIT.
func (s *script) serverCloses(seq, ack sim.Seq) {
	s.step("server close")
	c := s.call(server, "close", 4)
	s.seg(server, "FIN ACK", seq, ack, 0)
	s.seg(client, "ACK", ack, seq+1, 0)
	s.ret(server, c, sim.Result{})
	s.state(server, sim.CloseWait, sim.LastAck, sim.ByInference, true)
	s.orphan(server, sim.LastAck, sim.Closed)
	s.orphan(client, sim.FinWait2, sim.TimeWait)
	s.timer(client, sim.TimerTimewait, 60)
}

// killed is the client's death while connected.
func (s *script) killed(signal string, status int) {
	s.step("client kill " + signal)
	s.signal(client, signal, sim.Killed)
	s.seg(client, "FIN ACK", 1, 1, 0)
	s.orphan(client, sim.Established, sim.FinWait1)
	s.became(server, sim.Established, sim.CloseWait)
	s.exit(client, status, signal)
	s.seg(server, "ACK", 1, 2, 0)
	s.orphan(client, sim.FinWait1, sim.FinWait2)
}

// resetByWrite is the server's first write to a client that has died.
func (s *script) resetByWrite(text string) {
	s.step("server write " + strconv.Quote(text))
	c := s.call(server, "write", 4, strconv.Quote(text))
	s.seg(server, "PSH ACK", 1, 2, len(text))
	s.seg(client, "RST", 2, 0, 0)
	s.ret(server, c, sim.Result{Ret: len(text)})
	s.became(server, sim.CloseWait, sim.Closed)
	s.orphan(client, sim.FinWait2, sim.Closed)
}

// fold returns the ladder of all the events.
func fold(events []sim.Event) *Ladder { return focused(0, events) }

// focused folds events into the ladder of a connection that has the focus, 0 for that of the newest.
func focused(focus int, events []sim.Event) *Ladder {
	l := &Ladder{Focus: focus}
	for _, e := range events {
		l.Apply(e)
	}
	return l
}
