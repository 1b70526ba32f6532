package ladder

import (
	"strconv"
	"strings"

	"finwait/sim"
	"finwait/sim/text"
)

// callLabel is a call and its result, taken apart so that the parts which matter
// least can be left out where there is little room. The result never is.
type callLabel struct {
	call    sim.CallName
	name    string // as it is shown
	fd      string
	args    []string
	blocked bool // it sleeps, and has no result yet

	done   bool
	failed bool
	ret    string // "13", "-1 EPIPE"
	data   string // quoted: what read(2) brought
	notes  []string
	brings string // SO_ERROR's value: what it was called for
}

// newCall takes a call without its result. What only repeats the result, such as
// the length asked of read(2), is left out.
func newCall(c sim.Call) callLabel {
	l := callLabel{call: c.Name, name: text.Clean(string(c.Name))}
	if c.FD != sim.NoFD {
		l.fd = itoa(c.FD)
	}
	for _, a := range c.Args() {
		l.args = append(l.args, text.Clean(a))
	}
	switch c.Name {
	case sim.CallRead, sim.CallListen, sim.CallAccept, sim.CallPoll:
		l.args = nil
	case sim.CallSetsockopt, sim.CallGetsockopt: // the option's name tells its level
		l.args = l.args[min(1, len(l.args)):]
	case sim.CallSigaction: // as the lesson spells it
		l.name, l.fd, l.args = "sigpipe "+text.Clean(c.Disposition.Word()), "", nil
	}
	return l
}

// finish adds the result of the call. Again leaves the arguments out: the call stands
// further up, with all of them.
func (l *callLabel) finish(c sim.Call, r sim.Result, again bool) {
	l.brings = text.Clean(sim.SocketError(c, r))
	l.done, l.blocked = true, false
	l.failed = r.Errno != ""
	l.ret = itoa(r.Ret)
	if l.failed {
		l.ret += " " + text.Clean(r.Errno)
	}
	if r.Data != "" {
		l.data = strconv.QuoteToASCII(r.Data)
	}
	if r.Note != "" {
		l.notes = []string{text.Clean(r.Note)}
	}
	if l.call.Reads() && r.Ret == 0 && !l.failed {
		l.notes = []string{"end of file", "EOF"}
	}
	if again {
		l.args = nil
	}
}

// line returns the call and its result in at most width cells.
func (l *callLabel) line(who string, width int, g *text.Glyphs) text.Line {
	if g.ASCII {
		l = l.inASCII(g)
	}
	head := who + l.head(l.args)
	tail := l.tail(width-text.Cells(head), g)
	if l.brings != "" && !strings.Contains(tail, "["+l.brings+"]") {
		return text.Line{{Text: who + "SO_ERROR", Role: text.RoleCall}, {Text: " = " + l.brings, Role: text.RoleOK}}
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
	short.name, short.ret, short.brings = g.Show(l.name), g.Show(l.ret), g.Show(l.brings)
	short.args, short.notes = nil, nil
	for _, a := range l.args {
		short.args = append(short.args, g.Show(a))
	}
	for _, n := range l.notes {
		short.notes = append(short.notes, g.Show(n))
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

// headIn returns the call in at most width cells: with all its arguments, with
// shorter ones, with fewer, with none, or the beginning of its name.
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

// shorten makes the arguments shorter by some cells: the quoted text, or else the
// host of an address. Where that is not enough they remain too long.
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

// unquoted leaves the quoted texts out, for the sake of flags such as MSG_NOSIGNAL.
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

// tail returns the result in width cells, and in as few as it can be where that
// is not enough.
func (l *callLabel) tail(width int, g *text.Glyphs) string {
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
	for _, note := range l.notes {
		if text.Cells(note) <= room {
			return ret + " " + note
		}
	}
	if len(l.notes) == 1 {
		return ret + words(l.notes[0], room, g.Ellipsis)
	}
	return ret
}

// words returns a space and as many whole words as there is room for, together
// with the mark of what is missing; nothing when there is room for none.
func words(s string, room int, mark string) string {
	list := strings.Fields(s)
	for n := len(list) - 1; n > 0; n-- {
		some := strings.Join(list[:n], " ") + " " + mark
		if text.Cells(some) <= room {
			return " " + some
		}
	}
	return ""
}
