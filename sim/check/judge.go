package check

import (
	"cmp"
	"slices"
	"strings"

	"finwait/sim"
	"finwait/sim/tcp"
)

// settled takes in that a step has settled, and returns the verdicts on it.
func (c *Checker) settled(e sim.Event) []sim.Event {
	if c.model.hosts.World.Unsupported() {
		c.fallSilent(sim.Silence{Kind: sim.SilentUnsupported})
		return nil
	}
	c.model.doOverdue()
	verdicts := c.judge()
	if slices.ContainsFunc(verdicts, func(v verdict) bool { return !v.Agree }) {
		c.fallSilent(sim.Silence{Kind: sim.SilentDisagreement})
	}
	c.outcomes.reset()
	c.model.apply(tcp.Input{Op: tcp.OpForget})
	var events []sim.Event
	for _, v := range arrange(verdicts) {
		events = append(events, sim.Event{T: e.T, Step: e.Step, At: v.at, Body: v.Verdict})
	}
	return events
}

// verdict is a verdict on one end, or on the whole lab.
type verdict struct {
	at sim.End
	sim.Verdict
}

// judge compares what the model and the log have of a step.
func (c *Checker) judge() []verdict {
	verdicts := c.ends.compare(&c.model.hosts.World, c.model.hosts.Connections())
	for _, what := range []sim.What{sim.WhatSegment, sim.WhatReturn, sim.WhatSignal, sim.WhatExit, sim.WhatRefused} {
		if what == sim.WhatSegment && c.model.unseen {
			continue
		}
		for _, at := range []sim.End{sim.Client, sim.Server, ""} {
			v, ok := c.outcomes.compare(what, at)
			if !ok {
				continue
			}
			if what == sim.WhatSegment {
				v = c.outcomes.judgeSegments(v, c.wire)
			}
			verdicts = append(verdicts, v)
		}
	}
	for _, at := range []sim.End{sim.Client, sim.Server} {
		if v, ok := c.compareBlocked(at); ok {
			verdicts = append(verdicts, v)
		}
	}
	return verdicts
}

// compareBlocked returns the verdict on the calls in which the processes of a host are blocked;
// ok is false if there is none.
func (c *Checker) compareBlocked(at sim.End) (v verdict, ok bool) {
	var predicted, observed []string
	for _, p := range c.model.hosts.Processes(tcp.SideOf(at)) {
		if p.Busy && !p.Dead {
			predicted = append(predicted, string(p.Call.Name))
		}
		if name := c.calls[p.PID]; name != "" {
			observed = append(observed, string(name))
		}
	}
	v = verdict{at, sim.Verdict{What: sim.WhatBlocked, Model: strings.Join(predicted, sim.Between), Kernel: strings.Join(observed, sim.Between)}}
	v.Agree = v.Model == v.Kernel
	return v, v.Model != "" || v.Kernel != ""
}

// arrange returns the verdicts on a step in the order in which a person would tell them: first
// what the programs have seen. It leaves out the disagreements that only follow from another.
func arrange(verdicts []verdict) []verdict {
	dead := map[sim.End]bool{} // on one side only
	for _, v := range verdicts {
		if v.What == sim.WhatExit && (v.Model == "") != (v.Kernel == "") {
			dead[v.at] = true
		}
	}
	verdicts = slices.DeleteFunc(verdicts, func(v verdict) bool { return !v.Agree && dead[v.at] && followsDeath(v.What) })
	slices.SortStableFunc(verdicts, func(a, b verdict) int { return cmp.Compare(rank(a.What), rank(b.What)) })
	return verdicts
}

// followsDeath reports whether that differs where a process is dead on one side and alive on the
// other: the death closes every descriptor of the process, its listener too.
func followsDeath(what sim.What) bool {
	return what == sim.WhatState || what == sim.WhatSegment || what == sim.WhatBlocked
}

// rank returns the place of a verdict on that among the others.
func rank(what sim.What) int {
	return slices.Index([]sim.What{
		sim.WhatRefused, sim.WhatReturn, sim.WhatSignal, sim.WhatExit, sim.WhatBlocked, sim.WhatSegment, sim.WhatState,
	}, what)
}
