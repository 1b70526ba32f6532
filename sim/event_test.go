package sim

import (
	"encoding/json"
	"net/netip"
	"slices"
	"testing"
)

// write is a call that samples are made of.
var write = Call{Name: "write", FD: 4, Data: []byte("hello")}

// samples has one event or more of each kind, with its JSON.
var samples = []struct {
	name  string
	event Event
	json  string
}{
	{
		"lab",
		Event{
			Body: LabOpened{
				Setting: &Setting{
					Log: LogVersion, Grammar: GrammarVersion,
					Net: "loopback", Capture: Captured, Kernel: "6.18.44",
					Client: "127.0.0.2", Server: "127.0.0.1:8088", Lesson: "four-way", Title: "Four segments", Source: "# Four segments\n",
				},
			},
		},
		`{"t":0.000000,"step":0,"kind":"lab","v":1,"grammar":1,"net":"loopback","capture":"captured","private":false,"kernel":"6.18.44","client":"127.0.0.2","server":"127.0.0.1:8088","lesson":"four-way","title":"Four segments","source":"# Four segments\n"}`,
	},
	{
		"lab on the wire",
		Event{
			Body: LabOpened{
				Setting: &Setting{
					Log: LogVersion, Grammar: GrammarVersion,
					Net: "wire", Capture: Captured, Kernel: "6.18.44", Client: "192.0.2.1", Server: "192.0.2.2:8088",
					Sysctls: []Sysctl{{Name: "tcp_retries2", Value: "255", Default: "15"}},
				},
			},
		},
		`{"t":0.000000,"step":0,"kind":"lab","v":1,"grammar":1,"net":"wire","capture":"captured","private":false,"kernel":"6.18.44","client":"192.0.2.1","server":"192.0.2.2:8088","lesson":"","title":"","sysctls":[{"name":"tcp_retries2","value":"255","default":"15"}]}`,
	},
	{
		"step",
		Event{T: 1.5, Step: 3, At: Client, Body: StepBegun{Step: MustParseStep("client close")}},
		`{"t":1.500000,"step":3,"kind":"step","at":"client","text":"client close"}`,
	},
	{
		"step of nobody",
		Event{Step: 3, Body: StepBegun{Step: MustParseStep("wait 1s")}},
		`{"t":0.000000,"step":3,"kind":"step","text":"wait 1s"}`,
	},
	{
		"start",
		Event{At: Server, Body: ProcessStarted{PID: 4122}},
		`{"t":0.000000,"step":0,"kind":"start","at":"server","pid":4122}`,
	},
	{
		"start of a fork",
		Event{At: Server, Body: ProcessStarted{PID: 4123, Forked: true}},
		`{"t":0.000000,"step":0,"kind":"start","at":"server","pid":4123,"forked":true}`,
	},
	{
		"call",
		Event{At: Client, Body: CallEntered{PID: 7, Call: write}},
		`{"t":0.000000,"step":0,"kind":"call","at":"client","pid":7,"call":"write","fd":4,"args":["\"hello\""]}`,
	},
	{
		"call without a descriptor",
		Event{At: Client, Body: CallEntered{PID: 7, Call: Call{Name: "socket", FD: NoFD, Text: []string{"AF_INET"}}}},
		`{"t":0.000000,"step":0,"kind":"call","at":"client","pid":7,"call":"socket","args":["AF_INET"]}`,
	},
	{
		"call without arguments",
		Event{At: Client, Body: CallEntered{PID: 7, Call: Call{Name: "close", FD: 0}}},
		`{"t":0.000000,"step":0,"kind":"call","at":"client","pid":7,"call":"close","fd":0,"args":[]}`,
	},
	{
		"call of connect",
		Event{At: Client, Body: CallEntered{PID: 7, Call: Call{Name: CallConnect, FD: 3, Addr: netip.MustParseAddrPort("127.0.0.1:8088")}, Refers: 2}},
		`{"t":0.000000,"step":0,"kind":"call","at":"client","pid":7,"call":"connect","fd":3,"args":["127.0.0.1:8088"],"conn":2}`,
	},
	{
		"return of accept",
		Event{At: Server, Body: CallReturned{PID: 8, Call: Call{Name: CallAccept, FD: 3}, Result: Result{Ret: 4}, Refers: 2}},
		`{"t":0.000000,"step":0,"kind":"return","at":"server","pid":8,"call":"accept","fd":3,"args":[],"conn":2,"ret":4}`,
	},
	{
		"return",
		Event{T: 0.000001, Step: 1, At: Client, Body: CallReturned{PID: 7, Call: write, Result: Result{Ret: 5}}},
		`{"t":0.000001,"step":1,"kind":"return","at":"client","pid":7,"call":"write","fd":4,"args":["\"hello\""],"ret":5}`,
	},
	{
		"return of an error",
		Event{At: Client, Body: CallReturned{PID: 7, Call: write, Result: Result{Ret: -1, Errno: "EPIPE"}}},
		`{"t":0.000000,"step":0,"kind":"return","at":"client","pid":7,"call":"write","fd":4,"args":["\"hello\""],"ret":-1,"errno":"EPIPE"}`,
	},
	{
		"return of data",
		Event{At: Server, Body: CallReturned{PID: 8, Call: Call{Name: "read", FD: 5, Size: 100}, Result: Result{Ret: 3, Data: "a\n\x1b"}}},
		`{"t":0.000000,"step":0,"kind":"return","at":"server","pid":8,"call":"read","fd":5,"args":["100"],"ret":3,"data":"a\n\u001b"}`,
	},
	{
		"return of poll",
		Event{At: Server, Body: CallReturned{PID: 8, Call: Call{Name: "poll", FD: 5}, Result: Result{Ret: 1, Note: "IN RDHUP"}}},
		`{"t":0.000000,"step":0,"kind":"return","at":"server","pid":8,"call":"poll","fd":5,"args":[],"ret":1,"note":"IN RDHUP"}`,
	},
	{
		"blocked",
		Event{At: Server, Body: CallBlocked{PID: 8, Call: Call{Name: "read", FD: 5, Size: 100}}},
		`{"t":0.000000,"step":0,"kind":"blocked","at":"server","pid":8,"call":"read","fd":5,"args":["100"]}`,
	},
	{
		"signal",
		Event{At: Server, Body: SignalTaken{PID: 8, Signal: "SIGPIPE", Action: Killed}},
		`{"t":0.000000,"step":0,"kind":"signal","at":"server","pid":8,"signal":"SIGPIPE","action":"killed"}`,
	},
	{
		"signal handled",
		Event{At: Client, Body: SignalTaken{PID: 7, Signal: "SIGPIPE", Action: Handled}},
		`{"t":0.000000,"step":0,"kind":"signal","at":"client","pid":7,"signal":"SIGPIPE","action":"handled"}`,
	},
	{
		"exit of a signal",
		Event{At: Server, Body: ProcessExited{PID: 8, Status: 141, Signal: "SIGPIPE"}},
		`{"t":0.000000,"step":0,"kind":"exit","at":"server","pid":8,"status":141,"signal":"SIGPIPE"}`,
	},
	{
		"exit",
		Event{At: Server, Body: ProcessExited{PID: 8}},
		`{"t":0.000000,"step":0,"kind":"exit","at":"server","pid":8,"status":0}`,
	},
	{
		"state",
		Event{At: Client, Body: StateChanged{Conn: 1, From: Established, To: FinWait1, By: ByInference}},
		`{"t":0.000000,"step":0,"kind":"state","at":"client","conn":1,"from":"ESTABLISHED","to":"FIN_WAIT1","by":"inferred"}`,
	},
	{
		"state of an orphan",
		Event{At: Client, Body: StateChanged{Conn: 2, From: FinWait1, To: FinWait2, Orphan: true, By: ByKernel}},
		`{"t":0.000000,"step":0,"kind":"state","at":"client","conn":2,"from":"FIN_WAIT1","to":"FIN_WAIT2","orphan":true,"by":"kernel"}`,
	},
	{
		"segment",
		Event{At: Client, Body: SegmentMoved{Conn: 1, Segment: Segment{Flags: FIN | ACK, Seq: 1, Ack: 1, Fate: Delivered}, By: ByKernel}},
		`{"t":0.000000,"step":0,"kind":"segment","at":"client","conn":1,"flags":"FIN ACK","seq":1,"ack":1,"len":0,"fate":"delivered","by":"kernel"}`,
	},
	{
		"segment held",
		Event{At: Client, Body: SegmentMoved{Conn: 1, Segment: Segment{Flags: FIN | ACK, Seq: 1, Ack: 1, ID: 7, Fate: Held, Copies: 1}, By: ByKernel}},
		`{"t":0.000000,"step":0,"kind":"segment","at":"client","conn":1,"flags":"FIN ACK","seq":1,"ack":1,"len":0,"fate":"held","id":7,"copies":1,"resent":false,"by":"kernel"}`,
	},
	{
		"segment held again",
		Event{At: Client, Body: SegmentMoved{Conn: 1, Segment: Segment{Flags: FIN | ACK, Seq: 1, Ack: 1, ID: 7, Fate: Held, Copies: 1, Resent: true}, By: ByKernel}},
		`{"t":0.000000,"step":0,"kind":"segment","at":"client","conn":1,"flags":"FIN ACK","seq":1,"ack":1,"len":0,"fate":"held","id":7,"copies":1,"resent":true,"by":"kernel"}`,
	},
	{
		"segment delivered",
		Event{At: Client, Body: SegmentMoved{Conn: 1, Segment: Segment{Flags: FIN | ACK, Seq: 1, Ack: 1, ID: 7, Fate: Delivered, Copies: 1}, By: ByKernel}},
		`{"t":0.000000,"step":0,"kind":"segment","at":"client","conn":1,"flags":"FIN ACK","seq":1,"ack":1,"len":0,"fate":"delivered","id":7,"copies":1,"resent":false,"by":"kernel"}`,
	},
	{
		"segment dropped",
		Event{At: Client, Body: SegmentMoved{Conn: 1, Segment: Segment{Flags: FIN | ACK, Seq: 1, Ack: 1, ID: 7, Fate: Dropped, Copies: 2}, By: ByKernel}},
		`{"t":0.000000,"step":0,"kind":"segment","at":"client","conn":1,"flags":"FIN ACK","seq":1,"ack":1,"len":0,"fate":"dropped","id":7,"copies":2,"resent":false,"by":"kernel"}`,
	},
	{
		"segment duplicated",
		Event{At: Client, Body: SegmentMoved{Conn: 1, Segment: Segment{Flags: FIN | ACK, Seq: 1, Ack: 1, ID: 7, Fate: Duplicated, Copies: 1}, By: ByKernel}},
		`{"t":0.000000,"step":0,"kind":"segment","at":"client","conn":1,"flags":"FIN ACK","seq":1,"ack":1,"len":0,"fate":"duplicated","id":7,"copies":1,"resent":false,"by":"kernel"}`,
	},
	{
		"segment retransmitted",
		Event{At: Client, Body: SegmentMoved{Conn: 1, Segment: Segment{Flags: FIN | ACK, Seq: 1, Ack: 1, ID: 7, Fate: Retransmitted, Copies: 3}, By: ByKernel}},
		`{"t":0.000000,"step":0,"kind":"segment","at":"client","conn":1,"flags":"FIN ACK","seq":1,"ack":1,"len":0,"fate":"retransmitted","id":7,"copies":3,"resent":false,"by":"kernel"}`,
	},
	{
		"cable",
		Event{Step: 4, Body: CableChanged{Cable: CableCut}},
		`{"t":0.000000,"step":4,"kind":"cable","text":"cut"}`,
	},
	{
		"timer",
		Event{At: Client, Body: TimerChanged{Conn: 1, Timer: TimerTimewait, Expires: 59.988}},
		`{"t":0.000000,"step":0,"kind":"timer","at":"client","conn":1,"timer":"timewait","expires":59.988,"retransmits":0}`,
	},
	{
		"timer off",
		Event{At: Client, Body: TimerChanged{Conn: 1, Timer: TimerOff}},
		`{"t":0.000000,"step":0,"kind":"timer","at":"client","conn":1,"timer":"off","expires":0.000,"retransmits":0}`,
	},
	{
		"queues",
		Event{At: Server, Body: QueuesChanged{Conn: 1, RecvQ: 1, SendQ: 13}},
		`{"t":0.000000,"step":0,"kind":"queues","at":"server","conn":1,"recvq":1,"sendq":13}`,
	},
	{
		"refused",
		Event{Step: 2, At: Server, Body: StepRefused{Why: "the server is dead"}},
		`{"t":0.000000,"step":2,"kind":"refused","at":"server","text":"the server is dead"}`,
	},
	{
		"refused, with its data",
		Event{Step: 2, At: Server, Body: StepRefused{"the server is dead", Refusal{Kind: RefusedDead, At: Server, Status: 141}}},
		`{"t":0.000000,"step":2,"kind":"refused","at":"server","text":"the server is dead","refusal":{"kind":"dead","at":"server","status":141}}`,
	},
	{
		"settled",
		Event{Step: 2, Body: StepSettled{}},
		`{"t":0.000000,"step":2,"kind":"settled"}`,
	},
	{
		"expect",
		Event{Step: 2, Body: ExpectationChecked{Text: "returns 13", OK: true, Got: "returned 13"}},
		`{"t":0.000000,"step":2,"kind":"expect","text":"returns 13","ok":true,"got":"returned 13"}`,
	},
	{
		"expect, no",
		Event{Step: 2, Body: ExpectationChecked{Text: "returns 13", Got: "returned 14"}},
		`{"t":0.000000,"step":2,"kind":"expect","text":"returns 13","ok":false,"got":"returned 14"}`,
	},
	{
		"an answer",
		Event{Step: 2, Body: ExpectationChecked{Text: "returns 13", Got: "returned 14", Answer: RightAnswer, Line: 12, Column: 3}},
		`{"t":0.000000,"step":2,"kind":"expect","text":"returns 13","ok":false,"got":"returned 14","answer":"right","line":12,"column":3}`,
	},
	{
		"verdict",
		Event{Step: 2, At: Client, Body: Verdict{Conn: 1, What: WhatState, Model: "FIN_WAIT2, orphan", Kernel: "FIN_WAIT2, orphan", Agree: true}},
		`{"t":0.000000,"step":2,"kind":"verdict","at":"client","conn":1,"what":"state","model":"FIN_WAIT2, orphan","kernel":"FIN_WAIT2, orphan","agree":true}`,
	},
	{
		"verdict, they differ",
		Event{Step: 2, At: Server, Body: Verdict{Conn: 1, What: WhatSignal, Kernel: "SIGPIPE killed"}},
		`{"t":0.000000,"step":2,"kind":"verdict","at":"server","conn":1,"what":"signal","model":"","kernel":"SIGPIPE killed","agree":false}`,
	},
	{
		"silent",
		Event{Step: 2, Body: ModelSilent{Why: "a disagreement"}},
		`{"t":0.000000,"step":2,"kind":"silent","text":"a disagreement"}`,
	},
	{
		"silent, with its data",
		Event{Step: 2, Body: ModelSilent{"one was not captured", Silence{Kind: SilentMissedSegment, Missed: 1}}},
		`{"t":0.000000,"step":2,"kind":"silent","text":"one was not captured","silence":{"kind":"missed segment","missed":1}}`,
	},
	{
		"nothing",
		Event{At: Client},
		`{"t":0.000000,"step":0,"kind":"","at":"client"}`,
	},
}

