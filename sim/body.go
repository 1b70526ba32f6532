package sim

// Body is what happened: one type for each kind of event. Their JSON is declared by their tags
// (see json.go).
type Body interface {
	// Kind returns the kind of event that has such a body.
	Kind() Kind
}

// Kind is the kind of an Event, as the log spells it.
type Kind string

// The kinds, each with its body.
const (
	KindLab     Kind = "lab"     // LabOpened
	KindStep    Kind = "step"    // StepBegun
	KindStart   Kind = "start"   // ProcessStarted
	KindCall    Kind = "call"    // CallEntered
	KindReturn  Kind = "return"  // CallReturned
	KindBlocked Kind = "blocked" // CallBlocked
	KindHeld    Kind = "held"    // CallHeld
	KindOutput  Kind = "output"  // Printed
	KindSignal  Kind = "signal"  // SignalTaken
	KindExit    Kind = "exit"    // ProcessExited
	KindState   Kind = "state"   // StateChanged
	KindSegment Kind = "segment" // SegmentMoved
	KindTimer   Kind = "timer"   // TimerChanged
	KindQueues  Kind = "queues"  // QueuesChanged
	KindCable   Kind = "cable"   // CableChanged
	KindRefused Kind = "refused" // StepRefused
	KindSettled Kind = "settled" // StepSettled
	KindVerdict Kind = "verdict" // Verdict
	KindSilent  Kind = "silent"  // ModelSilent
	KindExpect  Kind = "expect"  // ExpectationChecked
)

// LabOpened is the first event of every log.
type LabOpened struct {
	*Setting // shared and never written to; not nil
}

// StepBegun begins a step.
type StepBegun struct {
	Step Step `json:"text"`
	// Own says that a person makes the step beside the lesson. It has the number of the lesson's
	// step before it.
	Own bool `json:"own,omitempty"`
	// Skipped says that the step was not made: it is a wait in which nothing happened before, on
	// the way to a place where one was already.
	Skipped bool `json:"skipped,omitempty"`
}

// StepRefused says that a step cannot be done as things are.
type StepRefused struct {
	Why     string  `json:"text"` // the refusal in English, for those who read the log
	Refusal Refusal `json:"refusal,omitzero"`
}

// StepSettled is the last event of a step: every call has returned or blocks, and nothing sent
// still lacks what it waits for.
type StepSettled struct{}

// ProcessStarted says that there is a new process.
type ProcessStarted struct {
	PID    int  `json:"pid"`
	Forked bool `json:"forked,omitempty"` // the process shares the descriptors of the one that forked
	// Parent is the process that forked, 0 for the one that acts.
	Parent int `json:"parent,omitempty"`
}

// CallHeld says that a thread of a program that makes calls of its own is held before a call: it
// makes it once a step lets it go.
type CallHeld struct {
	PID  int
	TID  int // the thread, 0 for the main one
	Call Call
}

// Printed is what a program has printed: a line with its end, or a part of one. Control
// characters in it are escaped.
type Printed struct {
	PID  int    `json:"pid"`
	Text string `json:"text"`
	More bool   `json:"more,omitempty"` // the program has printed more than the log has; there is no text
}

// CallEntered says that a process makes a system call.
type CallEntered struct {
	PID  int
	TID  int // the thread, 0 for the main one
	Call Call
	// Refers is the number of the connection that the descriptor of a connect(2) refers to from
	// now on; 0 for any other call.
	Refers int
}

// CallBlocked says that the thread of a process sleeps in its call.
type CallBlocked struct {
	PID  int
	TID  int // the thread, 0 for the main one
	Call Call
}

// CallReturned says that a call has returned.
type CallReturned struct {
	PID    int
	TID    int // the thread, 0 for the main one
	Call   Call
	Result Result
	// Refers is the number of the connection that the descriptor refers to which accept(2) has
	// returned; 0 for any other call.
	Refers int
}

// Action is what a signal did to its process.
type Action string

// The actions. That a SIGPIPE was ignored can be seen of a traced program alone: of any other,
// write just returns EPIPE.
const (
	Killed  Action = "killed"
	Handled Action = "handled"
	Ignored Action = "ignored"
)

// SignalTaken says that a process has taken a signal.
type SignalTaken struct {
	PID    int    `json:"pid"`
	Signal string `json:"signal"` // name of the signal: "SIGPIPE"
	Action Action `json:"action"`
}

