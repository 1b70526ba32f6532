package ladder

import (
	"finwait/sim"
)

// end is what the fold remembers of one end.
type end struct {
	life  life
	state sim.State // of the connection on the lifeline
	row   int       // the row of that state

	pid      int // the process that acts: the newest
	deathRow int // the row of the newest death, counted from 1; 0 for none
	calls    []openCall
	prepRow  int // the row of a call that prepares the next one, counted from 1; 0 for none

	held      []descriptor // of the connection's socket
	known     bool         // held has had a descriptor: when it is empty, nobody has one
	listeners []descriptor // of the listening socket
	listening bool

	received received // what has arrived from the other end

	finSent bool    // the newest segment with a SYN or FIN had a FIN
	unacked bool    // no acknowledgement of that segment was seen
	finEnd  sim.Seq // the sequence number after that segment
}

// descriptor is one descriptor of one process.
type descriptor struct{ pid, fd int }

// openCall is a call that has not returned.
type openCall struct {
	pid   int
	row   int
	label label
	// split says that the result stands on a row of its own, if there are rows below.
	split bool
}

// newConnection clears what belongs to a connection and keeps what belongs to the process.
func (p *end) newConnection() {
	p.life = life{}
	if p.listening {
		p.life = listenerLife()
	}
	p.state, p.held, p.known = sim.Closed, nil, false
	p.finSent, p.unacked, p.finEnd = false, false, 0
	p.received = received{}
}

func listenerLife() life {
	return life{kind: lifeProcess, state: sim.Listen, listening: true}
}

// isParent reports whether a process is not the one that acts.
func (p *end) isParent(pid int) bool { return pid != p.pid && p.pid != 0 && pid != 0 }

// open returns the call in which a process is, nil for none.
func (p *end) open(pid int) *openCall {
	for i := range p.calls {
		if p.calls[i].pid == pid {
			return &p.calls[i]
		}
	}
	return nil
}

// closeCall forgets the open call of a process.
func (p *end) closeCall(pid int) {
	kept := p.calls[:0]
	for _, c := range p.calls {
		if c.pid != pid {
			kept = append(kept, c)
		}
	}
	p.calls = kept
}

func holds(list []descriptor, h descriptor) bool {
	for _, have := range list {
		if have == h {
			return true
		}
	}
	return false
}

// without returns the descriptors for which drop is false.
func without(list []descriptor, drop func(descriptor) bool) []descriptor {
	var kept []descriptor
	for _, h := range list {
		if !drop(h) {
			kept = append(kept, h)
		}
	}
	return kept
}

// hold adds a descriptor of the connection.
func (p *end) hold(h descriptor) {
	p.known = true
	if !holds(p.held, h) {
		p.held = append(p.held, h)
	}
}

// fork gives a new process the descriptors of the one that acts.
func (p *end) fork(pid int) {
	inherit := func(list []descriptor) []descriptor {
		for _, h := range list {
			if h.pid == p.pid && !holds(list, descriptor{pid, h.fd}) {
				list = append(list, descriptor{pid, h.fd})
			}
		}
		return list
	}
	p.held, p.listeners = inherit(p.held), inherit(p.listeners)
}

// release removes the descriptors for which drop is true, because their process closed
// them or died, and changes the lifeline of the rows that follow.
func (p *end) release(drop func(descriptor) bool) {
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

// after returns the lifeline after a change of state.
func (f life) after(b sim.StateChanged) life {
	next := life{kind: lifeProcess, state: b.To}
	switch {
	case f.kind == lifeEnds:
		return f
	case b.To == sim.Closed || b.To == sim.Close:
		if b.Orphan || f.kind != lifeProcess {
			next.kind = lifeNone
		}
	case b.Orphan || f.kind == lifeKernel:
		next.kind = lifeKernel
	}
	return next
}
