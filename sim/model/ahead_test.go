package model

import (
	"fmt"
	"testing"

	"finwait/internal/testkit/script"
	"finwait/sim"
)

// A clone does what its lab does then, and changes nothing in it.
func TestClone(t *testing.T) {
	scripts, err := script.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scripts {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			l := openLab(t, Options{Wire: s.Wire, KernelTimers: s.Slow})
			for i, text := range s.Steps {
				step := sim.MustParseStep(text)
				cloned, again := l.Clone().Do(i+1, step), l.Clone().Do(i+1, step)
				events := l.Do(i+1, step)
				if want := fmt.Sprint(events); fmt.Sprint(cloned) != want || fmt.Sprint(again) != want {
					t.Fatalf("step %d: the clones do\n%v\n%v\nand the lab\n%s", i+1, cloned, again, want)
				}
			}
		})
	}
}
