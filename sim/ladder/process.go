package ladder

import (
	"net/netip"

	"finwait/sim"
	"finwait/sim/text"
)

// started notes a process. Only one that takes the place of another is worth a
// row: the first is there when the ladder begins, a forked one is in the result
// of fork.
func (l *Ladder) started(e sim.Event, i int) {
	p := &l.ends[i]
	switch {
	case e.Forked:
		p.fork(e.PID)
	case p.pid != 0:
		r := l.add(e.T, rowPlain)
		l.rows[r].label[i] = label{kind: labelNote, notes: []string{
			"new process " + itoa(e.PID), "process " + itoa(e.PID), "new process",
		}}
	}
	p.pid = e.PID
}

// called opens a row for a call, or takes that of the call that prepared it.
func (l *Ladder) called(e sim.Event, i int) {
	p := &l.ends[i]
	if i == left && (e.Call.Name == sim.CallSocket || e.Call.Name == sim.CallConnect) {
		l.announce(e.T)
	}
	if e.Call.Name == sim.CallAccept && p.life.kind == lifeNone && p.listening {
		p.life = listenerLife()
	}
	r := p.prep - 1
	if r < l.final || r != len(l.rows)-1 {
		r = l.add(e.T, rowPlain)
	}
	p.prep = 0
	lb := label{kind: labelCall, who: p.who(e.PID), call: newCall(e.Call)}
	l.rows[r].label[i] = lb
	p.shut(e.PID)
	p.calls = append(p.calls, openCall{pid: e.PID, row: r, label: lb})
	if e.Call.Name == sim.CallClose { // the descriptor is gone before the segment leaves
		own := handle{e.PID, e.Call.FD}
		p.release(func(h handle) bool { return h == own })
	}
}

// returned writes the result where it belongs: on the row of the call, unless
// the call slept or a signal came in between and there are rows below it.
func (l *Ladder) returned(e sim.Event, i int) {
	p := &l.ends[i]
	c := openCall{row: -1, split: true, label: label{who: p.who(e.PID)}}
	if open := p.open(e.PID); open != nil {
		c = *open
		p.shut(e.PID)
	}
	r := c.row
	again := r < l.final || c.split && r != len(l.rows)-1
	if again {
		r = l.add(e.T, rowPlain)
	}
	c.label.kind, c.label.call = labelCall, newCall(e.Call)
	c.label.call.finish(e.Call, e.Result, again)
	l.rows[r].label[i] = c.label
	p.prep = 0
	if e.Result.Errno != "" {
		return
	}
	if preparatory(e.Call) {
		p.prep = r + 1
	}
	l.effect(e, i, r)
}

// preparatory reports whether a call that succeeded is only there for the next
// one of its step.
func preparatory(c sim.Call) bool {
	switch c.Name {
	case sim.CallSocket, sim.CallBind:
		return true
	case sim.CallSetsockopt:
		return c.Option.Name == sim.OptReuseAddr
	}
	return false
}

// effect takes in what a call that succeeded did to the descriptors. Row r is
// where its result stands.
func (l *Ladder) effect(e sim.Event, i, r int) {
	p := &l.ends[i]
	own := handle{e.PID, e.Call.FD}
	switch name := e.Call.Name; {
	case name == sim.CallBind && i == left && l.announced && l.heading >= l.final:
		l.rows[l.heading].from = address(e.Call.Addr)
	case name == sim.CallConnect:
		p.hold(own)
	case name == sim.CallAccept:
		p.hold(handle{e.PID, e.Result.Ret})
		if p.life.kind == lifeKernel && p.state.Connected() {
			p.life.kind = lifeProcess
			for ; r < len(l.rows); r++ {
				l.rows[r].life[i] = p.life
			}
		}
	case name == sim.CallListen:
		p.listeners = append(p.listeners, own)
		p.listening = true
	case name == sim.CallDup && holds(p.held, own):
		p.hold(handle{e.PID, e.Result.Ret})
	}
}

// address returns the address that a bind(2) names, empty when the kernel chose
// the port.
func address(bound netip.AddrPort) string {
	if bound.Port() == 0 {
		return ""
	}
	return bound.String()
}

// blocked marks a call as sleeping.
func (l *Ladder) blocked(e sim.Event, i int) {
	c := l.ends[i].open(e.PID)
	if c == nil {
		return
	}
	c.split = true
	c.label.call.blocked = true
	if c.row >= l.final {
		l.rows[c.row].label[i] = c.label
	}
}

// signalled notes a death, or that a handler ran.
func (l *Ladder) signalled(e sim.Event, i int) {
	p := &l.ends[i]
	if e.Action != sim.Handled {
		l.die(e, i)
		return
	}
	name := text.Clean(e.Signal)
	r := l.add(e.T, rowPlain)
	l.rows[r].label[i] = label{kind: labelNote, who: p.who(e.PID), notes: []string{
		name + " caught by the handler", name + " handler ran", name + " handled",
	}}
	if c := p.open(e.PID); c != nil {
		c.split = true
	}
}

// exited completes the row of a death, or makes it where no signal was seen.
func (l *Ladder) exited(e sim.Event, i int) {
	p := &l.ends[i]
	if r := p.died - 1; r >= l.final && r >= 0 {
		if lb := &l.rows[r].label[i]; lb.pid == e.PID && lb.status == "" {
			lb.status = itoa(e.Status)
			return
		}
	}
	r := l.die(e, i)
	l.rows[r].label[i].status = itoa(e.Status)
}

// die appends the row of a death and returns its index. The lifeline ends there
// when nobody is left to keep the socket.
func (l *Ladder) die(e sim.Event, i int) int {
	p := &l.ends[i]
	r := l.add(e.T, rowPlain)
	l.rows[r].label[i] = label{kind: labelDeath, who: p.who(e.PID), pid: e.PID, signal: text.Clean(e.Signal)}
	p.died = r + 1
	p.shut(e.PID)
	held := p.life.kind == lifeProcess
	p.release(func(h handle) bool { return h.pid == e.PID })
	if held && p.life.kind == lifeNone {
		l.rows[r].life[i] = life{kind: lifeEnds}
	}
	return r
}
