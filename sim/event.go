package sim

import (
	"fmt"
	"strconv"
)

// Seconds is a time since the lab was opened, or a span of time.
type Seconds float64

// String returns the span as a person reads it: "0.4 s", "58 s".
func (s Seconds) String() string {
	if s < 10 {
		return strconv.FormatFloat(float64(s), 'f', 1, 64) + " s"
	}
	return strconv.FormatFloat(float64(s), 'f', 0, 64) + " s"
}

// End names one end of the connection. The empty End is neither: a step or an
// event of the whole lab.
type End string

// The two ends.
const (
	Client End = "client"
	Server End = "server"
)

// Peer returns the other end.
func (e End) Peer() End {
	switch e {
	case Client:
		return Server
	case Server:
		return Client
	}
	return ""
}

// Source says how a fact is known; see the package documentation of netlab.
type Source string

// The three layers of truth. ByKernel was read from the kernel: a sock_diag
// answer, a captured segment. ByInference must have happened, but nobody could
// see it. ByModel is predicted.
const (
	ByKernel    Source = "kernel"
	ByInference Source = "inferred"
	ByModel     Source = "model"
)

// Kind is the kind of an Event; it decides which of the event's fields mean
// something.
type Kind string

// The kinds, each with its fields beside T, Step and Kind.
const (
	KindLab     Kind = "lab"     // Lab: the first event of every log
	KindStep    Kind = "step"    // Text: a step begins
	KindStart   Kind = "start"   // At, PID, Forked: a program under test was started
	KindCall    Kind = "call"    // At, PID, Call, of connect(2) Refers: it enters a system call
	KindReturn  Kind = "return"  // At, PID, Call, Result, of accept(2) Refers
	KindBlocked Kind = "blocked" // At, PID, Call: its thread sleeps in the call
	KindSignal  Kind = "signal"  // At, PID, Signal, Action
	KindExit    Kind = "exit"    // At, PID, Status, Signal: what wait(2) said
	KindState   Kind = "state"   // At, Conn, From, To, Orphan, By
	KindSegment Kind = "segment" // At (its sender), Conn, Segment, By
	KindTimer   Kind = "timer"   // At, Conn, Timer, Expires, Retransmits
	KindQueues  Kind = "queues"  // At, Conn, RecvQ, SendQ
	KindCable   Kind = "cable"   // Text: the cable between two hosts was cut or mended
	KindRefused Kind = "refused" // At, Text: a step that cannot be done, and why
	KindSettled Kind = "settled" // the step is over
	KindVerdict Kind = "verdict" // At, Conn, What, Model, Kernel, OK: what the model said of this step, and what the kernel did
	KindSilent  Kind = "silent"  // Text: why the model says nothing from here on, or is not to be relied on
	KindExpect  Kind = "expect"  // Text, OK, Got: an expectation of the lesson
)

// Action is what a signal did to its process.
type Action string

// The actions. An ignored SIGPIPE is not generated at all as far as anyone can
// see: write just returns EPIPE.
const (
	Killed  Action = "killed"
	Handled Action = "handled"
)

// What says what a verdict compares.
type What string

// What verdicts compare: of an end what its step did. The empty text on one side means
// that it did nothing of the kind.
const (
	WhatState   What = "state"    // the state in which the step leaves the end: "FIN_WAIT2, orphan"
	WhatSegment What = "segments" // all that the end sent: "FIN ACK seq 1 ack 1; ACK ack 2"
	WhatReturn  What = "return"   // what its calls returned, a poll its events: "write = -1 EPIPE"
	WhatSignal  What = "signal"   // "SIGPIPE killed"
	WhatExit    What = "exit"     // "141"
	WhatBlocked What = "blocked"  // the calls it sleeps in: "read"
	WhatRefused What = "refused"  // why the step cannot be done
)

// Event is one thing that happened. It is a value: whoever holds one may keep
// it. Only the fields that its Kind names mean anything.
type Event struct {
	T    Seconds // when, since the lab was opened
	Step int     // number of the step it belongs to, 1 and up; 0 before the first
	Kind Kind
	At   End

	Lab    *Setting // KindLab; shared and never written to
	PID    int
	Forked bool // it shares the descriptors of the process that forked
	Call   Call
	Result Result
	// Refers is the number of the connection that the descriptor of a connect(2), or the one
	// that accept(2) has returned, refers to from then on.
	Refers int

	Signal string // "SIGPIPE"
	Action Action
	Status int // as a shell shows it: 141 for a death of SIGPIPE

	Conn     int // number of the connection, 1 and up; 0 for the listener
	From, To State
	Orphan   bool // no process holds the socket any more
	By       Source
	Segment  Segment

	Timer       string // retransmit, keepalive, timewait, persist or off
	Expires     Seconds
	Retransmits int

	RecvQ, SendQ int // bytes, as ss shows them

	Text string
	OK   bool // the expectation holds; the model and the kernel agree
	Got  string

	What   What
	Model  string // as the kernel's value would be spelled
	Kernel string
}

