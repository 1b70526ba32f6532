package sim

import "slices"

// Scene is what is true after the events that were applied to it: the fold that
// the boxes, the ladder and the expectations share. It is a value; copying it
// keeps a moment.
type Scene struct {
	Setting *Setting // of the lab; nil before the first event
	Now     Seconds
	Step    int
	Newest  Step // the newest step
	Settled bool // the newest step is over
	Conn    int  // number of the newest connection
	// Flight is what is on the wire, in the order in which it was sent. It is
	// never written to, only replaced.
	Flight []Event
	Cut    bool // the cable is cut
	Auto   bool // what is sent is delivered at once, as a step has asked for
	Client Endpoint
	Server Endpoint

	held bool // before the newest step nothing was delivered at once
}

// Endpoint is one end: its process and its end of the newest connection.
type Endpoint struct {
	At      End
	PID     int  // of the process that acts, 0 before the first
	Alive   bool // the process that acts is alive
	Status  int  // exit status, as a shell shows it, once it is dead
	Signal  string
	Sigpipe string // default, ignore or handler
	Local   string // address of the socket, once bound

	Listening bool   // the end has a listening socket
	ListensOn string // address of the listening socket, once bound
	queue     queue

	// Left says that the process that had the newest connection is dead, and a new one acts: what
	// that connection has left behind is not its socket.
	Left    bool
	State   State   // of its end of the newest connection; Closed before the first
	Was     State   // the state before State
	Since   Seconds // when State was first read
	By      Source
	Orphan  bool
	Timer   string
	TimerAt Seconds // when Expires was read
	Expires Seconds
	// Retransmits counts the retransmissions of the oldest unacknowledged
	// segment, or the probes.
	Retransmits  int
	RecvQ, SendQ int
	QueuedIn     State // state of the end when the queues were read

	Call       Call   // the newest call
	Result     Result // result of the newest call, unless Blocked or Pending
	Called     bool   // there was a call
	Pending    bool   // the call has not returned yet
	Blocked    bool   // the thread in the call is known to sleep
	Unfinished bool   // the process died in the newest call
	Poll       string // what the newest poll(2) said

	// Verdicts are what the model said of what the end did in the newest step, until
	// the end does something else. They are never written to, only replaced.
	Verdicts []Event
}

// queue is what waits at a listener (the accept queue of listen(2)). Its slices are never
// written to, only replaced.
type queue struct {
	made  []int // the connections that a listener of the end has made, while it listens
	taken []int // those that accept(2) has returned, or that the end itself has opened
}

// Waiting returns how many connections nobody has accepted yet.
func (p *Endpoint) Waiting() int {
	n := 0
	for _, conn := range p.queue.made {
		if !slices.Contains(p.queue.taken, conn) {
			n++
		}
	}
	return n
}

// queued takes in what an event says of the accept queue. A connection that is reset stays in
// it: accept(2) returns that one, too.
func (p *Endpoint) queued(e Event) {
	q := &p.queue
	switch b := e.Body.(type) {
	case StateChanged:
		made := p.Listening && b.Conn > 0 && b.To.Connected() && b.To != SynRecv && (b.From == SynRecv || b.From == Listen)
		switch {
		case made && !slices.Contains(q.made, b.Conn):
			q.made = append(slices.Clip(q.made), b.Conn)
		case b.Conn == 0 && b.To != Listen:
			q.made = nil
		}
	case CallEntered:
		if b.Refers > 0 {
			q.taken = append(slices.Clip(q.taken), b.Refers)
		}
	case CallReturned:
		if b.Refers > 0 {
			q.taken = append(slices.Clip(q.taken), b.Refers)
		}
	}
}

// Fold returns the scene after all the events.
func Fold(events []Event) Scene {
	s := NewScene()
	for _, e := range events {
		s.Apply(e)
	}
	return s
}

// NewScene returns the scene before the first event.
func NewScene() Scene {
	return Scene{
		Client: Endpoint{At: Client, Sigpipe: SigpipeDefault},
		Server: Endpoint{At: Server, Sigpipe: SigpipeDefault},
	}
}

// End returns the endpoint of one end, nil for neither. The scene owns it.
func (s *Scene) End(at End) *Endpoint {
	switch at {
	case Client:
		return &s.Client
	case Server:
		return &s.Server
	}
	return nil
}

// Apply takes one more event into the scene.
func (s *Scene) Apply(e Event) {
	s.Now = e.T
	switch b := e.Body.(type) {
	case LabOpened:
		s.Setting = b.Setting
	case StepBegun:
		s.Step, s.Newest, s.Settled = e.Step, b.Step, false
		s.Client.Verdicts, s.Server.Verdicts = nil, nil
		s.held = !s.Auto
		if how, ok := b.Step.Automatic(); ok {
			s.Auto = how
		}
	case StepRefused:
		s.Auto = !s.held
	case StepSettled:
		s.Settled = true
	case SegmentMoved:
		s.moved(e)
	case CableChanged:
		s.Cut = b.Cable == CableCut
	case Verdict:
		s.judged(e)
		return
	}
	if e.Conn() > s.Conn {
		s.Conn = e.Conn()
		s.Client.newConnection()
		s.Server.newConnection()
	}
	end := s.End(e.At)
	if end == nil {
		return
	}
	end.queued(e)
	if e.Conn() == s.Conn || e.Conn() == 0 && !e.ofSocket() {
		end.apply(e)
	}
}

