package ladder

import (
	"strings"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/text"
)

// CallLine returns a call in at most width cells, with its result unless that is nil: a call
// that has not returned. The arguments are shortened first, then the call's name; of the
// result the beginning stays.
func CallLine(c sim.Call, r *sim.Result, width int, o Options) text.Line {
	l := newCall(c)
	if r != nil {
		l.finish(c, *r, false)
	}
	p := newPainter(width, o)
	return p.callLine(&l, width).Cut(width, p.g.Ellipsis)
}

// callLine is CallLine for a label. It may be wider where the shortest result is.
func (p *painter) callLine(l *callLabel, width int) text.Line {
	if p.g.ASCII {
		l = l.inASCII(p.g)
	}
	if l.socketError != "" && text.Cells(l.head(l.args)+" = "+l.ret+" "+l.note) > width {
		head, sign := "SO_ERROR", " = "
		if text.Cells(head+sign+l.socketError) > width {
			head, sign = "error", " " // as the step is written
		}
		return text.Line{{Text: head, Role: text.RoleCall}, {Text: sign + l.socketError, Role: text.RoleOK}}
	}
	head, tail := "", ""
	for _, form := range p.results(l, width) {
		var whole bool
		tail = form.text
		if head, whole = l.headIn(width-text.Cells(tail), form.bare, p.g); whole {
			break
		}
	}
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
	short.errno, short.events = g.ShowCode(l.errno), g.ShowCode(l.events)
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

// headIn returns the call in at most width cells and true: with all arguments, with shorter
// ones, with fewer, with none, or, if bare is set, its name. Where all of these are wider it
// returns the beginning of the name and false.
func (l *callLabel) headIn(width int, bare bool, g *text.Glyphs) (string, bool) {
	args := l.args
	over := text.Cells(l.head(args)) - width
	if over <= 0 {
		return l.head(args), true
	}
	forms := []string{
		l.head(shorten(args, over, g)),
		l.head(unquoted(args, g)),
		l.head(unprefixed(args)),
		l.option(args),
		l.option(unprefixed(args)),
		l.option(append(args[:min(1, len(args)):min(1, len(args))], g.Ellipsis)),
		l.head([]string{g.Ellipsis}),
		l.head(nil),
	}
	if bare {
		forms = append(forms, l.name)
	}
	for _, form := range forms {
		if form != "" && text.Cells(form) <= width {
			return form, true
		}
	}
	return text.Cut(l.name, width, g.Ellipsis), false
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

// unprefixed spells SHUT_WR as WR and TCP_USER_TIMEOUT as USER_TIMEOUT.
func unprefixed(args []string) []string {
	var short []string
	for _, a := range args {
		for _, prefix := range []string{"SHUT_", "SO_", "TCP_"} {
			a = strings.TrimPrefix(a, prefix)
		}
		short = append(short, a)
	}
	return short
}

// result is one form of what a call has brought.
type result struct {
	text string
	bare bool // the name of the call alone may stand before it
}

// results returns the forms of the result for a line of width cells, the best first. The last
// one is the shortest.
func (p *painter) results(l *callLabel, width int) []result {
	switch {
	case l.blocked:
		return []result{{" " + p.g.Ellipsis, true}}
	case !l.done, l.call == sim.CallSigaction && !l.failed:
		return []result{{"", true}}
	}
	ret := " = " + l.ret
	switch {
	case l.failed: // without room for -1 as perror(3) writes it
		return []result{{ret, false}, {": " + l.errno, false}, {": " + l.errno, true}}
	case l.data != "":
		return append(l.dataIn(width, p.g), result{ret, true})
	case l.events != "":
		forms := []result{{ret + " " + l.events, false}, {": " + l.events, false}, {": " + l.events, true}}
		if some := wholeWords(l.events, width-text.Cells(l.name+": "), p.g.Ellipsis); some != "" {
			forms = append(forms, result{":" + some, true})
		}
		return forms
	case l.endOfFile:
		var forms []result
		for _, form := range p.texts(endOfFile) {
			forms = append(forms, result{ret + " " + form, false})
		}
		return append(forms, result{ret, true})
	case l.note != "":
		room := width - text.Cells(l.head(nil)+ret)
		return []result{{ret + " " + l.note, false}, {ret + wholeWords(l.note, room-1, p.g.Ellipsis), false}, {ret, true}}
	}
	return []result{{ret, true}}
}

// dataIn returns the forms of a result with the data that were read: all of them, as much as
// there is room for beside the descriptor, or beside the call's name.
func (l *callLabel) dataIn(width int, g *text.Glyphs) []result {
	ret := " = " + l.ret + " "
	forms := []result{{ret + l.data, false}}
	for i, head := range []string{l.head(nil), l.name} {
		if data, ok := text.CutQuoted(l.data, width-text.Cells(head+ret), g.Ellipsis); ok {
			forms = append(forms, result{ret + data, i > 0})
		}
	}
	return forms
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
