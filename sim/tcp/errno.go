package tcp

import (
	"strconv"
	"strings"
)

// Errno is the error of a system call. None is success.
type Errno uint8

// The errors that the calls of the model return.
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

// String returns the error's name as errno(3) spells it, and "" for None.
func (e Errno) String() string {
	if int(e) < len(errnoNames) {
		return errnoNames[e]
	}
	return unnamed("errno", int(e))
}

// Events are the events of poll(2), one bit each.
type Events uint8

// The events, in the order in which String writes them.
const (
	PollIn Events = 1 << iota
	PollOut
	PollRDHUP
	PollHUP
	PollERR
	PollNVAL
)

var eventNames = [...]string{"IN", "OUT", "RDHUP", "HUP", "ERR", "NVAL"}

// String returns the events as in "IN RDHUP", and "" for none.
func (e Events) String() string {
	var names []string
	for i, name := range eventNames {
		if e&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

// unnamed returns the text of a value that has no name, as in "fate(9)".
func unnamed(what string, n int) string { return what + "(" + strconv.Itoa(n) + ")" }
