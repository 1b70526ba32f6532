package text

import "strings"

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

// spelled is never changed.
var spelled = strings.NewReplacer(
	"→", "->", "←", "<-", "…", "...", "·", "-", "–", "-", "—", "-",
	"“", `"`, "”", `"`, "‘", "'", "’", "'", "§", "section ", "×", "x",
)
