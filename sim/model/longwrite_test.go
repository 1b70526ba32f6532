package model_test

import (
	"slices"
	"testing"

	"finwait/sim"
	"finwait/sim/model"
)

// Into which segments a long write is cut is not modelled: the log says so, in the step that makes
// the write and once, as it does beside a kernel.
func TestLongWriteIsSaid(t *testing.T) {
	l, _ := model.Open(model.Options{})
	var said []int
	for i, text := range []string{"server listen", "client connect", "server accept", "client write 100", "client write 3000000", "server write 70000"} {
		for _, e := range l.Do(i+1, sim.MustParseStep(text)) {
			if b, ok := e.Body.(sim.ModelSilent); ok {
				said = append(said, e.Step)
				if b.Silence.Kind != sim.SilentLongWriteAlone {
					t.Errorf("step %d: %+v", e.Step, b)
				}
			}
		}
	}
	if !slices.Equal(said, []int{5}) {
		t.Errorf("it is said in steps %v, want 5", said)
	}
}