// String returns the event as one sentence, as a transcript for screen readers
// prints it.
func (e Event) String() string {
	switch e.Kind {
	case KindLab:
		if e.Lab.Kernel == "" {
			return fmt.Sprintf("lab: %s, segments %s.", e.Lab.Net, e.Lab.Capture)
		}
		return fmt.Sprintf("lab: %s, segments %s, Linux %s.", e.Lab.Net, e.Lab.Capture, e.Lab.Kernel)
	case KindStep:
		return fmt.Sprintf("step: %s.", e.Text)
	case KindStart:
		return fmt.Sprintf("%s: process %d started.", e.At, e.PID)
	case KindCall:
		return fmt.Sprintf("%s: calls %s.", e.At, e.Call)
	case KindReturn:
		return fmt.Sprintf("%s: %s returned %s.", e.At, e.Call, e.Result)
	case KindBlocked:
		return fmt.Sprintf("%s: %s blocks.", e.At, e.Call)
	case KindSegment:
		return e.travel()
	case KindCable:
		return fmt.Sprintf("the cable is %s.", e.Text)
	case KindRefused:
		return fmt.Sprintf("refused: %s.", e.Text)
	case KindSettled:
		return "settled."
	case KindExpect:
		return e.expectation()
	case KindVerdict:
		return e.verdict()
	case KindSilent:
		return fmt.Sprintf("model: no verdicts from here on: %s.", e.Text)
	}
	return e.endSentence()
}

// endSentence is String for the kinds that tell of one end's fortune.
func (e Event) endSentence() string {
	switch e.Kind {
	case KindSignal:
		if e.Action == Handled {
			return fmt.Sprintf("%s: its handler for %s ran.", e.At, e.Signal)
		}
		return fmt.Sprintf("%s: killed by %s.", e.At, e.Signal)
	case KindExit:
		return fmt.Sprintf("%s: process %d is gone, exit status %d.", e.At, e.PID, e.Status)
	case KindState:
		return e.transition()
	case KindTimer:
		if e.Timer == TimerOff {
			return fmt.Sprintf("%s: no timer.", e.At)
		}
		return fmt.Sprintf("%s: %s timer, expires in %s.", e.At, e.Timer, e.Expires)
	case KindQueues:
		return fmt.Sprintf("%s: Recv-Q %d, Send-Q %d.", e.At, e.RecvQ, e.SendQ)
	}
	return fmt.Sprintf("event(%s).", e.Kind)
}

// travel tells what became of a segment.
func (e Event) travel() string {
	if e.Segment.ID == 0 {
		return fmt.Sprintf("%s's kernel sent %s (%s).", e.At, e.Segment, e.By)
	}
	name := fmt.Sprintf("segment %d, %s from %s", e.Segment.ID, e.Segment, e.At)
	switch e.Segment.Fate {
	case Held:
		again := ""
		if e.Segment.Resent {
			again = " again"
		}
		return fmt.Sprintf("%s's kernel sent %s%s: segment %d, on the wire.", e.At, e.Segment, again, e.Segment.ID)
	case Retransmitted:
		return fmt.Sprintf("%s: sent %d times now.", name, e.Segment.Copies)
	case Duplicated:
		return fmt.Sprintf("%s: a copy was delivered.", name)
	case Overtaken:
		return fmt.Sprintf("%s: the next one has overtaken it.", name)
	}
	return fmt.Sprintf("%s: %s.", name, e.Segment.Fate)
}

func (e Event) transition() string {
	orphan := ""
	if e.Orphan {
		orphan = ", no process holds it"
	}
	return fmt.Sprintf("%s: %s → %s%s (%s).", e.At, e.From, e.To, orphan, e.By)
}

func (e Event) expectation() string {
	if e.OK {
		return fmt.Sprintf("expected: %s: yes.", e.Text)
	}
	return fmt.Sprintf("expected: %s: no, got %s.", e.Text, e.Got)
}

// verdict tells in which the model and the kernel agree, or both of what they differ in.
func (e Event) verdict() string {
	if e.OK {
		return fmt.Sprintf("%s, %s: the model agrees.", e.At, e.What)
	}
	return fmt.Sprintf("%s, %s: they differ, kernel: %s, model: %s.", e.At, e.What, e.What.Value(e.Kernel), e.What.Value(e.Model))
}

// The Text of a KindCable.
const (
	CableCut    = "cut"
	CableMended = "mended"
)

// The timers of a socket, as sock_diag(7) numbers them (idiag_timer).
const (
	TimerOff        = "off"
	TimerRetransmit = "retransmit"
	TimerKeepalive  = "keepalive"
	TimerTimewait   = "timewait"
	TimerPersist    = "persist"
)
