package sim

// RefusalKind is why a step is refused.
type RefusalKind string

// The kinds, each with the fields of Refusal that it uses. Package program decides on them.
const (
	RefusedAlive           RefusalKind = "alive"             // At, PID: a process is started where one lives
	RefusedDead            RefusalKind = "dead"              // At, Parent, Status
	RefusedJustDied        RefusalKind = "just died"         // PID: it died while the step began
	RefusedBlocked         RefusalKind = "blocked"           // At, Call: its process is in a call
	RefusedNoParent        RefusalKind = "no parent"         // At: it has not forked
	RefusedForked          RefusalKind = "forked"            // At: a parent forks again
	RefusedNotListening    RefusalKind = "not listening"     // At
	RefusedNoConnection    RefusalKind = "no connection"     // At: it holds none
	RefusedNoDescriptor    RefusalKind = "no descriptor"     // At, FD
	RefusedCrossOnLoopback RefusalKind = "cross on loopback" // the server connects where there is no wire
	RefusedNotConnecting   RefusalKind = "not connecting"    // State: the server connects to a client that is in it
	RefusedCrossed         RefusalKind = "crossed"           // the server connects again
	RefusedNoWire          RefusalKind = "no wire"           //
	RefusedCableCut        RefusalKind = "cable cut"         // a cut cable is cut again
	RefusedCableWhole      RefusalKind = "cable whole"       // a whole cable is mended
	RefusedNothingOnWire   RefusalKind = "nothing on wire"   // At: of that end, empty for both
	RefusedNotOnWire       RefusalKind = "not on wire"       // ID
	RefusedNothingToSwap   RefusalKind = "nothing to swap"   // At: of that end less than two segments are on the wire
	RefusedStateNotReached RefusalKind = "state not reached" // At, State: the end is in another one; Waited
	RefusedNothingSent     RefusalKind = "nothing sent"      // At: it has no segment on the wire; Waited
	RefusedOwnCalls        RefusalKind = "own calls"         // At: the program there makes calls of its own
	RefusedNotHeld         RefusalKind = "not held"          // At: the program is held at no call, or at none that can be skipped
	RefusedNotTraced       RefusalKind = "not traced"        // At: the program there is finwait's own
	RefusedCannotStart     RefusalKind = "cannot start"      // At, Call: what the system says
)

// Refusal says why a step cannot be done as things are. The kind decides which of the other
// fields mean something. Package lang spells it.
type Refusal struct {
	Kind   RefusalKind `json:"kind"`
	At     End         `json:"at,omitempty"`     // end of the process or of the segment
	Parent bool        `json:"parent,omitempty"` // the process is the one that forked
	PID    int         `json:"pid,omitempty"`    // of the process
	Status int         `json:"status,omitempty"` // exit status of the process
	FD     int         `json:"fd,omitempty"`     // the descriptor that the step names
	Call   string      `json:"call,omitempty"`   // the call that the process is in: "read(4, 99)"
	State  State       `json:"state,omitempty"`
	ID     int         `json:"id,omitempty"`     // of the segment that the step names
	Waited string      `json:"waited,omitempty"` // how long, as a step is written: "5m"
}

// Error returns that the step is refused, and the kind of the refusal.
func (r *Refusal) Error() string { return "refused: " + string(r.Kind) }

// SilenceKind is why the model says nothing.
type SilenceKind string

// The kinds, each with the fields of Silence that it uses.
const (
	SilentDisagreement   SilenceKind = "disagreement" // the model has said something else than the kernel did
	SilentLongWrite      SilenceKind = "long write"   // a write of more than one segment
	SilentUnknownStep    SilenceKind = "unknown step"
	SilentUnknownCall    SilenceKind = "unknown call"
	SilentSetting        SilenceKind = "setting"          // Name, Value: a setting of the machine that the model does not know
	SilentUnsupported    SilenceKind = "unsupported"      // more has happened than the model covers
	SilentModelAlone     SilenceKind = "model alone"      // more has happened than the model covers, and there is no kernel beside it
	SilentLongWriteAlone SilenceKind = "long write alone" // a write of more than one segment, and there is no kernel beside the model
	SilentMissedSegment  SilenceKind = "missed segment"   // Missed
)

// Silence says why the model says nothing, or is not to be relied on. The kind decides which of
// the other fields mean something. Package lang spells it.
type Silence struct {
	Kind   SilenceKind `json:"kind"`
	Name   string      `json:"name,omitempty"`
	Value  string      `json:"value,omitempty"`
	Missed int         `json:"missed,omitempty"` // how many segments were not captured
}
