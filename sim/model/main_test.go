package model

import (
	"testing"

	"finwait/sim"
)

// lab is a lab of a test.
type lab struct {
	*Lab
	begun []sim.Event // how its log begins, until the first step
}

// openLab opens a lab for a test.
func openLab(t testing.TB, o Options) *lab {
	t.Helper()
	l, begun := Open(o)
	return &lab{l, begun}
}

// play plays a step and returns its events; with the first those with which the log begins.
func play(t testing.TB, l *lab, n int, text string) []sim.Event {
	t.Helper()
	step, err := sim.ParseStep(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	events := append(l.begun, l.Do(n, step)...)
	l.begun = nil
	if last := events[len(events)-1]; last.Kind() != sim.KindSettled {
		t.Fatalf("%s: not settled: %v", text, events)
	}
	return events
}
