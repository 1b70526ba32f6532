package puppet

import "finwait/sim"

// Request is the calls to make, in order; the FD of one may be sim.LastFD. With Stop, the rest is left out after
// the first that failed.
type Request struct {
	Calls []sim.Call
	Stop  bool
}

// The kinds of a Reply.
const (
	ReplyReady  = "ready"  // the program has started; Ret is its pid
	ReplyCall   = "call"   // it is about to make call Index
	ReplyReturn = "return" // the call has returned
	ReplySignal = "signal" // its handler has run during the call
)

// Reply is what the program says. At is its clock, CLOCK_REALTIME in
// nanoseconds, read right before and right after the call.
type Reply struct {
	Kind  string
	Index int
	At    int64
	FD    int // call, return: the descriptor the call was made on
	Ret   int
	Errno int
	Data  []byte // what read brought
	Note  string // poll: the events; getsockopt: the error; signal: its name
	Peer  string // accept: whose connection it is: "127.0.0.2:40112"
	// Last marks the final return of the request.
	Last bool
}
