package ladder

import (
	"finwait/sim"
)

// segment places an arrow: on the row of the call that sends it, or on a row of its own,
// where the state that it causes has room beside it.
func (l *Ladder) segment(e sim.Event, i int) {
	if !e.Segment().Sent() {
		l.laterFate(e, i)
		return
	}
	r := len(l.rows) - 1
	if !l.sharesRow(r, i, e.Segment()) {
		r = l.add(e.T, rowPlain)
	}
	l.rows[r].arrow = arrow{
		from: i, segment: e.Segment(), by: e.By(), purpose: l.purpose(e.Segment(), e.By(), i), showAck: l.ackIsNew(e.Segment(), i),
	}
	l.ends[i].sending.sends(e.Segment())
	l.newestArrow = r + 1
	if e.Segment().ID != 0 {
		l.rows[r].arrow.leg = legHeld
		l.hold(e.Segment().ID, r)
	}
	l.arrive(r)
	if p := &l.ends[i]; e.Segment().Flags&(sim.SYN|sim.FIN) != 0 {
		p.unacked = true
		p.finEnd = e.Segment().Next()
		p.finSent = e.Segment().Flags&sim.FIN != 0
	}
}

// sharesRow reports whether a segment belongs on row r: data on the call that writes
// them, a plain ACK on the call that reads. Where a parent makes the call, the word for it
// stands in place of the arrow.
func (l *Ladder) sharesRow(r, i int, s sim.Segment) bool {
	if r < l.final || s.Flags&(sim.SYN|sim.FIN|sim.RST) != 0 {
		return false
	}
	if l.rows[r].kind != rowPlain || l.rows[r].arrow.from != nobody {
		return false
	}
	lb := l.rows[r].label[i]
	if lb.kind != labelCall || lb.parent {
		return false
	}
	if s.Len > 0 {
		return lb.call.call.Writes()
	}
	return lb.call.call.Reads()
}

// ackIsNew reports whether the acknowledgement number of a segment is shown: on a segment
// that does nothing else, and on the first that acknowledges the other end's SYN or FIN.
func (l *Ladder) ackIsNew(s sim.Segment, i int) bool {
	if s.Flags&sim.ACK == 0 {
		return false
	}
	peer := &l.ends[1-i]
	if peer.unacked && !s.Ack.Before(peer.finEnd) {
		peer.unacked = false
		return true
	}
	return s.Len == 0 && s.Flags&(sim.SYN|sim.FIN|sim.RST) == 0
}

// state places a state and lets the lifeline follow it.
func (l *Ladder) state(t sim.Seconds, b sim.StateChanged, i int) {
	p := &l.ends[i]
	if b.From != b.To {
		r := l.rowForState(t, b, i)
		l.putState(b, i, r)
		for ; r < len(l.rows); r++ {
			f := &l.rows[r].life[i]
			f.held = f.held && f.state != sim.Listen && !b.Orphan // the row of the listener is the connection's now
			f.state = b.To
		}
	}
	p.state, p.begun, p.orphan = b.To, true, b.Orphan || p.state == sim.TimeWait
	p.life = l.lifeOf(i)
}

// putState writes a state beside the lifeline of row r, where it begins.
func (l *Ladder) putState(b sim.StateChanged, i, r int) {
	l.rows[r].label[i] = label{kind: labelState, state: b.To, by: b.By}
	l.ends[i].row = r
}

// arrive takes the segment of row r into what its receiver has, if it arrives in that row.
func (l *Ladder) arrive(r int) {
	a := &l.rows[r].arrow
	if a.leg.arrives() {
		p := &l.ends[1-a.from]
		a.brings.fin, a.brings.reset = p.received.take(a.segment)
		p.sending.hears(a.segment, p.state, a.brings.reset, p.finSent)
	}
}

