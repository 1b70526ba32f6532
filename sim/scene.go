package sim

// Scene is what is true after the events that were applied to it: the fold that
// the boxes, the ladder and the expectations share. It is a value; copying it
// keeps a moment.
//
// Processes, listeners and connections are three lists: a connection outlives its process, a
// process may have none, and a listener is neither.
type Scene struct {
	Setting *Setting // of the lab; nil before the first event
	Now     Seconds
	Step    int
	Newest  Step // the newest step
	Settled bool // the newest step is over
	// Flight is what is on the wire, in the order in which it was sent. It is
	// never written to, only replaced.
	Flight []Event
	Cut    bool // the cable is cut
	Auto   bool // what is sent is delivered at once, as a step has asked for

	// Table has the processes, their descriptors, and the sockets that these refer to.
	Table Table
	// Listeners are the sockets in LISTEN. The slice is never written to, only replaced.
	Listeners []Listener
	// Connections are those that the log has named, by their numbers, whether over or not. Neither
	// the slice nor a connection is ever written to: they are replaced.
	Connections []*Connection
	// Subject is the number of the connection that steps, expectations and the transcript are
	// about: the newest one; 0 before the first.
	Subject int

	held     bool       // before the newest step nothing was delivered at once
	verdicts [2][]Event // by end; never written to, only replaced
}

// Fold returns the scene after all the events.
func Fold(events []Event) Scene {
	var s Scene
	for _, e := range events {
		s.Apply(e)
	}
	return s
}

// Apply takes one more event into the scene.
func (s *Scene) Apply(e Event) {
	s.Now = e.T
	switch b := e.Body.(type) {
	case LabOpened:
		s.Setting = b.Setting
	case StepBegun:
		s.Step, s.Newest, s.Settled = e.Step, b.Step, false
		s.verdicts = [2][]Event{}
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
	if e.At != Client && e.At != Server {
		return
	}
	s.Table.Apply(e)
	s.name(e.Conn())
	s.applyEnd(e)
	s.outdate(e)
}

// Automatic reports whether a step has the wire deliver what is sent at once (on), or hold it.
func (s Step) Automatic() (on, ok bool) { return s.How == "on", s.Verb == VerbAuto }

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
