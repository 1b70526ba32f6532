package text

import "strings"

// Cut returns the beginning of s that fits into width cells together with the mark of
// what is missing; all of s, without the mark, when that fits; nothing when there is no
// room for the mark.
func Cut(s string, width int, mark string) string {
	if Cells(s) <= width {
		return s
	}
	room := width - Cells(mark)
	if room < 0 {
		return ""
	}
	var b strings.Builder
	for rest := s; rest != ""; {
		c, w := next(rest)
		if room -= w; room < 0 {
			break
		}
		b.WriteString(c)
		rest = rest[len(c):]
	}
	return b.String() + mark
}

// CutQuoted shortens a text in double quotes to width cells and keeps the quotes:
// `"first me…"`. It returns s and false where s does not begin with a quote, or the
// quotes, the mark and one cell of text need more room.
func CutQuoted(s string, width int, mark string) (string, bool) {
	inner, ok := strings.CutPrefix(s, `"`)
	if !ok || width < len(`"x"`)+Cells(mark) {
		return s, false
	}
	inner = strings.TrimSuffix(inner, `"`)
	return `"` + Cut(inner, width-len(`""`), mark) + `"`, true
}

// Last returns the end of s, as much of it as fits into width cells.
func Last(s string, width int) string {
	for over := Cells(s) - width; over > 0 && s != ""; {
		c, w := next(s)
		s, over = s[len(c):], over-w
	}
	return s
}

// FirstFit returns the first of the forms that fits into width cells, or the last one
// where none does.
func FirstFit(forms []string, width int) string {
	for _, form := range forms[:len(forms)-1] {
		if Cells(form) <= width {
			return form
		}
	}
	return forms[len(forms)-1]
}
