package app

// The calls that a program can be told to make. They are named as in C; send is
// sendto(2) on most machines, accept is accept4(2).
const (
	CallSocket     = "socket"
	CallSetsockopt = "setsockopt"
	CallGetsockopt = "getsockopt"
	CallBind       = "bind"
	CallListen     = "listen"
	CallAccept     = "accept"
	CallConnect    = "connect"
	CallRead       = "read"
	CallWrite      = "write"
	CallSend       = "send"
	CallShutdown   = "shutdown"
	CallClose      = "close"
	CallDup        = "dup"
	CallFork       = "fork"
	CallPoll       = "poll"
	CallSigaction  = "rt_sigaction"
)

// LastFD stands for the descriptor that the newest socket, accept or dup of the
// same request returned.
const LastFD = -2

// Call is one call to make. Which fields mean something depends on Name.
type Call struct {
	Name string
	FD   int
	Addr string // bind, connect: "127.0.0.1:8088"
	// Level, Opt and Value are an option and what to set it to; Onoff is the first
	// word of a struct linger. getsockopt asks for SO_ERROR.
	Level, Opt, Value, Onoff int
	// N is the backlog of listen, the size of read, the how of shutdown, the
	// flags of send.
	N    int
	Data []byte // write, send
	Fill int    // write, send: so many bytes of sim.Filler in place of Data
	How  string // rt_sigaction: sim.SigDfl, sim.SigIgn or sim.SigHandler
}

// Request is the calls to make, in order. With Stop, the rest is left out after
// the first that failed.
type Request struct {
	Calls []Call
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
