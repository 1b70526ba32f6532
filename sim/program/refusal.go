package program

import "finwait/sim"

// Kind is why a step is refused.
type Kind string

// The kinds, each with the fields of Refusal that it uses.
const (
	Alive           Kind = "alive"             // At, PID: a process is started where one lives
	Dead            Kind = "dead"              // At, Parent, Status
	JustDied        Kind = "just died"         // PID: it died while the step began
	Blocked         Kind = "blocked"           // At, Call: its process is in a call
	NoParent        Kind = "no parent"         // At: it has not forked
	Forked          Kind = "forked"            // At: a parent forks again
	NotListening    Kind = "not listening"     // At
	NoConnection    Kind = "no connection"     // At: it holds none
	NoDescriptor    Kind = "no descriptor"     // At, FD
	CrossOnLoopback Kind = "cross on loopback" // the server connects where there is no wire
	NotConnecting   Kind = "not connecting"    // State: the server connects to a client that is in it
	Crossed         Kind = "crossed"           // the server connects again
	NoWire          Kind = "no wire"           //
	CableCut        Kind = "cable cut"         // a cut cable is cut again
	CableWhole      Kind = "cable whole"       // a whole cable is mended
	NothingOnWire   Kind = "nothing on wire"   // At: of that end, empty for both
	NotOnWire       Kind = "not on wire"       // ID
	NothingToSwap   Kind = "nothing to swap"   // At: of that end less than two segments are on the wire
	StateNotReached Kind = "state not reached" // At, State: the end is in another one; Waited
	NothingSent     Kind = "nothing sent"      // At: it has no segment on the wire; Waited
)

// Refusal says why a step cannot be done as things are. The kind decides which of the other
// fields mean something.
type Refusal struct {
	Kind   Kind
	At     sim.End  // end of the process or of the segment
	Parent bool     // the process is the one that forked
	PID    int      // of the process
	Status int      // exit status of the process
	FD     int      // the descriptor that the step names
	Call   sim.Call // the call that the process is in
	State  sim.State
	ID     int    // of the segment that the step names
	Waited string // how long, as a step is written: "5m"
}

// Error returns the refusal as a sentence without a full stop.
func (r *Refusal) Error() string { return r.english() }
