package tui

import (
	"math"
	"testing"
	"time"

	"finwait/sim"
)

// TestCountdownText: a countdown shows whole seconds, and tenths in the last second.
func TestCountdownText(t *testing.T) {
	for s, want := range map[sim.Seconds]string{7200: "120 min", 60: "60 s", 59.2: "60 s", 1: "1 s", 0.44: "0.4 s", 0: "0.0 s", -3: "0.0 s"} {
		if got := countdown(s); got != want {
			t.Errorf("countdown(%v) = %q, want %q", float64(s), got, want)
		}
	}
}

// TestRedraw: a clock is drawn again when it reads differently, and not before.
func TestRedraw(t *testing.T) {
	for left, want := range map[sim.Seconds]sim.Seconds{0: 0, 0.5: 0.1, 1.4: 0.4, 60: 0.05, 59.9: 0.9, 119.5: 0.5, 150: 30, 7200.5: 0.5} {
		if got := countdownChangesIn(left); math.Abs(float64(got-want)) > 1e-9 {
			t.Errorf("countdownChangesIn(%v) = %v, want %v", left, got, want)
		}
	}
	for age, want := range map[sim.Seconds]sim.Seconds{-1: 1, 0: 1, 0.4: 0.6, 119.5: 0.5, 120: 60, 150: 30} {
		if got := ageChangesIn(age); math.Abs(float64(got-want)) > 1e-9 {
			t.Errorf("ageChangesIn(%v) = %v, want %v", age, got, want)
		}
	}
	if arrowTime > 250*time.Millisecond {
		t.Error("an arrow keeps one waiting")
	}
}
