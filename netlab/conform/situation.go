package conform

import (
	"maps"

	"finwait/sim"
)

// situation is what the choice of a step needs to know: a fold over the log of a walk.
type situation struct {
	scene  sim.Scene
	wire   bool             // the lab has a wire
	forked map[sim.End]bool // the end has had a process that forked
	open   map[int]fds      // by process: its descriptors of connections
	timed  bool             // a step has set a time, which a wait can reach
	atOnce bool             // every segment is delivered at once
	newest int              // number of the newest segment
}

// fds are descriptors.
type fds map[int]bool

func newSituation(wire bool) situation {
	return situation{scene: sim.NewScene(), wire: wire, forked: map[sim.End]bool{}, open: map[int]fds{}}
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
	switch e.Kind {
	case sim.KindStart:
		s.open[e.PID] = fds{}
		if parent := s.scene.End(e.At).PID; e.Forked {
			maps.Copy(s.open[e.PID], s.open[parent])
		}
	case sim.KindReturn:
		s.returned(s.open[e.PID], e)
	}
	s.scene.Apply(e)
	if e.Kind == sim.KindStart && e.Forked {
		s.forked[e.At] = true
	}
	s.newest = max(s.newest, e.Segment.ID)
}

// free reports whether the process of an end can make a call.
func free(p *sim.Endpoint) bool { return p.Alive && !p.Blocked && !p.Pending }

// returned takes in what a call has made of the descriptors of a process.
func (s *situation) returned(of fds, e sim.Event) {
	switch fd := e.Call.FD; {
	case of == nil || e.Result.Errno != "":
	case e.Call.Name == sim.CallSocket, e.Call.Name == sim.CallAccept, e.Call.Name == sim.CallDup && of[fd]:
		of[e.Result.Ret] = true
	case e.Call.Name == sim.CallListen, e.Call.Name == sim.CallClose:
		delete(of, fd)
	}
}

// holds reports whether the process of an end can make a call on a connection: on one
// that is over, too.
func (s *situation) holds(p *sim.Endpoint) bool { return free(p) && len(s.open[p.PID]) > 0 }

// live reports whether it can, and the newest connection is not over.
func (s *situation) live(p *sim.Endpoint) bool { return s.holds(p) && p.State.Connected() }

// flying returns how many segments of an end are on the wire.
func (s *situation) flying(at sim.End) int {
	n := 0
	for _, f := range s.scene.Flight {
		if f.At == at {
			n++
		}
	}
	return n
}
