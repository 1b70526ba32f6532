package ladder

import "finwait/sim"

// segment draws an arrow: on the row of the call that sends it, or on a row of
// its own, so that the state it brings about finds room beside it.
func (l *Ladder) segment(e sim.Event, i int) {
	if !e.Segment.Sent() {
		l.onward(e, i)
		return
	}
	r := len(l.rows) - 1
	if !l.shares(r, i, e.Segment) {
		r = l.add(e.T, rowPlain)
	}
	l.rows[r].arrow = arrow{from: i, segment: e.Segment, by: e.By, showAck: l.news(e.Segment, i)}
	l.arrow = r + 1
	if e.Segment.ID != 0 {
		l.rows[r].arrow.leg = legHeld
		l.hang(e.Segment.ID, r)
	}
	if p := &l.ends[i]; e.Segment.Flags&(sim.SYN|sim.FIN) != 0 {
		p.unheard = true
		p.fin = e.Segment.Next()
		p.finished = e.Segment.Flags&sim.FIN != 0
	}
}

// shares reports whether a segment belongs on row r: data on the call that
// writes them, a plain ACK on the call that reads.
func (l *Ladder) shares(r, i int, s sim.Segment) bool {
	if r < l.final || s.Flags&(sim.SYN|sim.FIN|sim.RST) != 0 {
		return false
	}
	if l.rows[r].kind != rowPlain || l.rows[r].arrow.from != nobody {
		return false
	}
	lb := l.rows[r].label[i]
	if lb.kind != labelCall {
		return false
	}
	if s.Len > 0 {
		return lb.call.call.Writes()
	}
	return lb.call.call.Reads()
}

// news reports whether the acknowledgement number of a segment is worth its
// room: on a segment that says nothing else, and where it is the first to
// acknowledge the other end's SYN or FIN.
func (l *Ladder) news(s sim.Segment, i int) bool {
	if s.Flags&sim.ACK == 0 {
		return false
	}
	peer := &l.ends[1-i]
	if peer.unheard && s.Ack >= peer.fin {
		peer.unheard = false
		return true
	}
	return s.Len == 0 && s.Flags&(sim.SYN|sim.FIN|sim.RST) == 0
}

// state places a state and lets the lifeline follow it.
func (l *Ladder) state(e sim.Event, i int) {
	p := &l.ends[i]
	p.state = e.To
	if e.From != e.To {
		r := l.rowFor(e, i)
		l.begin(e, i, r)
		for ; r < len(l.rows); r++ {
			l.rows[r].life[i] = l.rows[r].life[i].after(e)
		}
	}
	p.life = p.life.after(e) // where only its holder changed, the next row shows it
}

// begin writes a state beside the lifeline of the row where it begins.
func (l *Ladder) begin(e sim.Event, i, r int) {
	l.rows[r].label[i] = label{kind: labelState, state: e.To, by: e.By}
	l.ends[i].row = r
}

// rowFor returns the row of a state: the earliest at or below the one of the
// state before that can have caused it and has room beside the lifeline; a new
// one where there is none.
func (l *Ladder) rowFor(e sim.Event, i int) int {
	for r := max(l.final, l.ends[i].row); r < len(l.rows); r++ {
		row := &l.rows[r]
		if row.kind == rowPlain && row.label[i].kind == labelNone && l.caused(row.arrow, e, i) {
			return r
		}
	}
	return l.add(e.T, rowPlain)
}

// caused reports whether sending or getting the segment can have brought the end
// into the state (RFC 9293 section 3.10).
func (l *Ladder) caused(a arrow, e sim.Event, i int) bool {
	switch {
	case a.from == nobody:
		return false
	case a.from == i:
		return a.leg.leaves() && !a.hung && sentCause(a.segment.Flags, e)
	case !a.leg.arrives():
		return false
	}
	f := a.segment.Flags
	acked := f&sim.ACK != 0 && l.ends[i].finished && a.segment.Ack >= l.ends[i].fin
	switch e.To {
	case sim.SynRecv:
		return f&sim.SYN != 0 && f&sim.ACK == 0
	case sim.Established:
		return f&sim.ACK != 0 && (f&sim.SYN != 0 || e.From != sim.SynSent)
	case sim.CloseWait, sim.Closing:
		return f&sim.FIN != 0
	case sim.FinWait2:
		return acked
	case sim.TimeWait:
		return f&sim.FIN != 0 || e.From == sim.Closing && acked
	case sim.Closed, sim.Close:
		return f&sim.RST != 0 || e.From == sim.LastAck && acked
	}
	return false
}

// sentCause is caused for the sender. Sending an ACK does not bring about
// TIME_WAIT, but it is what an end in TIME_WAIT does: where FIN_WAIT2 has taken
// the row of the FIN, TIME_WAIT stands beside the answer. After CLOSING it is the
// other's ACK that brings it.
func sentCause(f sim.Flags, e sim.Event) bool {
	switch e.To {
	case sim.SynSent:
		return f&sim.SYN != 0 && f&sim.ACK == 0
	case sim.SynRecv:
		return f&sim.SYN != 0 && f&sim.ACK != 0
	case sim.FinWait1, sim.LastAck:
		return f&sim.FIN != 0
	case sim.TimeWait:
		return f == sim.ACK && e.From != sim.Closing
	case sim.Closed, sim.Close:
		return f&sim.RST != 0
	}
	return false
}

// listener shows what becomes of the listening socket, while no connection has
// the lifeline.
func (l *Ladder) listener(e sim.Event, i int) {
	p := &l.ends[i]
	p.listening = e.To == sim.Listen
	free := p.life.kind == lifeNone || p.life.listening
	switch {
	case !free || e.From == e.To:
	case p.listening:
		p.life = listenerLife()
		l.begin(e, i, l.add(e.T, rowPlain))
	default:
		p.life = life{}
		if p.died == 0 || p.died-1 < l.final {
			l.begin(e, i, l.add(e.T, rowPlain))
		}
	}
}
