package text

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The joiners of Unicode. They take no room; some scripts cannot be spelled without
// them.
const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

// Clean makes a text from outside safe to draw, in one line. Printable text of any
// script stays as it is. A tab, a line feed and a carriage return become spaces. What
// a terminal would obey (control characters), what would turn or hide the text around
// it (format characters), what would melt into its neighbour (a combining mark without
// a letter) and bytes that are not UTF-8 are escaped as in a Go string: \x1b, \u202e.
// Clean of a cleaned text changes nothing.
func Clean(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for s != "" {
		c, width := next(s)
		s = s[len(c):]
		if standsAlone(c, width) {
			b.WriteString(c)
		} else {
			escape(&b, c)
		}
	}
	return b.String()
}

// standsAlone reports whether a character can be drawn: all of it is graphic, it takes
// room, and it stays itself whatever stands beside it.
func standsAlone(c string, width int) bool {
	if isPlain(c) {
		return true
	}
	if width < 1 || width > 2 || !utf8.ValidString(c) || strings.HasSuffix(c, string(joiner)) {
		return false
	}
	for i, r := range c {
		if !unicode.IsGraphic(r) && (i == 0 || r != joiner && r != nonJoiner) {
			return false
		}
	}
	before, _ := next("x" + c)
	after, _ := next(c + "x")
	return before == "x" && after == c
}

// escape writes a character that cannot be drawn: its first code point where that
// stands alone, the others as in a Go string.
func escape(b *strings.Builder, c string) {
	if r, size := utf8.DecodeRuneInString(c); size < len(c) && standsAlone(c[:size], Cells(string(r))) {
		b.WriteString(c[:size])
		c = c[size:]
	}
	for i := 0; i < len(c); {
		r, size := utf8.DecodeRuneInString(c[i:])
		switch {
		case r == '\t' || r == '\n' || r == '\r':
			b.WriteByte(' ')
		case r == utf8.RuneError && size > 1: // spelled in the text
			b.WriteString(c[i : i+size])
		default:
			quoted := strconv.QuoteToASCII(c[i : i+size])
			b.WriteString(quoted[1 : len(quoted)-1])
		}
		i += size
	}
}
