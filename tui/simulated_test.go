package tui

import (
	"context"
	"testing"
	"time"

	"finwait/internal/lab"
	"finwait/sim"
	"finwait/sim/lesson"
	simulation "finwait/sim/model"
)

// simulated returns a lesson played on the model.
func simulated(l *lesson.Lesson) Config {
	dark := true
	return Config{First: l, Dark: &dark, Open: func(_ context.Context, l *lesson.Lesson) (sim.Lab, error) {
		return lab.Simulated(simulation.Options{Lesson: l.Name, Title: l.Title, Wire: l.HasWire()}), nil
	}}
}

// passing returns a lesson on the wire in which time passes.
func passing() *lesson.Lesson {
	l, err := lesson.Parse("waiting.md", []byte("---\ntitle: Waiting\nnet: wire\n---\n\nNobody answers.\n\n```finwait\nclient close\nwait 3s\ndeliver all\nserver close\ndeliver all\n```\n"))
	if err != nil {
		panic(err)
	}
	return l
}

// TestModelClockStands: the model's time passes in steps only, and nothing counts down between
// them.
func TestModelClockStands(t *testing.T) {
	drive(t, 100, 30, simulated(passing()), func(d *driver) {
		stands := func(texts ...string) {
			t.Helper()
			d.shows(texts...)
			before := d.text()
			d.wait(3 * time.Minute)
			if got := d.text(); got != before {
				t.Errorf("time has changed the screen:\n%s\nbefore:\n%s", got, before)
			}
			d.hides("any moment", " in 0.", "gone in", "resent in")
		}
		d.press("space")
		stands("resent after 0.2 s", "held 0 s")
		d.press("space")
		stands("orphan · sent x5, again +0.3 s", "held 3 s")
		d.press("space", "space", "space")
		stands("TIME_WAIT    gone after 60 s")
	})
}

// TestModelHasWire: a lesson that asks for the model alone shows its wire.
func TestModelHasWire(t *testing.T) {
	l, err := lesson.Parse("alone.md", []byte("---\ntitle: Alone\nnet: sim\n---\n\nThe client closes.\n\n```finwait\nclient close\ndeliver client\n```\n"))
	if err != nil {
		t.Fatal(err)
	}
	drive(t, 100, 30, simulated(l), func(d *driver) {
		d.shows("0 in flight", "─ on the wire ─")
		d.press("space")
		d.shows("1 in flight", "client → server  FIN ACK  seq 1 ack 1")
		d.press("d")
		d.shows("CLOSE_WAIT")
	})
}

// TestMenuOfModel: the menu says that its lessons are played on the model.
func TestMenuOfModel(t *testing.T) {
	c := menuConfig()
	for _, size := range sizes {
		c.Model = false
		drive(t, size.w, size.h, c, func(d *driver) { d.hides("model") })
		c.Model = true
		drive(t, size.w, size.h, c, func(d *driver) {
			d.shows("on the model: no real sockets")
			if size.w >= twoColumnsFrom {
				d.press("?")
				d.shows("··▶  ·")
			}
		})
	}
}
