package program

import (
	"errors"
	"net/netip"

	"finwait/sim"
)

// Program is one process at one end. It is not safe for concurrent use, and never blocks, but
// in Close and where a child of fork begins.
type Program interface {
	// PID returns the number of the process.
	PID() int
	// Tell asks the program for something. What comes of it are events. The error is ErrGone
	// if the process has ended, ErrOwnCalls if it cannot be told that.
	Tell(Request) error
	// Next returns the next event in the order in which the process made it, nil if there is
	// none yet. After Gone there is none.
	Next() (Event, error)
	// FD returns the descriptor that becomes readable when Next has something, for poll(2). It
	// may be another one after each Next.
	FD() int
	// Running reports whether the process goes on by itself: it makes a call that does not
	// sleep, or is dying. Its next event then belongs before whatever is read from now on.
	Running() bool
	// Stirring reports whether a process that was told nothing runs all the same. A process
	// that somebody else kills does so while it closes its sockets, before its end is seen.
	Stirring() bool
	// Close ends the process with SIGKILL if it lives, waits for it, and frees what belongs to
	// it. It is called once, also after Gone.
	Close() error
}

// The errors of Tell.
var (
	ErrGone     = errors.New("the process has ended")
	ErrOwnCalls = errors.New("the program makes calls of its own only")
)

// Request is what a program can be told: Calls or Signal.
type Request interface{ request() }

// Calls has the program make calls, one after the other. The FD of one may be sim.LastFD, the
// descriptor that was opened last. A program is told nothing more before the last has returned.
type Calls struct {
	Calls []sim.Call
	Stop  bool // leaves out the rest after a call that has failed
}

// Signal is the name of a signal, "SIGKILL", that the laboratory sends.
type Signal string

func (Calls) request()  {}
func (Signal) request() {}

// Event is something that a program did or that happened to it: Entered, Returned, Handled or
// Gone. At is when, CLOCK_REALTIME in nanoseconds.
type Event interface{ event() }

// Entered says that a call is about to be made. Before its Returned or Gone there is no other.
type Entered struct {
	At    int64
	Call  sim.Call       // FD is the number itself, never sim.LastFD
	Local netip.AddrPort // of connect: what the socket is bound to; invalid if it is not bound or not known
}

// Returned says what a call has returned.
type Returned struct {
	At     int64
	Call   sim.Call // as it was entered
	Result sim.Result
	Peer   netip.AddrPort // of accept: whose connection it is
	Child  Program        // of fork: the process that it has made; nil if it has failed
}

// Handled says that a handler of the program has run for a signal, during a call.
type Handled struct {
	At     int64
	Signal string // "SIGPIPE"
}

// Gone says that the process has ended. It is the last event.
type Gone struct {
	At     int64
	Status int    // as a shell shows it: the exit status, or 128 plus the number of the signal
	Signal string // what killed it, "SIGPIPE"; empty if it has exited
}

func (Entered) event()  {}
func (Returned) event() {}
func (Handled) event()  {}
func (Gone) event()     {}
