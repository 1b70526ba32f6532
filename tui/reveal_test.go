package tui

import (
	"strings"
	"testing"
	"time"

	"finwait/sim"
)

// animated returns the tests' lesson with arrows that grow.
func animated() Config {
	c := lessonConfig()
	c.Animate = true
	return c
}

// TestAnimation: the arrow of a FIN grows before the answer shows, its effects show when it has
// arrived, and nothing moves afterwards.
func TestAnimation(t *testing.T) {
	drive(t, 100, 30, animated(), func(d *driver) {
		d.wait(time.Second)
		d.press("space")
		d.hides("FIN ACK  seq 1 ━━━━━━━━━━━━━━━━━▶", "CLOSE_WAIT", "FIN_WAIT2")
		d.shows("✝ SIGINT")
		d.wait(arrowTime / 2)
		d.shows("FIN ACK")
		d.hides("CLOSE_WAIT", "FIN_WAIT2")
		d.wait(arrowTime/2 + 2*frameTime)
		d.shows("CLOSE_WAIT", "FIN_WAIT1")
		d.hides("FIN_WAIT2")
		d.wait(arrowTime + 2*frameTime)
		d.shows("FIN_WAIT2", "▸ wait 5 s")
		if d.m.play.revealing() || d.m.play.frames {
			t.Error("it moves on")
		}
	})
}

// TestAnimationIsSkipped: the next key press shows everything, and makes the next
// step.
func TestAnimationIsSkipped(t *testing.T) {
	drive(t, 100, 30, animated(), func(d *driver) {
		d.wait(time.Second)
		d.press("space", "space")
		d.shows("CLOSE_WAIT", "FIN_WAIT2")
		if n := len(d.lab.started); d.lab.started[n-1] != "wait 5s" {
			t.Errorf("started %s", strings.Join(d.lab.started, ", "))
		}
	})
}

// TestAnimationEndsTheSame: the screen is the same in the end with and without animation.
func TestAnimationEndsTheSame(t *testing.T) {
	var still string
	keys := []string{"space", "space", "space"}
	drive(t, 100, 30, lessonConfig(), func(d *driver) {
		for _, k := range keys {
			d.press(k)
			d.wait(time.Second)
		}
		still = d.text()
	})
	drive(t, 100, 30, animated(), func(d *driver) {
		for _, k := range keys {
			d.press(k)
			d.wait(time.Second)
		}
		if got := d.text(); got != still {
			t.Errorf("animated:\n%s\nstill:\n%s", got, still)
		}
	})
}

// TestRevealHurries: many arrows at once grow faster.
func TestRevealHurries(t *testing.T) {
	var events []sim.Event
	for range 50 {
		events = append(events, sim.Event{At: sim.Client, Body: sim.SegmentMoved{}})
	}
	var r reveal
	now := time.Unix(0, 0)
	begin := now
	for r.advance(events, now); r.growing; r.advance(events, now) {
		now = now.Add(time.Millisecond)
	}
	if took := now.Sub(begin); r.k != len(events) || took > burstTime*3/2 {
		t.Errorf("%d of %d arrows in %v", r.k, len(events), took)
	}
}
