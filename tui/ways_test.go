package tui

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"finwait/sim"
	"finwait/sim/lesson"
)

// TestTeacher is what a teacher does: steps of their own, undo, back to the lesson, another way
// from an earlier step, and on.
func TestTeacher(t *testing.T) {
	for _, size := range sizes {
		drive(t, size.w, size.h, simulated(found(t, "client-gone")), func(d *driver) {
			d.press("space", "space", "space")
			d.enters("server poll")
			d.enters(`server write "once more"`)
			d.shows("✝ SIGPIPE", "step 3/27")
			d.press("u")
			d.shows("step 3/27", "poll")
			d.hides("✝ SIGPIPE", "once")
			d.press("u")
			d.hides("poll", "‹yours›")
			d.press("space", "space")
			d.shows("step 5/27 ✓", "✝ SIGPIPE")
			for d.m.picture.position.step > 0 {
				d.press("left")
			}
			d.shows("enter: another way from here")
			d.press("enter")
			d.shows("step 0/27", "▸ SIGINT to the client")
			d.hides("✝ SIGPIPE", "looking back")
			d.enters("client close")
			d.shows("FIN_WAIT2", "‹yours›", "step 0/27")
			ways := d.m.play.tree.Ways()
			if len(ways) != 3 || !ways[2].Here {
				t.Errorf("the ways: %+v", ways)
			}
		})
	}
}

// TestUndoKeepsTheScreen: until the place is reached where a person wants to be, the screen shows
// where they were, and says how far it is.
func TestUndoKeepsTheScreen(t *testing.T) {
	c := lessonConfig()
	var labs []*fakeLab
	c.Open = func(context.Context, *lesson.Lesson) (sim.Lab, error) {
		labs = append(labs, newFakeLab())
		labs[len(labs)-1].hold = len(labs) > 1
		return labs[len(labs)-1], nil
	}
	drive(t, 80, 24, c, func(d *driver) {
		d.press("space", "space", "space")
		before := d.rows()
		d.press("u")
		if !labs[0].closed {
			t.Error("the lab before is open")
		}
		d.shows("● on the way back: step 0 of 2", "step 3/5")
		if got := d.rows(); !slices.Equal(got[:16], before[:16]) {
			t.Errorf("the screen has changed:\n%s\nbefore:\n%s", strings.Join(got, "\n"), strings.Join(before, "\n"))
		}
		d.press("space", ":", "u", "2", "left", "enter")
		settle := func(n int) {
			labs[1].tell(labs[1].t, n, sim.Event{Body: sim.StepSettled{}})
			d.drain()
		}
		for range 3 {
			settle(0) // the steps of the set-up
		}
		settle(1) // and that is all: the wait is skipped
		d.shows("step 2/5", "⋯ 5.0 s skipped")
		d.hides("on the way", "✝ SIGPIPE", "PSH")
		if got, want := labs[1].started, []string{"server listen", "client connect", "server accept", "client kill SIGINT"}; !slices.Equal(got, want) {
			t.Errorf("started %q, want %q", got, want)
		}
		labs[1].hold = false
		d.press("space")
		d.shows("step 3/5")
	})
}

// TestOtherwise: where the kernel does something else on the way, the play stops there and says
// what differs.
func TestOtherwise(t *testing.T) {
	c := lessonConfig()
	opened := 0
	c.Open = func(context.Context, *lesson.Lesson) (sim.Lab, error) {
		opened++
		f := newFakeLab()
		if opened > 1 {
			f.script[firstWrite] = []sim.Event{{At: sim.Server, Body: sim.CallReturned{PID: 4122, Call: sim.ReadCall("write", 4, nil), Result: sim.Result{Ret: -1, Errno: "EPIPE"}}}}
		}
		return f, nil
	}
	drive(t, 100, 30, c, func(d *driver) {
		d.press(presses(5)...)
		d.press("u")
		d.shows("step 3/5", "Made again, this step did something else, so the way stops here:", "return: write = -1 EPIPE")
		if n := d.m.play.tree.Len(); n != 3 {
			t.Errorf("%d moves", n)
		}
		d.press("space")
		d.hides("Made again")
	})
}

// TestWayWithoutLab: a lab that does not open on the way is said, and r tries again.
func TestWayWithoutLab(t *testing.T) {
	c := lessonConfig()
	opened := 0
	c.Open = func(context.Context, *lesson.Lesson) (sim.Lab, error) {
		opened++
		if opened == 2 {
			return nil, context.DeadlineExceeded
		}
		return newFakeLab(), nil
	}
	drive(t, 100, 30, c, func(d *driver) {
		d.press("space", "space", "u")
		d.shows("✗ The lab did not open", "r tries again")
		d.press("r")
		d.shows("▸ SIGINT to the client", "step 0/5")
	})
}

// TestLeaveOnTheWay: a person may leave or begin again while steps are made once more.
func TestLeaveOnTheWay(t *testing.T) {
	c := menuConfig()
	opened := 0
	var last *fakeLab
	c.Open = func(context.Context, *lesson.Lesson) (sim.Lab, error) {
		opened++
		last = newFakeLab()
		last.hold = opened > 1
		return last, nil
	}
	drive(t, 100, 30, c, func(d *driver) {
		d.press("enter", "space", "space", "u")
		d.shows("on the way back")
		d.press("esc")
		d.wait(time.Second)
		d.shows("▸ The client goes away")
		if !last.closed {
			t.Error("the lab is open")
		}
	})
}

// TestLineInThePast: a step that is typed while looking back begins another way from there.
func TestLineInThePast(t *testing.T) {
	c := simulated(found(t, "client-gone"))
	drive(t, 80, 24, c, func(d *driver) {
		d.press("space", "space", "space", "home")
		d.enters("client close")
		d.shows("step 0/27", "close(3) = 0", "‹yours›")
		d.hides("looking back", "SIGINT,")
		if n := len(d.m.play.tree.Ways()); n != 2 {
			t.Errorf("%d ways", n)
		}
		d.press("left", ":")
		d.press("esc")
		d.hides("looking back")
	})
}

// TestLineWaits: a step that is entered while the steps before it are made once more is made when
// they are, and not at all where they have come out otherwise.
func TestLineWaits(t *testing.T) {
	for _, otherwise := range []bool{false, true} {
		c := lessonConfig()
		var labs []*fakeLab
		c.Open = func(context.Context, *lesson.Lesson) (sim.Lab, error) {
			f := newFakeLab()
			f.hold = len(labs) > 0
			if f.hold && otherwise {
				f.script["client kill SIGINT"] = nil
			}
			labs = append(labs, f)
			return f, nil
		}
		drive(t, 80, 24, c, func(d *driver) {
			d.press("space", "space", "left", "left")
			d.enters("server poll")
			d.shows(" : server poll")
			for n := range 4 {
				labs[1].tell(labs[1].t, n/3, sim.Event{Body: sim.StepSettled{}})
				d.drain()
			}
			if got := labs[1].started[len(labs[1].started)-1]; (got == "server poll") == otherwise {
				t.Errorf("otherwise %v: started %q", otherwise, got)
			}
			if otherwise {
				d.shows(" : server poll", "Made again, this step did something else")
			}
		})
	}
}
