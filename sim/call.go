package sim

import (
	"strconv"
	"strings"
)

// NoFD is the FD of a call that takes no descriptor, such as socket(2).
const NoFD = -1

// Call is one system call as the program under test made it: its name, its
// descriptor and its other arguments, spelled as C would ("MSG_NOSIGNAL",
// "127.0.0.1:8088", a quoted string).
type Call struct {
	Name string
	FD   int // NoFD when the call takes none
	Args []string
}

// String returns the call as C spells it: `write(4, "hello")`.
func (c Call) String() string {
	args := make([]string, 0, len(c.Args)+1)
	if c.FD != NoFD {
		args = append(args, strconv.Itoa(c.FD))
	}
	args = append(args, c.Args...)
	return c.Name + "(" + strings.Join(args, ", ") + ")"
}

// ShownBytes is how much of the data of a call is shown, as strace(1) does.
const ShownBytes = 32

// QuoteData quotes data in ASCII, and no more of them than strace(1) shows.
func QuoteData(data string) string {
	if len(data) > ShownBytes {
		return strconv.QuoteToASCII(data[:ShownBytes]) + "..."
	}
	return strconv.QuoteToASCII(data)
}

// Filler is the byte that a write of a number of bytes writes.
const Filler = 'x'

// FillerArgs returns the arguments of a write of n bytes of filler, its data and their
// length.
func FillerArgs(n int) []string {
	return []string{QuoteData(strings.Repeat(string(Filler), min(n, ShownBytes+1))), strconv.Itoa(n)}
}

// SocketError returns what getsockopt(2) has brought as SO_ERROR, the point of that call:
// "ECONNRESET", "0". It is empty for any other call, and for one that failed.
func SocketError(c Call, r Result) string {
	if c.Name != "getsockopt" || r.Errno != "" {
		return ""
	}
	inside, found := strings.CutPrefix(r.Note, "[")
	if !found {
		return ""
	}
	return strings.TrimSuffix(inside, "]")
}

// Result is what a call returned: Ret is -1 and Errno its name ("EPIPE") when it
// failed. Data is what read(2) brought, unquoted and as it came; Note is what else
// the call said (the events of poll(2)).
type Result struct {
	Ret   int
	Errno string
	Data  string
	Note  string
}

// String returns "13", "-1 EPIPE", `5 "hello"` or "1 IN RDHUP". Data are quoted,
// in ASCII and cut short: nothing a peer sent reaches a terminal as it came.
func (r Result) String() string {
	text := strconv.Itoa(r.Ret)
	if r.Errno != "" {
		text += " " + r.Errno
	}
	if r.Data != "" {
		text += " " + QuoteData(r.Data)
	}
	if r.Note != "" {
		text += " " + r.Note
	}
	return text
}
