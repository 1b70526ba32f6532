package tui

import (
	"strconv"
	"strings"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/text"
)

// boxPane is one endpoint: who it is in the border, its newest call, its state, its
// process.
type boxPane struct{ at sim.End }

func (b boxPane) render(p *picture, s size) string {
	return newBox(frame{p, s}, b.at).draw()
}

// box is an end's pane while it renders.
type box struct {
	frame
	at   sim.End
	conn int          // number of the connection that is drawn, 0 before the first
	end  sim.Endpoint // end of that connection
	// proc is the process that did something last, the zero Process before the first. A child that
	// has made no call shows the fork(2) that has made it.
	proc  sim.Process
	alive bool // the process lives that makes the calls of its steps
}

func newBox(f frame, at sim.End) *box {
	scene := &f.fold.scene
	drawn := scene.Connection(f.fold.focus())
	b := &box{frame: f, at: at, conn: drawn.Number, end: drawn.End(at)}
	if p := scene.Table.Latest(at); p != nil {
		b.proc = *p
		if parent := scene.Table.Parent(at); !p.Called && parent != nil && parent.Call.Name == sim.CallFork {
			b.proc.Called, b.proc.Call, b.proc.Result = true, parent.Call, parent.Result
		}
		b.alive = scene.Table.Acting(at).Alive()
	}
	return b
}

func (b *box) draw() string {
	return b.paint(b.withVerdict(b.withListener(b.boxed(b.title(), b.spaced(b.lines(b.h-2, b.w-4)), b.edge()))))
}

// spaced returns lines with an empty one before each, where the box has room for that.
func (b *box) spaced(lines []text.Line) []text.Line {
	if b.h-2 < 2*len(lines)+1 {
		return lines
	}
	var out []text.Line
	for _, l := range lines {
		out = append(out, nil, l)
	}
	return out
}

// title returns the name of the endpoint and the address of its socket, or of its host while
// there is no socket.
func (b *box) title() text.Line {
	name, address := b.words.Client, b.end.Address
	if b.at == sim.Server {
		name = b.words.Server
	}
	if b.end.Left {
		address = ""
	}
	if lab := b.fold.scene.Setting; address == "" && lab != nil {
		address = lab.Server
		if b.at == sim.Client {
			address = lab.Client
		}
	}
	title := text.In(text.RoleTitle, name)
	if address != "" {
		title = append(title, text.Span{Text: " " + b.safe(address), Role: text.RoleNormal})
	}
	return title
}

// finWait2Rest returns how long an orphan stays in FIN_WAIT2 once its keepalive timer has run
// out. A tcp_fin_timeout above a minute has two parts: the kernel waits for what exceeds the
// minute with the keepalive timer, and then for the same time again in a minisock without the
// socket (tcp_rcv_state_process, tcp_keepalive_timer).
func finWait2Rest(lab *sim.Setting) sim.Seconds {
	if lab == nil {
		return 0
	}
	for _, s := range lab.Sysctls {
		if n, err := strconv.Atoi(s.Value); err == nil && s.Name == "tcp_fin_timeout" {
			return sim.Seconds(max(0, n-60))
		}
	}
	return 0
}

// edge returns the role of the border: faint without a process.
func (b *box) edge() text.Role {
	switch {
	case !b.alive:
		return text.RoleFaint
	case b.at == sim.Client:
		return text.RoleClient
	}
	return text.RoleServer
}

// lines returns n lines, each at most room cells wide. Fewer lines say less, or the same in
// fewer words. What the step is about comes first and is never left out: the death of the
// process, or its newest call with the result. The process comes last.
func (b *box) lines(n, room int) []text.Line {
	sep := text.Span{Text: " " + b.style.glyph.Dot + " ", Role: text.RoleFaint}
	state := b.stateLine(sep, room)
	facts := b.call(room)
	switch {
	case n == 1:
		return []text.Line{state}
	case b.ownLine() && n > 2:
		two := b.lines(2, room)
		if b.conn == 0 {
			return []text.Line{text.Join(facts, sep, room), b.listenerLine(sep, room), text.Join(b.process(room), sep, room)}
		}
		return []text.Line{two[0], b.listenerLine(sep, room), two[1]}
	case b.proc.Dead && n == 2:
		return []text.Line{text.Join(append(b.process(room), facts...), sep, room), state}
	case b.proc.Dead:
		return []text.Line{text.Join(b.process(room), sep, room), state, text.Join(facts, sep, room)}
	case n == 2 || len(facts) == 0:
		return []text.Line{text.Join(append(facts, b.process(room)...), sep, room), state}
	}
	return []text.Line{text.Join(facts, sep, room), state, text.Join(b.process(room), sep, room)}
}

