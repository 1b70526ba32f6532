package tui

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"finwait/sim"
)

// TestTooSmall: a terminal that is too small shows one sentence, down to a single cell.
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
			d.shows("▸ SIGINT to the client")
		})
	}
}

// answer answers the last question as a terminal does.
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
			"loopback · captured", "▸ SIGINT to the client", "The server has accepted a client.")
	})
}

// TestSteps: each press is one step, and the screen tells what it did.
func TestSteps(t *testing.T) {
	drive(t, 100, 30, lessonConfig(), func(d *driver) {
		d.press("space")
		d.shows("✝ killed by SIGINT, exit 130", "FIN_WAIT2    orphan · gone in 60 s", "CLOSE_WAIT   Recv-Q 1",
			"A FIN says one thing", "step 1/5 ✓", "▸ wait 5 s")
		d.press("enter")
		d.shows("step 2/5", "▸ the server writes")
		d.press("space")
		d.shows("RST", "The first write succeeded.", `write(4, "first message") = 13`)
		d.press("space")
		d.shows("poll(4): RDHUP HUP ERR IN OUT")
		d.press("space")
		d.shows("✝ killed by SIGPIPE, exit 141", "-- end of lesson --", "step 5/5 ✓", "Success of write means")
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

// TestEventsWhileLookingBack: events that come meanwhile do not change the past on the screen.
func TestEventsWhileLookingBack(t *testing.T) {
	drive(t, 100, 30, lessonConfig(), func(d *driver) {
		d.press("space", "left")
		before := d.rows()
		d.lab.tell(70, 1, sim.Event{At: sim.Client, Body: sim.StateChanged{Conn: 1, From: sim.FinWait2, To: sim.Closed, By: sim.ByKernel}})
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
		d.shows("● SIGINT to the client")
		d.hides("running", "wait:")
		d.wait(2 * slowAfter)
		d.shows("running, 0 s")
		d.wait(3 * time.Second)
		d.shows("running, 3 s")
		n := len(d.lab.started)
		d.press("space", "enter", "space")
		d.shows("still running; space works again when it ends")
		if len(d.lab.started) != n {
			t.Errorf("started %v", d.lab.started[n:])
		}
		d.lab.tell(3.4, 1, sim.Event{Body: sim.StepSettled{}})
		d.drain()
		d.hides("wait:", "running")
		d.shows("▸ wait 5 s")
	})
}

// TestFailedExpectation: the screen says what was expected and what came.
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

// TestLookBackOnAFailure: an expectation that fell short is shown with the last row of its step.
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

// TestCountdown: timers on the screen run down by the second, and nothing is drawn without one.
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
				{At: sim.Server, Body: sim.CallEntered{PID: 4122, Call: read}},
				{At: sim.Server, Body: sim.CallBlocked{PID: 4122, Call: read}},
			}
			d.press("space")
			d.shows("blocked in read(4)")
		})
	}
}

// TestRestart: r plays on a fresh lab, and late messages of the old lab are dropped.
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
		d.send(eventsMsg{play: 1, events: []sim.Event{{Step: 5, Body: sim.StepBegun{Step: sim.MustParseStep("server close")}}}})
		d.send(endedMsg{play: 1, err: errors.New("old")}, startedMsg{play: 1, err: errors.New("old")})
		if got := d.text(); got != start {
			t.Errorf("the old lab was heard:\n%s", got)
		}
	})
}
