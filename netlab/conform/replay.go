package conform

import (
	"cmp"
	"context"
	"slices"

	"finwait/sim/lesson"
)

// Bounds of playing walks again. Where the kernel differs in many walks it is enough that some
// of them are known to differ again.
const (
	replays       = 5  // of a walk that disagrees
	mostConfirmed = 20 // walks that disagree again, after which the others are not played
)

// confirm plays each walk that disagrees again, while no other laboratory of this run is open:
// one that disagrees again is a disagreement, however else it does; one that does not was seen
// once.
func (r *run) confirm(ctx context.Context) error {
	slices.SortFunc(r.found, func(a, b Disagreement) int { return cmp.Compare(a.Walk, b.Walk) })
	for i, d := range r.found {
		if len(r.report.Disagreements) == mostConfirmed {
			r.report.NotReplayed = len(r.found) - i
			break
		}
		r.tell(Progress{Replaying: d.Walk})
		again, err := r.replay(ctx, d)
		switch {
		case err != nil:
			return err
		case again == nil:
			r.report.SeenOnce = append(r.report.SeenOnce, d)
		default:
			r.report.Disagreements = append(r.report.Disagreements, *again)
		}
	}
	return nil
}

// replay makes the steps of a walk again, up to five times. It returns what disagreed, nil if
// nothing did.
func (r *run) replay(ctx context.Context, d Disagreement) (*Disagreement, error) {
	for range replays {
		t, err := r.walk(ctx, d.Timers == lesson.TimersKernel, along(d.Steps))
		if err != nil {
			return nil, err
		}
		if len(t.differ) > 0 {
			again := t.disagreement(d.Walk)
			return &again, nil
		}
	}
	return nil, nil
}
