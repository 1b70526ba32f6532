package check

import (
	"cmp"
	"slices"

	"finwait/sim"
)

// Verdicts are told as a person would tell them: what the program saw first.

// ordered returns the verdicts on a step in the order in which they are told, without the
// disagreements that only follow from others.
func ordered(verdicts []sim.Event) []sim.Event {
	dead := map[sim.End]bool{} // on one side only
	for _, v := range verdicts {
		b := sim.Of[sim.Verdict](v)
		if b.What == sim.WhatExit && (b.Model == "") != (b.Kernel == "") {
			dead[v.At] = true
		}
	}
	verdicts = slices.DeleteFunc(verdicts, func(v sim.Event) bool {
		return !sim.Of[sim.Verdict](v).Agree && dead[v.At] && ofDeath(sim.Of[sim.Verdict](v).What)
	})
	slices.SortStableFunc(verdicts, func(a, b sim.Event) int {
		return cmp.Compare(rank(sim.Of[sim.Verdict](a).What), rank(sim.Of[sim.Verdict](b).What))
	})
	return verdicts
}

// ofDeath reports whether that differs where a process is dead on one side and alive on the
// other: the death closes what the process had, its listener too.
func ofDeath(what sim.What) bool {
	return what == sim.WhatState || what == sim.WhatSegment || what == sim.WhatBlocked
}

// rank returns how soon what is compared is told.
func rank(what sim.What) int {
	return slices.Index([]sim.What{
		sim.WhatRefused, sim.WhatReturn, sim.WhatSignal, sim.WhatExit, sim.WhatBlocked, sim.WhatSegment, sim.WhatState,
	}, what)
}
