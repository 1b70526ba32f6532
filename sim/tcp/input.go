package tcp

import "finwait/sim"

// Op is what an Input does.
type Op uint8

// What can happen beside the system calls of a process, which stand in call.go. Each comment
// names the fields of Input that the operation uses.
const (
	OpKill  Op = endOfCalls + 1 + iota // the signal N kills Proc
	OpStart                            // a process starts on Side

	OpDeliver   // the segment ID arrives
	OpDrop      // the segment ID is lost
	OpDuplicate // a copy of the segment ID arrives
	OpSwap      // the second segment of Side overtakes the first
	OpCut       // the cable is cut: segments on it, and segments sent later, are lost
	OpMend      // the cable is mended

	OpTimer // Timer fires at the end of Conn on Side

	// The remaining operations belong to an observed World.

	OpRecheck // the blocked call of Proc checks again whether it can return; N is explained at recheck
	OpForget  // all segments sent so far have been observed; no OpEmit for them will follow
	OpEmit    // the end of Conn on Side sends N bytes from Seq, with Flags and Ack; ID is the segment that this is a copy of, or 0
)

// Disposition is what a process does on SIGPIPE.
type Disposition uint8

// The dispositions.
const (
	Default Disposition = iota
	Ignore
	Handler
)

// Signal is the number of a signal.
type Signal uint8

// The signals of the model.
const (
	SIGINT  Signal = 2
	SIGKILL Signal = 9
	SIGPIPE Signal = 13
	SIGTERM Signal = 15
)

// String returns the signal's name, and "signal(7)" for a signal without one.
func (s Signal) String() string {
	switch s {
	case SIGINT:
		return "SIGINT"
	case SIGKILL:
		return "SIGKILL"
	case SIGPIPE:
		return "SIGPIPE"
	case SIGTERM:
		return "SIGTERM"
	}
	return unnamed("signal", int(s))
}

// SignalOf returns the signal that has this name; SIGKILL for one that is not among them.
func SignalOf(name string) Signal {
	for _, s := range []Signal{SIGINT, SIGTERM, SIGPIPE} {
		if s.String() == name {
			return s
		}
	}
	return SIGKILL
}

// Input is one thing that happens to a World. Op decides which of the other fields have a
// meaning.
type Input struct {
	Op          Op
	Now         Time // time of the input; an earlier time than that of the input before counts as the same time
	Proc        int  // number of the process, from its Started effect
	FD          int
	N           int // meaning depends on Op
	Msg         sim.MsgFlags
	Alternative bool // the less likely outcome happens, see machine; observed World only
	Idle        Time
	Interval    Time
	Side        Side
	Conn        int
	ID          int
	Timer       Timer
	ISN         sim.Seq // initial sequence number (RFC 9293 section 3.4.1); 0 lets the model choose
	Seq         sim.Seq
	Ack         sim.Seq
	Flags       sim.Flags
}