// Automatic reports whether a step has the wire deliver what is sent at once (on), or hold it.
func (s Step) Automatic() (on, ok bool) { return s.How == "on", s.Verb == VerbAuto }

// ofSocket reports whether the event tells of one socket alone: that of connection 0
// is the listener, whose queue is not the connection's.
func (e Event) ofSocket() bool { return e.Kind() == KindTimer || e.Kind() == KindQueues }

// moved takes news of a segment on the wire.
func (s *Scene) moved(e Event) {
	switch {
	case e.Segment().ID == 0:
		return
	case e.Segment().Fate == Overtaken:
		s.overtaken(e)
		return
	}
	var flight []Event
	for _, f := range s.Flight {
		switch {
		case f.Segment().ID != e.Segment().ID:
			flight = append(flight, f)
		case e.Segment().Fate == Retransmitted, e.Segment().Fate == Duplicated:
			Edit(&f, func(b *SegmentMoved) { b.Segment.Copies = e.Segment().Copies })
			flight = append(flight, f)
		}
	}
	if e.Segment().Fate == Held {
		flight = append(flight, e)
	}
	s.Flight = flight
}

// overtaken lets the next segment of the same end go before one that is held.
func (s *Scene) overtaken(e Event) {
	flight := append([]Event(nil), s.Flight...)
	first := -1
	for i, f := range flight {
		switch {
		case f.Segment().ID == e.Segment().ID:
			first = i
		case first >= 0 && f.At == e.At:
			flight[first], flight[i] = f, flight[first]
			s.Flight = flight
			return
		}
	}
}

// newConnection forgets the connection before, but not the process.
func (p *Endpoint) newConnection() {
	p.State, p.Was, p.Left = Closed, Closed, false
	p.Orphan, p.Timer, p.Expires, p.Retransmits = false, "", 0, 0
	p.RecvQ, p.SendQ, p.Poll, p.Verdicts = 0, 0, "", nil
}

func (p *Endpoint) apply(e Event) {
	if p.another(e.PID()) && e.Kind() != KindStart {
		if p.Alive || e.Kind() != KindCall {
			return
		}
		p.PID, p.Alive, p.Status, p.Signal = e.PID(), true, 0, "" // a parent goes on in place of its dead child
	}
	if e.outdates() {
		p.Verdicts = nil
	}
	switch b := e.Body.(type) {
	case ProcessStarted:
		p.Left = p.Left || p.PID != 0 && !b.Forked
		p.PID, p.Alive, p.Signal, p.Status = b.PID, true, "", 0
		if !b.Forked {
			p.Sigpipe = SigpipeDefault
		}
		p.Called, p.Pending, p.Blocked, p.Unfinished = false, false, false, false
	case CallEntered:
		if !p.Alive { // after the death of a child its parent goes on
			p.PID, p.Alive, p.Signal, p.Status = b.PID, true, "", 0
		}
		p.Call, p.Result = b.Call, Result{}
		p.Called, p.Pending, p.Blocked, p.Unfinished = true, true, false, false
	case CallReturned:
		p.returned(b)
	case CallBlocked:
		p.Blocked = true
	case ProcessExited:
		p.exited(b)
	case StateChanged:
		p.changed(e.T, b)
	case TimerChanged:
		p.Timer, p.Expires, p.TimerAt, p.Retransmits = b.Timer, b.Expires, e.T, b.Retransmits
	case QueuesChanged:
		if !p.State.Connected() {
			return // it has none
		}
		p.RecvQ, p.SendQ, p.QueuedIn = b.RecvQ, b.SendQ, p.State
	}
}

// another reports whether a process is not the one that acts: the parent, after a
// fork. What it calls is on the ladder, but it is not what the end is doing.
func (p *Endpoint) another(pid int) bool { return pid != 0 && p.PID != 0 && pid != p.PID }

// changed notes a state, of the listener or of the connection: neither overwrites the other.
func (p *Endpoint) changed(t Seconds, b StateChanged) {
	if b.Conn == 0 {
		p.Listening = b.To == Listen
		return
	}
	if b.To != p.State {
		p.Was, p.Since = b.From, t
	}
	p.State, p.Orphan, p.By = b.To, b.Orphan, b.By
	if !b.To.Connected() {
		p.Timer, p.RecvQ, p.SendQ = "", 0, 0
	}
}

func (p *Endpoint) returned(b CallReturned) {
	p.Call, p.Result = b.Call, b.Result
	p.Called, p.Pending, p.Blocked = true, false, false
	if b.Result.Errno != "" {
		return
	}
	switch b.Call.Name {
	case CallBind:
		if b.Call.Addr.IsValid() {
			p.Local = b.Call.Addr.String()
		}
	case CallListen:
		p.ListensOn = p.Local
	case CallPoll:
		p.Poll = b.Result.Note
	case CallSigaction:
		p.Sigpipe = b.Call.Disposition.Word()
	}
}

// FINQueued reports whether the peer's FIN is known to be in the receive queue: it takes
// one place behind all data, until end of file has been read (tcp_recvmsg_locked).
func (p *Endpoint) FINQueued() bool {
	has := func(s State) bool { return s == CloseWait || s == LastAck || s == Closing }
	return p.RecvQ > 0 && has(p.State) && has(p.QueuedIn)
}

// exited notes a death.
func (p *Endpoint) exited(b ProcessExited) {
	p.Alive, p.Status, p.Signal = false, b.Status, b.Signal
	p.Pending, p.Blocked, p.Unfinished = false, false, p.Pending
}
