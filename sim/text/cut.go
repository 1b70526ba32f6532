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
// `"first me…"`. What follows the quotes is left out, no escape is cut in two. It returns s
// and false where s does not begin with a quote, or the quotes, the mark and one cell of text
// need more room.
func CutQuoted(s string, width int, mark string) (string, bool) {
	inner, ok := strings.CutPrefix(s, `"`)
	if !ok || width < len(`"x"`)+Cells(mark) {
		return s, false
	}
	end, cells := 0, len(`""`) // of as much of the text as fits into the width
	kept := 0                  // how much of it fits with the mark
	for end < len(inner) && inner[end] != '"' && cells <= width {
		unit := quotedUnit(inner[end:])
		cells += Cells(unit)
		if end += len(unit); cells+Cells(mark) <= width {
			kept = end
		}
	}
	if len(inner) <= end+1 && cells <= width {
		return `"` + inner[:end] + `"`, true
	}
	return `"` + inner[:kept] + mark + `"`, true
}

// quotedUnit returns the first character of a quoted text, or the first escape.
func quotedUnit(s string) string {
	if s[0] != '\\' || len(s) == 1 {
		c, _ := next(s)
		return c
	}
	size := map[byte]int{'x': 4, 'u': 6, 'U': 10}[s[1]]
	return s[:min(max(size, 2), len(s))]
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
