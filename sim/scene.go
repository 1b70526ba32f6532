package sim

import "strings"

// Scene is what is true after the events that were applied to it: the fold that
// the boxes, the ladder and the expectations share. It is a value; copying it
// keeps a moment.
type Scene struct {
	Setting *Setting // of the lab; nil before the first event
	Now     Seconds
	Step    int
	Text    string // the newest step, as written
	Settled bool   // the newest step is over
	Conn    int    // number of the newest connection
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
	Alive   bool // that process lives
	Status  int  // exit status, as a shell shows it, once it is dead
	Signal  string
	Sigpipe string // default, ignore or handler
	Local   string // address of the socket, once bound

	Listening bool // it has a listening socket

	State   State   // of its end of the newest connection; Listen before the first
	Was     State   // the state before
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
	QueuedIn     State // the state it was in when they were read

	Call       Call   // the newest call
	Result     Result // its result, unless Blocked or Pending
	Called     bool   // there was a call
	Pending    bool   // the call has not returned yet
	Blocked    bool   // and its thread is known to sleep
	Unfinished bool   // the process died in it
	Poll       string // what the newest poll(2) said

	// Verdicts are what the model said of what the end did in the newest step, until
	// the end does something else. They are never written to, only replaced.
	Verdicts []Event
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
	switch e.Kind {
	case KindLab:
		s.Setting = e.Lab
	case KindStep:
		s.Step, s.Text, s.Settled = e.Step, e.Text, false
		s.Client.Verdicts, s.Server.Verdicts = nil, nil
		s.held = !s.Auto
		if how, ok := Automatic(e); ok {
			s.Auto = how
		}
	case KindRefused:
		s.Auto = !s.held
	case KindSettled:
		s.Settled = true
	case KindSegment:
		s.moved(e)
	case KindCable:
		s.Cut = e.Text == CableCut
	case KindVerdict:
		s.judged(e)
		return
	}
	if e.Conn > s.Conn {
		s.Conn = e.Conn
		s.Client.newConnection()
		s.Server.newConnection()
	}
	end := s.End(e.At)
	if end == nil {
		return
	}
	if e.Conn == s.Conn || e.Conn == 0 && !e.ofSocket() {
		end.apply(e)
	}
}

// Automatic reports whether an event begins a step that has the wire deliver what is
// sent at once (on), or hold it.
func Automatic(e Event) (on, ok bool) {
	if e.Kind != KindStep || !strings.HasPrefix(e.Text, string(VerbAuto)+" ") {
		return false, false
	}
	s, err := ParseStep(e.Text)
	return s.How == "on", err == nil && s.Verb == VerbAuto
}

// ofSocket reports whether the event tells of one socket alone: that of connection 0
// is the listener, whose queue is not the connection's.
func (e Event) ofSocket() bool { return e.Kind == KindTimer || e.Kind == KindQueues }

// moved takes news of a segment on the wire.
func (s *Scene) moved(e Event) {
	switch {
	case e.Segment.ID == 0:
		return
	case e.Segment.Fate == Overtaken:
		s.overtaken(e)
		return
	}
	var flight []Event
	for _, f := range s.Flight {
		switch {
		case f.Segment.ID != e.Segment.ID:
			flight = append(flight, f)
		case e.Segment.Fate == Retransmitted, e.Segment.Fate == Duplicated:
			f.Segment.Copies = e.Segment.Copies
			flight = append(flight, f)
		}
	}
	if e.Segment.Fate == Held {
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
		case f.Segment.ID == e.Segment.ID:
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
	if p.State != Listen {
		p.State, p.Was = Closed, Closed
	}
	p.Orphan, p.Timer, p.Expires, p.Retransmits = false, "", 0, 0
	p.RecvQ, p.SendQ, p.Poll, p.Verdicts = 0, 0, "", nil
}

func (p *Endpoint) apply(e Event) {
	if p.another(e.PID) && e.Kind != KindStart {
		if p.Alive || e.Kind != KindCall {
			return
		}
		p.PID, p.Alive, p.Status, p.Signal = e.PID, true, 0, "" // a parent goes on in place of its dead child
	}
	if e.outdates() {
		p.Verdicts = nil
	}
	switch e.Kind {
	case KindStart:
		p.PID, p.Alive, p.Signal, p.Status = e.PID, true, "", 0
		if !e.Forked {
			p.Sigpipe = SigpipeDefault
		}
		p.Called, p.Pending, p.Blocked, p.Unfinished = false, false, false, false
	case KindCall:
		if !p.Alive { // after the death of a child its parent goes on
			p.PID, p.Alive, p.Signal, p.Status = e.PID, true, "", 0
		}
		p.Call, p.Result = e.Call, Result{}
		p.Called, p.Pending, p.Blocked, p.Unfinished = true, true, false, false
	case KindReturn:
		p.returned(e)
	case KindBlocked:
		p.Blocked = true
	case KindExit:
		p.exited(e)
	case KindState:
		p.changed(e)
	case KindTimer:
		p.Timer, p.Expires, p.TimerAt, p.Retransmits = e.Timer, e.Expires, e.T, e.Retransmits
	case KindQueues:
		p.RecvQ, p.SendQ, p.QueuedIn = e.RecvQ, e.SendQ, p.State
	}
}

// another reports whether a process is not the one that acts: the parent, after a
// fork. What it calls is on the ladder, but it is not what the end is doing.
func (p *Endpoint) another(pid int) bool { return pid != 0 && p.PID != 0 && pid != p.PID }

// changed notes a state. The listener's state shows only while there is no
// connection to show.
func (p *Endpoint) changed(e Event) {
	if e.Conn == 0 {
		p.Listening = e.To == Listen
		if p.State.Connected() {
			return
		}
	}
	if e.To != p.State {
		p.Was, p.Since = e.From, e.T
	}
	p.State, p.Orphan, p.By = e.To, e.Orphan, e.By
	if !e.To.Connected() {
		p.Timer, p.RecvQ, p.SendQ = "", 0, 0
	}
}

func (p *Endpoint) returned(e Event) {
	p.Call, p.Result = e.Call, e.Result
	p.Called, p.Pending, p.Blocked = true, false, false
	if e.Result.Errno != "" {
		return
	}
	switch e.Call.Name {
	case CallBind:
		if e.Call.Addr.IsValid() {
			p.Local = e.Call.Addr.String()
		}
	case CallPoll:
		p.Poll = e.Result.Note
	case CallSigaction:
		p.Sigpipe = e.Call.Disposition.Word()
	}
}

// FINQueued reports whether the peer's FIN is known to be in the receive queue: it takes
// one place behind all data, until end of file has been read (tcp_recvmsg_locked).
func (p *Endpoint) FINQueued() bool {
	has := func(s State) bool { return s == CloseWait || s == LastAck || s == Closing }
	return p.RecvQ > 0 && has(p.State) && has(p.QueuedIn)
}

// exited notes a death.
func (p *Endpoint) exited(e Event) {
	p.Alive, p.Status, p.Signal = false, e.Status, e.Signal
	p.Pending, p.Blocked, p.Unfinished = false, false, p.Pending
}
