package tui

import (
	"slices"
	"strconv"
	"strings"

	"finwait/sim"
	"finwait/sim/text"
)

// boxPane is one endpoint: who it is in the border, its process, its state, its
// newest call.
type boxPane struct {
	frame
	name    string
	address string
	end     sim.Endpoint
	now     sim.Seconds
	linger  sim.Seconds
	sent    int // how often what the end sent last was seen to be sent
	settled bool
	still   bool // the clock is the model's, which runs in steps only
	silent  bool
}

// setEndpoint says what is true of the endpoint at the given time of the lab.
func (p *boxPane) setEndpoint(name string, end sim.Endpoint, address string, now sim.Seconds) {
	p.name, p.end, p.address, p.now = name, end, p.safe(address), now
}

// setLinger says how long FIN_WAIT2 is still kept without a process once the timer
// that is called keepalive has run out.
func (p *boxPane) setLinger(span sim.Seconds) { p.linger = span }

// setStill says whether the clock is the model's: it stands still between steps, and
// nothing counts down.
func (p *boxPane) setStill(still bool) { p.still = still }

// setSent says how often the same was seen to be sent.
func (p *boxPane) setSent(times int) { p.sent = times }

// setSettled says whether the newest step is over, and with it all that the model says of
// it.
func (p *boxPane) setSettled(settled bool) { p.settled = settled }

// setSilent says whether the model has fallen silent.
func (p *boxPane) setSilent(silent bool) { p.silent = silent }

