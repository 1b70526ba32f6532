//go:build !linux

package netlab

import "finwait/sim"

// Live reports whether this system can have a live laboratory at all.
const Live = false

// Lab is the live laboratory; there is none on this system.
type Lab struct{}

// Open fails: the live laboratory drives Linux.
func Open(Options) (*Lab, error) {
	return nil, &UnavailableError{
		Why:    "live sockets need Linux",
		Remedy: "play on the model with --net sim, or run finwait in a Linux machine, container or WSL",
	}
}

// Start fails.
func (*Lab) Start(int, sim.Step) error { return sim.ErrClosed }

// Events returns a channel on which nothing comes.
func (*Lab) Events() <-chan sim.Event { return nil }

// Err returns nil.
func (*Lab) Err() error { return nil }

// Abilities returns that it can do nothing.
func (*Lab) Abilities() sim.Abilities { return sim.Abilities{} }

// Close does nothing.
func (*Lab) Close() error { return nil }

// RunRole does nothing: nothing is re-executed here.
func RunRole() {}

// Wire says that there is none.
func Wire() error {
	_, err := Open(Options{})
	return err
}

// Diagnose says that there is nothing to try.
func Diagnose() (text string, wire bool) {
	return "Live sockets need Linux: here finwait plays on the model (--net sim), and says so.\nRun it in a Linux machine, container or WSL to see a kernel do it.\n", false
}
