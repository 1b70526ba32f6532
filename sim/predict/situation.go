package predict

import (
	"slices"

	"finwait/sim"
)

// situation is what there is to know about a step before it is made: how things are, and what
// the model says that the step will do.
type situation struct {
	step    sim.Step
	before  sim.Scene
	after   sim.Scene // in the model
	ended   [2]ending
	lingers [2]bool
	events  []sim.Event // of the step, in the model
	refused bool
	conn    int // the connection that questions are about: the newest after the step
}

func newSituation(a *Asker, step sim.Step, events []sim.Event) *situation {
	s := &situation{step: step, before: a.scene, after: a.scene, ended: a.ended, lingers: a.lingers, events: events}
	for _, e := range events {
		s.after.Apply(e)
		s.refused = s.refused || e.Kind() == sim.KindRefused
	}
	s.conn = s.after.Subject
	if s.conn != a.scene.Subject {
		s.ended = [2]ending{}
	}
	return s
}

// end returns an end of the connection before the step.
func (s *situation) end(at sim.End) sim.Endpoint {
	c := s.before.Connection(s.conn)
	return c.End(at)
}

// was returns the state of an end of the connection before the step.
func (s *situation) was(at sim.End) sim.State { return s.end(at).State }

// will returns the state of an end after the step, in the model.
func (s *situation) will(at sim.End) sim.State { return s.after.End(at).State }

// question returns a question about the connection, without answers.
func (s *situation) question(t Topic, at sim.End) Question {
	return Question{Topic: t, Step: s.step, At: at, Conn: s.conn, was: [2]sim.State{s.was(sim.Client), s.was(sim.Server)}}
}

// closes reports whether the step closes what an end has of the connection: with a call, or by
// the death of its process.
func (s *situation) closes(at sim.End) bool {
	return s.step.At == at && (s.step.Verb == sim.VerbKill || s.step.Verb == sim.VerbClose && s.step.How == "" ||
		s.step.Verb == sim.VerbShutdown && s.step.How != "rd")
}

// shared reports whether another process of an end than the one that acts in the step holds
// the connection.
func (s *situation) shared(at sim.End) bool { return len(s.before.Table.Holders(at, s.conn)) > 1 }

// unread reports whether there are data at an end that nobody has read.
func (s *situation) unread(at sim.End) bool {
	end := s.end(at)
	return end.RecvQ > 0 && !(end.RecvQ == 1 && end.FINQueued())
}

// sends reports whether an end sends such a segment in the step.
func (s *situation) sends(at sim.End, flags sim.Flags) bool {
	return slices.ContainsFunc(s.events, func(e sim.Event) bool {
		b, ok := e.Body.(sim.SegmentMoved)
		return ok && e.At == at && b.Conn == s.conn && isNew(b.Segment) && b.Segment.Flags&flags != 0
	})
}

// alone reports whether the kernel alone keeps the socket of an end, or there is none any more.
func (s *situation) alone(at sim.End) bool {
	return s.end(at).Orphan || !s.was(at).Connected() || !s.before.Table.Holds(at, s.conn)
}

// writes returns how many bytes the step writes.
func (s *situation) writes() int { return max(s.step.N, len(s.step.Data)) }

// hasShutDown reports whether an end has sent its FIN, by shutdown or close.
func (s *situation) hasShutDown(at sim.End) bool {
	switch s.was(at) {
	case sim.FinWait1, sim.FinWait2, sim.Closing, sim.LastAck, sim.TimeWait:
		return true
	}
	switch s.ended[index(at)].in {
	case sim.FinWait1, sim.FinWait2, sim.Closing, sim.LastAck, sim.TimeWait:
		return true
	}
	return false
}
