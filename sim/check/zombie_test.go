package check

import (
	"slices"
	"testing"

	"finwait/sim"
	"finwait/sim/model"
)

// An end that was reset sends nothing any more, neither a copy of what it had sent nor a part
// of it.
func TestCheckerFindsOutZombies(t *testing.T) {
	truth := logOf(t, model.Options{Wire: true, KernelTimers: true},
		handshake(`server write "abc"`, "client linger 0", "client close", "deliver client", "client poll")...)
	for name, change := range map[string]func(*sim.Segment){
		"a copy": func(g *sim.Segment) { g.Fate, g.Copies = sim.Retransmitted, 2 },
		"a part": func(g *sim.Segment) { g.ID, g.Len, g.Resent = 77, 2, true },
	} {
		t.Run(name, func(t *testing.T) {
			zombie := truth[first(t, truth, 7, sends)]
			i := first(t, truth, 11, func(e sim.Event) bool { return e.Kind() == sim.KindSettled })
			zombie.T, zombie.Step = truth[i].T+0.01, 11
			sim.Edit(&zombie, func(b *sim.SegmentMoved) { change(&b.Segment) })
			accused(t, truth, slices.Insert(slices.Clone(truth), i, zombie), 11, sim.WhatSegment)
		})
	}
}
