package ladder

import (
	"slices"

	"finwait/sim"
)

// end is what the fold remembers of one end.
type end struct {
	life  life      // of the next row
	state sim.State // of the connection on the lifeline
	row   int       // the row of that state

	pid      int         // the process that acts: the newest
	forkers  map[int]int // by process: the one that has forked it, where the log says so
	deathRow int         // the row of the newest death, counted from 1; 0 for none
	calls    []openCall
	callRow  int // the row of the call that gives a process the socket, counted from 1; 0 for none
	prepRow  int // the row of a call that prepares the next one, counted from 1; 0 for none

	begun     bool // the log has told a state of this end of the connection
	orphan    bool // no descriptor refers to the socket of that end any more, as the log says; after TIME_WAIT none can
	listening bool // the end has a listening socket

	received received // what has arrived from the other end
	sending  sending  // why the end sends what it sends

	finSent bool    // the newest segment with a SYN or FIN had a FIN
	unacked bool    // no acknowledgement of that segment was seen
	finEnd  sim.Seq // the sequence number after that segment
}

// openCall is a call that has not returned.
type openCall struct {
	pid   int
	tid   int // the thread, 0 for the main one
	row   int
	label label
	// split says that the result stands on a row of its own, if there are rows below.
	split bool
}

// newConnection clears what belongs to a connection and keeps what belongs to the process.
func (p *end) newConnection() {
	p.state, p.begun, p.orphan = sim.Closed, false, false
	p.finSent, p.unacked, p.finEnd = false, false, 0
	p.received, p.sending = received{}, sending{}
}

// isParent reports whether a process is not the one that acts.
func (p *end) isParent(pid int) bool { return pid != p.pid && p.pid != 0 && pid != 0 }

// open returns the call in which a thread is, nil for none.
func (p *end) open(pid, tid int) *openCall {
	for i := range p.calls {
		if p.calls[i].pid == pid && p.calls[i].tid == tid {
			return &p.calls[i]
		}
	}
	return nil
}

// closeCall forgets the open call of a thread.
func (p *end) closeCall(pid, tid int) {
	p.calls = slices.DeleteFunc(p.calls, func(c openCall) bool { return c.pid == pid && c.tid == tid })
}
