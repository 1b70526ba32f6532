package traced

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"finwait/netlab/program"

	"golang.org/x/sys/unix"
)

// terminal is the laboratory's side of the terminal of a program, which the processes that it
// forks share.
type terminal struct {
	fd      int
	owner   *Process // the process that its output is told of
	users   int      // how many processes live that it was given to
	ended   bool     // nobody has it open any more, and all was read
	closed  bool
	text    string // what was read and is not told yet
	printed int    // how many bytes were told since the program was told something
}

// maxOutput is how many bytes of output are told between two steps. What is more is read, so
// that the program goes on, and left out.
const maxOutput = 16 << 10

// read returns the next line that was printed, or its beginning where no more is there; ok is
// false if nothing is.
func (t *terminal) read() (out program.Output, ok bool) {
	t.fill()
	if t.text == "" {
		return out, false
	}
	line, rest, whole := strings.Cut(t.text, "\n")
	if whole {
		line += "\n"
	}
	t.text = rest
	before := t.printed
	t.printed += len(line)
	switch {
	case t.printed <= maxOutput:
		return program.Output{At: now(), Text: line}, true
	case before <= maxOutput:
		return program.Output{At: now(), More: true}, true
	}
	for range maxDropped { // the rest is left out, but the program must not wait for a reader
		t.text = ""
		if t.fill(); t.text == "" {
			break
		}
	}
	t.text = ""
	return out, false
}

// maxDropped is how often in a row what is not told is read.
const maxDropped = 256

// fill reads what is there, but no more than one line needs.
func (t *terminal) fill() {
	if t.ended || t.closed || t.text != "" && (strings.Contains(t.text, "\n") || len(t.text) > maxLine) {
		return
	}
	var buf [maxLine]byte
	n, err := unix.Read(t.fd, buf[:])
	switch {
	case n > 0:
		t.text += string(buf[:n])
		t.owner.idle = 0
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
	default:
		t.ended = true // EIO: nobody has the other side
	}
}

// maxLine is how much is read at a time.
const maxLine = 4096

// write types a text.
func (t *terminal) write(text string) error {
	if t.ended || !utf8.ValidString(text) {
		return program.ErrGone
	}
	if _, err := unix.Write(t.fd, []byte(text)); err != nil {
		return fmt.Errorf("type: %w", err)
	}
	return nil
}

func (t *terminal) close() error {
	if t.closed {
		return nil
	}
	t.closed, t.ended = true, true
	return unix.Close(t.fd)
}
