package tui

import "strings"

// glyphs are the signs of the screen that are not letters.
type glyphs struct {
	topLeft, topRight, bottomLeft, bottomRight string
	horizontal, vertical, rule                 string

	next, running, past     string
	held, failed, dead      string
	ellipsis, dot, up, down string
	keyGap, keyGapNarrow    string
	process, kernel         string // lifelines
	toRight, toLeft         string // arrows of the menu's picture
	to                      string // from one end to the other
	differs                 string // between what the kernel and the model say
}

// unicodeGlyphs are the signs of a terminal that has them.
func unicodeGlyphs() glyphs {
	return glyphs{
		topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRight: "╯",
		horizontal: "─", vertical: "│", rule: "─",
		next: "▸", running: "●", past: "◂",
		held: "✓", failed: "✗", dead: "✝",
		ellipsis: "…", dot: "·", up: "↑", down: "↓",
		keyGap: "   ", keyGapNarrow: "  ", process: "┃", kernel: "╎", toRight: "━━ FIN ━━━━▶", toLeft: "◀━━━━ ACK ━━",
		to: "→", differs: "≠",
	}
}

// asciiGlyphs are signs that every terminal has.
func asciiGlyphs() glyphs {
	return glyphs{
		topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+",
		horizontal: "-", vertical: "|", rule: "-",
		next: ">", running: "*", past: "<",
		held: "ok", failed: "FAIL", dead: "X",
		ellipsis: "...", dot: "-", up: "^", down: "v",
		keyGap: "   ", keyGapNarrow: "  ", process: "|", kernel: ":", toRight: "-- FIN ---->", toLeft: "<---- ACK --",
		to: "->", differs: "!=",
	}
}

// toASCII spells what typographers write beyond ASCII.
func toASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0x7e {
			return '?'
		}
		return r
	}, inASCII.Replace(text))
}

// inASCII is never changed.
var inASCII = strings.NewReplacer(
	"→", "->", "←", "<-", "…", "...", "·", "-", "–", "-", "—", "-",
	"“", `"`, "”", `"`, "‘", "'", "’", "'", "§", "section ", "×", "x",
)