// lingers returns how long that is. The kernel keeps an orphan in FIN_WAIT2 for
// tcp_fin_timeout, but what exceeds a minute it does twice: by a keepalive timer,
// then without the socket (tcp_rcv_state_process, tcp_keepalive_timer).
func lingers(lab *sim.Setting) sim.Seconds {
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

// addressOf returns the endpoint's address: of its socket, or of its host while
// there is none.
func addressOf(s sim.Scene, end sim.Endpoint) string {
	switch {
	case end.Local != "":
		return end.Local
	case s.Setting == nil:
		return ""
	case end.At == sim.Client:
		return s.Setting.Client
	}
	return s.Setting.Server
}

func (p *boxPane) render() string {
	title := text.In(text.RoleTitle, p.name)
	if p.address != "" {
		title = append(title, text.Span{Text: " " + p.address, Role: text.RoleNormal})
	}
	return p.paint(p.withVerdict(p.boxed(title, p.lines(p.h-2, p.w-4), p.edge())))
}

// edge returns the role of the border: faint when no process is there.
func (p *boxPane) edge() text.Role {
	switch {
	case !p.end.Alive:
		return text.RoleFaint
	case p.end.At == sim.Client:
		return text.RoleClient
	}
	return text.RoleServer
}

// lines returns n lines for a width of room. Fewer lines say less, or the same in
// fewer words.
func (p *boxPane) lines(n, room int) []text.Line {
	sep := text.Span{Text: " " + p.style.glyph.Dot + " ", Role: text.RoleFaint}
	switch n {
	case 1:
		return []text.Line{p.stateLine(sep, room)}
	case 2:
		process := p.process()
		call := p.call(room - process[0].Width() - text.Cells(sep.Text))
		if !p.end.Alive && len(call) > 0 && call[0].Width() > room-process[0].Width()-text.Cells(sep.Text) {
			call = nil
		}
		parts := append(process[:1:1], call...)
		return []text.Line{text.Join(append(parts, process[1:]...), sep, room), p.stateLine(sep, room)}
	}
	call := p.call(room)
	if len(call) > 0 {
		call[0] = call[0].Cut(room, p.style.glyph.Ellipsis)
	}
	return []text.Line{text.Join(p.process(), sep, room), p.stateLine(sep, room), text.Join(call, sep, room)}
}

// stateWidth is the width of the longest name of a state, so that what follows
// stands still.
const stateWidth = 11

// stateLine returns the state and what may become of it; alone in its box, the
// death of the process too.
func (p *boxPane) stateLine(sep text.Span, room int) text.Line {
	e := p.end
	if e.PID == 0 && e.State == sim.Closed {
		return nil
	}
	details := p.details()
	if p.h == 3 && e.PID != 0 && !e.Alive {
		details = append([]text.Line{text.In(text.RoleDeath, p.style.glyph.Death+" "+p.safe(e.Signal))}, details...)
	}
	l := text.Line{{Text: e.State.String(), Role: text.StateRole(e.State)}}.Pad(stateWidth)
	return append(append(l, text.Span{Text: "  "}), text.Join(details, sep, room-l.Width()-2)...)
}

// process returns what is known of the process.
func (p *boxPane) process() []text.Line {
	e, g := p.end, p.style.glyph
	switch {
	case e.PID == 0:
		return []text.Line{text.In(text.RoleFaint, p.words.notStarted)}
	case e.Alive:
		pid := text.Line{{Text: p.words.pid(strconv.Itoa(e.PID)), Role: text.RoleNormal}}
		return []text.Line{pid, text.In(text.RoleFaint, p.words.sigpipe(e.Sigpipe))}
	case e.Signal != "":
		return []text.Line{{
			{Text: g.Death + " " + p.words.killedBy(p.safe(e.Signal)), Role: text.RoleDeath},
			{Text: ", " + p.words.exitStatus(e.Status), Role: text.RoleNormal},
		}}
	}
	return []text.Line{{{Text: g.Death + " " + p.words.exited(strconv.Itoa(e.Status)), Role: text.RoleNormal}}}
}

// details returns what is to be said of the state, the most telling first.
func (p *boxPane) details() []text.Line {
	e := p.end
	var parts []text.Line
	add := func(r text.Role, s string) { parts = append(parts, text.In(r, s)) }
	timer := p.timer()
	if e.Timer == sim.TimerRetransmit && timer != "" {
		parts = append(parts, p.resending())
		timer = ""
	} else if p.orphan() && text.Cells(p.words.orphan)+3+text.Cells(timer) <= p.rest() {
		add(text.RoleWarn, p.words.orphan)
	}
	if timer != "" {
		add(text.RoleNormal, timer)
	}
	switch {
	case e.FINQueued() && text.Cells(p.words.recvQWithFIN(e.RecvQ)) <= p.rest():
		add(text.RoleNormal, p.words.recvQWithFIN(e.RecvQ))
	case e.RecvQ > 0:
		add(text.RoleNormal, p.words.recvQ(e.RecvQ))
	}
	if e.SendQ > 0 {
		add(text.RoleNormal, p.words.sendQ(e.SendQ))
	}
	if e.State.Connected() && e.By != "" && e.By != sim.ByKernel {
		add(text.RoleFaint, p.safe(string(e.By)))
	}
	if e.Was != e.State && e.Was != sim.Closed {
		add(text.RoleFaint, p.words.was(e.Was.String()))
	}
	return parts
}

// rest returns the room beside the state.
func (p *boxPane) rest() int { return p.w - 4 - stateWidth - 2 }

// orphan reports whether no process holds the socket, and one might be expected to.
func (p *boxPane) orphan() bool {
	return p.end.Orphan && p.end.State.Connected() && p.end.State != sim.TimeWait
}

// resending returns what is to be said while something waits for its acknowledgement:
// that there is no process, when it is sent again, and how often it was. Where there is
// little room it is the same in fewer words; in which depends on no figure of the
// countdown, so that nothing comes and goes with them.
func (p *boxPane) resending() text.Line {
	var l text.Line
	if p.orphan() {
		l = text.Line{{Text: p.words.orphan, Role: text.RoleWarn}, {Text: " " + p.style.glyph.Dot + " ", Role: text.RoleFaint}}
	}
	for _, form := range p.resendForms() {
		if l.Width()+text.Cells(form.widest) <= p.rest() {
			return append(l, text.Span{Text: form.text, Role: text.RoleNormal})
		}
	}
	return l[:min(1, len(l))]
}

// resendForm is a text with a countdown, and the same with the widest there is.
type resendForm struct{ text, widest string }

// resendForms returns when something is sent again and how often it was sent, the long
// form first.
func (p *boxPane) resendForms() []resendForm {
	says, span := p.clock()
	left, widest := timeLeft(p.end, p.now), "100 s"
	due, again := says.resent(span(left)), says.again(span(left))
	if left == 0 {
		due, again = p.words.anyMoment, p.words.anyMoment
	}
	forms := []resendForm{{due, says.resent(widest)}, {again, says.again(widest)}}
	n := max(p.sent, p.end.Retransmits+1)
	if n == 1 {
		return forms
	}
	long, short := " "+p.style.glyph.Dot+" "+p.words.timesSent(n), p.words.timesShort(n)
	return []resendForm{
		{due + long, says.resent(widest) + long},
		{short + ", " + again, short + ", " + says.again(widest)},
		forms[1],
		{short, short},
	}
}

// timer returns what the running timer will do and when, "" for none.
func (p *boxPane) timer() string {
	left := timeLeft(p.end, p.now)
	if left < 0 || !p.end.State.Connected() {
		return ""
	}
	if left == 0 {
		return p.words.anyMoment
	}
	says, span := p.clock()
	switch p.end.Timer {
	case sim.TimerTimewait:
		return says.gone(span(left))
	case sim.TimerRetransmit:
		return says.resent(span(left))
	case sim.TimerKeepalive:
		switch {
		case p.end.Orphan && p.linger > 0:
			return says.gone(span(left + p.linger))
		case p.end.Orphan:
			return says.waits(span(left))
		}
		return says.probe(span(left))
	case sim.TimerPersist:
		return says.windowProbe(span(left))
	}
	return p.safe(p.end.Timer) + " " + span(left)
}

// clock returns how timers are told: as they run, or as they stand.
func (p *boxPane) clock() (timerWords, func(sim.Seconds) string) {
	if p.still {
		return p.words.standing, after
	}
	return p.words.counting, countdown
}

// call returns the newest call, in so many cells if that can be, and what poll(2) said
// last. Of a process that has died it is what it did last.
func (p *boxPane) call(room int) []text.Line {
	e := p.end
	var parts []text.Line
	switch {
	case !e.Called:
	case !e.Alive:
		parts = append(parts, text.In(text.RoleFaint, p.lastCall(room)))
	case e.Blocked:
		parts = append(parts, text.In(text.RoleWarn, p.words.blockedIn(p.safe(shortCall(e.Call)))))
	case e.Pending:
		parts = append(parts, text.In(text.RoleNormal, p.callIn(room)))
	default:
		role := text.RoleOK
		if e.Result.Errno != "" {
			role = text.RoleFail
		}
		result := p.safe(e.Result.String())
		call := p.callIn(room - text.Cells(result) - 3)
		if brings := p.safe(sim.SocketError(e.Call, e.Result)); brings != "" && call != p.safe(e.Call.String()) {
			call, result = "SO_ERROR", brings
		}
		parts = append(parts, text.Line{{Text: call + " = ", Role: text.RoleNormal}, {Text: result, Role: role}})
	}
	if e.Poll != "" && e.Alive && (!e.Called || e.Call.Name != sim.CallPoll) {
		parts = append(parts, text.In(text.RoleFaint, p.words.poll(p.safe(e.Poll))))
	}
	return parts
}

// lastCall returns the call that a dead process made last, and its result if it lived to
// see it.
func (p *boxPane) lastCall(room int) string {
	end := " = " + p.safe(p.end.Result.String())
	if p.end.Unfinished {
		end = " " + p.words.neverReturned
	}
	return p.callIn(room-text.Cells(end)) + end
}

// callIn returns the newest call in so many cells, if that can be: without what the
// name of an option tells too, then without the middle of its longest argument, then
// without its arguments.
func (p *boxPane) callIn(room int) string {
	c, ellipsis := p.end.Call, p.style.glyph.Ellipsis
	with := func(args []string) string { return p.safe(c.With(args)) }
	all := c.Args()
	args := make([]string, 0, len(all))
	for _, a := range all {
		args = append(args, p.safe(a))
	}
	if c.Option.Name != "" {
		args = args[1:] // the level
	}
	forms := []string{with(all), with(args)}
	if i := longest(args); i >= 0 {
		shorter := slices.Clone(args)
		shorter[i] = squeezed(args[i], text.Cells(args[i])-(text.Cells(with(args))-room), ellipsis)
		forms = append(forms, with(shorter))
	}
	for _, form := range append(forms, with([]string{ellipsis})) {
		if text.Cells(form) <= room {
			return form
		}
	}
	return p.safe(shortCall(c))
}

// longest returns which of the arguments is the longest, -1 for none.
func longest(args []string) int {
	at := -1
	for i, a := range args {
		if at < 0 || text.Cells(a) > text.Cells(args[at]) {
			at = i
		}
	}
	return at
}

// squeezed returns a text in so many cells, its middle left out: at least two cells stay
// at its beginning and one at its end; of an address its port.
func squeezed(s string, room int, ellipsis string) string {
	if colon := strings.LastIndex(s, ":"); colon > 0 && !strings.HasPrefix(s, `"`) {
		return ellipsis + s[colon:]
	}
	keep := max(room-text.Cells(ellipsis)-1, 2)
	if keep+1+text.Cells(ellipsis) >= text.Cells(s) {
		return s
	}
	return text.Cut(s, keep, "") + ellipsis + text.Last(s, 1)
}

// shortCall returns a call by its name and descriptor: `read(4)`.
func shortCall(c sim.Call) string {
	return c.With(nil)
}