func TestEventJSON(t *testing.T) {
	for _, sample := range samples {
		got, err := json.Marshal(sample.event)
		if err != nil || string(got) != sample.json || sample.event.String() != sample.json {
			t.Errorf("%s: %v\ngot  %s\nwant %s", sample.name, err, got, sample.json)
		}
	}
}

// A reader of the log finds at the top what version it is.
func TestJSONVersionComesFirst(t *testing.T) {
	text, err := json.Marshal(Event{Body: LabOpened{Setting: &Setting{Log: LogVersion}}})
	if err != nil {
		t.Fatal(err)
	}
	var line struct {
		V       int
		Kind    Kind
		Capture *string
	}
	if err := json.Unmarshal(text, &line); err != nil {
		t.Fatal(err)
	}
	if line.V != LogVersion || line.Kind != KindLab || line.Capture == nil {
		t.Errorf("got %s", text)
	}
}

// Whatever a peer sends, a line of the log is one line of valid JSON.
func FuzzEventJSON(f *testing.F) {
	f.Add("hello", "EPIPE", 1.5)
	f.Add("\xff\x00\n\u2028\"\\", "", -1e300)
	f.Fuzz(func(t *testing.T, data, name string, at float64) {
		if at != at || at > 1e300 || at < -1e300 { // not a time
			return
		}
		text, err := json.Marshal(Event{T: Seconds(at), Body: CallReturned{Call: Call{Name: CallName(name), Text: []string{data}}, Result: Result{Data: data, Errno: name}}})
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(text, '\n') || !json.Valid(text) {
			t.Errorf("got %s", text)
		}
	})
}

