package program

import "finwait/sim"

// Wait has time pass: a span of time, or at most that until a condition holds.
type Wait struct {
	For sim.Seconds
	// Until says that there is a condition: an end is in a state, or has a segment on the
	// wire.
	Until bool

	step sim.Step
}

func waitFor(s sim.Step) Wait {
	w := Wait{For: s.For, Until: s.From != "", step: s}
	if w.Until {
		w.For = s.Limit()
	}
	return w
}

// Unmet returns why the condition does not hold after all the time, nil where it holds.
func (w Wait) Unmet(n Network) *sim.Refusal {
	at := w.step.From
	switch state := n.Newest.State(at); {
	case !w.Until:
	case w.step.How == sim.WaitFlight:
		if len(n.inFlight(at)) == 0 {
			return &sim.Refusal{Kind: sim.RefusedNothingSent, At: at, Waited: w.step.LimitText()}
		}
	case state != w.step.Until:
		return &sim.Refusal{Kind: sim.RefusedStateNotReached, At: at, State: state, Waited: w.step.LimitText()}
	}
	return nil
}
