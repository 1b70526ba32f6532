package tui

import (
	"testing"
	"time"

	"finwait/sim"
)

// TestWireAnimation: the arrow of a FIN grows nearly to the other end and hangs there. When the FIN is
// delivered the arrow goes on, and its effects show when it has arrived.
func TestWireAnimation(t *testing.T) {
	c := wireConfig()
	c.Animate = true
	drive(t, 100, 30, c, func(d *driver) {
		d.wait(2 * time.Second)
		d.press("space")
		d.hides("━▷")
		d.wait(arrowTime + 2*frameTime)
		d.shows("#4 ━━", "━▷", "▸ #4", "FIN_WAIT1")
		d.press("d")
		d.wait(arrowTime / 2)
		d.hides("CLOSING", "▸ #6")
		d.wait(arrowTime/2 + 2*frameTime)
		d.shows("━━▶╎ CLOSING")
		d.wait(arrowTime + 2*frameTime)
		d.shows("◁━", "▸ #6")
		d.lab.script["drop 6"] = []sim.Event{onWire(serverACK(), 6, sim.Dropped, 1)}
		d.press("x")
		d.shows("✗━") // at once, for nothing travels
		if d.m.play.revealing() {
			t.Error("what is lost is seen to travel")
		}
	})
}

// TestWireAnimationOfRetransmission: a retransmission moves no arrow.
func TestWireAnimationOfRetransmission(t *testing.T) {
	c := wireConfig()
	c.Animate = true
	drive(t, 100, 30, c, func(d *driver) {
		d.wait(2 * time.Second)
		d.press("space")
		d.wait(time.Second)
		d.lab.tell(3, 1, onWire(clientFIN(), 4, sim.Retransmitted, 2))
		d.drain()
		d.shows("#4 sent x2 ━", "━▷")
		if d.m.play.revealing() {
			t.Error("a retransmission is seen to travel")
		}
	})
}

// TestTravels: which events make a segment move on the screen.
func TestTravels(t *testing.T) {
	settled := sim.Event{Body: sim.StepSettled{}}
	other := sim.Event{At: sim.Client, Body: sim.CallEntered{}}
	fin := func(fate sim.Fate) sim.Event { return onWire(clientFIN(), 4, fate, 1) }
	for name, c := range map[string]struct {
		events []sim.Event
		want   []bool
	}{
		"on loopback":       {[]sim.Event{clientFIN()}, []bool{true}},
		"held":              {[]sim.Event{fin(sim.Held), settled, fin(sim.Delivered)}, []bool{true, false, true}},
		"delivered at once": {[]sim.Event{fin(sim.Held), other, fin(sim.Delivered)}, []bool{false, false, true}},
		"lost at once":      {[]sim.Event{fin(sim.Held), fin(sim.Dropped)}, []bool{false, true}},
		"lost later":        {[]sim.Event{fin(sim.Held), settled, fin(sim.Dropped)}, []bool{true, false, false}},
		"sent once more":    {[]sim.Event{fin(sim.Held), fin(sim.Retransmitted)}, []bool{true, false}},
		"copied":            {[]sim.Event{fin(sim.Duplicated)}, []bool{true}},
		"never heard of":    {[]sim.Event{fin(sim.Dropped)}, []bool{false}},
	} {
		for i := range c.events {
			if got := travels(c.events, i); got != c.want[i] {
				t.Errorf("%s: event %d travels: %v", name, i, got)
			}
		}
	}
}

// TestHalfWay: an arrow that has just come to the middle goes on from there.
func TestHalfWay(t *testing.T) {
	now := time.Unix(0, 0)
	events := []sim.Event{onWire(clientFIN(), 4, sim.Held, 1)}
	var r reveal
	r.advance(events, now)
	now = now.Add(arrowTime)
	r.advance(events, now)
	events = append(events, onWire(clientFIN(), 4, sim.Delivered, 1))
	r.advance(events, now)
	r.advance(events, now)
	if !r.growing || r.grow < 0.5 {
		t.Errorf("growing %v, %v of it is there", r.growing, r.grow)
	}
}

// TestWireHistory: looking back stops where a segment hung before it went on in
// its row.
func TestWireHistory(t *testing.T) {
	drive(t, 100, 30, wireConfig(), func(d *driver) {
		d.press("space", "d", "left", "left")
		d.shows("#4 ━━", "━▷", "#4  client → server", "looking back")
		d.hides("▸ #4")
	})
}
