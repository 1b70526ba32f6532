package lab

import (
	"slices"
	"testing"

	"finwait/sim"
	"finwait/sim/model"

	"go.uber.org/goleak"
)

// disguised is the lab on the model under a log that sockets might have written.
type disguised struct {
	sim.Lab
	events chan sim.Event
}

func disguise(l sim.Lab) *disguised {
	d := &disguised{l, make(chan sim.Event)}
	go func() {
		defer close(d.events)
		for e := range l.Events() {
			if e.Kind() != sim.KindSilent { // sockets know of no model
				d.events <- asLive(e)
			}
		}
	}()
	return d
}

func (d *disguised) Events() <-chan sim.Event { return d.events }

// asLive returns an event of the model as sockets might have it.
func asLive(e sim.Event) sim.Event {
	if e.Kind() == sim.KindLab {
		live := *sim.Of[sim.LabOpened](e).Setting
		live.Net, live.Capture = sim.Wire, sim.Captured
		sim.Edit(&e, func(b *sim.LabOpened) { b.Setting = &live })
	}
	sim.Edit(&e, func(b *sim.StateChanged) { b.By = sim.ByKernel })
	sim.Edit(&e, func(b *sim.SegmentMoved) { b.By = sim.ByKernel })
	return e
}

// The verdicts of a step come before it settles, and belong to it.
func TestWithModel(t *testing.T) {
	defer goleak.VerifyNone(t)
	b := WithModel(disguise(Simulated(model.Options{Wire: true})))
	for i, text := range []string{"server listen", "client connect"} {
		step, err := sim.ParseStep(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Start(i+1, step); err != nil {
			t.Fatal(err)
		}
		verdicts := 0
		for e := range b.Events() {
			if e.Kind() == sim.KindVerdict {
				verdicts++
				if !sim.Of[sim.Verdict](e).Agree || e.Step != i+1 {
					t.Errorf("step %d: %+v", i+1, e)
				}
			}
			if e.Kind() == sim.KindSettled {
				break
			}
		}
		if verdicts == 0 {
			t.Errorf("%s: settled without a verdict", text)
		}
	}
	for range 2 {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}
	for e := range b.Events() {
		t.Errorf("after the end: %v", e)
	}
}

// Where the model falls silent that is said, once and with the reason, at the end of the step.
func TestWithModelSilent(t *testing.T) {
	defer goleak.VerifyNone(t)
	b := WithModel(disguise(Simulated(model.Options{Wire: true})))
	var said, verdicts []int
	for i, text := range []string{"auto deliver on", "server listen", "client connect", "server accept", "client write 5000", "client write 5000", "client close"} {
		step, err := sim.ParseStep(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Start(i+1, step); err != nil {
			t.Fatal(err)
		}
		for e := range b.Events() {
			if e.Kind() == sim.KindSilent {
				said = append(said, e.Step)
				if sim.Of[sim.ModelSilent](e).Why != "a write of more than one segment" {
					t.Errorf("the reason is %q", sim.Of[sim.ModelSilent](e).Why)
				}
			}
			if e.Kind() == sim.KindVerdict {
				verdicts = append(verdicts, e.Step)
			}
			if e.Kind() == sim.KindSettled {
				break
			}
		}
	}
	if !slices.Equal(said, []int{5}) || slices.Max(verdicts) != 4 {
		t.Errorf("silence is said in %v, verdicts in %v", said, verdicts)
	}
	if err := b.Close(); err != nil {
		t.Error(err)
	}
}
