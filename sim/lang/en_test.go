package lang

import (
	"net/netip"
	"testing"

	"finwait/sim"
)

func TestEnglishSentences(t *testing.T) {
	write := sim.Call{Name: sim.CallWrite, FD: 4, Data: []byte("hello")}
	for _, c := range []struct {
		event sim.Event
		want  string
	}{
		{sim.Event{
			Body: sim.LabOpened{
				Setting: &sim.Setting{
					Log: sim.LogVersion, Grammar: sim.GrammarVersion,
					Net: "loopback", Capture: sim.Captured, Kernel: "6.18.44",
					Client: "127.0.0.2", Server: "127.0.0.1:8088", Lesson: "four-way", Title: "Four segments", Source: "# Four segments\n",
				},
			},
		}, "lab: loopback, segments captured, Linux 6.18.44."},
		{sim.Event{
			Body: sim.LabOpened{
				Setting: &sim.Setting{
					Log: sim.LogVersion, Grammar: sim.GrammarVersion,
					Net: "wire", Capture: sim.Captured, Kernel: "6.18.44", Client: "192.0.2.1", Server: "192.0.2.2:8088",
					Sysctls: []sim.Sysctl{{Name: "tcp_retries2", Value: "255", Default: "15"}},
				},
			},
		}, "lab: wire, segments captured, Linux 6.18.44."},
		{sim.Event{T: 1.5, Step: 3, At: sim.Client, Body: sim.StepBegun{Step: sim.MustParseStep("client close")}}, "step: client close."},
		{sim.Event{Step: 3, Body: sim.StepBegun{Step: sim.MustParseStep("wait 1s")}}, "step: wait 1s."},
		{sim.Event{At: sim.Server, Body: sim.ProcessStarted{PID: 4122}}, "server: process 4122 started."},
		{sim.Event{At: sim.Server, Body: sim.ProcessStarted{PID: 4123, Forked: true}}, "server: process 4123 started."},
		{sim.Event{At: sim.Client, Body: sim.CallEntered{PID: 7, Call: write}}, `client: calls write(4, "hello").`},
		{sim.Event{At: sim.Client, Body: sim.CallEntered{PID: 7, Call: sim.Call{Name: "socket", FD: sim.NoFD, Text: []string{"AF_INET"}}}}, "client: calls socket(AF_INET)."},
		{sim.Event{At: sim.Client, Body: sim.CallEntered{PID: 7, Call: sim.Call{Name: "close", FD: 0}}}, "client: calls close(0)."},
		{sim.Event{At: sim.Client, Body: sim.CallEntered{PID: 7, Call: sim.Call{Name: sim.CallConnect, FD: 3, Addr: netip.MustParseAddrPort("127.0.0.1:8088")}, Refers: 2}}, "client: calls connect(3, 127.0.0.1:8088)."},
		{sim.Event{At: sim.Server, Body: sim.CallReturned{PID: 8, Call: sim.Call{Name: sim.CallAccept, FD: 3}, Result: sim.Result{Ret: 4}, Refers: 2}}, "server: accept(3) returned 4."},
		{sim.Event{T: 0.000001, Step: 1, At: sim.Client, Body: sim.CallReturned{PID: 7, Call: write, Result: sim.Result{Ret: 5}}}, `client: write(4, "hello") returned 5.`},
		{sim.Event{At: sim.Client, Body: sim.CallReturned{PID: 7, Call: write, Result: sim.Result{Ret: -1, Errno: "EPIPE"}}}, `client: write(4, "hello") returned -1 EPIPE.`},
		{sim.Event{At: sim.Server, Body: sim.CallReturned{PID: 8, Call: sim.Call{Name: "read", FD: 5, Size: 100}, Result: sim.Result{Ret: 3, Data: "a\n\x1b"}}}, `server: read(5, 100) returned 3 "a\n\x1b".`},
		{sim.Event{At: sim.Server, Body: sim.CallReturned{PID: 8, Call: sim.Call{Name: "poll", FD: 5}, Result: sim.Result{Ret: 1, Note: "IN RDHUP"}}}, "server: poll(5) returned 1 IN RDHUP."},
		{sim.Event{At: sim.Server, Body: sim.CallBlocked{PID: 8, Call: sim.Call{Name: "read", FD: 5, Size: 100}}}, "server: read(5, 100) blocks."},
		{sim.Event{At: sim.Server, Body: sim.SignalTaken{PID: 8, Signal: "SIGPIPE", Action: sim.Killed}}, "server: killed by SIGPIPE."},
		{sim.Event{At: sim.Client, Body: sim.SignalTaken{PID: 7, Signal: "SIGPIPE", Action: sim.Handled}}, "client: its handler for SIGPIPE ran."},
		{sim.Event{At: sim.Server, Body: sim.ProcessExited{PID: 8, Status: 141, Signal: "SIGPIPE"}}, "server: process 8 is gone, exit status 141."},
		{sim.Event{At: sim.Server, Body: sim.ProcessExited{PID: 8}}, "server: process 8 is gone, exit status 0."},
		{sim.Event{At: sim.Client, Body: sim.StateChanged{Conn: 1, From: sim.Established, To: sim.FinWait1, By: sim.ByInference}}, "client: ESTABLISHED → FIN_WAIT1 (inferred)."},
		{sim.Event{At: sim.Client, Body: sim.StateChanged{Conn: 2, From: sim.FinWait1, To: sim.FinWait2, Orphan: true, By: sim.ByKernel}}, "client: FIN_WAIT1 → FIN_WAIT2, no process holds it (kernel)."},
		{sim.Event{At: sim.Client, Body: sim.SegmentMoved{Conn: 1, Segment: sim.Segment{Flags: sim.FIN | sim.ACK, Seq: 1, Ack: 1, Fate: sim.Delivered}, By: sim.ByKernel}}, "client's kernel sent FIN ACK seq 1 ack 1 (kernel)."},
		{sim.Event{At: sim.Client, Body: sim.SegmentMoved{Conn: 1, Segment: sim.Segment{Flags: sim.FIN | sim.ACK, Seq: 1, Ack: 1, ID: 7, Fate: sim.Held, Copies: 1}, By: sim.ByKernel}}, "client's kernel sent FIN ACK seq 1 ack 1: segment 7, on the wire."},
		{sim.Event{At: sim.Client, Body: sim.SegmentMoved{Conn: 1, Segment: sim.Segment{Flags: sim.FIN | sim.ACK, Seq: 1, Ack: 1, ID: 7, Fate: sim.Held, Copies: 1, Resent: true}, By: sim.ByKernel}}, "client's kernel sent FIN ACK seq 1 ack 1 again: segment 7, on the wire."},
		{sim.Event{At: sim.Client, Body: sim.SegmentMoved{Conn: 1, Segment: sim.Segment{Flags: sim.FIN | sim.ACK, Seq: 1, Ack: 1, ID: 7, Fate: sim.Delivered, Copies: 1}, By: sim.ByKernel}}, "segment 7, FIN ACK seq 1 ack 1 from client: delivered."},
		{sim.Event{At: sim.Client, Body: sim.SegmentMoved{Conn: 1, Segment: sim.Segment{Flags: sim.FIN | sim.ACK, Seq: 1, Ack: 1, ID: 7, Fate: sim.Dropped, Copies: 2}, By: sim.ByKernel}}, "segment 7, FIN ACK seq 1 ack 1 from client: dropped."},
		{sim.Event{At: sim.Client, Body: sim.SegmentMoved{Conn: 1, Segment: sim.Segment{Flags: sim.FIN | sim.ACK, Seq: 1, Ack: 1, ID: 7, Fate: sim.Duplicated, Copies: 1}, By: sim.ByKernel}}, "segment 7, FIN ACK seq 1 ack 1 from client: a copy was delivered."},
		{sim.Event{At: sim.Client, Body: sim.SegmentMoved{Conn: 1, Segment: sim.Segment{Flags: sim.FIN | sim.ACK, Seq: 1, Ack: 1, ID: 7, Fate: sim.Retransmitted, Copies: 3}, By: sim.ByKernel}}, "segment 7, FIN ACK seq 1 ack 1 from client: sent 3 times now."},
		{sim.Event{Step: 4, Body: sim.CableChanged{Cable: sim.CableCut}}, "the cable is cut."},
		{sim.Event{At: sim.Client, Body: sim.TimerChanged{Conn: 1, Timer: sim.TimerTimewait, Expires: 59.988}}, "client: timewait timer, expires in 60 s."},
		{sim.Event{At: sim.Client, Body: sim.TimerChanged{Conn: 1, Timer: sim.TimerOff}}, "client: no timer."},
		{sim.Event{At: sim.Server, Body: sim.QueuesChanged{Conn: 1, RecvQ: 1, SendQ: 13}}, "server: Recv-Q 1, Send-Q 13."},
		{sim.Event{Step: 2, At: sim.Server, Body: sim.StepRefused{Why: "the server is dead"}}, "refused: the server is dead."},
		{sim.Event{Step: 2, At: sim.Server, Body: Refused(&sim.Refusal{Kind: sim.RefusedDead, At: sim.Server, Status: 141})}, `refused: the server is dead (exit status 141); "server start" gives it a new process.`},
		{sim.Event{Step: 2, Body: sim.StepSettled{}}, "settled."},
		{sim.Event{Step: 2, Body: sim.ExpectationChecked{Text: "returns 13", OK: true, Got: "returned 13"}}, "expected: returns 13: yes."},
		{sim.Event{Step: 2, Body: sim.ExpectationChecked{Text: "returns 13", Got: "returned 14"}}, "expected: returns 13: no, got returned 14."},
		{sim.Event{Step: 2, Body: sim.ExpectationChecked{Text: "returns 13", OK: true, Got: "returned 13", Answer: sim.RightAnswer}}, "the right answer: returns 13: yes."},
		{sim.Event{Step: 2, Body: sim.ExpectationChecked{Text: "returns 13", Got: "returned 14", Answer: sim.RightAnswer}}, "the right answer: returns 13: no, got returned 14."},
		{sim.Event{Step: 2, Body: sim.ExpectationChecked{Text: "returns 13", Got: "returned 13", Answer: sim.WrongAnswer}}, "an answer marked wrong is right: returns 13, got returned 13."},
		{sim.Event{Step: 2, At: sim.Client, Body: sim.Verdict{Conn: 1, What: sim.WhatState, Model: "FIN_WAIT2, orphan", Kernel: "FIN_WAIT2, orphan", Agree: true}}, "client, state: the model agrees."},
		{sim.Event{Step: 2, At: sim.Server, Body: sim.Verdict{Conn: 1, What: sim.WhatSignal, Kernel: "SIGPIPE killed"}}, "server, signal: they differ, kernel: SIGPIPE killed, model: no signal."},
		{sim.Event{Step: 2, Body: sim.ModelSilent{Why: "a disagreement"}}, "model: no verdicts from here on: a disagreement."},
		{sim.Event{At: sim.Client}, "nothing."},
	} {
		if got := English().Sentence(c.event); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// Each step is said in words. Every verb of the grammar has an example, and none is shown in
// the short form of the file.
func TestEnglishStep(t *testing.T) {
	shown := map[sim.Verb]bool{}
	for _, c := range []struct{ line, want string }{
		{"server listen", "the server listens"},
		{"server listen noreuse", "the server listens, without SO_REUSEADDR"},
		{"client connect", "the client connects"},
		{"server connect", "the server connects to the client"},
		{"server accept", "the server accepts"},
		{`client write "hello\n" nosignal`, `the client writes "hello\n" with MSG_NOSIGNAL`},
		{"server write 1", "the server writes 1 byte"},
		{"client read 100", "the client reads up to 100 bytes"},
		{"client read 1 peek", "the client peeks at up to 1 byte"},
		{"server read 5 then close", "the server reads up to 5 bytes, then closes"},
		{"server shutdown wr", "the server shuts down writing"},
		{"server shutdown rd", "the server shuts down reading"},
		{"server shutdown rdwr", "the server shuts down both directions"},
		{"client close", "the client closes"},
		{"server close listener", "the server closes its listener"},
		{"server parent close 4", "the server's parent closes descriptor 4"},
		{"server dup", "the server duplicates its descriptor"},
		{"server fork", "the server forks"},
		{"server sigpipe default", "the server gives SIGPIPE its default action"},
		{"server sigpipe ignore", "the server ignores SIGPIPE"},
		{"client sigpipe handler", "the client installs a handler for SIGPIPE"},
		{"server linger 0", "the server sets SO_LINGER to 0 s"},
		{"server linger off listener", "the server turns SO_LINGER off, on its listener"},
		{"client linger2 5", "the client sets TCP_LINGER2 to 5 s"},
		{"client linger2 none", "the client sets TCP_LINGER2 to none"},
		{"server poll", "the server polls"},
		{"server error", "the server takes its pending error"},
		{"client kill SIGINT", "SIGINT to the client"},
		{"server parent kill SIGTERM", "SIGTERM to the server's parent"},
		{"server start", "a new server starts"},
		{"server keepalive 1s 500ms 2 listener", "the server sets SO_KEEPALIVE: after 1 s, every 500 ms, 2 probes, on its listener"},
		{"client usertimeout 1s", "the client sets TCP_USER_TIMEOUT to 1 s"},
		{"server next", "the server makes the call that it is held at"},
		{"client skip", "the client skips its sleep"},
		{`client type "hello\n"`, `the client is typed "hello\n"`},
		{"wait 1s", "wait 1 s"},
		{"wait until client CLOSED", "wait until the client is CLOSED"},
		{"wait until flight from server for 10s", "wait until the server has sent something, at most 10 s"},
		{"deliver", "deliver the next segment"},
		{"deliver client", "deliver the client's segment"},
		{"deliver 4", "deliver segment 4"},
		{"drop all", "drop all segments"},
		{"duplicate 4", "deliver a copy of segment 4"},
		{"swap server", "the server's second segment overtakes the first"},
		{"cut", "cut the cable"},
		{"mend", "mend the cable"},
		{"auto deliver on", "let the wire deliver by itself"},
		{"auto deliver off", "let the wire hold every segment"},
	} {
		step := sim.MustParseStep(c.line)
		shown[step.Verb] = true
		if got := English().Step(step); got != c.want || got == c.line {
			t.Errorf("%s: got %q, want %q", c.line, got, c.want)
		}
	}
	for _, u := range sim.Usages() {
		if !shown[u.Verb] {
			t.Errorf("%s has no words here", u.Verb)
		}
	}
}

func TestEnglishValue(t *testing.T) {
	for _, c := range []struct {
		what       sim.What
		said, want string
	}{
		{sim.WhatState, "FIN_WAIT2, orphan", "FIN_WAIT2, orphan"},
		{sim.WhatState, "", "no state"},
		{sim.WhatSegment, "RST seq 2", "RST seq 2"},
		{sim.WhatSegment, "", "no segment"},
		{sim.WhatReturn, "write = 13", "write = 13"},
		{sim.WhatReturn, "", "has not returned"},
		{sim.WhatRefused, "", "nothing refused"},
		{sim.WhatRefused, "why", "why"},
		{sim.WhatSignal, "SIGPIPE killed", "SIGPIPE killed"},
		{sim.WhatSignal, "", "no signal"},
		{sim.WhatExit, "141", "exit 141"},
		{sim.WhatExit, "", "no exit"},
		{sim.WhatBlocked, "read", "blocked in read"},
		{sim.WhatBlocked, "", "not blocked"},
	} {
		if got := English().Value(c.what, c.said); got != c.want {
			t.Errorf("%s %q: got %q, want %q", c.what, c.said, got, c.want)
		}
	}
}

func TestEnglishAgreement(t *testing.T) {
	silent := sim.ModelSilent{Why: "why"}
	for _, c := range []struct {
		a           sim.Agreement
		want, short string
	}{
		{sim.Agreement{Steps: 2}, "", ""},
		{sim.Agreement{Any: true}, "", ""},
		{sim.Agreement{Any: true, Steps: 1, Judged: 1}, "1 of 1 step was compared with the model: no difference.", "The model agrees."},
		{sim.Agreement{Any: true, Steps: 27, Judged: 20}, "20 of 27 steps were compared with the model: no difference.", "The model agrees."},
		{sim.Agreement{Any: true, Steps: 4, Judged: 2, Silent: silent}, "2 of 4 steps were compared with the model: no difference. Not compared further: why.", "The model agrees."},
		{sim.Agreement{Any: true, Steps: 4, Silent: silent}, "No step was compared with the model: why.", "No step was compared with the model."},
		{sim.Agreement{Any: true, Steps: 5, Judged: 3, Differ: 1, First: 3, Silent: silent}, "3 of 5 steps were compared with the model: step 3 differs.", "The model differs in step 3."},
		{sim.Agreement{Any: true, Steps: 3, Judged: 3, Differ: 2, First: 1}, "3 of 3 steps were compared with the model: 2 differ, the first is step 1.", "The model differs in step 1."},
		{sim.Agreement{Any: true, SetUp: true, Silent: silent, Steps: 1}, "0 of 1 step was compared with the model: the making of the connection differs.", "The model differs while the connection is made."},
	} {
		if got := English().Agreement(c.a); got != c.want {
			t.Errorf("%+v: got %q, want %q", c.a, got, c.want)
		}
		if got := English().AgreementShort(c.a); got != c.short {
			t.Errorf("%+v in short: got %q, want %q", c.a, got, c.short)
		}
	}
}

// A server that has another port than usual is said to.
func TestEnglishPortTaken(t *testing.T) {
	e := sim.Event{Body: sim.LabOpened{Setting: &sim.Setting{
		Net: sim.Loopback, Capture: sim.Captured, Kernel: "6.18.44", Server: "127.0.0.1:41233", PortTaken: 8088,
	}}}
	want := "lab: loopback, segments captured, Linux 6.18.44. Port 8088 is in use on this machine: the server of this lesson is 127.0.0.1:41233."
	if got := English().Sentence(e); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
