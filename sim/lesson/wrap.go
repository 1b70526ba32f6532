package lesson

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// The texts of the runs that stand for line breaks in the source. No other run
// holds these characters.
const (
	hardBreak = "\n" // the author wants a new line
	softBreak = "\v" // the author's line was full
)

// maxWhole is the width up to which a piece of code is not broken at its spaces.
const maxWhole = 24

// glyph is one character as a terminal draws it.
type glyph struct {
	text  string
	kind  RunKind
	width int
	space bool // a line may end here, and loses it
	soft  bool // a space that stands for a soft break
}

func (g glyph) wide() bool { return g.width > 1 }

// wrap breaks runs into lines of at most width cells, one line when width is 0. A
// line ends at a space, or beside a wide character, as scripts without spaces
// want it. A word that is wider than a line is cut.
func wrap(runs []Run, width int) []Line {
	var lines []Line
	for _, paragraph := range glyphs(runs, width) {
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

// glyphs cuts runs into characters, in one slice for each hard line. Spaces in a
// row become one, those at the ends none; a soft break between two wide characters
// is no space.
func glyphs(runs []Run, width int) [][]glyph {
	var all [][]glyph
	var line []glyph
	for _, r := range runs {
		if r.Text == hardBreak {
			all, line = append(all, line), nil
			continue
		}
		whole := r.Kind == RunCode && ansi.StringWidth(r.Text) <= min(maxWhole, width/2)
		for text := r.Text; text != ""; {
			cluster, w := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
			text = text[len(cluster):]
			line = add(line, glyph{
				text: cluster, kind: r.Kind, width: w,
				space: cluster == softBreak || cluster == " " && !whole,
				soft:  cluster == softBreak,
			})
		}
	}
	return append(all, line)
}

// add appends a glyph unless it is a space too many.
func add(line []glyph, g glyph) []glyph {
	n := len(line)
	switch {
	case g.space && (n == 0 || line[n-1].space):
		return line
	case g.soft:
		g.text, g.width, g.kind = " ", 1, line[n-1].kind
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

// lineOf joins glyphs to runs, without the space at the end. It returns nil when
// nothing is left.
func lineOf(glyphs []glyph) Line {
	for len(glyphs) > 0 && glyphs[len(glyphs)-1].space {
		glyphs = glyphs[:len(glyphs)-1]
	}
	var l Line
	var b strings.Builder
	for i, g := range glyphs {
		b.WriteString(g.text)
		if i+1 == len(glyphs) || glyphs[i+1].kind != g.kind {
			l = append(l, Run{b.String(), g.kind})
			b.Reset()
		}
	}
	return l
}
