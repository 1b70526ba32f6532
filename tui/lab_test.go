package tui

import (
	"context"
	"errors"
	"testing"
	"time"

	"finwait/sim"
	"finwait/sim/lesson"
)

// TestLateLab: a lab that opens after the person has left is closed.
func TestLateLab(t *testing.T) {
	c := menuConfig()
	late := newFakeLabLater()
	c.Open = late.open
	drive(t, 100, 30, c, func(d *driver) {
		d.press("enter")
		d.hides("opening")
		d.wait(2 * slowAfter)
		d.shows("opening the lab")
		d.press("esc")
		d.wait(time.Second)
		if late.lab == nil || !late.lab.closed {
			t.Error("the lab that came too late is open")
		}
		d.shows("▸ The client goes away")
	})
}

// laterLab opens a lab after half a second.
type laterLab struct{ lab *fakeLab }

func newFakeLabLater() *laterLab { return &laterLab{} }

func (l *laterLab) open(context.Context, *lesson.Lesson) (sim.Lab, error) {
	<-time.After(500 * time.Millisecond) // the bubble's time
	l.lab = newFakeLab()
	return l.lab, nil
}

// TestOpenFails: where the lab does not open one sentence says why, and r tries again.
func TestOpenFails(t *testing.T) {
	c := lessonConfig()
	tries := 0
	c.Open = func(context.Context, *lesson.Lesson) (sim.Lab, error) {
		tries++
		if tries == 1 {
			return nil, errors.New("port 8088 of 127.0.0.1 is in use")
		}
		return newFakeLab(), nil
	}
	drive(t, 100, 30, c, func(d *driver) {
		d.shows("✗ The lab did not open: port 8088 of 127.0.0.1 is in use", "r tries again, q leaves.")
		d.press("space", "left", "right", "g", "G", "up", "down")
		d.press("r")
		d.shows("▸ SIGINT to the client")
	})
}

// TestOpensOnModel: where the lab does not open, a key plays the lesson on the model; to begin again
// does not go back to what did not work.
func TestOpensOnModel(t *testing.T) {
	c := lessonConfig()
	tries, modelled := 0, 0
	c.Open = func(context.Context, *lesson.Lesson) (sim.Lab, error) {
		tries++
		return nil, errors.New("the wire is not available")
	}
	c.OpenModel = func(context.Context, *lesson.Lesson) (sim.Lab, error) {
		modelled++
		return newFakeLab(), nil
	}
	drive(t, 100, 30, c, func(d *driver) {
		d.shows("m plays it on the model, r tries again, q leaves.", "m on the model")
		if got := d.m.outcome(); got.Err == nil || got.Failures != 0 {
			t.Errorf("the outcome is %+v", got)
		}
		d.press("r")
		d.press("m")
		d.shows("· The model plays this lesson: the wire is not available", "▸ SIGINT to the client")
		d.hides("m on the model")
		d.press("m", "r")
		d.shows("▸ SIGINT to the client")
		if got := d.m.outcome(); tries != 2 || modelled != 2 || got.Failures != 0 || got.Err != nil {
			t.Errorf("%d times live, %d times on the model; the outcome is %+v", tries, modelled, got)
		}
	})
}

// TestMenuWithoutWire: the menu marks the lessons that need a wire, and opens them on the model.
func TestMenuWithoutWire(t *testing.T) {
	c := menuConfig()
	lessons := c.Lessons()
	lessons[1].Net = sim.Wire
	c.Lessons = func() []*lesson.Lesson { return lessons }
	live := 0
	c.Open = func(context.Context, *lesson.Lesson) (sim.Lab, error) {
		live++
		return newFakeLab(), nil
	}
	c.OpenModel = func(context.Context, *lesson.Lesson) (sim.Lab, error) { return newFakeWire(), nil }
	c.Wire = func() error { return errors.New("the wire is not available") }
	drive(t, 100, 30, c, func(d *driver) {
		d.menuRow("four-way", "wire") // the first frame does not wait for it
		d.wait(2 * firstFrame)
		d.menuRow("client-gone", "loopback")
		d.menuRow("four-way", "on the model")
		d.press("down")
		d.shows("The model plays this lesson: the wire is not available")
		d.press("enter")
		d.shows("· The model plays this lesson: the wire is not available")
		d.press("esc", "up", "enter")
		d.hides("The model plays this lesson")
		if live != 1 {
			t.Errorf("%d lessons were live", live)
		}
	})
}

// TestLabBreaks: a lab that ends by itself says why; what happened can still be
// looked at.
func TestLabBreaks(t *testing.T) {
	drive(t, 120, 30, lessonConfig(), func(d *driver) {
		d.press("space")
		d.lab.fail(errors.New("the server's process does not answer"))
		d.drain()
		d.shows("✗ The lab broke: the server's process does not answer", "r tries again, q leaves.", "FIN_WAIT2")
		d.press("space", "left")
		d.shows("looking back")
		d.press("r")
		d.shows("▸ SIGINT to the client")
		d.lab.fail(nil)
		d.drain()
		d.shows("✗ The lab is closed.")
	})
}

// TestStartFails: a lab that cannot begin a step says why.
func TestStartFails(t *testing.T) {
	drive(t, 120, 30, lessonConfig(), func(d *driver) {
		d.send(startedMsg{play: d.m.play.id, err: errors.New("broken")})
		d.shows("✗ The lab broke: broken")
	})
}
