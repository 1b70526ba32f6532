package lesson

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	renderer "github.com/yuin/goldmark/renderer/html"
	markdown "github.com/yuin/goldmark/text"

	"finwait/sim/text"
)

// Plain returns prose in Markdown as lines of plain text, none wider than width
// cells; with a width of 0 or less, each paragraph is one line. The characters are
// those that the glyphs can show. Code keeps its backquotes, other marks are gone.
func Plain(md string, width int, g *text.Glyphs) []string {
	return stringsOf(layout(md, width, g, marksOfCode))
}

// Marked returns the lines that Plain would, where emphasis keeps its stars: without a
// style they are the quotation marks of "I will send no more".
func Marked(md string, width int, g *text.Glyphs) []string {
	return stringsOf(layout(md, width, g, allMarks))
}

// Styled returns the lines that Plain would, with the roles of what a screen styles:
// code has lost its backquotes and is marked as code.
func Styled(md string, width int, g *text.Glyphs) []text.Line { return layout(md, width, g, noMarks) }

func stringsOf(lines []text.Line) []string {
	var list []string
	for _, l := range lines {
		list = append(list, l.String())
	}
	return list
}

// marks are the marks of Markdown that stay in the text.
type marks uint8

const (
	noMarks     marks = iota
	marksOfCode       // backquotes
	allMarks          // backquotes, and the stars of emphasis
)

func layout(md string, width int, g *text.Glyphs, m marks) []text.Line {
	w := &writer{src: []byte(md), width: width, glyphs: g, marks: m}
	w.children(goldmark.DefaultParser().Parse(markdown.NewReader(w.src)))
	return w.lines
}

// writer turns a Markdown document into lines.
type writer struct {
	src    []byte
	width  int
	glyphs *text.Glyphs
	marks  marks
	lines  []text.Line

	marker string // what stands before the next paragraph, such as "- " of a list item
	indent string // what stands before every line
	tight  bool   // the next paragraph has no empty line before it
}

func (w *writer) children(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		w.block(c)
	}
}

// block writes one block.
func (w *writer) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		w.paragraph(w.inline(nil, n, text.RoleNormal))
	case *ast.Heading:
		w.paragraph(w.inline(nil, n, text.RoleStrong))
	case *ast.Blockquote:
		w.indented("  ", "  ", n)
	case *ast.List:
		w.list(n)
	case *ast.FencedCodeBlock:
		w.code(n.Lines())
	case *ast.CodeBlock:
		w.code(n.Lines())
	}
}

// list writes a list. The items of a tight list have no empty lines between them.
func (w *writer) list(n *ast.List) {
	number := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		marker := "- "
		if n.IsOrdered() {
			marker = fmt.Sprintf("%d. ", number)
			number++
		}
		w.tight = n.IsTight && (item.PreviousSibling() != nil || isTight(n.Parent()))
		w.indented(marker, strings.Repeat(" ", text.Cells(marker)), item)
	}
	w.tight = false
}

// isTight reports whether n is an item of a tight list.
func isTight(n ast.Node) bool {
	if _, ok := n.(*ast.ListItem); !ok {
		return false
	}
	list, ok := n.Parent().(*ast.List)
	return ok && list.IsTight
}

// indented writes the blocks inside n with more indent, up to half of the width.
func (w *writer) indented(marker, indent string, n ast.Node) {
	outer := w.indent
	if w.width <= 0 || text.Cells(outer)+text.Cells(indent) <= w.width/2 {
		if w.marker == "" {
			w.marker = outer
		}
		w.marker += marker
		w.indent += indent
	}
	w.children(n)
	w.indent, w.marker = outer, ""
}

// begin returns what stands before the first line of the next paragraph.
func (w *writer) begin() string {
	if len(w.lines) > 0 && !w.tight {
		w.lines = append(w.lines, nil)
	}
	first := w.indent
	if w.marker != "" {
		first = w.marker
	}
	w.marker, w.tight = "", false
	return first
}

