package tui

import (
	"strings"
	"unicode"

	"github.com/charmbracelet/x/ansi"
)

// chunk is a piece of a line in one tone. Its text holds no escape sequence and
// no line break.
type chunk struct {
	text string
	tone tone
}

// line is one row of a pane, as chunks.
type line []chunk

// say returns a line of one chunk.
func say(t tone, text string) line { return line{{text: text, tone: t}} }

// width returns the number of cells of the line.
func (l line) width() int {
	w := 0
	for _, c := range l {
		w += cells(c.text)
	}
	return w
}

// cells returns the width of a text. Nearly all of the screen is Latin letters,
// arrows and lines, one cell each; only what is not has to be looked up.
func cells(text string) int {
	n := 0
	for _, r := range text {
		if r >= ' ' && r < 0x7f || r >= '←' && r <= '⋿' || r >= '─' && r <= '◌' {
			n++
			continue
		}
		return ansi.StringWidth(text)
	}
	return n
}

// String returns the text of the line alone.
func (l line) String() string {
	var b strings.Builder
	for _, c := range l {
		b.WriteString(c.text)
	}
	return b.String()
}

// cut returns the line shortened to w cells; what is cut off shows as tail.
func (l line) cut(w int, tail string) line {
	if l.width() <= w {
		return l
	}
	room := w - cells(tail)
	if room < 0 {
		return nil
	}
	var out line
	for _, c := range l {
		n := cells(c.text)
		if n > room {
			out = append(out, chunk{ansi.Truncate(c.text, room, "") + tail, c.tone})
			return out
		}
		out = append(out, c)
		room -= n
	}
	return out
}

// pad returns the line made w cells wide with spaces.
func (l line) pad(w int) line {
	if n := w - l.width(); n > 0 {
		return append(l[:len(l):len(l)], chunk{text: strings.Repeat(" ", n)})
	}
	return l
}

// between returns left and right at the two ends of w cells. When both do not
// fit, left is cut; when right alone does not fit, right is dropped.
func between(left, right line, w int, tail string) line {
	n := right.width()
	if n > w || n == 0 {
		return left.cut(w, tail).pad(w)
	}
	return append(left.cut(max(0, w-n-1), tail).pad(w-n), right...)
}

// joined returns those of the parts that fit into w cells, in order, with sep
// between them.
func joined(parts []line, sep chunk, w int) line {
	var out line
	for _, p := range parts {
		var more line
		if len(out) > 0 {
			more = append(more, sep)
		}
		more = append(more, p...)
		if out.width()+more.width() <= w {
			out = append(out, more...)
		}
	}
	return out
}

// wrap returns text as lines of at most w cells, in one tone.
func wrap(t tone, text string, w int) []line {
	var lines []line
	for _, row := range strings.Split(ansi.Wrap(text, max(1, w), ""), "\n") {
		lines = append(lines, say(t, row))
	}
	return lines
}

// clean returns text from outside as one line that a terminal only prints: line
// breaks and tabs become spaces; control characters, invisible format characters
// (some of them reverse the order of what follows) and broken UTF-8 go.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case r == unicode.ReplacementChar, unicode.IsControl(r), unicode.Is(unicode.Cf, r),
			unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
			return -1
		}
		return r
	}, text)
}
