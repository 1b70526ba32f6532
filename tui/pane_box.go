package tui

import (
	"strconv"

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
	silent  bool
}

// setEndpoint says what is true of the endpoint at the given time of the lab.
func (p *boxPane) setEndpoint(name string, end sim.Endpoint, address string, now sim.Seconds) {
	p.name, p.end, p.address, p.now = name, end, p.safe(address), now
}

// setLinger says how long FIN_WAIT2 is still kept without a process once the timer
// that is called keepalive has run out.
func (p *boxPane) setLinger(span sim.Seconds) { p.linger = span }

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
		parts = append(parts, p.resending(timer))
		timer = ""
	} else if p.orphan() && cells(p.words.orphan)+3+cells(timer) <= p.rest() {
		add(toneWarn, p.words.orphan)
	}
	if timer != "" {
		add(toneText, timer)
	}
	if e.RecvQ > 0 {
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

// resending returns what is to be said while something waits for its
// acknowledgement: when it is sent again before how often it was, and then that
// there is no process, which the lifeline says too. What does not fit at any time is
// left out, so that nothing comes and goes with the figures of the countdown.
func (p *boxPane) resending(timer string) line {
	parts := []line{say(toneText, timer)}
	if n := max(p.sent, p.end.Retransmits+1); n > 1 {
		parts = append(parts, say(toneText, p.words.timesSent(n)))
	}
	if p.orphan() {
		parts = append(parts, say(toneWarn, p.words.orphan))
	}
	sep := chunk{" " + p.style.glyph.dot + " ", toneFaint}
	widest := cells(p.words.resentIn("100 s"))
	if widest > p.rest() {
		return joined(parts[1:], sep, p.rest())
	}
	return joined(parts, sep, p.rest()-max(0, widest-parts[0].width()))
}

// timer returns what the running timer will do and when, "" for none.
func (p *boxPane) timer() string {
	left := timeLeft(p.end, p.now)
	if left < 0 || !p.end.State.Connected() {
		return ""
	}
	span := countdown(left)
	if left == 0 {
		return p.words.anyMoment
	}
	switch p.end.Timer {
	case sim.TimerTimewait:
		return p.words.goneIn(span)
	case sim.TimerRetransmit:
		return p.words.resentIn(span)
	case sim.TimerKeepalive:
		switch {
		case p.end.Orphan && p.linger > 0:
			return p.words.goneIn(countdown(left + p.linger))
		case p.end.Orphan:
			return p.words.waitsOn(span)
		}
		return p.words.probeIn(span)
	case sim.TimerPersist:
		return p.words.windowProbeIn(span)
	}
	return p.safe(p.end.Timer) + " " + span
}

// call returns the newest call, in a shorter form where that has the result in room
// cells, and what poll(2) said last.
func (p *boxPane) call(room int) []line {
	e := p.end
	var parts []line
	switch {
	case !e.Called, !e.Alive:
	case e.Blocked:
		parts = append(parts, say(toneWarn, p.words.blockedIn(p.safe(shortCall(e.Call)))))
	case e.Pending:
		parts = append(parts, say(toneText, p.safe(e.Call.String())))
	default:
		tone := toneOK
		if e.Result.Errno != "" {
			tone = toneFail
		}
		l := line{{p.safe(e.Call.String()) + " = ", toneText}, {p.safe(e.Result.String()), tone}}
		if brings := p.safe(sim.SocketError(e.Call, e.Result)); brings != "" && l.width() > room {
			l = line{{"SO_ERROR = ", toneText}, {brings, tone}}
		}
		parts = append(parts, l)
	}
	if e.Poll != "" && e.Alive && (!e.Called || e.Call.Name != "poll") {
		parts = append(parts, say(toneFaint, p.words.poll(p.safe(e.Poll))))
	}
	return parts
}

// shortCall returns a call by its name and descriptor: `read(4)`.
func shortCall(c sim.Call) string {
	if c.FD == sim.NoFD {
		return c.Name + "()"
	}
	return c.Name + "(" + strconv.Itoa(c.FD) + ")"
}
