package text

import "strings"

// Span is a piece of a line in one role. Its text is cleaned.
type Span struct {
	Text string
	Role Role
}

// Line is one line of text.
type Line []Span

// In returns a line of one span.
func In(r Role, s string) Line { return Line{{Text: s, Role: r}} }

// String returns the text without the spaces at its end.
func (l Line) String() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return strings.TrimRight(b.String(), " ")
}

// Width returns how many cells wide the line is.
func (l Line) Width() int {
	n := 0
	for _, s := range l {
		n += Cells(s.Text)
	}
	return n
}

// Cut returns the beginning of the line that fits into width cells together with the
// mark of what is missing; all of the line, without the mark, when that fits; nothing
// when there is no room for the mark.
func (l Line) Cut(width int, mark string) Line {
	if l.Width() <= width {
		return l
	}
	room := width - Cells(mark)
	if room < 0 {
		return nil
	}
	for i, s := range l {
		n := Cells(s.Text)
		if n > room {
			kept := append(Line(nil), l[:i]...)
			return append(kept, Span{Cut(s.Text, room, "") + mark, s.Role})
		}
		room -= n
	}
	return l
}

// Pad returns the line made width cells wide with spaces. A wider line stays as it is.
func (l Line) Pad(width int) Line {
	if n := width - l.Width(); n > 0 {
		return append(l[:len(l):len(l)], Span{Text: strings.Repeat(" ", n)})
	}
	return l
}

// Between returns left and right at the two ends of width cells. Where both do not fit
// with a space between them, left is cut; where right alone does not fit, it is left
// out.
func Between(left, right Line, width int, mark string) Line {
	n := right.Width()
	if n > width || n == 0 {
		return left.Cut(width, mark).Pad(width)
	}
	return append(left.Cut(max(0, width-n-1), mark).Pad(width-n), right...)
}

// Join returns those of the parts that fit into width cells, in order, with the
// separator between them.
func Join(parts []Line, separator Span, width int) Line {
	var all Line
	for _, part := range parts {
		var more Line
		if len(all) > 0 {
			more = append(more, separator)
		}
		more = append(more, part...)
		if all.Width()+more.Width() <= width {
			all = append(all, more...)
		}
	}
	return all
}
