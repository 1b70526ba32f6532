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
	dark  bool // the background is dark
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
	s := &styles{glyph: text.GlyphsFor(k.ascii)}
	plain := lipgloss.NewStyle()
	in := func(c color.Color) lipgloss.Style {
		if c == nil {
			return plain.Faint(true)
		}
		return plain.Foreground(c)
	}
	for r, style := range map[text.Role]lipgloss.Style{
		text.RoleNormal: plain, text.RoleCall: plain, text.RoleFaint: in(p.faint), text.RoleGap: in(p.faint), text.RoleNote: in(p.faint), text.RoleStrong: plain.Bold(true), text.RoleEmphasis: plain.Italic(true), text.RoleTitle: plain.Bold(true),
		text.RoleCode: in(p.sky), text.RoleKey: plain.Bold(true), text.RoleActive: plain.Bold(true), text.RolePast: in(p.yellow).Reverse(true),
		text.RoleOK: in(p.green), text.RoleFail: in(p.vermillion).Bold(true), text.RoleWarn: in(p.yellow).Bold(true), text.RoleDiffers: in(p.yellow).Bold(true),
		text.RoleDeath: in(p.vermillion).Bold(true), text.RoleReset: in(p.vermillion).Bold(true),
		text.RoleClient: in(p.sky), text.RoleServer: in(p.orange),
		text.RoleListen: in(p.faint), text.RoleOpening: in(p.blue), text.RoleOpen: in(p.green), text.RoleActiveClose: in(p.purple),
		text.RolePassiveClose: in(p.yellow), text.RoleTimeWait: in(p.blue), text.RoleOver: in(p.faint),
	} {
		s.pens[r] = newPen(style)
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
