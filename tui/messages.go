package tui

import (
	"os"
	"time"

	"finwait/sim"
)

// Every message but the framework's own. Those of a lesson carry the number of
// the play they belong to; messages of an older play are dropped.

// openedMsg: the lab is open, or err says why it is not.
type openedMsg struct {
	play int
	lab  sim.Lab
	err  error
}

// eventsMsg: what the lab had to tell at one time, in order.
type eventsMsg struct {
	play   int
	events []sim.Event
	at     time.Time
}

// endedMsg: the lab tells nothing any more.
type endedMsg struct {
	play int
	err  error
}

// startedMsg: the lab has begun a step, or err says why it cannot.
type startedMsg struct {
	play int
	err  error
}

// closedMsg: a lab is closed.
type closedMsg struct{}

// frameMsg: time to draw the next frame of an arrow.
type frameMsg struct {
	play int
	at   time.Time
}

// tickMsg: time to draw a countdown again.
type tickMsg struct {
	play, tick int
	at         time.Time
}

// slowMsg: what was begun a moment ago, and has not ended since, is slow. Mark
// says what that was.
type slowMsg struct {
	play, mark int
	at         time.Time
}

// fenceMsg: the first frame is out, and with it the framework's questions to the
// terminal.
type fenceMsg struct{}

// patienceMsg: the terminal had its time to answer.
type patienceMsg struct{}

// signalMsg: the process was told to end.
type signalMsg struct{ signal os.Signal }
