package sim

import "slices"

// Connection is a connection as the log tells of it. The zero Connection is none: both its ends
// are CLOSED.
type Connection struct {
	Number int // 1 and up
	client Endpoint
	server Endpoint
}

// Endpoint is one end of a connection: its socket, as its kernel keeps it.
type Endpoint struct {
	Address string  // local address of the socket; empty where no call tells it
	State   State   // Closed before the first
	Was     State   // the state before State
	Since   Seconds // when State was first read
	By      Source
	Orphan  bool // no process holds the socket
	// Left says that a process was started at the end since: what is left of the connection is
	// none of its sockets.
	Left bool

	Timer   string
	TimerAt Seconds // when Expires was read
	Expires Seconds
	// Retransmits counts the retransmissions of the oldest unacknowledged
	// segment, or the probes.
	Retransmits  int
	RecvQ, SendQ int
	QueuedIn     State // state of the end when the queues were read

	Poll string // what the newest poll(2) of the socket said

	queued bool // a listener of the end has made the connection, and listens
	taken  bool // accept(2) has returned it, or the end has opened it itself
}

// Listener is a socket in LISTEN.
type Listener struct {
	At      End
	Address string // local address; empty where no call tells it
}

// End returns one end of the connection.
func (c *Connection) End(at End) Endpoint {
	if p := c.end(at); p != nil {
		return *p
	}
	return Endpoint{}
}

func (c *Connection) end(at End) *Endpoint {
	switch at {
	case Client:
		return &c.client
	case Server:
		return &c.server
	}
	return nil
}

// with returns the connection with a changed end.
func (c *Connection) with(at End, to func(*Endpoint)) *Connection {
	changed := *c
	to(changed.end(at))
	return &changed
}

// Connection returns the connection with a number, the zero Connection where there is none.
func (s *Scene) Connection(number int) Connection {
	if i, ok := s.find(number); ok {
		return *s.Connections[i]
	}
	return Connection{}
}

// End returns an end of the subject.
func (s *Scene) End(at End) Endpoint {
	c := s.Connection(s.Subject)
	return c.End(at)
}

// Listener returns the listener of an end, and whether there is one.
func (s *Scene) Listener(at End) (Listener, bool) {
	if i := s.listener(at); i >= 0 {
		return s.Listeners[i], true
	}
	return Listener{}, false
}

// Waiting returns how many connections wait in the accept queue of an end's listener
// (listen(2)). A connection that is reset stays in it: accept(2) returns that one, too.
func (s *Scene) Waiting(at End) int {
	n := 0
	for _, c := range s.Connections {
		if p := c.end(at); p.queued && !p.taken {
			n++
		}
	}
	return n
}

// find returns the place of a connection in the list, or that where it would be.
func (s *Scene) find(number int) (int, bool) {
	return slices.BinarySearchFunc(s.Connections, number, func(c *Connection, n int) int { return c.Number - n })
}

// name takes in that the log has named a connection; 0 is none. The newest is the subject.
func (s *Scene) name(number int) {
	if number <= 0 {
		return
	}
	if i, ok := s.find(number); !ok {
		s.Connections = slices.Insert(slices.Clip(s.Connections), i, &Connection{Number: number})
	}
	if number > s.Subject {
		s.Subject, s.verdicts = number, [2][]Event{}
	}
}

// change changes an end of a connection that the log has named.
func (s *Scene) change(number int, at End, to func(*Endpoint)) {
	if i, ok := s.find(number); ok {
		s.Connections = slices.Clone(s.Connections)
		s.Connections[i] = s.Connections[i].with(at, to)
	}
}

// changeAll changes the ends of all connections on one side.
func (s *Scene) changeAll(at End, to func(*Endpoint)) {
	s.Connections = slices.Clone(s.Connections)
	for i, c := range s.Connections {
		s.Connections[i] = c.with(at, to)
	}
}

func (s *Scene) listener(at End) int {
	return slices.IndexFunc(s.Listeners, func(l Listener) bool { return l.At == at })
}

// applyEnd takes in an event of one end.
func (s *Scene) applyEnd(e Event) {
	switch b := e.Body.(type) {
	case ProcessStarted:
		if !b.Forked {
			s.changeAll(e.At, func(p *Endpoint) { p.Left = true })
		}
	case CallEntered:
		s.refers(e.At, b.Refers, s.Table.Socket(b.PID, b.Call.FD).Address)
	case CallReturned:
		s.returned(e.At, b)
	case StateChanged:
		if b.Conn == 0 {
			s.listens(e.At, b.To == Listen)
			return
		}
		_, listening := s.Listener(e.At)
		s.change(b.Conn, e.At, func(p *Endpoint) { p.changed(e.T, b, listening) })
	case TimerChanged:
		s.change(b.Conn, e.At, func(p *Endpoint) {
			p.Timer, p.Expires, p.TimerAt, p.Retransmits = b.Timer, b.Expires, e.T, b.Retransmits
		})
	case QueuesChanged:
		s.change(b.Conn, e.At, func(p *Endpoint) {
			if p.State.Connected() { // else it has none
				p.RecvQ, p.SendQ, p.QueuedIn = b.RecvQ, b.SendQ, p.State
			}
		})
	}
}

// refers takes in that a descriptor of an end refers to a connection from now on, whose socket is
// bound to that address.
func (s *Scene) refers(at End, conn int, address string) {
	s.name(conn)
	s.change(conn, at, func(p *Endpoint) { p.taken, p.Address = true, address })
}

// returned takes in what a call has brought to the sockets of its end.
func (s *Scene) returned(at End, b CallReturned) {
	on := s.Table.Socket(b.PID, b.Call.FD)
	switch {
	case b.Result.Errno != "":
	case b.Call.Name == CallAccept:
		s.refers(at, b.Refers, on.Address)
	case b.Call.Name == CallPoll:
		s.change(on.Conn, at, func(p *Endpoint) { p.Poll = b.Result.Note })
	case b.Call.Name == CallListen && s.listener(at) >= 0:
		s.listens(at, true)
	}
}

// listens takes in whether an end has a socket in LISTEN. With the socket its accept queue goes.
func (s *Scene) listens(at End, now bool) {
	i := s.listener(at)
	s.Listeners = slices.Clone(s.Listeners)
	switch {
	case now && i < 0:
		s.Listeners = append(s.Listeners, Listener{At: at, Address: s.Table.listensOn(at)})
	case now && s.Listeners[i].Address == "":
		s.Listeners[i].Address = s.Table.listensOn(at)
	case !now && i >= 0:
		s.Listeners = slices.Delete(s.Listeners, i, i+1)
	}
	if !now {
		s.changeAll(at, func(p *Endpoint) { p.queued = false })
	}
}

// changed takes in a state of the end of a connection.
func (p *Endpoint) changed(t Seconds, b StateChanged, listening bool) {
	if listening && b.To.Connected() && b.To != SynRecv && (b.From == SynRecv || b.From == Listen) {
		p.queued = true
	}
	if b.To != p.State {
		p.Was, p.Since = b.From, t
	}
	p.State, p.Orphan, p.By = b.To, b.Orphan, b.By
	if !b.To.Connected() {
		p.Timer, p.RecvQ, p.SendQ = "", 0, 0
	}
}

// FINQueued reports whether the peer's FIN is known to be in the receive queue: it takes
// one place behind all data, until end of file has been read (tcp_recvmsg_locked).
func (p *Endpoint) FINQueued() bool {
	has := func(s State) bool { return s == CloseWait || s == LastAck || s == Closing }
	return p.RecvQ > 0 && has(p.State) && has(p.QueuedIn)
}
