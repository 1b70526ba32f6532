package lesson

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"finwait/sim"
	"finwait/sim/text"
)

// MaxSize is the size in bytes of the largest file that Parse reads.
const MaxSize = 1 << 20

// Error says what is wrong in the file of a lesson, and where. Line and Column count from
// 1, the column in characters.
type Error struct {
	File   string
	Line   int
	Column int
	Msg    string
}

// Error returns "file:line:column: what is wrong; what would be right".
func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", text.Clean(e.File), e.Line, e.Column, e.Msg)
}

// source is the text of a lesson, cut into lines without their line ends.
type source struct {
	file  string
	text  []byte
	lines []string
	start []int // offset of each line in text
}

// newSource cuts the text into lines and checks that a terminal may show it.
func newSource(file string, text []byte) (*source, error) {
	if len(text) > MaxSize {
		return nil, &Error{file, 1, 1, fmt.Sprintf("the file is too large; a lesson has at most %d bytes", MaxSize)}
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // a byte order mark
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	s := &source{file: file, text: text, lines: strings.Split(string(text), "\n")}
	offset := 0
	for _, line := range s.lines {
		s.start = append(s.start, offset)
		offset += len(line) + 1
	}
	return s, s.check()
}

// The marks that Markdown reads at the beginning of a line, spaces included, and how many
// of them a line may have. The time to read them grows with the square of their number.
const (
	lineMarks    = "> \t-+*.)0123456789"
	maxLineMarks = 200
)

// check returns an error about the first character that a lesson may not hold.
func (s *source) check() error {
	for i, line := range s.lines {
		if len(line)-len(strings.TrimLeft(line, lineMarks)) > maxLineMarks {
			return s.errorf(i+1, maxLineMarks+1, "the line begins with too many marks of lists and quotations; a lesson needs one or two")
		}
		column := 1
		for at := 0; at < len(line); column++ {
			r, size := utf8.DecodeRuneInString(line[at:])
			switch {
			case r == utf8.RuneError && size == 1:
				return s.errorf(i+1, column, "the byte 0x%02x is not UTF-8; a lesson is text in UTF-8", line[at])
			case !safe(r):
				return s.errorf(i+1, column, "there is a control character, %U; a lesson is plain text, and tab and line end are the only ones it may hold", r)
			}
			at += size
		}
	}
	return nil
}

// safe reports whether a terminal draws the character instead of obeying it. Control
// characters move the cursor, format characters reverse or hide text. The two joiners are
// allowed: some scripts cannot be spelled without them.
func safe(r rune) bool {
	switch r {
	case '\t', '\u200c', '\u200d':
		return true
	}
	return !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

func (s *source) errorf(line, column int, format string, args ...any) *Error {
	return &Error{File: s.file, Line: line, Column: column, Msg: fmt.Sprintf(format, args...)}
}

// errorAt gives an error about one line its place in the file.
func (s *source) errorAt(line int, err error) *Error {
	var syntax *sim.SyntaxError
	if errors.As(err, &syntax) {
		return s.errorf(line, syntax.Col, "%s", syntax.Error())
	}
	return s.errorf(line, 1, "%s", err)
}

// lineOf returns the number of the line that holds the byte at offset.
func (s *source) lineOf(offset int) int {
	low, high := 0, len(s.start)
	for high-low > 1 {
		if mid := (low + high) / 2; s.start[mid] <= offset {
			low = mid
		} else {
			high = mid
		}
	}
	return low + 1
}
