package conform

import (
	"finwait/sim"
	"finwait/sim/program"
)

// situation is what the choice of a step needs to know: a fold over the log of a walk.
type situation struct {
	scene  sim.Scene
	table  program.Table
	wire   bool             // the lab has a wire
	forked map[sim.End]bool // the end has had a process that forked
	timed  bool             // a step has set a time, which a wait can reach
	atOnce bool             // every segment is delivered at once
	newest int              // number of the newest segment
}

func newSituation(wire bool) situation {
	return situation{scene: sim.NewScene(), wire: wire, forked: map[sim.End]bool{}}
}

// made takes in a step that is made.
func (s *situation) made(step sim.Step) {
	switch step.Verb {
	case sim.VerbKeepalive, sim.VerbUserTimeout, sim.VerbLinger, sim.VerbLinger2:
		s.timed = true
	case sim.VerbAuto:
		s.atOnce = step.How == "on"
	}
}

// observe takes in an event.
func (s *situation) observe(e sim.Event) {
	s.table.Apply(e)
	s.scene.Apply(e)
	if e.Kind() == sim.KindStart && sim.Of[sim.ProcessStarted](e).Forked {
		s.forked[e.At] = true
	}
	s.newest = max(s.newest, e.Segment().ID)
}

// free reports whether the process of an end can make a call.
func free(p *sim.Endpoint) bool { return p.Alive && !p.Blocked && !p.Pending }

// holds reports whether the process of an end can make a call on a connection: on one
// that is over, too.
func (s *situation) holds(p *sim.Endpoint) bool {
	acting := s.table.Acting(p.At)
	return free(p) && acting != nil && s.table.Newest(acting, program.IsConnection) >= 0
}

// live reports whether it can, and the newest connection is not over.
func (s *situation) live(p *sim.Endpoint) bool { return s.holds(p) && p.State.Connected() }

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
