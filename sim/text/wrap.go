package text

import "strings"

// The texts of the spans that stand for line breaks in what Line.Wrap breaks. No other
// span may hold these characters.
const (
	HardBreak = "\n" // the author wants a new line
	SoftBreak = "\v" // the author's line was full: a space, where the script has any
)

// maxWhole is the width in cells up to which a piece of code is not broken at its
// spaces.
const maxWhole = 24

// Wrap breaks a text into lines of at most width cells, as Line.Wrap does.
func Wrap(s string, width int) []string {
	var lines []string
	for _, l := range In(RoleNormal, s).Wrap(width) {
		lines = append(lines, l.String())
	}
	return lines
}

// Wrap breaks a line into lines of at most width cells; at hard breaks alone when width
// is 0 or less. A line ends at a space, or beside a wide character, as scripts without
// spaces want it. Spaces in a row become one, those at the ends of lines none. A word
// that is wider than a line is cut; a character that is wider than a line becomes a
// question mark. A text of spaces has no lines.
func (l Line) Wrap(width int) []Line {
	var lines []Line
	for _, paragraph := range l.glyphs(width) {
		for len(paragraph) > 0 {
			end, next := lineEnd(paragraph, width)
			if l := lineOf(paragraph[:end]); l != nil {
				lines = append(lines, l)
			}
			paragraph = paragraph[next:]
		}
	}
	return lines
}

// glyph is one character as a terminal draws it.
type glyph struct {
	text  string
	role  Role
	width int
	space bool // a line may end at it, and loses it
	soft  bool // a space that stands for a soft break
}

func (g glyph) wide() bool { return g.width > 1 }

// glyphs cuts a line into characters, in one slice for each hard line. Spaces in a row
// become one, those at the beginning none; a soft break between two wide characters is
// no space.
func (l Line) glyphs(width int) [][]glyph {
	var all [][]glyph
	var line []glyph
	for _, s := range l {
		if s.Text == HardBreak {
			all, line = append(all, line), nil
			continue
		}
		whole := s.Role == RoleCode && Cells(s.Text) <= min(maxWhole, width/2)
		for rest := s.Text; rest != ""; {
			c, w := next(rest)
			rest = rest[len(c):]
			if width > 0 && w > width {
				c, w = "?", 1
			}
			line = appendGlyph(line, glyph{
				text: c, role: s.Role, width: w,
				space: c == SoftBreak || c == " " && !whole,
				soft:  c == SoftBreak,
			})
		}
	}
	return append(all, line)
}

// appendGlyph appends a glyph unless it is a space too many.
func appendGlyph(line []glyph, g glyph) []glyph {
	n := len(line)
	switch {
	case g.space && (n == 0 || line[n-1].space):
		return line
	case g.soft:
		g.text, g.width, g.role = " ", 1, line[n-1].role
	case g.wide() && n > 1 && line[n-1].soft && line[n-2].wide():
		line = line[:n-1]
	}
	return append(line, g)
}

// lineEnd returns how many glyphs the first line has, and where the second begins.
func lineEnd(line []glyph, width int) (end, next int) {
	if width <= 0 {
		return len(line), len(line)
	}
	used := 0
	for i, g := range line {
		if g.space {
			end, next = i, i+1
		} else if i > 0 && mayBreak(line[i-1], g) {
			end, next = i, i
		}
		used += g.width
		if used <= width || g.space {
			continue
		}
		if next > 0 {
			return end, next
		}
		return max(1, i), max(1, i)
	}
	return len(line), len(line)
}

// Characters that do not end a line, and that do not begin one.
const (
	opening = "([{“‘「『（《〈【"
	closing = ".,;:!?)]}”’。，、；：？！）」』》〉】…"
)

// mayBreak reports whether a line may end between two characters without a space.
func mayBreak(a, b glyph) bool {
	return (a.wide() || b.wide()) && !a.space && !b.space &&
		!strings.Contains(opening, a.text) && !strings.Contains(closing, b.text)
}

// lineOf joins glyphs to spans, without the space at the end. It returns nil when
// nothing is left.
func lineOf(glyphs []glyph) Line {
	for len(glyphs) > 0 && glyphs[len(glyphs)-1].space {
		glyphs = glyphs[:len(glyphs)-1]
	}
	var l Line
	var b strings.Builder
	for i, g := range glyphs {
		b.WriteString(g.text)
		if i+1 == len(glyphs) || glyphs[i+1].role != g.role {
			l = append(l, Span{b.String(), g.role})
			b.Reset()
		}
	}
	return l
}
