package tcp

import "finwait/sim"

// What the exploration, and nothing in the program, asks of a World.

// Update is the flag -update.
var Update = update

// StateOf returns the state of the socket that a descriptor of a process refers to
// (TCP_INFO), and CLOSED for a closed descriptor.
func (w *World) StateOf(proc, fd int) sim.State {
	if s := w.socketOf(proc, fd); s != nil {
		return s.state
	}
	return sim.Closed
}

// InCall reports whether a process is in a call that has not returned.
func (w *World) InCall(proc int) bool {
	return proc >= 0 && proc < maxProcesses && w.procs[proc].alive && w.procs[proc].call != OpNone
}
