package ladder

import (
	"strings"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/text"
)

// callLine returns a call and its result in at most width cells.
func (p *painter) callLine(l *callLabel, who string, width int) text.Line {
	g := p.g
	if g.ASCII {
		l = l.inASCII(g)
	}
	head := who + l.head(l.args)
	tail := p.tail(l, width-text.Cells(head))
	if l.socketError != "" && !strings.Contains(tail, "["+l.socketError+"]") {
		return text.Line{{Text: who + "SO_ERROR", Role: text.RoleCall}, {Text: " = " + l.socketError, Role: text.RoleOK}}
	}
	head = l.headIn(who, width-text.Cells(tail), g)
	role := text.RoleOK
	switch {
	case l.failed:
		role = text.RoleFail
	case !l.done:
		role = text.RoleFaint
	}
	return text.Line{{Text: head, Role: text.RoleCall}, {Text: tail, Role: role}}
}

// inASCII returns the label as ASCII can show it.
func (l *callLabel) inASCII(g *text.Glyphs) *callLabel {
	short := *l
	short.name, short.ret, short.socketError = g.ShowCode(l.name), g.ShowCode(l.ret), g.ShowCode(l.socketError)
	short.args, short.data, short.note = nil, g.ShowCode(l.data), g.ShowCode(l.note)
	for _, a := range l.args {
		short.args = append(short.args, g.ShowCode(a))
	}
	return &short
}

// head returns the call with these arguments: `write(4, "hello")`.
func (l *callLabel) head(args []string) string {
	if l.call == sim.CallSigaction {
		return l.name
	}
	list := strings.Join(args, ", ")
	if l.fd != "" && list != "" {
		list = l.fd + ", " + list
	} else if list == "" {
		list = l.fd
	}
	return l.name + "(" + list + ")"
}

// headIn returns the call in at most width cells: with all arguments, with shorter ones,
// with fewer, with none, or only the beginning of its name.
func (l *callLabel) headIn(who string, width int, g *text.Glyphs) string {
	args := l.args
	over := text.Cells(who+l.head(args)) - width
	if over <= 0 {
		return who + l.head(args)
	}
	forms := []string{
		l.head(shorten(args, over, g)),
		l.head(unquoted(args, g)),
		l.head(unprefixed(args)),
		l.option(args),
		l.option(append(args[:min(1, len(args)):min(1, len(args))], g.Ellipsis)),
		l.head([]string{g.Ellipsis}),
		l.head(nil),
		l.name,
	}
	for _, form := range forms {
		if form != "" && text.Cells(who+form) <= width {
			return who + form
		}
	}
	return text.Cut(who+l.name, width, g.Ellipsis)
}

// option returns what a setsockopt(2) sets: "SO_LINGER {1, 0}".
func (l *callLabel) option(args []string) string {
	if l.call != sim.CallSetsockopt {
		return ""
	}
	return strings.Join(args, " ")
}

// shorten returns the arguments shorter by some cells: it cuts the quoted text, or else the
// host of an address. Where that is not enough they are still too long.
func shorten(args []string, over int, g *text.Glyphs) []string {
	short := append([]string(nil), args...)
	for i, a := range args {
		if quoted, ok := text.CutQuoted(a, text.Cells(a)-over, g.Ellipsis); ok {
			short[i] = quoted
			return short
		}
		if colon := strings.LastIndex(a, ":"); colon > 0 && !strings.HasPrefix(a, `"`) {
			short[i] = g.Ellipsis + a[colon:]
		}
	}
	return short
}

// unquoted leaves the quoted texts out, so that flags such as MSG_NOSIGNAL have room.
func unquoted(args []string, g *text.Glyphs) []string {
	var rest []string
	for _, a := range args {
		if strings.HasPrefix(a, `"`) {
			a = g.Ellipsis
		}
		rest = append(rest, a)
	}
	return rest
}

// unprefixed spells SHUT_WR as WR.
func unprefixed(args []string) []string {
	var short []string
	for _, a := range args {
		short = append(short, strings.TrimPrefix(a, "SHUT_"))
	}
	return short
}

// tail returns the result in width cells, or its shortest form where that is wider.
func (p *painter) tail(l *callLabel, width int) string {
	g := p.g
	switch {
	case l.blocked:
		return " " + g.Ellipsis
	case !l.done:
		return ""
	case l.call == sim.CallSigaction && !l.failed:
		return ""
	}
	ret := " = " + l.ret
	room := width - text.Cells(ret) - 1
	if l.data != "" {
		if text.Cells(l.data) <= room {
			return ret + " " + l.data
		}
		if data, ok := text.CutQuoted(l.data, room, g.Ellipsis); ok {
			return ret + " " + data
		}
		return ret
	}
	switch {
	case l.endOfFile:
		if note := text.FirstFit(append(p.texts(endOfFile), ""), room); note != "" {
			return ret + " " + note
		}
		return ret
	case l.note != "" && text.Cells(l.note) > room:
		return ret + wholeWords(l.note, room, g.Ellipsis)
	case l.note != "":
		return ret + " " + l.note
	}
	return ret
}

// endOfFile says what a read(2) of 0 bytes means.
func endOfFile(w *lang.Catalogue) []string { return w.Ladder.EndOfFile }

// wholeWords returns a space and the first words of s that fit into the room together with
// the mark of what is missing; nothing when no word fits.
func wholeWords(s string, room int, mark string) string {
	list := strings.Fields(s)
	for n := len(list) - 1; n > 0; n-- {
		some := strings.Join(list[:n], " ") + " " + mark
		if text.Cells(some) <= room {
			return " " + some
		}
	}
	return ""
}
