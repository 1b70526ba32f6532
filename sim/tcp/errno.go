package tcp

import (
	"strconv"
	"strings"
)

// The words of errors and of poll's events.

// Errno is an error of a system call; None is success.
type Errno uint8

// The errors that the model's calls return.
const (
	None Errno = iota
	EAGAIN
	EBADF
	EINVAL
	EMFILE
	ENFILE
	EPIPE
	EADDRINUSE
	EADDRNOTAVAIL
	ECONNRESET
	ECONNREFUSED
	EISCONN
	ENOTCONN
	ETIMEDOUT
)

var errnoNames = [...]string{
	None: "", EAGAIN: "EAGAIN", EBADF: "EBADF", EINVAL: "EINVAL", EMFILE: "EMFILE", ENFILE: "ENFILE", EPIPE: "EPIPE",
	EADDRINUSE: "EADDRINUSE", EADDRNOTAVAIL: "EADDRNOTAVAIL", ECONNRESET: "ECONNRESET", ECONNREFUSED: "ECONNREFUSED", EISCONN: "EISCONN",
	ENOTCONN: "ENOTCONN", ETIMEDOUT: "ETIMEDOUT",
}

// String returns the name of the error as errno(3) spells it, "" for None.
func (e Errno) String() string {
	if int(e) < len(errnoNames) {
		return errnoNames[e]
	}
	return unnamed("errno", int(e))
}

// Events are what poll(2) says, a bit each.
type Events uint8

// The events, in the order in which they are written.
const (
	PollIn Events = 1 << iota
	PollOut
	PollRDHUP
	PollHUP
	PollERR
	PollNVAL
)

var eventNames = [...]string{"IN", "OUT", "RDHUP", "HUP", "ERR", "NVAL"}

// String returns the events as "IN RDHUP", "" for none.
func (e Events) String() string {
	var names []string
	for i, name := range eventNames {
		if e&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// number is the text of a value that has no name: "fate(9)".
func unnamed(what string, n int) string { return what + "(" + strconv.Itoa(n) + ")" }
