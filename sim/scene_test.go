package sim

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// Events as a lab tells them; the connection is 1 unless said otherwise.

func starts(at End, pid int) Event { return Event{At: at, Body: ProcessStarted{PID: pid}} }

func forks(at End, pid int) Event { return Event{At: at, Body: ProcessStarted{PID: pid, Forked: true}} }

func calls(at End, pid int, name string, args ...string) Event {
	return Event{At: at, Body: CallEntered{PID: pid, Call: ReadCall(CallName(name), 3, args)}}
}

func returns(at End, pid int, r Result, name string, args ...string) Event {
	return Event{At: at, Body: CallReturned{PID: pid, Call: ReadCall(CallName(name), 3, args), Result: r}}
}

func blocks(at End, pid int, name string) Event {
	return Event{At: at, Body: CallBlocked{PID: pid, Call: Call{Name: CallName(name), FD: 3}}}
}

func exits(at End, pid, status int, signal string) Event {
	return Event{At: at, Body: ProcessExited{PID: pid, Status: status, Signal: signal}}
}

func turns(at End, conn int, from, to State) Event {
	return Event{At: at, Body: StateChanged{Conn: conn, From: from, To: to, By: ByKernel}}
}

func orphaned(e Event) Event {
	Edit(&e, func(b *StateChanged) { b.Orphan = true })
	return e
}

// connected returns the events up to an open connection 1.
func connected() []Event {
	return []Event{
		starts(Client, 10), starts(Server, 20),
		turns(Server, 0, Closed, Listen),
		turns(Client, 1, Closed, SynSent), turns(Server, 1, Listen, SynRecv),
		turns(Client, 1, SynSent, Established), turns(Server, 1, SynRecv, Established),
	}
}

// line tells what the scene has of an end in one line: its end of the subject, its listener and
// its latest process, with what is worth telling.
func line(s Scene, at End) string {
	p, proc := s.End(at), Process{Sigpipe: SigpipeDefault}
	if latest := s.Table.Latest(at); latest != nil {
		proc = *latest
	}
	text := []string{fmt.Sprintf("%s %s", at, p.State)}
	say := func(when bool, format string, args ...any) {
		if when {
			text = append(text, fmt.Sprintf(format, args...))
		}
	}
	say(p.Was != Closed, "was %s", p.Was)
	say(p.Orphan, "orphan")
	say(proc.Alive(), "pid %d", proc.PID)
	say(proc.Dead, "dead %d %s", proc.Status, proc.Signal)
	say(proc.Sigpipe != SigpipeDefault, "%s", proc.Sigpipe)
	listener, listening := s.Listener(at)
	say(listening, "listening%s", listener.Address)
	say(p.Address != "", "at %s", p.Address)
	say(p.Timer != "", "%s %s since %s x%d", p.Timer, p.Expires, p.TimerAt, p.Retransmits)
	say(p.RecvQ+p.SendQ > 0, "queues %d %d", p.RecvQ, p.SendQ)
	say(proc.Called, "%s", proc.Call)
	say(proc.Called && !proc.InCall, "= %s", proc.Result)
	say(proc.Blocked, "blocked")
	say(p.Poll != "", "poll %s", p.Poll)
	return strings.Join(text, ", ")
}

var timer = Event{T: 2, At: Client, Body: TimerChanged{Conn: 1, Timer: TimerTimewait, Expires: 60, Retransmits: 1}}

var queues = Event{At: Client, Body: QueuesChanged{Conn: 1, RecvQ: 1, SendQ: 2}}