// paragraph writes a line, wrapped.
func (w *writer) paragraph(l text.Line) {
	room := 0
	if w.width > 0 {
		room = max(1, w.width-text.Cells(w.indent))
	}
	wrapped := l.Wrap(room)
	if len(wrapped) == 0 {
		return
	}
	before := w.begin()
	for _, l := range wrapped {
		w.lines = append(w.lines, prefixed(before, l))
		before = w.indent
	}
}

// code writes a block of code, line by line, with more indent than the text around it as
// far as the width allows. Lines that are too long are cut.
func (w *writer) code(lines *markdown.Segments) {
	before, in := w.begin(), "    "
	if w.width > 0 && text.Cells(before)+text.Cells(in) > w.width/2 {
		in = ""
	}
	for _, line := range strings.Split(strings.TrimRight(string(lines.Value(w.src)), "\n"), "\n") {
		line = w.clean(strings.ReplaceAll(line, "\t", "    "))
		if w.width > 0 {
			line = text.Cut(line, max(1, w.width-text.Cells(before+in)), "")
		}
		w.lines = append(w.lines, prefixed(before+in, text.In(text.RoleCode, line)))
		before = w.indent
	}
}

func prefixed(before string, l text.Line) text.Line {
	if before == "" {
		return l
	}
	return append(text.In(text.RoleNormal, before), l...)
}

// inline appends the spans of the text inside n, in the given role where n sets no other.
func (w *writer) inline(l text.Line, n ast.Node, role text.Role) text.Line {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			l = append(l, text.Span{Text: w.text(c), Role: role})
			if c.HardLineBreak() {
				l = append(l, text.Span{Text: text.HardBreak, Role: role})
			} else if c.SoftLineBreak() {
				l = append(l, text.Span{Text: text.SoftBreak, Role: role})
			}
		case *ast.CodeSpan:
			l = append(l, w.codeSpan(c))
		case *ast.Emphasis:
			l = w.emphasized(l, c, max(role, emphasis(c.Level)))
		case *ast.AutoLink:
			l = append(l, text.Span{Text: w.clean(string(c.Label(w.src))), Role: role})
		case *ast.Link:
			l = w.inline(l, c, role)
			l = append(l, text.Span{Text: w.clean(fmt.Sprintf(" (%s)", c.Destination)), Role: role})
		case *ast.RawHTML:
		default:
			l = w.inline(l, c, role)
		}
	}
	return l
}

// emphasized appends the spans of what is emphasized, in the given role.
func (w *writer) emphasized(l text.Line, n *ast.Emphasis, role text.Role) text.Line {
	if w.marks != allMarks {
		return w.inline(l, n, role)
	}
	star := text.Span{Text: strings.Repeat("*", n.Level), Role: role}
	return append(w.inline(append(l, star), n, role), star)
}

func emphasis(level int) text.Role {
	if level == 1 {
		return text.RoleEmphasis
	}
	return text.RoleStrong
}

// codeSpan returns code as one span.
func (w *writer) codeSpan(n *ast.CodeSpan) text.Span {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			b.Write(t.Segment.Value(w.src))
		}
	}
	code := w.clean(b.String())
	if w.marks != noMarks {
		code = "`" + code + "`"
	}
	return text.Span{Text: code, Role: text.RoleCode}
}

// text returns a piece of text with its escapes and entities resolved. goldmark resolves
// both while it writes HTML, so the HTML is unescaped again.
func (w *writer) text(n *ast.Text) string {
	if n.IsRaw() {
		return w.clean(string(n.Segment.Value(w.src)))
	}
	var b bytes.Buffer
	buf := bufferedWriter{&b}
	renderer.DefaultWriter.Write(buf, n.Segment.Value(w.src))
	return w.clean(html.UnescapeString(b.String()))
}

// clean makes a text fit to be drawn.
func (w *writer) clean(s string) string { return w.glyphs.Show(text.Clean(s)) }

// bufferedWriter is a bytes.Buffer in the shape that goldmark asks for.
type bufferedWriter struct{ *bytes.Buffer }

// Buffered returns the number of bytes that have not been flushed.
func (bufferedWriter) Buffered() int { return 0 }

// Flush does nothing: the text belongs into the buffer.
func (bufferedWriter) Flush() error { return nil }
