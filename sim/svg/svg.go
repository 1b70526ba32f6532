package svg

import (
	"fmt"
	"strconv"
	"strings"

	"finwait/sim/text"
)

// Options say what a picture is of, and on which background.
type Options struct {
	Title string // what the picture is called, for who cannot see it
	Dark  bool   // the background is dark
}

// The measures of the picture, in its own units: cells of the grid, the letters in them, and the
// margin around all.
const (
	cellWidth  = 9
	cellHeight = 17
	fontSize   = 15
	baseline   = 13 // below the upper edge of a cell
	margin     = 12
)

// fonts are tried in this order. They have the lines and arrows of a ladder, one cell wide.
const fonts = "'DejaVu Sans Mono','Noto Sans Mono',Menlo,Consolas,'Liberation Mono',monospace"

// keepSpaces keeps several spaces in a row apart in browsers, where a text does not inherit
// xml:space. Other programs know nothing but xml:space.
const keepSpaces = "<style>text{white-space:pre}</style>\n"

// Draw returns a picture of the lines, each as many cells wide as width says or less. The text is
// cleaned. What goes beyond width is not cut.
func Draw(lines []text.Line, width int, o Options) string {
	w, h := width*cellWidth+2*margin, len(lines)*cellHeight+2*margin
	c := canvas{palette: text.PaletteFor(o.Dark), back: background(o.Dark)}
	fmt.Fprintf(&c.b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" role="img">`+"\n", w, h)
	fmt.Fprintf(&c.b, "<title>%s</title>\n", escape(o.Title))
	c.b.WriteString(keepSpaces)
	fmt.Fprintf(&c.b, `<rect width="%d" height="%d" fill="%s"/>`+"\n", w, h, c.back)
	fmt.Fprintf(&c.b, `<g font-family="%s" font-size="%d" fill="%s" xml:space="preserve">`+"\n", fonts, fontSize, c.palette[text.HueNone])
	for y, l := range lines {
		c.line(margin+y*cellHeight, l)
	}
	c.b.WriteString("</g>\n</svg>\n")
	return c.b.String()
}

// background returns the colour of the background.
func background(dark bool) string {
	if dark {
		return "#1e1e1e"
	}
	return "#ffffff"
}

// canvas is a document that is being written.
type canvas struct {
	b       strings.Builder
	palette text.Palette
	back    string
}

// line draws a line, whose upper edge is at y.
func (c *canvas) line(y int, l text.Line) {
	x := 0
	for _, s := range l {
		c.span(margin+x*cellWidth, y, s)
		x += text.Cells(s.Text)
	}
}

// span draws a span, whose upper left corner is at x and y. Spaces at its ends are drawn only where
// they can be seen.
func (c *canvas) span(x, y int, s text.Span) {
	style, shown := text.StyleOf(s.Role), s.Text
	if style.Reverse {
		fmt.Fprintf(&c.b, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`+"\n", x, y, text.Cells(shown)*cellWidth, cellHeight, c.palette[style.Hue])
	}
	trimmed := strings.TrimLeft(shown, " ")
	x += (len(shown) - len(trimmed)) * cellWidth
	trimmed = strings.TrimRight(trimmed, " ")
	if trimmed == "" {
		return
	}
	fmt.Fprintf(&c.b, `<text x="%d" y="%d" textLength="%d" lengthAdjust="spacingAndGlyphs"%s>%s</text>`+"\n",
		x, y+baseline, text.Cells(trimmed)*cellWidth, c.attributes(style), escape(trimmed))
}

// attributes returns the attributes of a style, as far as it differs from the ordinary one.
func (c *canvas) attributes(s text.Style) string {
	var b strings.Builder
	switch {
	case s.Reverse:
		b.WriteString(` fill="` + c.back + `"`)
	case s.Hue != text.HueNone:
		b.WriteString(` fill="` + c.palette[s.Hue] + `"`)
	}
	if s.Bold {
		b.WriteString(` font-weight="bold"`)
	}
	if s.Italic {
		b.WriteString(` font-style="italic"`)
	}
	return b.String()
}

// escape returns a text as character data of XML in ASCII. What XML 1.0 has no character for
// becomes U+FFFD.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r < ' ' || r == 0xfffe || r == 0xffff:
			b.WriteString("&#xfffd;")
		case r <= '~':
			b.WriteRune(r)
		default:
			b.WriteString("&#x" + strconv.FormatInt(int64(r), 16) + ";")
		}
	}
	return b.String()
}
