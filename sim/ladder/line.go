package ladder

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"finwait/sim"
)

// Role says what a piece of a line means; a screen gives each a style.
type Role uint8

// The roles. RoleState and RoleLife take the colour of their span's State,
// RoleClient and RoleServer are the segments by their sender, RoleReset those
// with RST.
const (
	RoleNone    Role = iota
	RoleFaint        // headings, what has no result yet
	RoleCall         // a call, and what it was given
	RoleOK           // its result
	RoleFail         // its failure, a step that was refused
	RoleDeath        // a process died
	RoleClient       // a segment of the client
	RoleServer       // a segment of the server
	RoleReset        // a segment with RST
	RoleState        // a state where it begins
	RoleLife         // a lifeline
	RoleGap          // time that went by
	RoleNote         // a remark: a handler ran, an older connection ended
	RoleDiffers      // what the model says, and what the kernel does instead
)

// Span is a piece of a line in one role.
type Span struct {
	Text  string
	Role  Role
	State sim.State // of RoleState and RoleLife
}

// Line is one line of text, drawn to an exact width.
type Line []Span

// String returns the text without the spaces at its end.
func (l Line) String() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return strings.TrimRight(b.String(), " ")
}

// cell is one column of a board. A character of two columns has its text in the
// first and an empty one in the second.
type cell struct {
	text  string
	role  Role
	state sim.State
}

// board is one line of cells to draw on.
type board []cell

func newBoard(width int) board {
	b := make(board, width)
	for x := range b {
		b[x].text = " "
	}
	return b
}

// fill draws one sign, one cell wide, all over the board.
func (b board) fill(sign string, role Role) {
	for x := range b {
		b[x] = cell{text: sign, role: role}
	}
}

// put draws a text from column x on, as much of it as there is room for.
func (b board) put(x int, text string, role Role, state sim.State) int {
	if isPlain(text) {
		for i := 0; i < len(text) && x < len(b); i++ {
			b[x] = cell{text[i : i+1], role, state}
			x++
		}
		return x
	}
	for text != "" {
		c, width := ansi.FirstGraphemeCluster(text, ansi.GraphemeWidth)
		text = text[len(c):]
		if x+width > len(b) {
			return x
		}
		b[x] = cell{c, role, state}
		for i := 1; i < width; i++ {
			b[x+i] = cell{"", role, state}
		}
		x += width
	}
	return x
}

// phrase draws the pieces of p one after the other.
func (b board) phrase(x int, p phrase, state sim.State) {
	for _, part := range p {
		x = b.put(x, part.text, part.role, state)
	}
}

// line returns the first width cells as spans. A character that does not fit
// whole is left out.
func (b board) line(width int) Line {
	if width < len(b) {
		if b[width].text == "" {
			b[width-1] = cell{text: " "}
		}
		b = b[:width]
	}
	var spans Line
	var text strings.Builder
	for x, c := range b {
		text.WriteString(c.text)
		if x+1 == len(b) || b[x+1].role != c.role || b[x+1].state != c.state {
			spans = append(spans, Span{Text: text.String(), Role: c.role, State: c.state})
			text.Reset()
		}
	}
	return spans
}
