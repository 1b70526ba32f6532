package ladder

import (
	"net/netip"
	"slices"
	"strings"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/text"
)

// started takes in a new process. Only a process that replaces another has a row: the
// first one exists before the ladder begins, and the result of fork shows a child.
func (l *Ladder) started(t sim.Seconds, b sim.ProcessStarted, i int) {
	p := &l.ends[i]
	if !b.Forked && p.pid != 0 {
		r := l.add(t, rowPlain)
		l.rows[r].label[i] = label{kind: labelNote, note: func(w *lang.Catalogue) []string { return w.Ladder.NewProcess(b.PID) }}
	}
	p.pid = b.PID
	if b.Parent != 0 {
		if p.forkers == nil {
			p.forkers = map[int]int{}
		}
		p.forkers[b.PID] = b.Parent
	}
}

// called gives a call a row: that of the call which prepared it, or a new one.
func (l *Ladder) called(t sim.Seconds, b sim.CallEntered, i int) {
	p := &l.ends[i]
	p.sending.calls(b.Call.Name)
	if i == left && (b.Call.Name == sim.CallSocket || b.Call.Name == sim.CallConnect) {
		l.announce(t)
	}
	r := p.prepRow - 1
	if r < l.final || r != len(l.rows)-1 {
		r = l.add(t, rowPlain)
	}
	p.prepRow = 0
	lb := label{kind: labelCall, parent: p.isParent(b.PID), call: newCall(b.Call)}
	l.rows[r].label[i] = lb
	p.closeCall(b.PID, b.TID)
	p.calls = append(p.calls, openCall{pid: b.PID, tid: b.TID, row: r, label: lb})
	if b.Call.Name == sim.CallConnect && l.mayBring(b.Refers) {
		p.callRow = r + 1
	}
}

// returned writes the result on the row of the call. If the call slept or a signal came in
// between, and there are rows below, the result has a row of its own.
func (l *Ladder) returned(t sim.Seconds, b sim.CallReturned, i int) {
	p := &l.ends[i]
	p.sending.calls(b.Call.Name)
	c := openCall{row: -1, split: true, label: label{parent: p.isParent(b.PID)}}
	if open := p.open(b.PID, b.TID); open != nil {
		c = *open
		p.closeCall(b.PID, b.TID)
	}
	r := c.row
	again := r < l.final || c.split && r != len(l.rows)-1
	if again {
		r = l.add(t, rowPlain)
	}
	c.label.kind, c.label.call = labelCall, newCall(b.Call)
	c.label.call.finish(b.Call, b.Result, again)
	l.rows[r].label[i] = c.label
	p.prepRow = 0
	if b.Result.Errno != "" {
		return
	}
	if preparatory(b.Call) {
		p.prepRow = r + 1
	}
	l.effect(b, i, r)
}

// preparatory reports whether a call only prepares the next one of its step.
func preparatory(c sim.Call) bool {
	switch c.Name {
	case sim.CallSocket, sim.CallBind:
		return true
	case sim.CallSetsockopt:
		return c.Option.Name == sim.OptReuseAddr
	}
	return false
}

// effect notes what a call that succeeded means for the rows. Its result stands on row r.
func (l *Ladder) effect(b sim.CallReturned, i, r int) {
	p := &l.ends[i]
	switch name := b.Call.Name; {
	case name == sim.CallBind && i == left && l.announced && l.heading >= l.final:
		l.rows[l.heading].from = address(b.Call.Addr)
	case name == sim.CallAccept && l.mayBring(b.Refers):
		p.callRow = r + 1
	case name == sim.CallListen:
		p.listening = true
	}
}

// mayBring reports whether a call that has a descriptor refer to a connection can be that which
// gives a process the connection on the lifelines.
func (l *Ladder) mayBring(conn int) bool { return l.Focus == 0 || conn == l.Focus }

// address returns the address of a bind(2) as text, empty when the kernel chose the port.
func address(bound netip.AddrPort) string {
	if bound.Port() == 0 {
		return ""
	}
	return bound.String()
}

// blocked marks a call in which its process sleeps.
func (l *Ladder) blocked(b sim.CallBlocked, i int) {
	c := l.ends[i].open(b.PID, b.TID)
	if c == nil {
		return
	}
	c.split = true
	c.label.call.blocked = true
	if c.row >= l.final {
		l.rows[c.row].label[i] = c.label
	}
}

// signalled places a death, or the remark that a handler ran.
func (l *Ladder) signalled(t sim.Seconds, b sim.SignalTaken, i int) {
	p := &l.ends[i]
	name := text.Clean(b.Signal)
	switch b.Action {
	case sim.Handled:
		l.note(t, b.PID, i, func(w *lang.Catalogue) []string { return w.Ladder.Caught(name) })
	case sim.Ignored:
		l.note(t, b.PID, i, func(w *lang.Catalogue) []string { return w.Ladder.Ignored(name) })
	default:
		l.addDeath(t, b.PID, b.Signal, i)
		return
	}
	for k := range p.calls {
		if p.calls[k].pid == b.PID {
			p.calls[k].split = true
		}
	}
}

// note appends a row with a remark on what a process does.
func (l *Ladder) note(t sim.Seconds, pid, i int, what wording) {
	r := l.add(t, rowPlain)
	l.rows[r].label[i] = label{kind: labelNote, parent: l.ends[i].isParent(pid), note: what}
}

// printed places a line that a process has printed. An empty one has no row.
func (l *Ladder) printed(t sim.Seconds, b sim.Printed, i int) {
	line := text.Clean(strings.TrimRight(b.Text, " \n"))
	switch {
	case b.More:
		l.note(t, b.PID, i, func(w *lang.Catalogue) []string { return w.Ladder.PrintsMore })
	case line != "":
		l.note(t, b.PID, i, func(w *lang.Catalogue) []string { return w.Ladder.Printed(line) })
	}
}

// exited completes the row of a death, or appends it where no signal was seen.
func (l *Ladder) exited(t sim.Seconds, b sim.ProcessExited, i int) {
	p := &l.ends[i]
	defer p.replaced(b.PID)
	if r := p.deathRow - 1; r >= l.final && r >= 0 {
		if lb := &l.rows[r].label[i]; lb.pid == b.PID && lb.status == "" {
			lb.status = itoa(b.Status)
			return
		}
	}
	r := l.addDeath(t, b.PID, b.Signal, i)
	l.rows[r].label[i].status = itoa(b.Status)
}

// replaced lets the process that has forked act in place of its child, which is dead.
func (p *end) replaced(pid int) {
	if parent := p.forkers[pid]; parent != 0 && p.pid == pid {
		p.pid = parent
	}
}

// addDeath appends the row of a death and returns its index.
func (l *Ladder) addDeath(t sim.Seconds, pid int, signal string, i int) int {
	p := &l.ends[i]
	r := l.add(t, rowPlain)
	l.rows[r].label[i] = label{kind: labelDeath, parent: p.isParent(pid), pid: pid, signal: text.Clean(signal)}
	p.deathRow = r + 1
	p.calls = slices.DeleteFunc(p.calls, func(c openCall) bool { return c.pid == pid })
	return r
}
