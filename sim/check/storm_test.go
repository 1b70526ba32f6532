package check

import (
	"slices"
	"testing"

	"finwait/sim"
	"finwait/sim/model"
)

// What was sent a moment ago is not sent again without a reason, neither as it was nor in
// pieces, and with a reason not a hundred times.
func TestCheckerFindsOutStorms(t *testing.T) {
	truth := logOf(t, model.Options{Wire: true, KernelTimers: true}, handshake(`client write "abc"`, "client poll")...)
	sent := truth[first(t, truth, 7, sends)]
	for name, test := range map[string]struct {
		step     int
		after    sim.Seconds
		n        int
		disputed bool
		change   func(n int, g *sim.Segment)
	}{
		"a copy at once":   {7, 0, 1, true, copied},
		"a piece at once":  {7, 0, 1, true, func(_ int, g *sim.Segment) { g.ID, g.Len, g.Flags, g.Resent = 99, 1, sim.ACK, true }},
		"a copy, later":    {8, 0.3, 1, false, copied},
		"a hundred copies": {8, 0.3, 100, true, copied},
		"a few copies":     {8, 0.3, 5, false, copied},
	} {
		t.Run(name, func(t *testing.T) {
			i := first(t, truth, test.step, func(e sim.Event) bool { return e.Kind() == sim.KindSettled })
			forged := slices.Clone(truth)
			for n := range test.n {
				again := sent
				again.T, again.Step = truth[i].T+test.after, test.step
				sim.Edit(&again, func(b *sim.SegmentMoved) { test.change(n, &b.Segment) })
				forged = slices.Insert(forged, i+n, again)
			}
			if found := disagreements(judged(forged)); len(found) > 0 != test.disputed {
				t.Errorf("disputed: %v", found)
			}
		})
	}
}

// copied makes a segment the n-th copy of itself.
func copied(n int, g *sim.Segment) { g.Fate, g.Copies = sim.Retransmitted, n+2 }
