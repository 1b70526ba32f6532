package virtual

import (
	"testing"
	"time"

	"finwait/sim"
)

// patience is how long a test waits for what must come: the model never waits.
const patience = 30 * time.Second

// openLab opens a laboratory for a test.
func openLab(t testing.TB, o Options) *Lab {
	t.Helper()
	l := Open(o)
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// play plays a step and returns its events, and those before it that nobody has read.
func play(t testing.TB, l *Lab, n int, text string) []sim.Event {
	t.Helper()
	step, err := sim.ParseStep(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if err := l.Start(n, step); err != nil {
		t.Fatal(err)
	}
	return settled(t, l, text)
}

// settled returns the events up to the next KindSettled.
func settled(t testing.TB, l *Lab, text string) (events []sim.Event) {
	t.Helper()
	for timeout := time.After(patience); ; {
		select {
		case e, ok := <-l.Events():
			if !ok {
				t.Fatalf("%s: the lab has ended", text)
			}
			events = append(events, e)
			if e.Kind == sim.KindSettled {
				return events
			}
		case <-timeout:
			t.Fatalf("%s: not settled after %v: %v", text, patience, events)
		}
	}
}