var folds = []struct {
	name   string
	before []Event
	events []Event
	client string
	server string
}{
	{"nothing", nil, nil, "client CLOSED", "server CLOSED"},
	{"started", nil, []Event{starts(Client, 10)}, "client CLOSED, pid 10", "server CLOSED"},
	{
		"listening", nil,
		[]Event{starts(Server, 20), turns(Server, 0, Closed, Listen)},
		"client CLOSED", "server CLOSED, pid 20, listening",
	},
	{
		"connected", connected(), nil,
		"client ESTABLISHED, was SYN_SENT, pid 10", "server ESTABLISHED, was SYN_RECV, pid 20, listening",
	},
	{
		"the listener goes while connected", connected(),
		[]Event{turns(Server, 0, Listen, Closed)},
		"client ESTABLISHED, was SYN_SENT, pid 10", "server ESTABLISHED, was SYN_RECV, pid 20",
	},
	{
		"the listener comes back after the end", connected(),
		[]Event{turns(Server, 1, Established, Closed), turns(Server, 0, Listen, Closed), turns(Server, 0, Closed, Listen)},
		"client ESTABLISHED, was SYN_SENT, pid 10", "server CLOSED, was ESTABLISHED, pid 20, listening",
	},
	{
		"an orphan with its timer", connected(),
		[]Event{orphaned(turns(Client, 1, FinWait2, TimeWait)), timer, queues},
		"client TIME_WAIT, was FIN_WAIT2, orphan, pid 10, timewait 60 s since 2.0 s x1, queues 1 2", "server ESTABLISHED, was SYN_RECV, pid 20, listening",
	},
	{
		"gone with its timer", connected(),
		[]Event{timer, queues, turns(Client, 1, TimeWait, Closed)},
		"client CLOSED, was TIME_WAIT, pid 10", "server ESTABLISHED, was SYN_RECV, pid 20, listening",
	},
	{
		"an orphan without a change of state", connected(),
		[]Event{turns(Client, 1, Established, FinWait2), orphaned(turns(Client, 1, FinWait2, FinWait2))},
		"client FIN_WAIT2, was ESTABLISHED, orphan, pid 10", "server ESTABLISHED, was SYN_RECV, pid 20, listening",
	},
	{
		"a second connection", connected(),
		[]Event{orphaned(turns(Client, 1, FinWait2, TimeWait)), timer, queues, turns(Client, 2, Closed, SynSent)},
		"client SYN_SENT, pid 10", "server CLOSED, pid 20, listening",
	},
	{
		"late news of the first connection", connected(),
		[]Event{turns(Client, 2, Closed, Established), turns(Client, 1, FinWait2, TimeWait), timer, queues},
		"client ESTABLISHED, pid 10", "server CLOSED, pid 20, listening",
	},
	{
		"a second connection while still listening only",
		[]Event{starts(Server, 20), turns(Server, 0, Closed, Listen)},
		[]Event{turns(Client, 1, Closed, SynSent)},
		"client SYN_SENT", "server CLOSED, pid 20, listening",
	},
	{
		"the listener's queue", connected(),
		[]Event{{At: Server, Body: QueuesChanged{RecvQ: 1, SendQ: 5}}, {At: Server, Body: TimerChanged{Timer: TimerKeepalive}}},
		"client ESTABLISHED, was SYN_SENT, pid 10", "server ESTABLISHED, was SYN_RECV, pid 20, listening",
	},
}

func TestSceneFold(t *testing.T) {
	for _, test := range folds {
		t.Run(test.name, func(t *testing.T) {
			s := Fold(append(append([]Event{}, test.before...), test.events...))
			if got := line(s, Client); got != test.client {
				t.Errorf("got  %s\nwant %s", got, test.client)
			}
			if got := line(s, Server); got != test.server {
				t.Errorf("got  %s\nwant %s", got, test.server)
			}
		})
	}
}

