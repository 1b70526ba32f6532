package tui

import (
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"

	"finwait/sim"
)

// tone is a meaning that a piece of text can have. Colour never carries it alone:
// the words and signs do.
type tone int

// The tones.
const (
	toneText     tone = iota
	toneFaint         // what one need not read
	toneStrong        // strong emphasis
	toneEmphasis      // emphasis
	toneTitle         // the name of what is on the screen
	toneCode          // calls, states and numbers in the prose
	toneKey           // a key to press
	toneActive        // where one is: the chosen lesson, the next step
	tonePast          // one looks at the past
	toneOK
	toneFail
	toneWarn
	toneDeath
	toneClient
	toneServer
	toneReset

	// How far a socket is, in the order of its life.
	toneListen
	toneOpening
	toneOpen
	toneActiveClose  // it closed first, or at the same time
	tonePassiveClose // the other side has closed
	toneTimeWait
	toneOver
	toneCount
)

// stateTone returns the tone of a state.
func stateTone(s sim.State) tone {
	switch s {
	case sim.Established:
		return toneOpen
	case sim.SynSent, sim.SynRecv:
		return toneOpening
	case sim.FinWait1, sim.FinWait2, sim.Closing:
		return toneActiveClose
	case sim.CloseWait, sim.LastAck:
		return tonePassiveClose
	case sim.TimeWait:
		return toneTimeWait
	case sim.Listen:
		return toneListen
	}
	return toneOver
}

// pen draws text in one style: the sequences before and after it.
type pen struct{ open, close string }

// styles are the pens of all tones. They are built once for a background and
// never change.
type styles struct {
	pens  [toneCount]pen
	glyph glyphs
	ascii bool
}

// palette is a set of colours. They are those of Okabe and Ito, which people who
// confuse red and green can tell apart, made lighter or darker where the
// background asks for it: each has a contrast of at least 4.5 to 1.
type palette struct {
	faint, sky, orange, green, yellow, blue, vermillion, purple color.Color
}

func darkPalette() palette {
	return palette{
		faint: lipgloss.Color("#8f8f8f"), sky: lipgloss.Color("#56b4e9"), orange: lipgloss.Color("#e69f00"),
		green: lipgloss.Color("#2bb58a"), yellow: lipgloss.Color("#f0e442"), blue: lipgloss.Color("#7aa7ff"),
		vermillion: lipgloss.Color("#f2703a"), purple: lipgloss.Color("#d98cb8"),
	}
}

func lightPalette() palette {
	return palette{
		faint: lipgloss.Color("#6a6a6a"), sky: lipgloss.Color("#0072b2"), orange: lipgloss.Color("#8f5a00"),
		green: lipgloss.Color("#00704f"), yellow: lipgloss.Color("#756400"), blue: lipgloss.Color("#3552c8"),
		vermillion: lipgloss.Color("#b34700"), purple: lipgloss.Color("#9a3d78"),
	}
}

// basicPalette uses the 16 colours that a terminal's owner has chosen. What is
// faint has none: bright black is the background itself in some themes.
func basicPalette() palette {
	return palette{
		sky: lipgloss.Cyan, orange: lipgloss.Yellow,
		green: lipgloss.Green, yellow: lipgloss.Yellow, blue: lipgloss.Blue,
		vermillion: lipgloss.Red, purple: lipgloss.Magenta,
	}
}

// look is what decides on the styles.
type look struct {
	dark  bool // the background
	basic bool // 16 colours or fewer
	ascii bool // signs of ASCII only
}

// newStyles builds the pens.
func newStyles(k look) *styles {
	p := lightPalette()
	if k.dark {
		p = darkPalette()
	}
	if k.basic {
		p = basicPalette()
	}
	s := &styles{glyph: unicodeGlyphs(), ascii: k.ascii}
	if k.ascii {
		s.glyph = asciiGlyphs()
	}
	plain := lipgloss.NewStyle()
	in := func(c color.Color) lipgloss.Style {
		if c == nil {
			return plain.Faint(true)
		}
		return plain.Foreground(c)
	}
	for t, style := range map[tone]lipgloss.Style{
		toneText: plain, toneFaint: in(p.faint), toneStrong: plain.Bold(true), toneEmphasis: plain.Italic(true), toneTitle: plain.Bold(true),
		toneCode: in(p.sky), toneKey: plain.Bold(true), toneActive: plain.Bold(true), tonePast: in(p.yellow).Reverse(true),
		toneOK: in(p.green), toneFail: in(p.vermillion).Bold(true), toneWarn: in(p.yellow).Bold(true),
		toneDeath: in(p.vermillion).Bold(true), toneReset: in(p.vermillion).Bold(true),
		toneClient: in(p.sky), toneServer: in(p.orange),
		toneListen: in(p.faint), toneOpening: in(p.blue), toneOpen: in(p.green), toneActiveClose: in(p.purple),
		tonePassiveClose: in(p.yellow), toneTimeWait: in(p.blue), toneOver: in(p.faint),
	} {
		s.pens[t] = newPen(style)
	}
	return s
}

// newPen takes the sequences of a style from what it draws.
func newPen(style lipgloss.Style) pen {
	before, after, _ := strings.Cut(style.Render("x"), "x")
	return pen{before, after}
}

// draw writes the line, which is at most w cells wide, and makes it w cells wide.
func (s *styles) draw(b *strings.Builder, l line, w int) {
	l = l.cut(w, s.glyph.ellipsis)
	for _, c := range l {
		if c.text == "" {
			continue
		}
		p := s.pens[c.tone]
		b.WriteString(p.open)
		b.WriteString(c.text)
		b.WriteString(p.close)
	}
	spaces(b, w-l.width())
}

// paint returns exactly h lines of exactly w cells each, joined by line breaks.
func (s *styles) paint(lines []line, w, h int) string {
	var b strings.Builder
	b.Grow(w * h * 2)
	for y := range h {
		if y > 0 {
			b.WriteByte('\n')
		}
		if y < len(lines) {
			s.draw(&b, lines[y], w)
			continue
		}
		spaces(&b, w)
	}
	return b.String()
}

func spaces(b *strings.Builder, n int) {
	const blank = "                                                                "
	for ; n > len(blank); n -= len(blank) {
		b.WriteString(blank)
	}
	if n > 0 {
		b.WriteString(blank[:n])
	}
}
