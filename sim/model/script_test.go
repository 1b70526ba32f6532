package model

import (
	"testing"

	"finwait/internal/testkit/script"
	"finwait/sim"

	"github.com/aymanbagabas/go-udiff"
)

// The kernel's facts, as scripts that the live lab has written: the model does the same.
func TestScripts(t *testing.T) {
	scripts, err := script.All()
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, s := range scripts {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			l := openLab(t, Options{Wire: s.Wire, KernelTimers: s.Slow})
			got := s.Play(func(n int, step string) []sim.Event { return play(t, l, n, step) })
			if got != s.Text {
				t.Errorf("-kernel +model\n%s", udiff.Unified("kernel", "model", s.Text, got))
			}
		})
	}
}
