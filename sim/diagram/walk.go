package diagram

import (
	"slices"

	"finwait/sim"
)

// Change is a change of state that an end has made.
type Change struct {
	At       sim.End
	Conn     int // number of the connection, 1 and up; 0 for the listener
	From, To sim.State
	Cause    Cause
}

// Cause is what has made an end change its state.
type Cause struct {
	Kind    CauseKind
	Call    sim.Call    // CauseCall: what a process has called
	Signal  string      // CauseDeath: the name of the signal, empty for an exit
	Segment sim.Segment // CauseSegment: what arrived
	Sent    sim.Segment // the segment with SYN, FIN or RST that the end has sent then; zero for none
	Waiting bool        // CauseCall, CauseDeath: nobody has accepted the connection yet
}

// CauseKind is the kind of a cause.
type CauseKind uint8

// The kinds of causes. The last is what is left where the log shows none of the others.
const (
	CauseCall CauseKind = iota
	CauseDeath
	CauseSegment
	CauseTimer
)

// Walk is the fold of a log into the changes of state of both ends. The zero value is ready.
// A copy shares what the walk has.
type Walk struct {
	changes []Change
	ends    [2]walker
}

// walker is what a Walk knows of one end.
type walker struct {
	listening bool
	sockets   map[int]*socket // by the number of the connection
	action    Cause           // what a program has done last in the newest step
	acted     bool            // there was such an action
}

// socket is one end of a connection.
type socket struct {
	state   sim.State
	tracker sim.Tracker
	made    bool // a listener of the end has made the socket
	taken   bool // accept(2) has returned the socket
	moved   bool // the socket was in a state besides CLOSED

	// What has happened since the newest change of state.

	causes  map[sim.State]sim.Segment // arrived segments that the tracker followed to a state
	arrived sim.Segment               // the newest segment that arrived
	reset   sim.Segment               // a RST that arrived
	sent    sim.Segment               // the newest SYN, FIN or RST that was sent
}

// The two ends as indexes.
const (
	client = 0
	server = 1
)

// ends are the two ends by index.
var ends = [2]sim.End{client: sim.Client, server: sim.Server}

// Apply takes one more event.
func (w *Walk) Apply(e sim.Event) {
	if e.Kind() == sim.KindStep {
		for i := range w.ends {
			w.ends[i].acted = false
		}
	}
	i := slices.Index(ends[:], e.At)
	if i < 0 {
		return
	}
	switch b := e.Body.(type) {
	case sim.CallEntered:
		w.ends[i].calls(b.Call)
	case sim.CallReturned:
		if b.Refers > 0 {
			w.ends[i].socket(b.Refers).taken = true
		}
	case sim.SignalTaken:
		if b.Action == sim.Killed {
			w.ends[i].action, w.ends[i].acted = Cause{Kind: CauseDeath, Signal: b.Signal}, true
		}
	case sim.SegmentMoved:
		w.moved(i, b)
	case sim.StateChanged:
		w.changed(i, b)
	}
}

// calls notes a call that can change a state.
func (p *walker) calls(c sim.Call) {
	switch c.Name {
	case sim.CallListen, sim.CallConnect, sim.CallShutdown, sim.CallClose:
		p.action, p.acted = Cause{Kind: CauseCall, Call: c}, true
	}
}

// socket returns the end's socket of a connection.
func (p *walker) socket(conn int) *socket {
	if p.sockets == nil {
		p.sockets = map[int]*socket{}
	}
	s := p.sockets[conn]
	if s == nil {
		s = new(socket)
		p.sockets[conn] = s
	}
	return s
}

// moved takes news of a segment that end i has sent.
func (w *Walk) moved(i int, b sim.SegmentMoved) {
	if b.Segment.Sent() {
		w.ends[i].socket(b.Conn).sends(b.Segment)
	}
	if b.Segment.Fate == sim.Delivered || b.Segment.Fate == sim.Duplicated {
		w.ends[1-i].socket(b.Conn).receives(b.Segment)
	}
}

// sends takes a segment that the socket has sent.
func (s *socket) sends(g sim.Segment) {
	if g.Flags&(sim.SYN|sim.FIN|sim.RST) != 0 {
		s.sent = g
	}
	if g.Flags&sim.RST == 0 {
		s.tracker.Sent(g)
	}
}

// receives takes a segment that has arrived. Whether a RST is obeyed, the log says: there is a
// change of state then.
func (s *socket) receives(g sim.Segment) {
	s.arrived = g
	if g.Flags&sim.RST != 0 {
		s.reset = g
		return
	}
	if s.tracker.Received(g) {
		if s.causes == nil {
			s.causes = map[sim.State]sim.Segment{}
		}
		s.causes[s.tracker.State] = g
	}
}

