package tui

import (
	"finwait/sim"
	"finwait/sim/ladder"
	"finwait/sim/text"
)

// call returns the newest call, which is at most room cells wide and never cut out, and the
// newest answer of poll(2). For a process that has died it is the last call that it made.
func (b *box) call(room int) []text.Line {
	e := b.proc
	var parts []text.Line
	if call := b.newestCall(room); call != nil {
		parts = append(parts, b.named(call, room))
	}
	if poll := b.end.Poll; poll != "" && b.alive && !b.end.Left && (!e.Called || e.Call.Name != sim.CallPoll) {
		parts = append(parts, text.In(text.RoleFaint, b.words.Poll(b.safe(sim.PollEvents(poll)))))
	}
	return parts
}

// newestCall returns the newest call of the process in at most room cells, nil before the first.
func (b *box) newestCall(room int) text.Line {
	switch e := b.proc; {
	case !e.Called:
		return nil
	case e.Dead:
		return text.In(text.RoleFaint, b.lastCall(room))
	case e.Blocked:
		blocked := text.In(text.RoleWarn, b.words.BlockedIn(b.code(e.Call.With(nil))))
		return blocked.Cut(room, b.style.glyph.Ellipsis)
	case e.InCall:
		return b.callIn(room)
	}
	return b.returned(room)
}

// isParent reports whether the process is not the one that acts, but has forked it.
func (b *box) isParent() bool {
	parent := b.fold.scene.Table.Parent(b.at)
	return parent != nil && parent.PID == b.proc.PID
}

// named returns a call with the word for the parent before it, if the parent makes it and there is
// room. The word pushes nothing out; the process is named at the end of the line, too.
func (b *box) named(call text.Line, room int) text.Line {
	word := text.Span{Text: b.words.Ladder.Parent + ": ", Role: text.RoleNote}
	if !b.isParent() || text.Cells(word.Text)+call.Width() > room {
		return call
	}
	return append(text.Line{word}, call...)
}

// lastCall returns the call that a dead process made last, and the result if the call returned.
func (b *box) lastCall(room int) string {
	if b.proc.Unfinished {
		never := " " + b.words.NeverReturned
		return b.callIn(room-text.Cells(never)).String() + never
	}
	return b.returned(room).String()
}

// callIn returns the newest call in at most room cells, in full if it fits.
func (b *box) callIn(room int) text.Line {
	if full := b.code(b.proc.Call.String()); text.Cells(full) <= room {
		return text.In(text.RoleCall, full)
	}
	return ladder.CallLine(b.proc.Call, nil, room, b.options())
}

// returned returns the newest call and its result in at most room cells, in full if they fit.
func (b *box) returned(room int) text.Line {
	c, r := b.proc.Call, b.proc.Result
	if c.Name == sim.CallPoll {
		r.Note = sim.PollEvents(r.Note)
	}
	role := text.RoleOK
	if r.Errno != "" {
		role = text.RoleFail
	}
	full := text.Line{{Text: b.code(c.String()), Role: text.RoleCall}, {Text: " = " + b.code(r.String()), Role: role}}
	if full.Width() <= room {
		return full
	}
	return ladder.CallLine(c, &r, room, b.options())
}

// options returns how the ladder's parts are drawn in the box.
func (b *box) options() ladder.Options {
	return ladder.Options{Lang: b.words, ASCII: b.style.glyph.ASCII}
}
