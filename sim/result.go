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

// PollEvents returns the events that poll(2) has brought with those first that tell of an end:
// "RDHUP HUP ERR IN OUT". The log has them in the order of their bits.
func PollEvents(note string) string {
	var ends, others []string
	for _, event := range strings.Fields(note) {
		if event == "IN" || event == "OUT" {
			others = append(others, event)
		} else {
			ends = append(ends, event)
		}
	}
	return strings.Join(append(ends, others...), " ")
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