// stateWidth is the width of the longest name of a state, so that what follows
// stands still.
const stateWidth = 11

// stateLine returns the state and its details. Where it is the only line of its box, the
// death of the process is one of them.
func (b *box) stateLine(sep text.Span, room int) text.Line {
	e := b.end
	if b.proc.PID == 0 && e.State == sim.Closed {
		return nil
	}
	if b.end.Left && b.alive || b.listenerFirst() {
		return b.withoutConnection(sep, room)
	}
	details := b.details()
	if b.h == 3 && b.proc.Dead {
		details = append([]text.Line{text.In(text.RoleDeath, b.style.glyph.Death+" "+b.safe(b.proc.Signal))}, details...)
	}
	l := append(b.ofOther(), text.Line{{Text: e.State.String(), Role: text.StateRole(e.State)}}.Pad(stateWidth)...)
	return append(append(l, text.Span{Text: "  "}), text.Join(details, sep, room-l.Width()-2)...)
}

// ofOther returns the number of the connection before its state, where it is not that which the
// steps are about.
func (b *box) ofOther() text.Line {
	if b.conn == b.fold.scene.Subject {
		return nil
	}
	return text.In(text.RoleWarn, b.words.Conn(b.conn)+" ")
}

// process returns what is known of the process. The first part is at most room cells wide.
func (b *box) process(room int) []text.Line {
	e, g := b.proc, b.style.glyph
	switch {
	case e.PID == 0:
		return []text.Line{text.In(text.RoleFaint, b.words.NotStarted)}
	case !e.Dead:
		pid := text.Line{{Text: b.words.PID(strconv.Itoa(e.PID)), Role: text.RoleNormal}}
		return []text.Line{pid, text.In(text.RoleFaint, b.words.SIGPIPE(e.Sigpipe))}
	case e.Signal != "":
		sign, signal := g.Death+" ", b.safe(e.Signal)
		exit := text.Span{Text: ", " + b.words.ExitStatus(e.Status), Role: text.RoleNormal}
		for _, form := range []text.Line{
			{{Text: sign + b.words.KilledBy(signal), Role: text.RoleDeath}, exit},
			{{Text: sign + signal, Role: text.RoleDeath}, exit},
		} {
			if form.Width() <= room {
				return []text.Line{form}
			}
		}
		return []text.Line{text.In(text.RoleDeath, sign+signal).Cut(room, g.Ellipsis)}
	}
	return []text.Line{{{Text: g.Death + " " + b.words.Exited(strconv.Itoa(e.Status)), Role: text.RoleNormal}}}
}

// details returns the details of the state, the most important first.
func (b *box) details() []text.Line {
	e := b.end
	var parts []text.Line
	add := func(r text.Role, s string) { parts = append(parts, text.In(r, s)) }
	if holders := b.holders(); holders != "" {
		add(text.RoleWarn, holders)
	}
	if b.conn == 0 && e.State == sim.Closed && b.alive && len(b.proc.Descriptors) == 0 {
		add(text.RoleFaint, b.words.NoSocket)
	}
	timer := b.timer()
	if e.Timer == sim.TimerRetransmit && timer != "" {
		parts = append(parts, b.resending())
		timer = ""
	} else if b.orphan() && text.Cells(b.words.Orphan)+3+text.Cells(timer) <= b.rest() {
		add(text.RoleWarn, b.words.Orphan)
	}
	if timer != "" {
		add(text.RoleNormal, timer)
	}
	switch {
	case e.FINQueued() && text.Cells(b.words.RecvQWithFIN(e.RecvQ)) <= b.rest():
		add(text.RoleNormal, b.words.RecvQWithFIN(e.RecvQ))
	case e.RecvQ > 0:
		add(text.RoleNormal, b.words.RecvQ(e.RecvQ))
	}
	if e.SendQ > 0 {
		add(text.RoleNormal, b.words.SendQ(e.SendQ))
	}
	if e.State.Connected() && e.By != "" && e.By != sim.ByKernel {
		add(text.RoleFaint, b.safe(string(e.By)))
	}
	if e.Was != e.State && e.Was != sim.Closed {
		add(text.RoleFaint, b.words.Was(e.Was.String()))
	}
	return parts
}

