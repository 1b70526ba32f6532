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
	ErrNotHeld  = errors.New("the program is not held at such a call")
)

// Request is what a program can be told: Calls or Signal; one that makes calls of its own:
// Signal, Release or Type.
type Request interface{ request() }

// Calls has the program make calls, one after the other. The FD of one may be sim.LastFD, the
// descriptor that was opened last. A program is told nothing more before the last has returned.
type Calls struct {
	Calls []sim.Call
	Stop  bool // leaves out the rest after a call that has failed
}

// Signal is the name of a signal, "SIGKILL", that the laboratory sends.
type Signal string

// Release lets go the call that the program has been held at for the longest.
type Release struct {
	Skip bool // the call is a sleep, and returns at once
}

// Type is a text that is typed on the program's terminal.
type Type string

func (Calls) request()   {}
func (Signal) request()  {}
func (Release) request() {}
func (Type) request()    {}

// Event is something that a program did or that happened to it: Held, Entered, Returned, Forked,
// Handled, Ignored, Output or Gone. At is when, CLOCK_REALTIME in nanoseconds. TID is the thread,
// 0 for the main one.
type Event interface{ event() }

// Held says that a thread is held before a call, which it makes when it is released.
type Held struct {
	At    int64
	TID   int
	Call  sim.Call
	Sleep bool // the call is a sleep, which can be skipped
}

// Entered says that a call is about to be made. Before its Returned or Gone there is no other of
// the same thread.
type Entered struct {
	At    int64
	TID   int
	Call  sim.Call       // FD is the number itself, never sim.LastFD
	Local netip.AddrPort // of connect: what the socket is bound to; invalid if it is not bound or not known
}

// Returned says what a call has returned.
type Returned struct {
	At     int64
	TID    int
	Call   sim.Call // as it was entered
	Result sim.Result
	Peer   netip.AddrPort // of accept: whose connection it is
	Local  netip.AddrPort // of connect: what the socket is bound to; invalid if that is not known
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
	Killed int64  // when the signal was delivered; 0 if that is not known
}

// Forked says that a program that makes calls of its own has made a process.
type Forked struct {
	At    int64
	Child Program
	Quiet bool // the process holds no socket of the lab's port
}

// Ignored says that a signal was generated that the program ignores.
type Ignored struct {
	At     int64
	Signal string
}

// Output is what a program has printed: a line with its end, or a part of one. It is as it came:
// not safe to draw.
type Output struct {
	At   int64
	Text string
	More bool // the program has printed more than is told; there is no text
}

// Settler is a program that is told when it has settled.
type Settler interface {
	Program
	// Blocked says that all threads are held or asleep: events of calls that are told only if
	// they block are there now.
	Blocked()
	// Holds reports whether a thread is held at a call.
	Holds() bool
	// OutputFD returns the descriptor that becomes readable when the program prints, -1 where
	// there is none.
	OutputFD() int
}

func (Held) event()     {}
func (Forked) event()   {}
func (Ignored) event()  {}
func (Output) event()   {}
func (Entered) event()  {}
func (Returned) event() {}
func (Handled) event()  {}
func (Gone) event()     {}
