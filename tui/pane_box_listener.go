package tui

import (
	"net"
	"strings"

	"finwait/sim"
	"finwait/sim/text"
)

// The listener of an end is a fact beside its connection. Where the box has three lines, one is
// the listener's. In a lower box it has the line of the state while no connection has that one,
// else a place in the upper border.

// ownLine reports whether the listener has a line beside that of the state.
func (b *box) ownLine() bool { return b.listening() && b.h >= ownLineHeight }

// ownLineHeight is the height of a box from which on the listener has a line.
const ownLineHeight = 5

// listening reports whether the end has a listener.
func (b *box) listening() bool {
	_, listening := b.fold.scene.Listener(b.at)
	return listening
}

// listenerFirst reports whether the listener stands where the state would.
func (b *box) listenerFirst() bool {
	return b.listening() && b.alive && !b.ownLine() && !b.end.State.Connected()
}

// listenerForms returns what is said of the listener, the longest form first.
func (b *box) listenerForms() []string {
	listen, forms := sim.Listen.String(), []string(nil)
	waiting := ""
	if n := b.fold.scene.Waiting(b.at); n > 0 {
		waiting = " " + b.style.glyph.Dot + " " + b.words.Waiting(n)
		forms = append(forms, listen+waiting, b.words.Waiting(n))
	}
	listener, _ := b.fold.scene.Listener(b.at)
	if _, port, err := net.SplitHostPort(listener.Address); err == nil {
		forms = append([]string{listen + " :" + b.safe(port) + waiting}, forms...)
	}
	return append(forms, listen)
}

// listenerLine returns the line of the listener.
func (b *box) listenerLine(sep text.Span, room int) text.Line {
	return text.In(text.StateRole(sim.Listen), text.FirstFit(b.listenerForms(), room))
}

// withoutConnection returns the line of the state of an end whose process has no connection: of
// its listener, or that it has no socket; and of what an older connection has left behind.
func (b *box) withoutConnection(sep text.Span, room int) text.Line {
	l := text.In(text.RoleFaint, b.words.NoSocket)
	old := b.leftConn()
	if b.listening() && !b.ownLine() {
		l = b.listenerLine(sep, room)
		if rest := room - text.Cells(sim.Listen.String()) - 2; len(old) > 0 && old.Width() <= rest {
			l = b.listenerLine(sep, room-old.Width()-2)
		}
	} else if b.listening() {
		l = nil
	}
	if len(old) == 0 {
		return l
	}
	if len(l) > 0 {
		l = append(l, text.Span{Text: "  "})
	}
	return append(l, old...)
}

// leftConn returns the state of the connection that is not the process's any more, and for how
// long the kernel still keeps it. Nothing is left of one that is gone and was another process's.
func (b *box) leftConn() text.Line {
	e := b.end
	if b.conn == 0 || e.Left && !e.State.Connected() {
		return nil
	}
	what := e.State.String()
	if left := timeLeft(e, b.now); left > 0 && e.State.Connected() && e.Timer == sim.TimerTimewait {
		_, span := b.clock()
		what += ", " + span(left)
	}
	return text.Line{
		{Text: b.words.Conn(b.conn) + " ", Role: text.RoleFaint},
		{Text: what, Role: text.StateRole(e.State)},
	}
}

// withListener writes the listener into the upper border, where it has no line.
func (b *box) withListener(box []text.Line) []text.Line {
	if !b.listening() || b.ownLine() || b.end.Left || b.listenerFirst() {
		return box
	}
	title := b.title()
	room := b.w - title.Width() - len("+ ") - len(" -") - len(" ") - len(" -+")
	says := text.FirstFit(append(b.listenerForms(), ""), room)
	if says == "" {
		return box
	}
	g, edge := b.style.glyph, b.edge()
	top := append(text.In(edge, g.TopLeft+" "), title...)
	top = append(top, text.Span{Text: " " + strings.Repeat(g.Horizontal, 1+room-text.Cells(says)) + " ", Role: edge})
	top = append(top, text.Span{Text: says, Role: text.StateRole(sim.Listen)})
	box[0] = append(top, text.Span{Text: " " + g.Horizontal + g.TopRight, Role: edge})
	return box
}
