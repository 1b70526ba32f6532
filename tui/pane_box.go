package tui

import (
	"strconv"
	"strings"

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
}

// setEndpoint says what is true of the endpoint at the given time of the lab.
func (p *boxPane) setEndpoint(name string, end sim.Endpoint, address string, now sim.Seconds) {
	p.name, p.end, p.address, p.now = name, end, clean(address), now
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
	g := p.style.glyph
	edge := p.edge()
	title := line{{g.topLeft + " ", edge}, {p.name, toneTitle}, {" " + p.address + " ", toneText}}
	if p.address == "" {
		title = line{{g.topLeft + " ", edge}, {p.name + " ", toneTitle}}
	}
	title = title.cut(p.w-1, g.ellipsis)
	title = append(title, chunk{strings.Repeat(g.horizontal, max(0, p.w-1-title.width())) + g.topRight, edge})
	lines := []line{title}
	room := p.w - 4
	for _, l := range p.lines(p.h-2, room) {
		row := append(line{{g.vertical + " ", edge}}, l.cut(room, g.ellipsis).pad(room)...)
		lines = append(lines, append(row, chunk{" " + g.vertical, edge}))
	}
	bottom := g.bottomLeft + strings.Repeat(g.horizontal, max(0, p.w-2)) + g.bottomRight
	return p.paint(append(lines, say(edge, bottom)))
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

// lines returns n lines for a width of room. Fewer lines say the same in fewer
// words.
func (p *boxPane) lines(n, room int) []line {
	process, state, call := p.process(), p.state(), p.call()
	sep := chunk{" " + p.style.glyph.dot + " ", toneFaint}
	switch n {
	case 1:
		if p.end.PID != 0 && !p.end.Alive {
			state = append([]line{process[0]}, state...)
		}
		return []line{joined(state, sep, room)}
	case 2:
		if len(call) > 0 {
			process = append(process[:1:1], call[0])
		}
		return []line{joined(process, sep, room), joined(state, sep, room)}
	}
	if len(call) == 0 {
		call = []line{nil}
	}
	return []line{joined(process, sep, room), joined(state, sep, room), joined(call, sep, room)}
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
			{g.dead + " " + p.words.killedBy(clean(e.Signal)), toneDeath},
			{", " + p.words.exitStatus(e.Status), toneText},
		}}
	}
	return []line{{{g.dead + " " + p.words.exited(strconv.Itoa(e.Status)), toneText}}}
}

// stateWidth is the width of the longest name of a state, so that what follows
// stands still.
const stateWidth = 11

// state returns the state and what may become of it.
func (p *boxPane) state() []line {
	e := p.end
	name := line{{e.State.String(), stateTone(e.State)}}.pad(stateWidth)
	if e.PID == 0 && e.State == sim.Closed {
		return []line{nil}
	}
	var parts []line
	add := func(t tone, text string) { parts = append(parts, say(t, text)) }
	if e.Orphan && e.State.Connected() {
		add(toneWarn, p.words.orphan)
	}
	if e.State.Connected() && e.By != "" && e.By != sim.ByKernel {
		add(toneFaint, clean(string(e.By)))
	}
	if text := p.timer(); text != "" {
		add(toneText, text)
	} else if e.Was != e.State && e.Was != sim.Closed && !e.Orphan {
		add(toneFaint, p.words.was(e.Was.String()))
	}
	if e.RecvQ > 0 {
		add(toneText, p.words.recvQ(e.RecvQ))
	}
	if e.SendQ > 0 {
		add(toneText, p.words.sendQ(e.SendQ))
	}
	if len(parts) == 0 {
		return []line{name}
	}
	parts[0] = append(append(name, chunk{text: "  "}), parts[0]...)
	return parts
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
		text := p.words.resentIn(span)
		if n := p.end.Retransmits; n > 0 {
			text += " " + p.style.glyph.dot + " " + p.words.timesSent(n+1)
		}
		return text
	case sim.TimerKeepalive:
		if p.end.Orphan {
			return p.words.waitsOn(span)
		}
		return p.words.probeIn(span)
	case sim.TimerPersist:
		return p.words.windowProbeIn(span)
	}
	return clean(p.end.Timer) + " " + span
}

// call returns the newest call and what poll(2) said last.
func (p *boxPane) call() []line {
	e := p.end
	var parts []line
	switch {
	case !e.Called, !e.Alive:
	case e.Blocked:
		parts = append(parts, say(toneWarn, p.words.blockedIn(clean(shortCall(e.Call)))))
	case e.Pending:
		parts = append(parts, say(toneText, clean(e.Call.String())))
	default:
		tone := toneOK
		if e.Result.Errno != "" {
			tone = toneFail
		}
		parts = append(parts, line{{clean(e.Call.String()) + " = ", toneText}, {clean(e.Result.String()), tone}})
	}
	if e.Poll != "" && (!e.Called || e.Call.Name != "poll") {
		parts = append(parts, say(toneFaint, p.words.poll(clean(e.Poll))))
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
