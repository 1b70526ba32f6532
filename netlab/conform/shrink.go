package conform

import (
	"slices"

	"finwait/sim"
)

// shrink makes a list of steps shorter, then simpler, as long as the same comes again. Again
// says whether it does, and returns the steps up to where it did, which may be fewer.
//
// It is delta debugging (Zeller and Hildebrandt, 2002) without the half of it that looks for
// a failing part on its own: a walk rarely fails without its beginning.
func shrink(list []sim.Step, again func([]sim.Step) ([]sim.Step, bool)) []sim.Step {
	for {
		before := len(list)
		for size := (len(list) + 1) / 2; size > 0; size /= 2 {
			list = without(list, size, again)
		}
		changed := false
		list, changed = simpler(list, again)
		if len(list) == before && !changed {
			return list
		}
	}
}

// without removes as many pieces of a size as it can, from the end to the beginning: what
// came last needs what came before it.
func without(list []sim.Step, size int, again func([]sim.Step) ([]sim.Step, bool)) []sim.Step {
	for end := len(list); end > 0; {
		from := max(0, end-size)
		rest := slices.Concat(list[:from], list[end:])
		if len(rest) > 0 {
			if left, ok := again(rest); ok {
				list = left
			}
		}
		end = min(from, len(list))
	}
	return list
}

// simpler puts simpler steps in the place of each.
func simpler(list []sim.Step, again func([]sim.Step) ([]sim.Step, bool)) (_ []sim.Step, changed bool) {
	for i := 0; i < len(list); i++ {
		for _, step := range simplerThan(list[i]) {
			candidate := slices.Clone(list)
			candidate[i] = step
			if left, ok := again(candidate); ok {
				list, changed = left, true
				break
			}
		}
	}
	return list, changed
}

// simplerThan returns steps that say less than a step does, the simplest first.
func simplerThan(s sim.Step) []sim.Step {
	var list []sim.Step
	add := func(yes bool, change func(*sim.Step)) {
		if yes {
			simple := s
			change(&simple)
			list = append(list, simple)
		}
	}
	if s.Then != nil {
		list = append(list, *s.Then)
	}
	add(s.Then != nil, func(s *sim.Step) { s.Then = nil })
	add(s.Parent && s.Then == nil, func(s *sim.Step) { s.Parent = false })
	add(s.NoSignal, func(s *sim.Step) { s.NoSignal = false })
	add(s.Verb == sim.VerbWrite && (len(s.Data) > 1 || s.N > 0), func(s *sim.Step) { s.Data, s.N = "q", 0 })
	add(s.Verb == sim.VerbRead && s.N < 99, func(s *sim.Step) { s.N = 99 })
	add(s.Verb == sim.VerbShutdown && s.How == "rdwr", func(s *sim.Step) { s.How = "wr" })
	add(s.Verb == sim.VerbListen && s.How != "", func(s *sim.Step) { s.How = "" })
	add(s.Verb == sim.VerbClose && s.How == "fd", func(s *sim.Step) { s.How, s.N = "", 0 })
	add(usage(s.Verb).Option && s.How != "", func(s *sim.Step) { s.How = "" })
	add(s.Verb == sim.VerbKill && s.How != "SIGKILL", func(s *sim.Step) { s.How = "SIGKILL" })
	for _, wait := range []sim.Seconds{0.3, 1, 2} {
		add(s.Verb == sim.VerbWait && s.For > wait, func(s *sim.Step) { s.For = wait })
	}
	if wire := usage(s.Verb); wire.Whole && wire.Wire && s.N > 0 {
		for _, from := range []sim.End{sim.Client, sim.Server} {
			list = append(list, sim.Step{Verb: s.Verb, From: from})
		}
	}
	return list
}
