package sim

import (
	"math"
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

// Rounded returns the span in whole parts of a second, of which there are so many: 1e3 for
// milliseconds.
func (s Seconds) Rounded(parts float64) Seconds {
	return Seconds(math.Round(float64(s)*parts) / parts)
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

// Event is one thing that happened. It is a value: whoever holds one may keep it, and nobody
// writes to what it refers to.
type Event struct {
	T    Seconds // when, since the lab was opened, in whole microseconds
	Step int     // number of the step it belongs to, 1 and up; 0 before the first
	At   End     // the end that did it; empty for an event of the whole lab
	Body Body    // what happened
}

// Kind returns the kind of the event, empty without a body.
func (e Event) Kind() Kind {
	if e.Body == nil {
		return ""
	}
	return e.Body.Kind()
}

// Of returns the body of an event of one kind. It is the zero body if the event is of another.
func Of[B Body](e Event) B {
	b, _ := e.Body.(B)
	return b
}

// Edit changes the body of an event, if it is of that kind. Copies of the event stay as they
// were.
func Edit[B Body](e *Event, change func(b *B)) {
	if b, ok := e.Body.(B); ok {
		change(&b)
		e.Body = b
	}
}

// PID returns the id of the process that the event is about, 0 if it is about none.
func (e Event) PID() int {
	switch b := e.Body.(type) {
	case ProcessStarted:
		return b.PID
	case CallHeld:
		return b.PID
	case Printed:
		return b.PID
	case CallEntered:
		return b.PID
	case CallBlocked:
		return b.PID
	case CallReturned:
		return b.PID
	case SignalTaken:
		return b.PID
	case ProcessExited:
		return b.PID
	}
	return 0
}

// Conn returns the number of the connection that the event is about, 1 and up. It is 0 for one
// about the listener, or about no connection.
func (e Event) Conn() int {
	switch b := e.Body.(type) {
	case StateChanged:
		return b.Conn
	case SegmentMoved:
		return b.Conn
	case TimerChanged:
		return b.Conn
	case QueuesChanged:
		return b.Conn
	case Verdict:
		return b.Conn
	}
	return 0
}

// Call returns the call that the event is about: one that is held, was entered, blocks or has
// returned.
// It is the zero Call for any other event.
func (e Event) Call() Call {
	switch b := e.Body.(type) {
	case CallHeld:
		return b.Call
	case CallEntered:
		return b.Call
	case CallBlocked:
		return b.Call
	case CallReturned:
		return b.Call
	}
	return Call{}
}

// Segment returns the segment that the event is about, the zero Segment if it is about none.
func (e Event) Segment() Segment { return Of[SegmentMoved](e).Segment }

// Signal returns the name of the signal that was taken, or that has ended a process.
func (e Event) Signal() string {
	switch b := e.Body.(type) {
	case SignalTaken:
		return b.Signal
	case ProcessExited:
		return b.Signal
	}
	return ""
}

// By returns how it is known that a state or a segment is what the event says, empty for any
// other event.
func (e Event) By() Source {
	switch b := e.Body.(type) {
	case StateChanged:
		return b.By
	case SegmentMoved:
		return b.By
	}
	return ""
}

// String returns the event as its JSON. Package lang has a sentence for it.
func (e Event) String() string {
	text, err := e.MarshalJSON()
	if err != nil {
		return err.Error()
	}
	return string(text)
}
