package ladder

import "finwait/sim"

// The two ends as indexes, left and right.
const (
	left   = 0
	right  = 1
	nobody = -1
)

func indexOf(at sim.End) (int, bool) {
	switch at {
	case sim.Client:
		return left, true
	case sim.Server:
		return right, true
	}
	return 0, false
}

// row is one line of the ladder, before it is drawn.
type row struct {
	kind   rowKind
	life   [2]life
	label  [2]label
	arrow  arrow
	forms  []string // of a gap, a note, a refusal, the cable, silence: the text, the long form first
	said   said     // of what the model says otherwise
	conn   int      // of a heading
	from   string   // of a heading: the client's address
	counts bool     // how often a segment was sent that has arrived: the row grows in place
}

// rowKind is the kind of a row.
type rowKind uint8

const (
	rowPlain   rowKind = iota
	rowGap             // nothing happened for a while
	rowNote            // something that has no place on the lifelines
	rowRefused         // a step that could not be done
	rowHeading         // a further connection begins
	rowCable           // the cable was cut or mended, the wire holds or delivers at once
	rowDiffers         // the model says something else than the kernel
	rowSilent          // and from here on nothing more
)

// life is what a lifeline is in one row, and in which colour.
type life struct {
	kind  lifeKind
	state sim.State
	// listening: the line is the listening socket's, no connection's.
	listening bool
}

// lifeKind says who keeps a socket alive.
type lifeKind uint8

const (
	lifeNone    lifeKind = iota // it is gone, or was never there
	lifeProcess                 // a process holds it
	lifeKernel                  // the kernel alone keeps it
	lifeEnds                    // it ends in this row, with its process
)

// label is what stands beside a lifeline in one row.
type label struct {
	kind   labelKind
	who    string // "parent: " when it is not the acting process
	call   callLabel
	state  sim.State
	by     sim.Source
	pid    int
	signal string
	status string   // empty while wait(2) has not spoken
	notes  []string // of a note: the long form first
}

// labelKind is the kind of a label; it decides which fields mean something.
type labelKind uint8

const (
	labelNone  labelKind = iota
	labelCall            // who, call
	labelState           // state, by
	labelDeath           // who, pid, signal, status
	labelNote            // who, notes
)
