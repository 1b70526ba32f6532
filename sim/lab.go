package sim

import "errors"

// Lab is a laboratory: whatever makes steps happen, or has a log to tell. A lab on real sockets,
// the model and a recording are labs; who plays a lesson knows no more of them than this.
type Lab interface {
	// Start begins step n, which is 0 for a set-up step. Its events follow on Events, the
	// last of them KindSettled. One step at a time. The error is about the lab: ErrClosed
	// after Close, or the reason for which it has failed. A step that cannot be done is an
	// event.
	Start(n int, step Step) error
	// Events returns the one channel of all events. It is closed after Close, and when the
	// lab has failed; then Err says why.
	Events() <-chan Event
	// Err returns why the lab failed, nil while it has not.
	Err() error
	// Close ends the lab and waits until nothing is left of it. It may be called more than
	// once.
	Close() error
	// Abilities returns what the lab can do. They do not change.
	Abilities() Abilities
}

// Abilities are what a lab can do.
type Abilities struct {
	Steps   bool // the lab makes steps; a recording only goes on
	Hold    bool // segments are held between two hosts until a step delivers or drops them
	Virtual bool // the clock is virtual: between two events no time passes
}

// ErrClosed is what Start returns after Close.
var ErrClosed = errors.New("the lab is closed")