// changed takes a change of state of the listener of end i, or of a connection.
func (w *Walk) changed(i int, b sim.StateChanged) {
	p := &w.ends[i]
	c := Change{At: ends[i], Conn: b.Conn, From: figureState(b.From), To: figureState(b.To)}
	if b.Conn == 0 {
		p.listening = c.To == sim.Listen
		if c.Cause = p.action; c.From != c.To {
			w.changes = append(w.changes, c)
		}
		return
	}
	s := p.socket(b.Conn)
	s.made = s.made || c.From == sim.Listen
	s.moved = s.moved || c.To != sim.Closed
	if c.From == sim.SynRecv && c.To == sim.Closed && s.made && p.listening {
		c.To = sim.Listen // the figure has one state for the listener and what it makes
	}
	if c.From != c.To {
		c.Cause = s.cause(c, p)
		w.changes = append(w.changes, c)
		s.causes, s.arrived, s.reset, s.sent = nil, sim.Segment{}, sim.Segment{}, sim.Segment{}
	}
	s.state, s.tracker.State = c.To, figureState(b.To)
}

// figureState returns the state as the figure has it. The kernel's CLOSE is a socket without a
// connection.
func figureState(s sim.State) sim.State {
	if s == sim.Close {
		return sim.Closed
	}
	return s
}

// cause returns what has made the change: of what has happened since the change before, what
// leads there by RFC 9293 section 3.10. A RST without ACK answers a segment that arrived, one
// with ACK does not (tcp_v4_send_reset, tcp_send_active_reset).
func (s *socket) cause(c Change, p *walker) Cause {
	arrived := func(g sim.Segment) Cause { return Cause{Kind: CauseSegment, Segment: g, Sent: s.sent} }
	ends := c.To == sim.Closed || c.To == sim.Listen
	resets, answers := s.sent.Flags&sim.RST != 0, s.sent.Flags&sim.ACK == 0 && s.arrived.Flags != 0
	sendsFIN := s.sent.Flags&sim.FIN != 0 && (c.To == sim.FinWait1 || c.To == sim.LastAck)
	g, followed := s.causes[c.To]
	switch {
	case ends && resets && answers:
		return arrived(s.arrived)
	case c.To == sim.SynSent, sendsFIN, ends && p.acted && (resets || c.From == sim.SynSent):
		return s.acts(p)
	case followed:
		return arrived(g)
	case ends && s.reset.Flags != 0:
		return arrived(s.reset)
	case !ends && s.arrived.Flags != 0:
		return arrived(s.arrived)
	}
	return Cause{Kind: CauseTimer, Sent: s.sent}
}

// acts returns what the program has done last, and what the socket has sent by that. A program
// that has done nothing has ended.
func (s *socket) acts(p *walker) Cause {
	c := Cause{Kind: CauseDeath}
	if p.acted {
		c = p.action
	}
	c.Sent, c.Waiting = s.sent, s.made && !s.taken
	return c
}

// Changes returns the changes of state that a connection has made at both ends, in order. That
// the listener began which has made the connection, or waits for it, is one of them. Without a
// connection (0) they are those of the listeners. The caller owns the slice.
func (w *Walk) Changes(conn int) []Change {
	chosen := make([]bool, len(w.changes))
	for i := range ends {
		listen, own := -1, false // the newest listen, and whether the end has a change of its own
		for n, c := range w.changes {
			switch {
			case c.At != ends[i]:
			case c.Conn == conn:
				if chosen[n] = true; conn > 0 && !own && c.From == sim.Listen && listen >= 0 {
					chosen[listen] = true
				}
				own = true
			case c.Conn == 0 && c.To == sim.Listen && !own:
				listen = n
			}
		}
		if !own && listen >= 0 && w.state(i, conn) == sim.Listen {
			chosen[listen] = true
		}
	}
	var all []Change
	for n, c := range w.changes {
		if chosen[n] {
			all = append(all, c)
		}
	}
	return all
}

// state returns the state of end i of a connection, or of its listener where the end has no
// socket of that connection yet.
func (w *Walk) state(i, conn int) sim.State {
	p := &w.ends[i]
	s := p.sockets[conn]
	if (s == nil || !s.moved) && p.listening {
		return sim.Listen
	}
	if s == nil {
		return sim.Closed
	}
	return s.state
}
