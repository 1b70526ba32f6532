package check

import (
	"fmt"
	"slices"
	"testing"

	"finwait/internal/testkit/script"
	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/sim/model"
)

// What a Checker predicts of a step, the step then does: in the lessons, and in every script.
func TestPredict(t *testing.T) {
	for _, what := range lesson.Embedded() {
		t.Run(what.Name, func(t *testing.T) {
			t.Parallel()
			predictSteps(t, lessonLog(t, what))
		})
	}
	scripts, err := script.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scripts {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			l := openLab(t, model.Options{Wire: s.Wire, KernelTimers: s.Slow})
			var log []sim.Event
			for i, text := range s.Steps {
				log = append(log, play(t, l, i+1, text)...)
			}
			predictSteps(t, log)
		})
	}
}

// predictSteps predicts each step of a log before the Checker learns of it.
func predictSteps(t *testing.T, log []sim.Event) {
	t.Helper()
	c, auto := New(), false
	var predicted []string
	begun := 0
	for i, e := range script.AsLive(log) {
		if b, ok := e.Body.(sim.StepBegun); ok {
			begun = i
			events, ok := c.Predict(b.Step, auto)
			if !ok {
				t.Logf("step %d: the model says nothing: %s", e.Step, c.Silent())
				return
			}
			predicted = told(events)
			if on, ok := b.Step.Automatic(); ok {
				auto = on
			}
		}
		c.Observe(e)
		if e.Kind() == sim.KindSettled {
			if got := told(log[begun:i]); !slices.Equal(predicted, got) {
				t.Errorf("step %d: it predicts\n%q\nand the log has\n%q", e.Step, predicted, got)
			}
		}
	}
}

// told returns what a step did, in no order: outcomes and states. It leaves out what is sent
// again: when, is the kernel's choice.
func told(events []sim.Event) (list []string) {
	for _, e := range events {
		if b, ok := e.Body.(sim.StateChanged); ok {
			list = append(list, fmt.Sprintf("%s %d %s", e.At, b.Conn, stateText(b.To, b.Orphan)))
		}
		if g := e.Segment(); g.Resent || g.Fate == sim.Retransmitted {
			continue
		}
		if o, ok := outcomeOf(e, func(id int) int { return id }); ok {
			list = append(list, fmt.Sprintf("%s %s", o.at, o))
		}
	}
	slices.Sort(list)
	return list
}
