package ladder

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

func itoa(n int) string { return strconv.Itoa(n) }

func utoa(n uint32) string { return strconv.FormatUint(uint64(n), 10) }

// unprintable stands for whatever cannot be shown.
const unprintable = "\uFFFD"

// clean makes a text from outside safe to draw: every character that is not
// printable, and every one that would change what stands beside it, is replaced.
func clean(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for _, c := range split(s) {
		b.WriteString(c)
	}
	return b.String()
}

// cells returns how many cells wide a text is.
func cells(s string) int {
	if isPlain(s) {
		return len(s)
	}
	return ansi.StringWidth(s)
}

// isPlain reports whether s is printable ASCII.
func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// split returns the characters of s, as a reader counts them (grapheme
// clusters), made safe.
func split(s string) []string {
	parts := make([]string, 0, len(s))
	for s != "" {
		c, width := ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
		s = s[len(c):]
		if !isPlain(c) && !stands(c, width) {
			c = unprintable
		}
		parts = append(parts, c)
	}
	return parts
}

// stands reports whether a character can be drawn: it is printable, takes room,
// and does not melt into its neighbours.
func stands(c string, width int) bool {
	if width < 1 || width > 2 {
		return false
	}
	for _, r := range c {
		if !strconv.IsPrint(r) || r == '\uFFFD' {
			return false
		}
	}
	before, _ := ansi.FirstGraphemeCluster("x"+c, ansi.GraphemeWidth)
	after, _ := ansi.FirstGraphemeCluster(c+"x", ansi.GraphemeWidth)
	return before == "x" && after == c
}

// toASCII replaces every character that is not ASCII.
func toASCII(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for _, c := range split(s) {
		if isPlain(c) {
			b.WriteString(c)
		} else {
			b.WriteByte('?')
		}
	}
	return b.String()
}

// cut returns the beginning of s that fits into width cells together with the
// mark of what is missing, or s when all of it fits.
func cut(s string, width int, mark string) string {
	if cells(s) <= width {
		return s
	}
	room := width - cells(mark)
	if room < 0 {
		return ""
	}
	var b strings.Builder
	for _, c := range split(s) {
		room -= cells(c)
		if room < 0 {
			break
		}
		b.WriteString(c)
	}
	return b.String() + mark
}

// cutQuoted shortens a text in double quotes to width cells and keeps the
// quotes: `"first me…"`. It reports whether at least one character remained.
func cutQuoted(s string, width int, mark string) (string, bool) {
	inner, ok := strings.CutPrefix(s, `"`)
	if !ok || width < len(`"x"`)+cells(mark) {
		return s, false
	}
	inner = strings.TrimSuffix(inner, `"`)
	return `"` + cut(inner, width-len(`""`), mark) + `"`, true
}
