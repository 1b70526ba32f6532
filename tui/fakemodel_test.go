package tui

import (
	"context"

	"finwait/sim"
	"finwait/sim/lesson"
)

// A lab with the model beside it: at the end of each step there are verdicts on both ends.

func agrees(at sim.End, what sim.What, both string) sim.Event {
	return sim.Event{At: at, Body: sim.Verdict{Conn: 1, What: what, Model: both, Kernel: both, Agree: true}}
}

func differs(at sim.End, what sim.What, model, kernel string) sim.Event {
	return sim.Event{At: at, Body: sim.Verdict{Conn: 1, What: what, Model: model, Kernel: kernel}}
}

// firstWrite is the step in which the model of the tests differs from the kernel.
const firstWrite = `server write "first message"`

// judged returns a script in which the model agrees with every step.
func judged(script map[string][]sim.Event) map[string][]sim.Event {
	for text, events := range script {
		for _, at := range []sim.End{sim.Client, sim.Server} {
			s := sim.Fold(events)
			events = append(events, agrees(at, sim.WhatState, s.End(at).State.String()))
		}
		script[text] = events
	}
	return script
}

// unlike replaces the verdicts on the first write.
func unlike(script map[string][]sim.Event, verdicts ...sim.Event) map[string][]sim.Event {
	script[firstWrite] = append(storyScript()[firstWrite], verdicts...)
	return script
}

// modelConfig returns the tests' lesson in a lab that plays the script, and the labs that were
// opened for it.
func modelConfig(script map[string][]sim.Event) (c Config, labs *[]*fakeLab) {
	c, labs = lessonConfig(), new([]*fakeLab)
	c.Open = func(context.Context, *lesson.Lesson) (sim.Lab, error) {
		f := newFakeLab()
		f.script = script
		*labs = append(*labs, f)
		return f, nil
	}
	return c, labs
}

// inState returns verdicts that differ in the state of one end, inMuch those of a model that
// knows no resets.
func inState() []sim.Event {
	return []sim.Event{
		differs(sim.Client, sim.WhatState, "FIN_WAIT2", "CLOSED"),
		agrees(sim.Server, sim.WhatState, "CLOSE"), agrees(sim.Server, sim.WhatReturn, "write = 13"),
	}
}

func inMuch() []sim.Event {
	return []sim.Event{
		differs(sim.Client, sim.WhatState, "FIN_WAIT2, orphan", "CLOSED"),
		differs(sim.Client, sim.WhatSegment, "ACK ack 14", "RST seq 2"),
		differs(sim.Server, sim.WhatState, "CLOSE_WAIT", "CLOSE"),
		agrees(sim.Server, sim.WhatReturn, "write = 13"),
	}
}
