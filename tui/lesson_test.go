package tui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"

	"finwait/sim"
	"finwait/sim/lesson"
)

// sizes are the sizes that every screen is looked at.
var sizes = []struct{ w, h int }{{80, 24}, {100, 30}, {160, 50}, {60, 16}}

// TestGolden: the screens as a person sees them.
func TestGolden(t *testing.T) {
	screens := []struct {
		name string
		c    Config
		keys []string
	}{
		{"menu", menuConfig(), []string{"down"}},
		{"start", lessonConfig(), nil},
		{"middle", lessonConfig(), []string{"space", "space", "space"}},
		{"end", lessonConfig(), []string{"space", "space", "space", "space", "space"}},
		{"back", lessonConfig(), []string{"space", "space", "space", "left", "left", "left"}},
		{"help", lessonConfig(), []string{"space", "?"}},
	}
	for _, s := range screens {
		for _, size := range sizes {
			t.Run(s.name+"_"+sizeName(size.w, size.h), func(t *testing.T) {
				drive(t, size.w, size.h, s.c, func(d *driver) {
					d.press(s.keys...)
					golden.RequireEqual(d.t, d.text())
				})
			})
		}
	}
}

// TestGoldenASCII: the same with ASCII alone.
func TestGoldenASCII(t *testing.T) {
	c := lessonConfig()
	c.ASCII = true
	c.First.Title = "“The client” goes away… 内核"
	drive(t, 80, 24, c, func(d *driver) {
		d.press("space", "space", "space", "left")
		for y, row := range d.rows() {
			for _, r := range row {
				if r > 126 {
					t.Errorf("row %d has %q: %s", y, r, row)
				}
			}
		}
		golden.RequireEqual(t, d.text())
		d.press("?")
		for y, row := range d.rows() {
			for _, r := range row {
				if r > 126 {
					t.Errorf("row %d of the help has %q: %s", y, r, row)
				}
			}
		}
	})
}

// TestTooSmall: one sentence, down to a single cell.
func TestTooSmall(t *testing.T) {
	for _, size := range []struct{ w, h int }{{59, 15}, {59, 30}, {100, 15}, {20, 3}, {1, 1}, {2, 40}} {
		drive(t, size.w, size.h, lessonConfig(), func(d *driver) {
			if size.w >= 40 {
				d.shows(fmt.Sprintf("too small: needs 60×16, is %d×%d", size.w, size.h))
			}
			d.press("space", "left", "?", "q")
			d.answer()
			if !d.quit {
				t.Errorf("%d×%d: q did not quit", size.w, size.h)
			}
			d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
			d.shows("▸ client kill SIGINT")
		})
	}
}

// answer plays a terminal that answers its last question.
func (d *driver) answer() {
	d.wait(2 * firstFrame)
	d.send(deviceAttributes())
}

// TestSetUp: the steps that make the connection need no key.
func TestSetUp(t *testing.T) {
	drive(t, 100, 30, lessonConfig(), func(d *driver) {
		if got := strings.Join(d.lab.started, ", "); got != "server listen, client connect, server accept" {
			t.Errorf("set up with %s", got)
		}
		d.shows("127.0.0.2:40112", "127.0.0.1:8088", "ESTABLISHED", "pid 4121 · SIGPIPE default", "step 0/5",
			"loopback · captured", "▸ client kill SIGINT", "The server has accepted a client.")
	})
}

// TestSteps: each press is one step, and the screen tells what it did.
func TestSteps(t *testing.T) {
	drive(t, 100, 30, lessonConfig(), func(d *driver) {
		d.press("space")
		d.shows("✝ killed by SIGINT, exit 130", "FIN_WAIT2    orphan · gone in 60 s", "CLOSE_WAIT   Recv-Q 1",
			"A FIN says one thing", "step 1/5 ✓", "▸ wait 5s")
		d.press("enter")
		d.shows("step 2/5", "▸ server write")
		d.press("space")
		d.shows("RST", "The first write succeeded.", `write(4, "first message") = 13`)
		d.press("space")
		d.shows("poll(4) = 1 IN OUT RDHUP HUP ERR")
		d.press("space")
		d.shows("✝ killed by SIGPIPE, exit 141", "This is the end of the lesson.", "step 5/5 ✓", "Success of write means")
		n := len(d.lab.started)
		d.press("space", "space")
		if len(d.lab.started) != n {
			t.Errorf("steps after the end: %v", d.lab.started[n:])
		}
	})
}

