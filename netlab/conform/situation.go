package conform

import "finwait/sim"

// situation is what the choice of a step needs to know: a fold over the log of a walk.
type situation struct {
	scene  sim.Scene
	wire   bool             // the lab has a wire
	forked map[sim.End]bool // the end has had a process that forked
	timed  bool             // a step has set a time, which a wait can reach
	atOnce bool             // every segment is delivered at once
	newest int              // number of the newest segment
	lost   map[sim.End]bool // a segment of the end that needs an acknowledgement was dropped and not sent again
	resets map[sim.End]bool // a close of the end resets: it was told to linger for 0 s
}

func newSituation(wire bool) situation {
	return situation{wire: wire, forked: map[sim.End]bool{}, lost: map[sim.End]bool{}, resets: map[sim.End]bool{}}
}

// made takes in a step that is made.
func (s *situation) made(step sim.Step) {
	switch step.Verb {
	case sim.VerbKeepalive, sim.VerbUserTimeout, sim.VerbLinger, sim.VerbLinger2:
		s.timed = true
		if step.Verb == sim.VerbLinger && step.How == "" {
			s.resets[step.At] = step.N == 0
		}
	case sim.VerbAuto:
		s.atOnce = step.How == "on"
	}
}

// observe takes in an event.
func (s *situation) observe(e sim.Event) {
	s.scene.Apply(e)
	if e.Kind() == sim.KindStart && sim.Of[sim.ProcessStarted](e).Forked {
		s.forked[e.At] = true
	}
	s.segment(e.At, e.Segment())
}

// segment takes in what became of a segment of an end.
func (s *situation) segment(from sim.End, g sim.Segment) {
	s.newest = max(s.newest, g.ID)
	switch {
	case g.Next() == g.Seq:
	case g.Fate == sim.Dropped:
		s.lost[from] = true
	case g.Sent() && g.Resent:
		s.lost[from] = false
	}
}

// side is one end as things are.
type side struct {
	at           sim.End
	sim.Endpoint             // end of the newest connection
	process      sim.Process // process that makes the calls of its steps
	listening    bool        // the end has a listener
}

// side returns an end as things are.
func (s *situation) side(at sim.End) *side {
	p := &side{at: at, Endpoint: s.scene.End(at)}
	_, p.listening = s.scene.Listener(at)
	if acting := s.scene.Table.Acting(at); acting != nil {
		p.process = *acting
	}
	return p
}

// gap reports whether the peer of a live end misses something that the end has sent: what
// the end sends next arrives beyond what the peer expects.
func (s *situation) gap(p *side) bool { return s.lost[p.at] && s.live(p) }

// free reports whether the process of an end can make a call.
func free(p *side) bool { return p.process.Alive() && !p.process.InCall }

// holds reports whether the process of an end can make a call on a connection: on one
// that is over, too.
func (s *situation) holds(p *side) bool {
	return free(p) && s.scene.Table.Newest(&p.process, sim.IsConnection) >= 0
}

// live reports whether it can, and the newest connection is not over.
func (s *situation) live(p *side) bool { return s.holds(p) && p.State.Connected() }

// resetFollows reports whether a reset of the end is on the wire behind another of its segments.
func (s *situation) resetFollows(at sim.End) bool {
	n := 0
	for _, f := range s.scene.Flight {
		if f.At != at {
			continue
		}
		if n++; n > 1 && f.Segment().Flags&sim.RST != 0 {
			return true
		}
	}
	return false
}

// inFlight returns how many segments of an end are on the wire.
func (s *situation) inFlight(at sim.End) int {
	n := 0
	for _, f := range s.scene.Flight {
		if f.At == at {
			n++
		}
	}
	return n
}
