package lesson

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxSize is the size in bytes of the largest file that Parse reads.
const MaxSize = 1 << 20

// source is the text of a lesson, cut into lines without their line ends.
type source struct {
	file  string
	text  []byte
	lines []string
	start []int  // offset of each line in text
	errs  Errors // the mistakes so far
}

// newSource cuts the text into lines and reports what a terminal may not be shown.
func newSource(file string, text []byte) *source {
	if len(text) > MaxSize {
		s := &source{file: file}
		s.report(s.errorf(1, 1, "the file is too large; a lesson has at most %d bytes", MaxSize))
		return s
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // a byte order mark
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	s := &source{file: file, text: text, lines: strings.Split(string(text), "\n")}
	offset := 0
	for _, line := range s.lines {
		s.start = append(s.start, offset)
		offset += len(line) + 1
	}
	s.check()
	return s
}

// The marks that Markdown reads at the beginning of a line, spaces included, and how many
// of them a line may have. The time to read them grows with the square of their number.
const (
	lineMarks    = "> \t-+*.)0123456789"
	maxLineMarks = 200
)

// check reports the first character of each line that a lesson may not hold.
func (s *source) check() {
	for i, line := range s.lines {
		if err := s.checkLine(i+1, line); err != nil {
			s.report(err)
		}
	}
}

// checkLine returns an error about the first character of line n that a lesson may not hold.
func (s *source) checkLine(n int, line string) error {
	if len(line)-len(strings.TrimLeft(line, lineMarks)) > maxLineMarks {
		return s.errorf(n, maxLineMarks+1, "the line begins with too many marks of lists and quotations; a lesson needs one or two")
	}
	column := 1
	for at := 0; at < len(line); column++ {
		r, size := utf8.DecodeRuneInString(line[at:])
		switch {
		case r == utf8.RuneError && size == 1:
			return s.errorf(n, column, "the byte 0x%02x is not UTF-8; a lesson is text in UTF-8", line[at])
		case !safe(r):
			return s.errorf(n, column, "there is a control character, %U; a lesson is plain text, and tab and line end are the only ones it may hold", r)
		}
		at += size
	}
	return nil
}

// safe reports whether a terminal draws the character instead of obeying it. Control
// characters move the cursor, format characters reverse or hide text. The two joiners are
// allowed: some scripts cannot be spelled without them.
func safe(r rune) bool {
	switch {
	case ' ' <= r && r <= '~', r == '\t', r == '\u200c', r == '\u200d':
		return true
	}
	return !unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
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
