package ladder

import (
	"strconv"

	"finwait/sim"
	"finwait/sim/lang"
)

// The two ends as indexes, left and right.
const (
	left   = 0
	right  = 1
	nobody = -1
)

// ends are the two ends by index.
var ends = [2]sim.End{left: sim.Client, right: sim.Server}

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
	kind  rowKind
	life  [2]life
	label [2]label
	arrow arrow

	// text is that of a gap, a note, a refusal, the cable or silence.
	text wording
	// difference belongs to rowDiffers.
	difference difference
	// conn is the number of the connection that a heading begins.
	conn int
	// from is the client's address in a heading, empty where the kernel chose the port.
	from string
	// step counts the steps, from 1: the row was added or changed last in that one. It is 0 where
	// that was before the first step.
	step int
	// own says that a person's own step begins with this row, or moves its segment on.
	own bool
	// hanging has the indexes of the rows whose segments hang on the wire while this row is
	// the newest.
	hanging []int
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
	rowSilent          // the model says nothing from here on
)

// life is the piece of a lifeline in one row.
type life struct {
	// held says that a process has a descriptor of the socket.
	held bool
	// state is that of the socket. It decides the colour, and whether the kernel keeps a
	// socket that is not held.
	state sim.State
	// ends says that the socket ends in this row, with its process.
	ends bool
}

// lifeKind says who keeps the socket alive.
type lifeKind uint8

const (
	lifeNone    lifeKind = iota // no socket, or none any more
	lifeProcess                 // a process has a descriptor of the socket
	lifeKernel                  // no process has one: the kernel alone keeps the socket
	lifeEnds                    // the socket ends in this row, with its process
)

// kind returns who keeps the socket alive in the row.
func (f life) kind() lifeKind {
	switch {
	case f.ends:
		return lifeEnds
	case f.held:
		return lifeProcess
	case f.state.Connected():
		return lifeKernel
	}
	return lifeNone
}

// label is what stands beside a lifeline in one row.
type label struct {
	kind   labelKind
	parent bool // the process is the one that forked
	call   callLabel
	state  sim.State
	by     sim.Source
	pid    int
	signal string
	status string // empty until wait(2) has returned
	note   wording
}

// labelKind is the kind of a label. It decides which fields of the label are used.
type labelKind uint8

const (
	labelNone  labelKind = iota
	labelCall            // parent, call
	labelState           // state, by
	labelDeath           // parent, pid, signal, status
	labelNote            // parent, note
)

// arrow is the segment of a row.
type arrow struct {
	from    int // left, right or nobody
	segment sim.Segment
	by      sim.Source
	leg     leg
	// brings is what the segment brought to its receiver in this row.
	brings struct {
		fin   bool // everything up to the FIN has arrived, and had not before
		reset bool // a RST of the segment's number is obeyed
	}
	// purpose is why the segment was sent, if the log proves it.
	purpose purpose
	// showAck asks for the acknowledgement number.
	showAck bool
	// wasHeld says that a step settled while the segment was held in this row: its first
	// half has been drawn, and only the second half grows when it is delivered.
	wasHeld bool
	// slot tells apart what the same end has on the wire at the same time: the lowest number
	// that was free when the segment was held.
	slot int
	// heldIn is the row in which the segment was held, counted from 1; 0 for none. It belongs
	// to the legs of a segment that was held in a row above.
	heldIn int
}

// leg is the part of the way between the lifelines that a segment goes in one row.
type leg uint8

const (
	legWhole   leg = iota // from end to end
	legHeld               // nearly to the other end, where the segment hangs
	legLost               // to the middle, where the segment is lost
	legArrival            // on from where the segment has hung since a row above
	legCopy               // the same, as a copy: the segment is still held
	legDropped            // nowhere from where the segment has hung since a row above
)

// leaves reports whether the row is the one in which the segment was sent.
func (g leg) leaves() bool { return g <= legLost }

// arrives reports whether the segment reaches the other end in the row.
func (g leg) arrives() bool { return g == legWhole || g == legArrival || g == legCopy }

// callLabel is a call and its result in parts, so that the parts that matter least can be
// left out where there is little room. The result is never left out.
type callLabel struct {
	call    sim.CallName
	name    string // as it is shown: "write", "sigpipe ignore"
	fd      string // empty for a call without a descriptor
	args    []string
	blocked bool // the process sleeps in the call

	done        bool   // the call has returned
	failed      bool   // the call has returned -1
	ret         string // "13", "-1 EPIPE"
	errno       string // "EPIPE", empty unless failed
	data        string // what read(2) returned, in quotes
	events      string // what poll(2) has returned, the most telling first
	note        string // a remark on the result
	endOfFile   bool   // read(2) has returned 0
	socketError string // the value of SO_ERROR that getsockopt(2) read
}

// difference is what the kernel did and what the model says of the same thing.
type difference struct {
	at            int // left or right
	conn          int // 0 for the connection of the lifelines
	what          sim.What
	kernel, model string
	// kernelOnly and modelOnly are the two without the segments that they have in common. They
	// mean something only if common is set.
	kernelOnly, modelOnly string
	common                bool
}

// wording returns a text in a language, the longest form first.
type wording func(*lang.Catalogue) []string

func itoa(n int) string { return strconv.Itoa(n) }

func utoa(n sim.Seq) string { return strconv.FormatUint(uint64(n), 10) }