func TestSceneCalls(t *testing.T) {
	zero := Result{}
	epipe := Result{Ret: -1, Errno: "EPIPE"}
	tests := []struct {
		name   string
		events []Event
		want   string // of the server, process 20
	}{
		{"a call", []Event{calls(Server, 20, "close")}, "server CLOSED, pid 20, close(3)"},
		{"a return", []Event{calls(Server, 20, "close"), returns(Server, 20, zero, "close")}, "server CLOSED, pid 20, close(3), = 0"},
		{"an error", []Event{calls(Server, 20, "write"), returns(Server, 20, epipe, "write")}, "server CLOSED, pid 20, write(3), = -1 EPIPE"},
		{"blocked", []Event{calls(Server, 20, "read"), blocks(Server, 20, "read")}, "server CLOSED, pid 20, read(3), blocked"},
		{"blocked, then not", []Event{calls(Server, 20, "read"), blocks(Server, 20, "read"), returns(Server, 20, zero, "read")}, "server CLOSED, pid 20, read(3), = 0"},
		{"the next call", []Event{returns(Server, 20, epipe, "write"), calls(Server, 20, "close")}, "server CLOSED, pid 20, close(3)"},
		{"sigpipe ignore", []Event{returns(Server, 20, zero, "rt_sigaction", "SIGPIPE", string(SigIgn))}, "server CLOSED, pid 20, ignore, rt_sigaction(3, SIGPIPE, SIG_IGN), = 0"},
		{"sigpipe handler", []Event{returns(Server, 20, zero, "rt_sigaction", "SIGPIPE", string(SigHandler))}, "server CLOSED, pid 20, handler, rt_sigaction(3, SIGPIPE, handler), = 0"},
		{
			"sigpipe default",
			[]Event{returns(Server, 20, zero, "rt_sigaction", "SIGPIPE", string(SigIgn)), returns(Server, 20, zero, "rt_sigaction", "SIGPIPE", string(SigDfl))},
			"server CLOSED, pid 20, rt_sigaction(3, SIGPIPE, SIG_DFL), = 0",
		},
		{"killed in a call", []Event{calls(Server, 20, "write"), exits(Server, 20, 141, "SIGPIPE")}, "server CLOSED, dead 141 SIGPIPE, write(3), = 0"},
		{"killed while blocked", []Event{calls(Server, 20, "read"), blocks(Server, 20, "read"), exits(Server, 20, 137, "SIGKILL")}, "server CLOSED, dead 137 SIGKILL, read(3), = 0"},
		{"exited", []Event{exits(Server, 20, 1, "")}, "server CLOSED, dead 1 "},
		{"started again", []Event{returns(Server, 20, zero, "rt_sigaction", "SIGPIPE", string(SigIgn)), exits(Server, 20, 141, "SIGPIPE"), starts(Server, 21)}, "server CLOSED, pid 21"},
		{"forked", []Event{returns(Server, 20, zero, "rt_sigaction", "SIGPIPE", string(SigIgn)), forks(Server, 21)}, "server CLOSED, pid 21, ignore"},
		{"the parent calls", []Event{forks(Server, 21), calls(Server, 21, "read"), blocks(Server, 21, "read"), calls(Server, 20, "close"), returns(Server, 20, zero, "close")}, "server CLOSED, pid 20, close(3), = 0"},
		{"the parent blocks", []Event{forks(Server, 21), calls(Server, 20, "wait4"), blocks(Server, 20, "wait4")}, "server CLOSED, pid 20, wait4(3), blocked"},
		{"the parent dies", []Event{forks(Server, 21), exits(Server, 20, 0, "")}, "server CLOSED, dead 0 "},
		{"the child dies, the parent goes on", []Event{forks(Server, 21), exits(Server, 21, 141, "SIGPIPE"), calls(Server, 20, "accept")}, "server CLOSED, pid 20, accept(3)"},
		{"the child dies, a call of the parent returns", []Event{forks(Server, 21), exits(Server, 21, 141, "SIGPIPE"), returns(Server, 20, zero, "wait4")}, "server CLOSED, pid 20, wait4(3), = 0"},
		{"the child dies", []Event{forks(Server, 21), exits(Server, 21, 0, "")}, "server CLOSED, dead 0 "},
		{"the other end's", []Event{calls(Client, 10, "read"), exits(Client, 10, 141, "SIGPIPE")}, "server CLOSED, pid 20"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := Fold(append([]Event{starts(Client, 10), starts(Server, 20)}, test.events...))
			if got := line(s, Server); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// What poll(2) and bind(2) say is of the socket, and so of its connection.
func TestSceneSockets(t *testing.T) {
	at := netip.MustParseAddrPort("127.0.0.2:40001")
	bound := Event{At: Client, Body: CallReturned{PID: 11, Call: Call{Name: CallBind, FD: 4, Addr: at}}}
	log := slices.Concat(
		established(), []Event{turns(Client, 1, Closed, SynSent), returns(Client, 11, Result{Ret: 1, Note: "IN HUP"}, "poll")},
		made(Client, 11, CallSocket, NoFD, 4, 0), []Event{bound}, made(Client, 11, CallConnect, 4, 0, 2),
	)
	s := Fold(log)
	one, two := s.Connection(1), s.Connection(2)
	if s.Subject != 2 || one.End(Client).Poll != "IN HUP" || one.End(Client).Address != "" || two.End(Client).Poll != "" || two.End(Client).Address != at.String() {
		t.Errorf("the subject is %d\n%+v\n%+v", s.Subject, one, two)
	}
	none := s.Connection(3)
	if none != (Connection{}) || none.End("else") != (Endpoint{}) {
		t.Errorf("there is %+v", none)
	}
}

// Late news of an older connection change that one, and not the subject.
func TestSceneConnections(t *testing.T) {
	s := Fold(append(connected(), turns(Client, 2, Closed, Established), turns(Client, 1, FinWait2, TimeWait), timer, queues))
	old := s.Connection(1)
	if p := old.End(Client); p.State != TimeWait || p.Timer != TimerTimewait || p.RecvQ != 1 || s.Subject != 2 {
		t.Errorf("the subject is %d, the end of the older one %+v", s.Subject, p)
	}
}

func TestScenePending(t *testing.T) {
	s := Fold([]Event{starts(Client, 10), calls(Client, 10, "read")})
	if p := s.Table.Latest(Client); !p.InCall || p.Blocked {
		t.Errorf("a call was made: %+v", p)
	}
	s.Apply(blocks(Client, 10, "read"))
	if p := s.Table.Latest(Client); !p.InCall || !p.Blocked {
		t.Errorf("it blocks: %+v", p)
	}
	s.Apply(exits(Client, 10, 130, "SIGINT"))
	if p := s.Table.Latest(Client); p.InCall || p.Blocked || p.Alive() || !p.Unfinished {
		t.Errorf("its process died: %+v", p)
	}
}

func TestSceneSteps(t *testing.T) {
	lab := &Setting{Net: Model}
	s := Fold([]Event{{Body: LabOpened{Setting: lab}}, {T: 1, Step: 4, Body: StepBegun{Step: MustParseStep("client close")}}})
	if s.Setting != lab || s.Step != 4 || s.Newest.String() != "client close" || s.Settled || s.Now != 1 {
		t.Errorf("a step begins: %+v", s)
	}
	s.Apply(Event{T: 2, Step: 4, Body: StepSettled{}})
	if !s.Settled || s.Now != 2 {
		t.Errorf("it settles: %+v", s)
	}
	s.Apply(Event{T: 3, Step: 5, Body: StepBegun{Step: MustParseStep("wait 1s")}})
	if s.Settled || s.Step != 5 {
		t.Errorf("the next begins: %+v", s)
	}
}

// Since tells when the state was first read, however often it is read again.
func TestSceneSince(t *testing.T) {
	var s Scene
	for i, e := range []Event{turns(Client, 1, Closed, Established), turns(Client, 1, Established, FinWait2), turns(Client, 1, FinWait2, FinWait2)} {
		e.T = Seconds(i + 1)
		s.Apply(e)
	}
	if p := s.End(Client); p.Since != 2 || p.Was != Established || s.Subject != 1 {
		t.Errorf("got %+v", p)
	}
}

// A copy of a scene keeps its moment.
func TestSceneIsAValue(t *testing.T) {
	s := Fold(connected())
	before := s
	s.Apply(turns(Client, 1, Established, FinWait1))
	if before.End(Client).State != Established || s.End(Client).State != FinWait1 {
		t.Errorf("before %s, after %s", before.End(Client).State, s.End(Client).State)
	}
}

func TestDisposition(t *testing.T) {
	for how, want := range map[string]Disposition{SigpipeDefault: "SIG_DFL", SigpipeIgnore: "SIG_IGN", SigpipeHandler: "handler", "": "SIG_DFL"} {
		got := DispositionOf(how)
		if got != want {
			t.Errorf("%q is %s, want %s", how, got, want)
		}
		if how != "" && got.Word() != how {
			t.Errorf("%s reads as %s, want %s", got, got.Word(), how)
		}
	}
	if got := Disposition("else").Word(); got != SigpipeDefault {
		t.Errorf("an unknown disposition reads as %s", got)
	}
}

// The listener, its queue and what a dead process has left behind are facts of their own.
func TestSceneListener(t *testing.T) {
	accepted := Event{At: Server, Body: CallReturned{PID: 20, Call: Call{Name: CallAccept, FD: 3}, Result: Result{Ret: 4}, Refers: 2}}
	second := []Event{turns(Server, 2, Listen, SynRecv), turns(Server, 2, SynRecv, Established)}
	dead := []Event{exits(Server, 20, 137, "SIGKILL"), turns(Server, 0, Listen, Closed), orphaned(turns(Server, 1, Established, FinWait1))}
	for _, test := range []struct {
		name      string
		events    []Event
		listening bool
		waiting   int
		left      bool
	}{
		{"one waits", nil, true, 1, false},
		{"the second is in SYN_RECV", second[:1], true, 1, false},
		{"both wait", second, true, 2, false},
		{"the second is accepted", append(second, accepted), true, 1, false},
		{"the second is accepted before its state is read", append([]Event{accepted}, second...), true, 1, false},
		{"what is reset still waits", []Event{turns(Server, 1, Established, Closed)}, true, 1, false},
		{"a child has what its parent has", []Event{forks(Server, 21)}, true, 1, false},
		{"dead", dead, false, 0, false},
		{"a new process has nothing of the one before", append(dead, starts(Server, 21)), false, 0, true},
		{"until there is another connection", append(dead, starts(Server, 21), turns(Client, 3, Closed, SynSent)), false, 0, false},
	} {
		s := Fold(append(connected(), test.events...))
		_, listening := s.Listener(Server)
		if got := s.End(Server); listening != test.listening || s.Waiting(Server) != test.waiting || got.Left != test.left {
			t.Errorf("%s: listening %v, %d waiting, left behind %v", test.name, listening, s.Waiting(Server), got.Left)
		}
	}
}
