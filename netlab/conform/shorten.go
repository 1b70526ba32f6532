package conform

import (
	"cmp"
	"context"
	"slices"

	"finwait/sim"
	"finwait/sim/lesson"
)

// Bounds of making a walk shorter: how many lists of steps are tried, and how often each, since
// what a kernel does can depend on time.
const (
	mostLists = 200
	attempts  = 3
)

// shorten makes the shortest walk that disagrees shorter.
func (r *run) shorten(ctx context.Context) error {
	if len(r.report.Disagreements) == 0 {
		return nil
	}
	d := slices.MinFunc(r.report.Disagreements, func(a, b Disagreement) int { return cmp.Compare(len(a.Steps), len(b.Steps)) })
	s := &shortening{run: r, ctx: ctx, what: sim.Of[sim.Verdict](d.Verdicts[0]).What, best: d}
	shrink(d.Steps, s.try)
	r.report.Shortest = &Shortest{Disagreement: s.best, Of: len(d.Steps)}
	return s.err
}

// shortening is a walk that is being made shorter.
type shortening struct {
	*run
	ctx   context.Context
	what  sim.What     // the kind of disagreement that is to come again
	best  Disagreement // the shortest so far
	lists int          // how many were tried
	err   error
}

// try makes the steps on fresh laboratories. It reports whether the same kind of
// disagreement comes, and the steps up to it.
func (s *shortening) try(list []sim.Step) ([]sim.Step, bool) {
	if s.err != nil || s.lists == mostLists {
		return nil, false
	}
	s.lists++
	s.tell(Progress{Shrinking: len(s.best.Steps)})
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	type result struct {
		trace
		err error
	}
	results := make(chan result, attempts)
	kernelTimers := s.best.Timers == lesson.TimersKernel
	for range attempts {
		go func() {
			t, err := s.walk(ctx, kernelTimers, along(list))
			results <- result{t, err}
		}()
	}
	var steps []sim.Step
	for range attempts { // all of them, so that no laboratory is left
		switch r := <-results; {
		case steps != nil:
		case r.err != nil:
			s.err = cmp.Or(s.err, r.err)
		case s.same(r.differ):
			s.best = r.disagreement(s.best.Walk)
			steps = r.steps
			cancel()
		}
	}
	return steps, steps != nil
}

// same reports whether a disagreement is of the kind that is looked for.
func (s *shortening) same(differ []sim.Event) bool {
	return slices.ContainsFunc(differ, func(v sim.Event) bool { return sim.Of[sim.Verdict](v).What == s.what })
}
