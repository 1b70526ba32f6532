package sim

import "fmt"

// State is the state of one end of a TCP connection, numbered as in the kernel
// (include/net/tcp_states.h), so that a sock_diag answer converts by value. The
// zero value is Closed: the kernel knows no such socket.
type State uint8

// The states of RFC 9293 section 3.3.2, in the kernel's numbering and spelling.
// Close and Closed differ: a socket in Close still exists (a descriptor that
// never connected, or whose connection ended); a Closed one does not.
const (
	Closed State = iota
	Established
	SynSent
	SynRecv
	FinWait1
	FinWait2
	TimeWait
	Close
	CloseWait
	LastAck
	Listen
	Closing
)

var stateNames = [...]string{
	Closed:      "CLOSED",
	Established: "ESTABLISHED",
	SynSent:     "SYN_SENT",
	SynRecv:     "SYN_RECV",
	FinWait1:    "FIN_WAIT1",
	FinWait2:    "FIN_WAIT2",
	TimeWait:    "TIME_WAIT",
	Close:       "CLOSE",
	CloseWait:   "CLOSE_WAIT",
	LastAck:     "LAST_ACK",
	Listen:      "LISTEN",
	Closing:     "CLOSING",
}

// String returns the kernel's name of the state, "state(13)" for one it does
// not know.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return fmt.Sprintf("state(%d)", uint8(s))
}

// States returns all states in the kernel's order. The caller owns the slice.
func States() []State {
	all := make([]State, len(stateNames))
	for i := range all {
		all[i] = State(i)
	}
	return all
}

// ParseState returns the state that String spells as name.
func ParseState(name string) (State, bool) {
	for i, n := range stateNames {
		if n == name {
			return State(i), true
		}
	}
	return Closed, false
}

// Connected reports whether the state belongs to a connection, one that is
// being made, is open, or is not over yet.
func (s State) Connected() bool {
	return s != Closed && s != Close && s != Listen
}
