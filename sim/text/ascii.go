package text

import (
	"strconv"
	"strings"
)

// ASCII spells in ASCII what typographers and this project write beyond it, and puts a
// question mark for every other character. Line breaks and tabs stay.
func ASCII(s string) string {
	if isPlain(s) {
		return s
	}
	s = spelled.Replace(s)
	var b strings.Builder
	for s != "" {
		c, _ := next(s)
		s = s[len(c):]
		if strings.IndexFunc(c, func(r rune) bool { return r > '~' }) >= 0 {
			c = "?"
		}
		b.WriteString(c)
	}
	return b.String()
}

// Escape spells a cleaned text in ASCII without loss, as a Go string does: \u4f60. It is for
// calls, steps and data, which a reader may want to copy.
func Escape(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if r <= '~' {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRuneToASCII(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

// spelled is never changed.
var spelled = strings.NewReplacer(
	"→", "->", "←", "<-", "…", "...", "·", "-", "–", "-", "—", "-",
	"“", `"`, "”", `"`, "‘", "'", "’", "'", "§", "section ", "×", "x",
)