// TestLookBack: left and right go row by row, the screen is that of the past, and
// space goes forward before it makes a new step.
func TestLookBack(t *testing.T) {
	drive(t, 100, 30, lessonConfig(), func(d *driver) {
		d.press("space", "space", "space")
		now := d.text()
		of := d.m.play.history.moments()
		d.press("left")
		d.shows(fmt.Sprintf("◂ looking back %d/%d", of-1, of), "FIN_WAIT2")
		d.hides("RST")
		d.press("g")
		d.shows(fmt.Sprintf("looking back 1/%d", of))
		d.hides("ESTABLISHED")
		for range of - 1 {
			d.press("l")
		}
		if got := d.text(); got != now {
			t.Errorf("back and forth is not the same screen:\n%s", got)
		}
		d.press("h", "h")
		started := len(d.lab.started)
		d.press("space", "space")
		if got := d.text(); got != now || len(d.lab.started) != started {
			t.Errorf("space while looking back did not go forward:\n%s", got)
		}
		d.press("home", "end")
		if got := d.text(); got != now {
			t.Errorf("home and end are not the same screen:\n%s", got)
		}
		d.press("left", "space", "space")
		if len(d.lab.started) != started+1 {
			t.Errorf("space at the newest row started %d steps", len(d.lab.started)-started)
		}
	})
}

// TestEventsWhileLookingBack: what happens meanwhile does not move the past.
func TestEventsWhileLookingBack(t *testing.T) {
	drive(t, 100, 30, lessonConfig(), func(d *driver) {
		d.press("space", "left")
		before := d.rows()
		d.lab.tell(70, 1, sim.Event{Kind: sim.KindState, At: sim.Client, Conn: 1, From: sim.FinWait2, To: sim.Closed, By: sim.ByKernel})
		d.drain()
		for y, row := range d.rows()[1:] {
			if row != before[y+1] {
				t.Errorf("row %d changed from %q to %q", y+1, before[y+1], row)
			}
		}
		d.press("end")
		d.shows("CLOSED       was FIN_WAIT2")
	})
}

// TestBusy: a key while a step is running starts nothing and says so.
func TestBusy(t *testing.T) {
	drive(t, 100, 30, lessonConfig(), func(d *driver) {
		d.lab.hold = true
		d.press("space")
		d.shows("● client kill SIGINT")
		d.hides("running", "wait:")
		d.wait(2 * slowAfter)
		d.shows("running, 0 s")
		d.wait(3 * time.Second)
		d.shows("running, 3 s")
		n := len(d.lab.started)
		d.press("space", "enter", "space")
		d.shows("wait: this step is still running")
		if len(d.lab.started) != n {
			t.Errorf("started %v", d.lab.started[n:])
		}
		d.lab.tell(3.4, 1, sim.Event{Kind: sim.KindSettled})
		d.drain()
		d.hides("wait:", "running")
		d.shows("▸ wait 5s")
	})
}

// TestFailedExpectation: expected and got are on the screen.
func TestFailedExpectation(t *testing.T) {
	c := lessonConfig()
	c.First.Steps[0].Expect[0].Text = "client FIN_WAIT2"
	for _, size := range sizes {
		drive(t, size.w, size.h, c, func(d *driver) {
			d.lab.script["client kill SIGINT"] = nil
			d.press("space")
			d.shows("✗ expected client FIN_WAIT2, got", "step 1/5 ✗")
			d.press("space")
			d.hides("expected client")
			d.shows("step 2/5 ✗")
		})
	}
}

// TestLookBackOnAFailure: what fell short in a step stands by the last row of the step.
func TestLookBackOnAFailure(t *testing.T) {
	drive(t, 100, 30, lessonConfig(), func(d *driver) {
		d.lab.script["client kill SIGINT"] = d.lab.script["client kill SIGINT"][:5]
		d.press("space", "space", "space")
		d.hides("expected")
		for d.m.play.fold.scene.Step > 1 {
			d.press("left")
		}
		d.shows("looking back", "✗ expected client FIN_WAIT2, got FIN_WAIT1")
		d.press("left")
		d.hides("expected")
	})
}

