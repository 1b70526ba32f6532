package ladder

import (
	"strings"

	"finwait/sim"
)

// glyphs are the signs of the picture. Each is one cell wide, but for the
// ellipses, the arrow of the notes and the ASCII form of differs.
type glyphs struct {
	process, kernel           string // lifelines
	captured, inferred, model string // lines of the arrows
	toLeft, toRight           string // their heads
	hangLeft, hangRight       string // the heads of those that are held
	stopLeft, stopRight       string // of those that are not carried on
	death, refused            string
	rule                      string // of a heading
	cut, gap                  string // something is missing; time went by
	guess, predicted          string // after a state that nobody has read
	differs                   string // between what the model and the kernel say
	ascii                     bool
}

var unicodeGlyphs = glyphs{
	process: "┃", kernel: "╎",
	captured: "━", inferred: "╌", model: "·",
	toLeft: "◀", toRight: "▶", hangLeft: "◁", hangRight: "▷",
	stopLeft: "├", stopRight: "┤",
	death: "✝", refused: "✗",
	rule: "─",
	cut:  "…", gap: "⋯",
	guess: "~", predicted: "·",
	differs: "≠",
}

var asciiGlyphs = glyphs{
	process: "|", kernel: ":",
	captured: "-", inferred: "=", model: ".",
	toLeft: "<", toRight: ">", hangLeft: "<", hangRight: ">",
	stopLeft: "[", stopRight: "]",
	death: "X", refused: "x",
	rule: "-",
	cut:  "...", gap: "...",
	guess: "~", predicted: ".",
	differs: "!=",
	ascii:   true,
}

// inASCII spells what typographers and this project write beyond ASCII.
var inASCII = strings.NewReplacer(
	"→", "->", "←", "<-", "…", "...", "·", "-", "–", "-", "—", "-",
	"“", `"`, "”", `"`, "‘", "'", "’", "'", "§", "section ", "×", "x",
)

// text returns a cleaned text as these glyphs can show it.
func (g *glyphs) text(s string) string {
	if g.ascii {
		return toASCII(inASCII.Replace(s))
	}
	return s
}

// line returns the stroke of an arrow.
func (g *glyphs) line(by sim.Source) string {
	switch by {
	case sim.ByInference:
		return g.inferred
	case sim.ByModel:
		return g.model
	}
	return g.captured
}

// mark returns what follows a state that was not read from the kernel.
func (g *glyphs) mark(by sim.Source) string {
	switch by {
	case sim.ByInference:
		return " " + g.guess
	case sim.ByModel:
		return " " + g.predicted
	}
	return ""
}
