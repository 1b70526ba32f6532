package sim

import (
	"strconv"
	"strings"
)

// Result is what a call returned: Ret is -1 and Errno its name ("EPIPE") when it
// failed. Data is what read(2) brought, unquoted and as it came; Note is what else
// the call said (the events of poll(2)).
type Result struct {
	Ret   int
	Errno string
	Data  string
	Note  string
}

// String returns "13", "-1 EPIPE", `5 "hello"` or "1 IN RDHUP". Data are quoted
// and cut short.
func (r Result) String() string {
	text := strconv.Itoa(r.Ret)
	if r.Errno != "" {
		text += " " + r.Errno
	}
	if r.Data != "" {
		text += " " + showData(r.Data)
	}
	if r.Note != "" {
		text += " " + r.Note
	}
	return text
}

// SocketError returns what getsockopt(2) has brought as SO_ERROR, the point of that call:
// "ECONNRESET", "0". It is empty for any other call, and for one that failed.
func SocketError(c Call, r Result) string {
	if c.Name != CallGetsockopt || r.Errno != "" {
		return ""
	}
	inside, found := strings.CutPrefix(r.Note, "[")
	if !found {
		return ""
	}
	return strings.TrimSuffix(inside, "]")
}