// ProcessExited is what wait(2) says of a process.
type ProcessExited struct {
	PID    int    `json:"pid"`
	Status int    `json:"status"`           // as a shell shows it: 141 for a death of SIGPIPE
	Signal string `json:"signal,omitempty"` // the name of the signal that ended it, empty for none
}

// StateChanged says in which state an end of a connection, or the listener, now is.
type StateChanged struct {
	Conn   int    `json:"conn"` // number of the connection, 1 and up; 0 for the listener
	From   State  `json:"from"`
	To     State  `json:"to"`
	Orphan bool   `json:"orphan,omitempty"` // no process holds the socket any more
	By     Source `json:"by"`
}

// SegmentMoved is news of a segment: that it was sent, or what became of it. The event is At
// its sender.
type SegmentMoved struct {
	Conn    int
	Segment Segment
	By      Source
}

// The timers of a socket, as sock_diag(7) numbers them (idiag_timer).
const (
	TimerOff        = "off"
	TimerRetransmit = "retransmit"
	TimerKeepalive  = "keepalive"
	TimerTimewait   = "timewait"
	TimerPersist    = "persist"
)

// TimerChanged says which timer of an end of a connection runs.
type TimerChanged struct {
	Conn        int
	Timer       string  // one of the timers above
	Expires     Seconds // how long it still runs, in whole milliseconds
	Retransmits int     // how often it has fired for the same segment or probe
}

// QueuesChanged says how many bytes the queues of an end of a connection hold, as ss(8) shows
// them.
type QueuesChanged struct {
	Conn  int `json:"conn"`
	RecvQ int `json:"recvq"`
	SendQ int `json:"sendq"`
}

// Cable is how the cable between two hosts is.
type Cable string

// The cable is cut, or whole again.
const (
	CableCut    Cable = "cut"
	CableMended Cable = "mended"
)

// CableChanged says that the cable between two hosts was cut or mended.
type CableChanged struct {
	Cable Cable `json:"text"`
}

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

// Verdict compares what the model said of a step with what the kernel did.
type Verdict struct {
	Conn   int    `json:"conn"`
	What   What   `json:"what"`
	Model  string `json:"model"` // spelled as the kernel's value would be
	Kernel string `json:"kernel"`
	Agree  bool   `json:"agree"`
}

// ModelSilent says why the model says nothing from here on, or is not to be relied on.
type ModelSilent struct {
	Why     string  `json:"text"` // the silence in English, for those who read the log
	Silence Silence `json:"silence,omitzero"`
}

// ExpectationChecked says whether the lesson is right about a step: whether an expectation
// holds, whether the answer that is marked right does, and whether one that is marked wrong
// does not.
type ExpectationChecked struct {
	Text   string `json:"text"` // as the lesson has it, without the word expect
	OK     bool   `json:"ok"`
	Got    string `json:"got"`              // what is there in its place, or in fulfilment of it
	Answer Answer `json:"answer,omitempty"` // empty for an expectation of the step
	Line   int    `json:"line,omitempty"`   // in the lesson's file, from 1
	Column int    `json:"column,omitempty"` // of Text, in characters from 1
}

// Answer is how a lesson marks an answer to a question about a step.
type Answer string

// The two marks of answers.
const (
	RightAnswer Answer = "right"
	WrongAnswer Answer = "wrong"
)

func (LabOpened) Kind() Kind          { return KindLab }
func (StepBegun) Kind() Kind          { return KindStep }
func (StepRefused) Kind() Kind        { return KindRefused }
func (StepSettled) Kind() Kind        { return KindSettled }
func (ProcessStarted) Kind() Kind     { return KindStart }
func (CallHeld) Kind() Kind           { return KindHeld }
func (Printed) Kind() Kind            { return KindOutput }
func (CallEntered) Kind() Kind        { return KindCall }
func (CallBlocked) Kind() Kind        { return KindBlocked }
func (CallReturned) Kind() Kind       { return KindReturn }
func (SignalTaken) Kind() Kind        { return KindSignal }
func (ProcessExited) Kind() Kind      { return KindExit }
func (StateChanged) Kind() Kind       { return KindState }
func (SegmentMoved) Kind() Kind       { return KindSegment }
func (TimerChanged) Kind() Kind       { return KindTimer }
func (QueuesChanged) Kind() Kind      { return KindQueues }
func (CableChanged) Kind() Kind       { return KindCable }
func (Verdict) Kind() Kind            { return KindVerdict }
func (ModelSilent) Kind() Kind        { return KindSilent }
func (ExpectationChecked) Kind() Kind { return KindExpect }
