package tui

import (
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"

	"finwait/sim/text"
)

// pen draws text in one style. Its sequences go before and after the text.
type pen struct{ open, close string }

// styles are the pens of all roles. They are built once for a background and
// never change.
type styles struct {
	pens  [text.RoleCount]pen
	glyph *text.Glyphs
}

// palette has the colour of each hue, nil for none.
type palette [text.HueCount]color.Color

// paletteFor returns the colours for a background.
func paletteFor(dark bool) palette {
	var p palette
	for hue, hex := range text.PaletteFor(dark) {
		p[hue] = lipgloss.Color(hex)
	}
	p[text.HueNone] = nil // the terminal's own
	return p
}

// basicPalette uses the 16 colours that a terminal's owner has chosen. What is
// faint has none: bright black is the background itself in some themes.
func basicPalette() palette {
	return palette{
		text.HueSky: lipgloss.Cyan, text.HueOrange: lipgloss.Yellow,
		text.HueGreen: lipgloss.Green, text.HueYellow: lipgloss.Yellow, text.HueBlue: lipgloss.Blue,
		text.HueVermillion: lipgloss.Red, text.HuePurple: lipgloss.Magenta,
	}
}

// look is what decides on the styles.
type look struct {
	dark  bool // the background is dark
	basic bool // 16 colours or fewer
	ascii bool // signs of ASCII only
}

// newStyles builds the pens.
func newStyles(k look) *styles {
	p := paletteFor(k.dark)
	if k.basic {
		p = basicPalette()
	}
	s := &styles{glyph: text.GlyphsFor(k.ascii)}
	for r := range text.RoleCount {
		s.pens[r] = newPen(p.style(text.StyleOf(r)))
	}
	return s
}

// style returns a style in the colours of the palette.
func (p *palette) style(of text.Style) lipgloss.Style {
	s := lipgloss.NewStyle().Bold(of.Bold).Italic(of.Italic).Reverse(of.Reverse)
	switch c := p[of.Hue]; {
	case c != nil:
		return s.Foreground(c)
	case of.Hue == text.HueFaint:
		return s.Faint(true)
	}
	return s
}

// newPen returns the pen that draws as the style does.
func newPen(style lipgloss.Style) pen {
	before, after, _ := strings.Cut(style.Render("x"), "x")
	return pen{before, after}
}

// draw writes the line, which is at most w cells wide, and makes it w cells wide.
func (s *styles) draw(b *strings.Builder, l text.Line, w int) {
	l = l.Cut(w, s.glyph.Ellipsis)
	for _, c := range l {
		if c.Text == "" {
			continue
		}
		p := s.pens[c.Role]
		b.WriteString(p.open)
		b.WriteString(c.Text)
		b.WriteString(p.close)
	}
	spaces(b, w-l.Width())
}

// paint returns exactly h lines of exactly w cells each, joined by line breaks.
func (s *styles) paint(lines []text.Line, w, h int) string {
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
