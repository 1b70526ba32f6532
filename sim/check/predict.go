package check

import (
	"finwait/sim"
	"finwait/sim/model"
)

// Predict plays a step on a copy of the model, from where the log is, and returns what comes of
// it; ok is false where the model does not follow the log. The segments of the wire have the
// numbers of the model. It changes nothing in the Checker.
//
// The step in the log has settled. auto says that the wire delivers every segment at once.
func (c *Checker) Predict(step sim.Step, auto bool) (events []sim.Event, ok bool) {
	if !c.live || c.silent {
		return nil, false
	}
	switch step.Verb {
	case sim.VerbDeliver, sim.VerbDrop, sim.VerbDuplicate:
		if step.N == 0 {
			break
		}
		if step.N = c.outcomes.modelID(step.N); step.N == 0 {
			return nil, false
		}
	}
	lab := model.Ahead(c.model.hosts, c.table, auto)
	events = lab.Do(0, step)
	return events, !lab.Unsupported()
}
