package traced

import (
	"net/netip"

	"finwait/sim"
)

// command is what the laboratory asks of the tracer.
type command struct {
	Kind   commandKind
	TID    int      // of release and skip: the thread that is held; of signal: the process
	Signal int      // of signal
	Argv   []string // of start
	Env    []string // of start
	Dir    string   // of start
}

type commandKind string

// The commands.
const (
	commandStart   commandKind = "start"   // answered by noticeStarted or noticeFailed
	commandRelease commandKind = "release" // let a held call go
	commandSkip    commandKind = "skip"    // a held sleep returns at once
	commandSignal  commandKind = "signal"  // kill(2)
)

// notice is what the tracer tells the laboratory.
type notice struct {
	Kind  noticeKind
	At    int64 // CLOCK_REALTIME in nanoseconds
	PID   int
	TID   int
	Call  sim.Call       // of held, entered, waiting, returned
	Ret   sim.Result     // of returned
	Sleep bool           // of held: the call is a sleep that may be skipped
	Addr  netip.AddrPort // of entered and returned, connect: the socket's own; of returned, accept: the peer's
	Child int            // of forked
	Quiet bool           // of forked: the process holds no socket of the lab's port
	Text  string         // of failed; the name of a signal
	Exit  int            // of gone: as a shell shows it
}

type noticeKind string

// The notices.
const (
	noticeReady    noticeKind = "ready"    // the tracer runs
	noticeStarted  noticeKind = "started"  // the master of the terminal comes with it
	noticeFailed   noticeKind = "failed"   // the program could not be started
	noticeHeld     noticeKind = "held"     // before the call
	noticeEntered  noticeKind = "entered"  // the call is made
	noticeWaiting  noticeKind = "waiting"  // a call is made that is told only if it blocks
	noticeReturned noticeKind = "returned" // of entered or waiting
	noticeForked   noticeKind = "forked"
	noticeHandled  noticeKind = "handled" // a handler begins to run
	noticeIgnored  noticeKind = "ignored" // SIGPIPE only
	noticeDeadly   noticeKind = "deadly"  // a signal was delivered that kills
	noticeGone     noticeKind = "gone"
)

// startMessage is what the tracer tells the shim once it is seized.
type startMessage struct {
	Path      string
	Argv, Env []string
}