// holders returns which processes hold the connection, empty for none, and where it is the one
// process that the box shows: no FIN leaves before the last of them has closed it.
func (b *box) holders() string {
	pids := b.fold.scene.Table.Holders(b.at, b.conn)
	if len(pids) == 0 || len(pids) == 1 && pids[0] == b.proc.PID || b.conn == 0 {
		return ""
	}
	names := make([]string, len(pids))
	for i, pid := range pids {
		names[i] = strconv.Itoa(pid)
	}
	return text.FirstFit([]string{b.words.HeldBy(strings.Join(names, ", ")), b.words.HeldByMany(len(pids))}, b.rest())
}

// rest returns the room beside the state.
func (b *box) rest() int { return b.w - 4 - b.ofOther().Width() - stateWidth - 2 }

// orphan reports whether no process holds the socket, and one might be expected to.
func (b *box) orphan() bool {
	return b.end.Orphan && b.end.State.Connected() && b.end.State != sim.TimeWait
}

// resending returns the details while a segment waits for its acknowledgement: the socket is
// an orphan, when the segment is sent again, how often it was sent. The form depends on the
// room and on the widest countdown, not on the present one, so that nothing comes and goes
// while it counts.
func (b *box) resending() text.Line {
	var l text.Line
	if b.orphan() {
		l = text.Line{{Text: b.words.Orphan, Role: text.RoleWarn}, {Text: " " + b.style.glyph.Dot + " ", Role: text.RoleFaint}}
	}
	for _, form := range b.resendForms() {
		if l.Width()+text.Cells(form.widest) <= b.rest() {
			return append(l, text.Span{Text: form.text, Role: text.RoleNormal})
		}
	}
	return l[:min(1, len(l))]
}

// resendForm is a text with a countdown, and the same text with the widest countdown.
type resendForm struct{ text, widest string }

// resendForms returns when something is sent again and how often it was sent, the long
// form first.
func (b *box) resendForms() []resendForm {
	says, span := b.clock()
	left, widest := timeLeft(b.end, b.now), "100 s"
	due, dueShort := says.Resent(span(left)), says.ResentShort(span(left))
	if left == 0 {
		due, dueShort = b.words.AnyMoment, b.words.AnyMoment
	}
	forms := []resendForm{{due, says.Resent(widest)}, {dueShort, says.ResentShort(widest)}}
	n := max(b.fold.sent[endOfConn{b.conn, b.at}].times, b.end.Retransmits+1)
	if n == 1 {
		return forms
	}
	long, short := " "+b.style.glyph.Dot+" "+b.words.TimesSent(n), b.words.TimesShort(n)
	return []resendForm{
		{due + long, says.Resent(widest) + long},
		{short + ", " + dueShort, short + ", " + says.ResentShort(widest)},
		forms[1],
		{short, short},
	}
}

// timer returns what the running timer will do and when, "" for none.
func (b *box) timer() string {
	left := timeLeft(b.end, b.now)
	if left < 0 || !b.end.State.Connected() {
		return ""
	}
	if left == 0 {
		return b.words.AnyMoment
	}
	says, span := b.clock()
	rest := finWait2Rest(b.fold.scene.Setting)
	switch b.end.Timer {
	case sim.TimerTimewait:
		return says.Gone(span(left))
	case sim.TimerRetransmit:
		return says.Resent(span(left))
	case sim.TimerKeepalive:
		switch {
		case b.end.Orphan && rest > 0:
			return says.Gone(span(left + rest))
		case b.end.Orphan:
			return says.Waits(span(left))
		}
		return says.Probe(span(left))
	case sim.TimerPersist:
		return says.WindowProbe(span(left))
	}
	return b.safe(b.end.Timer) + " " + span(left)
}

// clock returns the words and the spelling of a timer that runs, or of one that stands still.
func (b *box) clock() (lang.Timers, func(sim.Seconds) string) {
	if b.virtual {
		return b.words.Standing, standing
	}
	return b.words.Counting, countdown
}
