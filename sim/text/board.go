package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// cell is one column of a board. A character of two columns has its text in the first
// cell and an empty one in the second.
type cell struct {
	text string
	role Role
}

// Board is one row of cells to draw on. A part of a board (a slice of it) is a board on
// the same cells.
type Board []cell

// NewBoard returns a board of width cells that shows spaces.
func NewBoard(width int) Board {
	b := make(Board, width)
	for x := range b {
		b[x].text = " "
	}
	return b
}

// Fill draws one sign, which is one cell wide, all over the board.
func (b Board) Fill(sign string, r Role) {
	for x := range b {
		b[x] = cell{sign, r}
	}
}

// Blank reports whether the board shows nothing but spaces.
func (b Board) Blank() bool {
	return !slices.ContainsFunc(b, func(c cell) bool { return c.text != " " })
}

// At returns what column x shows: empty for the second half of a wide character, and beyond the
// board.
func (b Board) At(x int) string {
	if x < 0 || x >= len(b) {
		return ""
	}
	return b[x].text
}

// Put draws a cleaned text from column x on, as much of it as there is room for, and
// returns the column after it. A wide character of which only one half is drawn over
// leaves a space in the other half.
func (b Board) Put(x int, s string, r Role) int {
	if x < len(b) && b[x].text == "" {
		b[x-1].text = " "
	}
	for s != "" {
		c, width := first(s)
		if s = s[len(c):]; x+width > len(b) {
			break
		}
		b[x] = cell{c, r}
		for i := 1; i < width; i++ {
			b[x+i] = cell{"", r}
		}
		x += width
	}
	if x < len(b) && b[x].text == "" {
		b[x].text = " "
	}
	return x
}

// first returns the first character of a cleaned text and its width, which is 1 at
// least.
func first(s string) (string, int) {
	if len(s) == 1 || isPlain(s[:min(2, len(s))]) { // no mark follows
		return s[:1], 1
	}
	if r, size := utf8.DecodeRuneInString(s); size == len(s) && narrow(r) { // most signs
		return s, 1
	}
	c, width := next(s)
	return c, max(width, 1)
}

// PutLine draws the spans of a line one after the other, from column x on, as Put does.
func (b Board) PutLine(x int, l Line) int {
	for _, s := range l {
		x = b.Put(x, s.Text, s.Role)
	}
	return x
}

// Line returns the first width cells as a line. Of a wide character that does not fit
// whole a space is left.
func (b Board) Line(width int) Line {
	if width < len(b) {
		if b[width].text == "" {
			b[width-1].text = " "
		}
		b = b[:width]
	}
	var l Line
	var text strings.Builder
	for x, c := range b {
		text.WriteString(c.text)
		if x+1 == len(b) || b[x+1].role != c.role {
			l = append(l, Span{text.String(), c.role})
			text.Reset()
		}
	}
	return l
}
