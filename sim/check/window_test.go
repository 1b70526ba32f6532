package check

import (
	"testing"

	"finwait/sim/model"
)

// How large windows and buffers become is not modelled: where that matters there are no verdicts.
func TestCheckerSilentAboutWindows(t *testing.T) {
	for name, steps := range map[string][]string{
		"window": {"server listen", "client connect", "server accept", "server write 30000", "server write 40000"},
		"buffer": {"server listen", "client connect", "server accept", "auto deliver off", "client write 16777216"},
	} {
		s := New()
		for _, e := range logOf(t, model.Options{}, steps...) {
			for _, v := range s.Observe(e) {
				if e.Step == len(steps) {
					t.Errorf("%s: %v", name, v)
				}
			}
		}
		if s.Silent() == "" {
			t.Errorf("%s: it goes on", name)
		}
	}
}