// rowForState returns the row of a state: the earliest row, from that of the state before
// on, whose segment has caused it and which has room beside the lifeline; a new row where
// there is none. Only where no segment is one that must have caused it, which the numbers
// tell, one counts that can have.
func (l *Ladder) rowForState(t sim.Seconds, b sim.StateChanged, i int) int {
	for _, causes := range []func(arrow, sim.StateChanged, int) bool{l.mustCause, l.canCause} {
		caused := false
		for r := max(l.final, l.ends[i].row); r < len(l.rows); r++ {
			row := &l.rows[r]
			if row.kind != rowPlain || !causes(row.arrow, b, i) {
				continue
			}
			if row.label[i].kind == labelNone {
				return r
			}
			caused = true
		}
		if caused {
			break
		}
	}
	return l.add(t, rowPlain)
}

// mustCause is canCause with what the receiver had by then: a FIN counts once everything
// before it has arrived, a RST if its number is the one that is obeyed. The ACK that an end in
// TIME_WAIT sends is one of the FIN.
func (l *Ladder) mustCause(a arrow, b sim.StateChanged, i int) bool {
	if v := &l.ends[i].received; a.from == i && b.To == sim.TimeWait && v.hasFIN && a.segment.Ack != v.fin {
		return false
	}
	if a.from == 1-i && a.leg.arrives() {
		if a.brings.fin {
			a.segment.Flags |= sim.FIN
		} else {
			a.segment.Flags &^= sim.FIN
		}
		if !a.brings.reset {
			a.segment.Flags &^= sim.RST
		}
	}
	return l.canCause(a, b, i)
}

// canCause reports whether sending or receiving the segment can have put end i into the
// state (RFC 9293 section 3.10).
func (l *Ladder) canCause(a arrow, b sim.StateChanged, i int) bool {
	switch {
	case a.from == nobody:
		return false
	case a.from == i:
		return a.leg.leaves() && !a.wasHeld && sendingCanCause(a.segment.Flags, b)
	case !a.leg.arrives():
		return false
	}
	f := a.segment.Flags
	acked := f&sim.ACK != 0 && l.ends[i].finSent && !a.segment.Ack.Before(l.ends[i].finEnd)
	switch b.To {
	case sim.SynRecv:
		return f&sim.SYN != 0 && f&sim.ACK == 0
	case sim.Established:
		return f&sim.ACK != 0 && (f&sim.SYN != 0 || b.From != sim.SynSent)
	case sim.CloseWait, sim.Closing:
		return f&sim.FIN != 0
	case sim.FinWait2:
		return acked
	case sim.TimeWait:
		return f&sim.FIN != 0 || b.From == sim.Closing && acked
	case sim.Closed, sim.Close:
		return f&sim.RST != 0 || b.From == sim.LastAck && acked
	}
	return false
}

// sendingCanCause is canCause for the sender. Sending an ACK does not cause TIME_WAIT, but
// an end in TIME_WAIT sends one: where FIN_WAIT2 has taken the row of the FIN, TIME_WAIT
// stands beside the ACK. From CLOSING the other end's ACK leads to TIME_WAIT.
func sendingCanCause(f sim.Flags, b sim.StateChanged) bool {
	switch b.To {
	case sim.SynSent:
		return f&sim.SYN != 0 && f&sim.ACK == 0
	case sim.SynRecv:
		return f&sim.SYN != 0 && f&sim.ACK != 0
	case sim.FinWait1, sim.LastAck:
		return f&sim.FIN != 0
	case sim.TimeWait:
		return f == sim.ACK && b.From != sim.Closing
	case sim.Closed, sim.Close:
		return f&sim.RST != 0
	}
	return false
}

// listener places a state of the listening socket. Where a connection has been on the
// lifeline, and is gone, only the row in which the listener begins has one.
func (l *Ladder) listener(t sim.Seconds, b sim.StateChanged, i int) {
	p := &l.ends[i]
	was := p.life
	p.listening = b.To == sim.Listen
	p.life = l.lifeOf(i)
	switch free := was.kind() == lifeNone || was.state == sim.Listen; {
	case !free || b.From == b.To:
	case p.listening:
		r := l.add(t, rowPlain)
		l.rows[r].life[i] = listenerLife
		l.putState(b, i, r)
	case !p.begun && (p.deathRow == 0 || p.deathRow-1 < l.final):
		l.putState(b, i, l.add(t, rowPlain))
	}
}
