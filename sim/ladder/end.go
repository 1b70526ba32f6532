package ladder

import "finwait/sim"

// end is what the ladder must remember of one end to draw its next row.
type end struct {
	life  life
	state sim.State // of the connection on the lifeline
	row   int       // where that state was placed

	pid   int // of the process that acts, the newest
	died  int // row of the newest death, counted from 1; 0: none
	calls []openCall
	prep  int // row of a call that only prepares the next, counted from 1

	// Who holds the connection's socket, and who the listening one. known: a
	// descriptor of the connection was seen, so that none left means none.
	held, listeners []handle
	known           bool
	listening       bool

	// finished: a FIN was sent, and fin is the number after it. unheard: a SYN
	// or FIN was sent whose acknowledgement has not been seen.
	finished, unheard bool
	fin               uint32
}

// handle is one descriptor of one process.
type handle struct{ pid, fd int }

// openCall is a call that has not returned.
type openCall struct {
	pid   int
	row   int
	label label
	// split: its result does not belong on its row any more.
	split bool
}

// newConnection forgets the connection before, but not the process.
func (p *end) newConnection() {
	p.life = life{}
	if p.listening {
		p.life = listenerLife()
	}
	p.state, p.held, p.known = sim.Closed, nil, false
	p.finished, p.unheard, p.fin = false, false, 0
}

func listenerLife() life {
	return life{kind: lifeProcess, state: sim.Listen, listening: true}
}

// who returns how a process is named before what it does: not at all when it is
// the one that acts.
func (p *end) who(pid int) string {
	if pid == p.pid || p.pid == 0 || pid == 0 {
		return ""
	}
	return "parent: "
}

// open returns the call of a process that has not returned, nil for none.
func (p *end) open(pid int) *openCall {
	for i := range p.calls {
		if p.calls[i].pid == pid {
			return &p.calls[i]
		}
	}
	return nil
}

// shut forgets the open call of a process.
func (p *end) shut(pid int) {
	kept := p.calls[:0]
	for _, c := range p.calls {
		if c.pid != pid {
			kept = append(kept, c)
		}
	}
	p.calls = kept
}

func holds(list []handle, h handle) bool {
	for _, have := range list {
		if have == h {
			return true
		}
	}
	return false
}

// without returns the handles that drop does not want.
func without(list []handle, drop func(handle) bool) []handle {
	var kept []handle
	for _, h := range list {
		if !drop(h) {
			kept = append(kept, h)
		}
	}
	return kept
}

// hold notes that a process got a descriptor of the connection.
func (p *end) hold(h handle) {
	p.known = true
	if !holds(p.held, h) {
		p.held = append(p.held, h)
	}
}

// fork gives a new process the descriptors of the one that acts.
func (p *end) fork(pid int) {
	inherit := func(list []handle) []handle {
		for _, h := range list {
			if h.pid == p.pid && !holds(list, handle{pid, h.fd}) {
				list = append(list, handle{pid, h.fd})
			}
		}
		return list
	}
	p.held, p.listeners = inherit(p.held), inherit(p.listeners)
}

// release takes descriptors away, from a process that closed them or died, and
// lets the lifeline of the following rows say so.
func (p *end) release(drop func(handle) bool) {
	p.held = without(p.held, drop)
	if had := len(p.listeners) > 0; had {
		p.listeners = without(p.listeners, drop)
		p.listening = len(p.listeners) > 0
	}
	switch {
	case p.life.kind != lifeProcess:
	case p.life.listening:
		if !p.listening {
			p.life = life{}
		}
	case p.known && len(p.held) == 0:
		p.life.kind = lifeNone
		if p.state.Connected() {
			p.life.kind = lifeKernel
		}
	}
}

// after returns the lifeline that a state turns this one into.
func (f life) after(e sim.Event) life {
	next := life{kind: lifeProcess, state: e.To}
	switch {
	case f.kind == lifeEnds:
		return f
	case e.To == sim.Closed || e.To == sim.Close:
		if e.Orphan || f.kind != lifeProcess {
			next.kind = lifeNone
		}
	case e.Orphan || f.kind == lifeKernel:
		next.kind = lifeKernel
	}
	return next
}