func TestLog(t *testing.T) {
	var l Log
	if l.Len() != 0 || len(l.All()) != 0 || LastStep(l.All()) != nil {
		t.Error("an empty log holds something")
	}
	l.Append(Event{Body: LabOpened{&Setting{}}})
	l.Append(Event{Step: 1, Body: StepBegun{}}, Event{Step: 1, Body: StepSettled{}})
	first := l.First(1)
	all := l.All()
	l.Append(Event{Step: 2, Body: StepBegun{}})
	if l.Len() != 4 || len(all) != 3 || len(first) != 1 || first[0].Kind() != KindLab || all[2].Kind() != KindSettled {
		t.Errorf("a log of %d: first %v, all %v", l.Len(), first, all)
	}
	_ = append(first, Event{Step: 9}) // must not reach into the log
	if l.All()[1].Kind() != KindStep {
		t.Error("a slice of the log lets others write into it")
	}
}

func TestLastStep(t *testing.T) {
	events := []Event{
		{Step: 0, Body: LabOpened{}},
		{Step: 0, Body: StepBegun{Step: MustParseStep("server listen")}},
		{Step: 0, Body: StepSettled{}},
		{Step: 1, Body: StepBegun{}},
		{Step: 1, Body: StepSettled{}},
		{Step: 1, Body: TimerChanged{}},
		{Step: 2, Body: StepBegun{}},
	}
	for k, want := range []int{0, 1, 2, 3, 1, 2, 3, 1} {
		if got := LastStep(events[:k]); len(got) != want || want > 0 && got[want-1].Kind() != events[k-1].Kind() {
			t.Errorf("after %d events: %d of the last step, want %d", k, len(got), want)
		}
	}
}
