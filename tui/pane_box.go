package tui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"finwait/sim"
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
func lingers(lab *sim.Lab) sim.Seconds {
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
	case s.Lab == nil:
		return ""
	case end.At == sim.Client:
		return s.Lab.Client
	}
	return s.Lab.Server
}

func (p *boxPane) render() string {
	title := say(toneTitle, p.name)
	if p.address != "" {
		title = append(title, chunk{" " + p.address, toneText})
	}
	return p.paint(p.withVerdict(p.boxed(title, p.lines(p.h-2, p.w-4), p.edge())))
}

// edge returns the tone of the border: faint when no process is there.
func (p *boxPane) edge() tone {
	switch {
	case !p.end.Alive:
		return toneFaint
	case p.end.At == sim.Client:
		return toneClient
	}
	return toneServer
}

// lines returns n lines for a width of room. Fewer lines say less, or the same in
// fewer words.
func (p *boxPane) lines(n, room int) []line {
	sep := chunk{" " + p.style.glyph.dot + " ", toneFaint}
	switch n {
	case 1:
		return []line{p.stateLine(sep, room)}
	case 2:
		process := p.process()
		call := p.call(room - process[0].width() - cells(sep.text))
		if !p.end.Alive && len(call) > 0 && call[0].width() > room-process[0].width()-cells(sep.text) {
			call = nil
		}
		parts := append(process[:1:1], call...)
		return []line{joined(append(parts, process[1:]...), sep, room), p.stateLine(sep, room)}
	}
	call := p.call(room)
	if len(call) > 0 {
		call[0] = call[0].cut(room, p.style.glyph.ellipsis)
	}
	return []line{joined(p.process(), sep, room), p.stateLine(sep, room), joined(call, sep, room)}
}

// stateWidth is the width of the longest name of a state, so that what follows
// stands still.
const stateWidth = 11

// stateLine returns the state and what may become of it; alone in its box, the
// death of the process too.
func (p *boxPane) stateLine(sep chunk, room int) line {
	e := p.end
	if e.PID == 0 && e.State == sim.Closed {
		return nil
	}
	details := p.details()
	if p.h == 3 && e.PID != 0 && !e.Alive {
		details = append([]line{say(toneDeath, p.style.glyph.dead+" "+p.safe(e.Signal))}, details...)
	}
	l := line{{e.State.String(), stateTone(e.State)}}.pad(stateWidth)
	return append(append(l, chunk{text: "  "}), joined(details, sep, room-l.width()-2)...)
}

// process returns what is known of the process.
func (p *boxPane) process() []line {
	e, g := p.end, p.style.glyph
	switch {
	case e.PID == 0:
		return []line{say(toneFaint, p.words.notStarted)}
	case e.Alive:
		pid := line{{p.words.pid(strconv.Itoa(e.PID)), toneText}}
		return []line{pid, say(toneFaint, p.words.sigpipe(e.Sigpipe))}
	case e.Signal != "":
		return []line{{
			{g.dead + " " + p.words.killedBy(p.safe(e.Signal)), toneDeath},
			{", " + p.words.exitStatus(e.Status), toneText},
		}}
	}
	return []line{{{g.dead + " " + p.words.exited(strconv.Itoa(e.Status)), toneText}}}
}

// details returns what is to be said of the state, the most telling first.
func (p *boxPane) details() []line {
	e := p.end
	var parts []line
	add := func(t tone, text string) { parts = append(parts, say(t, text)) }
	timer := p.timer()
	if e.Timer == sim.TimerRetransmit && timer != "" {
		parts = append(parts, p.resending())
		timer = ""
	} else if p.orphan() && cells(p.words.orphan)+3+cells(timer) <= p.rest() {
		add(toneWarn, p.words.orphan)
	}
	if timer != "" {
		add(toneText, timer)
	}
	switch {
	case e.FINQueued() && cells(p.words.recvQWithFIN(e.RecvQ)) <= p.rest():
		add(toneText, p.words.recvQWithFIN(e.RecvQ))
	case e.RecvQ > 0:
		add(toneText, p.words.recvQ(e.RecvQ))
	}
	if e.SendQ > 0 {
		add(toneText, p.words.sendQ(e.SendQ))
	}
	if e.State.Connected() && e.By != "" && e.By != sim.ByKernel {
		add(toneFaint, p.safe(string(e.By)))
	}
	if e.Was != e.State && e.Was != sim.Closed {
		add(toneFaint, p.words.was(e.Was.String()))
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
func (p *boxPane) resending() line {
	var l line
	if p.orphan() {
		l = line{{p.words.orphan, toneWarn}, {" " + p.style.glyph.dot + " ", toneFaint}}
	}
	for _, form := range p.resendForms() {
		if l.width()+cells(form.widest) <= p.rest() {
			return append(l, chunk{form.text, toneText})
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
	long, short := " "+p.style.glyph.dot+" "+p.words.timesSent(n), p.words.timesShort(n)
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
func (p *boxPane) call(room int) []line {
	e := p.end
	var parts []line
	switch {
	case !e.Called:
	case !e.Alive:
		parts = append(parts, say(toneFaint, p.lastCall(room)))
	case e.Blocked:
		parts = append(parts, say(toneWarn, p.words.blockedIn(p.safe(shortCall(e.Call)))))
	case e.Pending:
		parts = append(parts, say(toneText, p.callIn(room)))
	default:
		tone := toneOK
		if e.Result.Errno != "" {
			tone = toneFail
		}
		result := p.safe(e.Result.String())
		text := p.callIn(room - cells(result) - 3)
		if brings := p.safe(sim.SocketError(e.Call, e.Result)); brings != "" && text != p.safe(e.Call.String()) {
			text, result = "SO_ERROR", brings
		}
		parts = append(parts, line{{text + " = ", toneText}, {result, tone}})
	}
	if e.Poll != "" && e.Alive && (!e.Called || e.Call.Name != sim.CallPoll) {
		parts = append(parts, say(toneFaint, p.words.poll(p.safe(e.Poll))))
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
	return p.callIn(room-cells(end)) + end
}

// callIn returns the newest call in so many cells, if that can be: without what the
// name of an option tells too, then without the middle of its longest argument, then
// without its arguments.
func (p *boxPane) callIn(room int) string {
	c, ellipsis := p.end.Call, p.style.glyph.ellipsis
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
		shorter[i] = squeezed(args[i], cells(args[i])-(cells(with(args))-room), ellipsis)
		forms = append(forms, with(shorter))
	}
	for _, form := range append(forms, with([]string{ellipsis})) {
		if cells(form) <= room {
			return form
		}
	}
	return p.safe(shortCall(c))
}

// longest returns which of the arguments is the longest, -1 for none.
func longest(args []string) int {
	at := -1
	for i, a := range args {
		if at < 0 || cells(a) > cells(args[at]) {
			at = i
		}
	}
	return at
}

// squeezed returns a text in so many cells, its middle left out: at least two cells stay
// at its beginning and one at its end; of an address its port.
func squeezed(text string, room int, ellipsis string) string {
	if colon := strings.LastIndex(text, ":"); colon > 0 && !strings.HasPrefix(text, `"`) {
		return ellipsis + text[colon:]
	}
	keep := max(room-cells(ellipsis)-1, 2)
	if keep+1+cells(ellipsis) >= cells(text) {
		return text
	}
	return ansi.Truncate(text, keep, "") + ellipsis + ansi.TruncateLeft(text, cells(text)-1, "")
}

// shortCall returns a call by its name and descriptor: `read(4)`.
func shortCall(c sim.Call) string {
	return c.With(nil)
}
