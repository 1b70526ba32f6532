package ladder

import "finwait/sim"

// listenerLife is the lifeline of a listening socket.
var listenerLife = life{held: true, state: sim.Listen}

// follow lets the lifelines follow an event that a process is about: who has a descriptor
// of the connection is what the table says. A descriptor is gone when its close(2) is entered,
// or its process takes the signal that kills it: before the segment leaves that this causes.
func (l *Ladder) follow(e sim.Event) {
	l.table.Apply(e)
	switch b := e.Body.(type) {
	case sim.CallEntered:
		switch {
		case b.Call.Name == sim.CallClose:
			l.table.Close(b.PID, b.Call.FD)
		case l.Focus == 0 && b.Refers > l.conn && (l.announced || l.conn == 0):
			l.coming = b.Refers
		}
	case sim.SignalTaken:
		if b.Action != sim.Killed {
			return
		}
		if p := l.table.Process(b.PID); p != nil {
			for _, d := range p.Descriptors {
				l.table.Close(b.PID, d.FD)
			}
		}
	case sim.ProcessStarted, sim.CallReturned, sim.ProcessExited:
	default:
		return
	}
	for i := range l.ends {
		p := &l.ends[i]
		p.listening = p.listening && l.table.Listens(ends[i])
		p.orphan = p.orphan && p.callRow == 0
		p.life = l.lifeOf(i)
		for r := p.callRow - 1; p.callRow > 0 && p.life.held && r < len(l.rows); r++ {
			l.rows[r].life[i] = p.life
		}
		p.callRow = 0
		l.lost(i)
	}
}

// lost lets the lifeline end in the newest row, if it tells of a death and there is no socket since.
func (l *Ladder) lost(i int) {
	r := l.ends[i].deathRow - 1
	if r < 0 || r != len(l.rows)-1 || r < l.final {
		return
	}
	if f := &l.rows[r].life[i]; f.held && l.ends[i].life.kind() == lifeNone {
		f.ends = true
	}
}

// lifeOf returns the lifeline of an end as it is now. Until the connection has reached the
// end the lifeline is that of the listener.
func (l *Ladder) lifeOf(i int) life {
	p, conn := &l.ends[i], l.onLifelines()
	if l.announced || conn == 0 {
		conn = l.coming
	}
	held := conn != 0 && !p.orphan && l.table.Holds(ends[i], conn)
	switch {
	case held, p.begun:
		return life{held: held, state: p.state}
	case p.listening:
		return listenerLife
	}
	return life{}
}
