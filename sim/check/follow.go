package check

import "finwait/sim"

// Follow is Observe for a log that has the model beside it: it returns what stands in that log
// where e stands in the log of the live lab. Before the settled event of a step stand the
// verdicts, and the reason for which there are no more, once.
func (s *Checker) Follow(e sim.Event) []sim.Event {
	events := s.Observe(e)
	s.silenced = s.silenced || e.Kind() == sim.KindSilent
	if s.lost && !s.silenced && e.Kind() == sim.KindSettled {
		s.silenced = true
		events = append(events, sim.Event{T: e.T, Step: e.Step, Body: sim.ModelSilent{Why: s.why}})
	}
	return append(events, e)
}
