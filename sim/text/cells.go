package text

import "github.com/charmbracelet/x/ansi"

// Cells returns how many cells wide a cleaned text is.
func Cells(s string) int {
	n := 0
	for _, r := range s {
		if !narrow(r) {
			return ansi.StringWidth(s)
		}
		n++
	}
	return n
}

// narrow reports whether a character is known to be one cell wide, whatever stands
// beside it. Nearly all that is drawn is letters of ASCII, arrows and lines; only the
// rest has to be looked up.
func narrow(r rune) bool {
	return r >= ' ' && r < 0x7f || r >= '←' && r <= '⋿' || r >= '─' && r <= '◌'
}

// isPlain reports whether s is printable ASCII.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// next returns the first character of s, as a reader counts characters (a grapheme
// cluster, Unicode Standard Annex 29), and its width in cells.
func next(s string) (string, int) {
	return ansi.FirstGraphemeCluster(s, ansi.GraphemeWidth)
}