// TestRefused: a step that cannot be done says why.
func TestRefused(t *testing.T) {
	drive(t, 100, 30, lessonConfig(), func(d *driver) {
		delete(d.lab.script, "client kill SIGINT")
		d.press("space")
		d.shows("✗ refused: nothing is known of this step")
	})
}

// TestCountdown: timers run down by the second while they are looked at, and
// nothing is drawn when there is none.
func TestCountdown(t *testing.T) {
	drive(t, 100, 30, lessonConfig(), func(d *driver) {
		d.press("space")
		d.shows("gone in 60 s")
		d.wait(3 * time.Second)
		d.shows("gone in 57 s")
		d.wait(56500 * time.Millisecond)
		d.shows("gone in 0.5 s")
		d.wait(2 * time.Second)
		d.shows("any moment now")
		d.press("left")
		d.wait(2 * time.Second)
		if n := len(d.results); n != 0 || d.m.play.redrawIn() != 0 {
			t.Errorf("the clock runs while looking back")
		}
	})
}

// TestBlocked: a call that blocks is said to block.
func TestBlocked(t *testing.T) {
	for _, size := range sizes[:3] {
		drive(t, size.w, size.h, lessonConfig(), func(d *driver) {
			read := sim.Call{Name: "read", FD: 4, Size: 100}
			d.lab.script["client kill SIGINT"] = []sim.Event{
				{Kind: sim.KindCall, At: sim.Server, PID: 4122, Call: read},
				{Kind: sim.KindBlocked, At: sim.Server, PID: 4122, Call: read},
			}
			d.press("space")
			d.shows("blocked in read(4)")
		})
	}
}

// TestRestart: r plays on a fresh lab, and what the old one still tells is not
// heard.
func TestRestart(t *testing.T) {
	drive(t, 100, 30, lessonConfig(), func(d *driver) {
		start := d.text()
		d.press("space", "space")
		old := d.lab
		d.press("r")
		if !old.closed || d.opened != 2 || d.lab == old {
			t.Errorf("old lab closed: %v, labs opened: %d", old.closed, d.opened)
		}
		if got := d.text(); got != start {
			t.Errorf("the lesson does not begin as before:\n%s", got)
		}
		d.send(eventsMsg{play: 1, events: []sim.Event{{Kind: sim.KindStep, Step: 5, Text: "old"}}})
		d.send(endedMsg{play: 1, err: errors.New("old")}, startedMsg{play: 1, err: errors.New("old")})
		if got := d.text(); got != start {
			t.Errorf("the old lab was heard:\n%s", got)
		}
	})
}

// TestMenu: choose, open, go back, open another.
func TestMenu(t *testing.T) {
	drive(t, 100, 30, menuConfig(), func(d *driver) {
		d.shows("▸ The client goes away", "Four segments")
		d.press("j", "j", "j")
		d.shows("▸ Four segments")
		d.press("g", "G", "enter")
		d.shows("finwait  Four segments", "step 0/5", "esc menu")
		lab := d.lab
		d.press("q")
		d.shows("▸ Four segments")
		if !lab.closed {
			t.Error("the lab is open in the menu")
		}
		d.press("up", "space")
		d.shows("finwait  The client goes away")
		d.press("esc")
		d.answer()
		d.press("q")
		if !d.quit {
			t.Error("q in the menu did not quit")
		}
	})
}

// TestEmptyMenu: no lesson is no crash.
func TestEmptyMenu(t *testing.T) {
	c := menuConfig()
	c.Lessons = nil
	drive(t, 80, 24, c, func(d *driver) {
		d.press("down", "up", "g", "G", "enter", "space")
		d.shows("There is no lesson")
	})
}

// TestLateLab: a lab that opens when nobody waits for it is closed.
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

// TestOpenFails: one sentence, and r tries again.
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
		d.shows("▸ client kill SIGINT")
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
		d.shows("▸ client kill SIGINT")
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

func sizeName(w, h int) string { return fmt.Sprintf("%dx%d", w, h) }
