package puppet

import "finwait/sim"

// Request is what a program is asked to do.
type Request struct {
	Calls []sim.Call // in order; the FD of one may be sim.LastFD
	Stop  bool       // leaves out the rest after the first call that has failed
}

// The kinds of a Reply.
const (
	ReplyReady  = "ready"  // the program has started; Ret is the pid
	ReplyCall   = "call"   // call Index is about to be made
	ReplyReturn = "return" // call Index has returned
	ReplySignal = "signal" // the handler of the signal Note has run during call Index
)

// Reply is what the program says.
type Reply struct {
	Kind  string
	Index int    // of the call in the request
	At    int64  // CLOCK_REALTIME in nanoseconds, read right before the call, or right after it
	FD    int    // of a call or return: the descriptor that the call was made on
	Ret   int    // of a return: what the kernel returned, -1 for an error
	Errno int    // of a return: the number of the error, 0 for none
	Data  []byte // of a return: what read has read
	Note  string // of a return: the events of poll, the error of getsockopt; of a signal: the name
	Peer  string // of the return of accept: the address of the peer, "127.0.0.2:40112"
	Last  bool   // marks the final return of the request
}
