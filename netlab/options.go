package netlab

import (
	"fmt"

	"finwait/sim"
)

// Options say which laboratory to open.
type Options struct {
	Lesson string // name of the lesson, for the log
	Title  string // title of the lesson, for the log
	Source string // text of the lesson, for the log; empty without a lesson
	// Port is the server's; 0 takes a free one.
	Port int
	// AnyPort takes a free port where Port is not free; Setting.PortTaken says so.
	AnyPort bool
	// NoReuse says that the server will bind without SO_REUSEADDR: a port that a closed
	// connection still keeps is not free then.
	NoReuse bool
	// Net is the network, sim.Loopback when it is empty.
	Net sim.Net
	// Host chooses where the programs of a loopback lab live.
	Host HostChoice
	// KernelTimers leaves the timers of the hosts on the wire as the kernel has
	// them; without it a connection outlives an hour's talk.
	KernelTimers bool
	// AutoDeliver delivers every segment on the wire at once, until a step says
	// otherwise.
	AutoDeliver bool
	// Programs are the programs of both ends, where they are not finwait's own. The server's is
	// started when the lab is opened, the client's by a step.
	Programs map[sim.End]Command

	// For tests.
	blind bool            // gives up capturing, as if it were not permitted
	probe func(sim.Event) // where segments are captured, is told which would have been inferred
}

// Command is a program that is not finwait's own.
type Command struct {
	Argv []string
	Env  []string // whole
	Dir  string
}

// HostChoice is where programs live. The zero value takes the first of Machine
// and Private on which segments can be captured, else Machine without.
type HostChoice string

// The choices.
const (
	HostAuto    HostChoice = ""
	HostMachine HostChoice = "machine"
	HostPrivate HostChoice = "private"
)

// UnavailableError says that a laboratory cannot be opened here, why, and what would
// change it.
type UnavailableError struct {
	Why    string
	Remedy string
	Err    error // what the kernel said; may be nil
}

// Error returns the reason and the remedy as one sentence.
func (e *UnavailableError) Error() string {
	text := e.Why
	if e.Err != nil {
		text = fmt.Sprintf("%s (%v)", e.Why, e.Err)
	}
	if e.Remedy != "" {
		text += "; " + e.Remedy
	}
	return text
}

// Unwrap returns what the kernel said.
func (e *UnavailableError) Unwrap() error { return e.Err }
