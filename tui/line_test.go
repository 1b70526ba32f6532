package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"finwait/sim"
	"finwait/sim/lesson"
)

// types types a text, letter by letter.
func (d *driver) types(text string) {
	for _, r := range text {
		d.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

// enters opens the line, types a text and enters it.
func (d *driver) enters(text string) {
	d.press(":")
	d.types(text)
	d.press("enter")
}

// found returns an embedded lesson.
func found(t *testing.T, name string) *lesson.Lesson {
	t.Helper()
	l, err := lesson.Find(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestOwnStep: at any moment a person types a step. It runs, is marked as theirs, and the lesson
// goes on where it was.
func TestOwnStep(t *testing.T) {
	for _, size := range sizes {
		drive(t, size.w, size.h, simulated(found(t, "client-gone")), func(d *driver) {
			d.press("space", "space", "space")
			d.enters("server poll")
			d.shows("poll", "‹yours›", "step 3/27", "▸ wait 1 s")
			d.enters(`server write "once more"`)
			d.shows("✝ SIGPIPE", "step 3/27")
			d.press("space", "space")
			if size.w <= 100 { // in the narrow column of a wide screen the sentence is broken
				d.shows("After your own steps the lesson cannot make this")
			}
			d.hides("✗")
			if got := d.m.outcome().Failures; got != 0 {
				t.Errorf("%d failures", got)
			}
		})
	}
}

// TestLineWhileTyping: usage, choices and errors stand beside and under the line, tab completes,
// and other keys type themselves.
func TestLineWhileTyping(t *testing.T) {
	for _, size := range sizes {
		drive(t, size.w, size.h, simulated(found(t, "client-gone")), func(d *driver) {
			before := d.rows()
			d.press(":")
			d.shows(" :", "client server wait", "esc leaves")
			d.types("ser")
			d.press("tab")
			d.types("wr")
			d.shows(" : server wr", "write", "tab completes")
			d.press("tab")
			d.shows(` : server write`, `write "text"|BYTES [nosignal]`)
			d.types("x")
			d.shows("the text to write is not in quotes")
			d.send(tea.KeyPressMsg{Code: tea.KeyBackspace})
			d.types(`"q ?r`)
			d.hides("not in quotes")
			d.shows(`server write "q ?r`)
			if c := d.m.View().Cursor; c == nil || c.X != len(` : server write "q ?r`) || c.Y != size.h-2 {
				t.Errorf("the cursor is at %+v", c)
			}
			d.press("enter")
			d.shows("a quoted text is broken")
			d.press("esc")
			if got := strings.Join(d.rows(), "\n"); got != strings.Join(before, "\n") {
				t.Errorf("esc does not restore the screen:\n%s", got)
			}
			if c := d.m.View().Cursor; c != nil {
				t.Errorf("there is a cursor at %+v", c)
			}
		})
	}
}

// TestLineHistory: up and down go through what was entered.
func TestLineHistory(t *testing.T) {
	drive(t, 80, 24, simulated(found(t, "client-gone")), func(d *driver) {
		d.enters("server poll")
		d.enters("client poll")
		d.press(":")
		d.types("dra")
		d.press("up")
		d.shows(" : client poll")
		d.press("up", "up")
		d.shows(" : server poll")
		d.press("down", "down")
		d.shows(" : dra")
	})
}

// TestLineWhileBusy: a line that is entered while a step runs waits, and says so.
func TestLineWhileBusy(t *testing.T) {
	drive(t, 80, 24, lessonConfig(), func(d *driver) {
		d.press("space")
		d.lab.hold = true
		d.press("space")
		n := len(d.lab.started)
		d.enters("server poll")
		d.shows(" : server poll", "still running; space works again when it ends")
		if len(d.lab.started) != n {
			t.Errorf("started %v", d.lab.started[n:])
		}
		d.lab.hold = false
		d.lab.tell(1, 2, sim.Event{Body: sim.StepSettled{}})
		d.drain()
		d.hides("still running")
		d.press("enter")
		if len(d.lab.started) != n+1 {
			t.Errorf("started %v", d.lab.started[n:])
		}
	})
}

// TestPasteIntoLine: what is pasted is typed into the line, without what a terminal would obey, and
// elsewhere nothing.
func TestPasteIntoLine(t *testing.T) {
	drive(t, 80, 24, lessonConfig(), func(d *driver) {
		d.send(tea.PasteMsg{Content: "q"})
		d.shows("▸ SIGINT to the client")
		d.press(":")
		d.send(tea.PasteMsg{Content: "server\npoll\x1b[2J"})
		d.shows(" : server poll[2J")
	})
}

// TestDirectKeys: an end is chosen, one more key makes its call, and the last row names those that
// make sense now.
func TestDirectKeys(t *testing.T) {
	for _, size := range sizes {
		drive(t, size.w, size.h, simulated(found(t, "client-gone")), func(d *driver) {
			d.press("2") // answers what the lesson asks
			d.press("2")
			d.shows(" server", "w write", "c close", "p poll", "k kill")
			d.hides("q quit", "o connect", "n start")
			d.press("x", "d", "?")
			d.press("p")
			d.shows("poll", "‹yours›", "space next")
			d.press("1")
			d.shows(" client", "w write")
			d.hides("a accept")
			d.press("2", "1", "k")
			d.shows("✝ SIGINT")
			d.press("1")
			d.shows(" client", "n start")
			d.hides("w write")
			d.press("esc")
			d.shows("space next")
			d.press("2", ":")
			d.shows(" : server")
		})
	}
}

// TestSpaceGoesOn: while an end is chosen, space makes the lesson's next step, and the last row says so.
func TestSpaceGoesOn(t *testing.T) {
	for _, size := range sizes {
		drive(t, size.w, size.h, simulated(found(t, "client-gone")), func(d *driver) {
			d.press("space", "2")
			d.shows("step 1/27", "space next", "esc leaves")
			d.press("space")
			d.shows("step 2/27", "q quit")
			d.hides("‹yours›")
		})
	}
}

// TestStoryIsOvertaken: what the lesson told before a person's own step is marked as told before, until
// the lesson goes on.
func TestStoryIsOvertaken(t *testing.T) {
	const mark = "Told before your own step:"
	for _, size := range sizes {
		drive(t, size.w, size.h, simulated(found(t, "client-gone")), func(d *driver) {
			d.press("space", "space", "space")
			d.hides(mark)
			d.press("2", "w")
			d.shows("✝", mark)
			d.press("left", "left")
			d.hides(mark)
			d.press("end", "space")
			d.hides(mark)
		})
	}
}

// TestNoTickElsewhere: a step that does not find what the lesson expects has no tick, though most of
// what it expects may hold; an own step that is refused takes no tick away.
func TestNoTickElsewhere(t *testing.T) {
	drive(t, 160, 50, simulated(found(t, "client-gone")), func(d *driver) {
		d.enters("client close")
		d.press("space")
		d.shows("Your own steps have led elsewhere", "step 1/27", "· SIGINT to the client")
		d.hides("step 1/27 ✓", "✓ SIGINT to the client")
	})
	drive(t, 160, 50, simulated(found(t, "client-gone")), func(d *driver) {
		d.press("space")
		d.enters("client write 1")
		d.shows("not done", "step 1/27 ✓", "✓ SIGINT to the client")
	})
}

// TestNoOwnStep: where none can be made, the keys do nothing.
func TestNoOwnStep(t *testing.T) {
	drive(t, 80, 24, menuConfig(), func(d *driver) {
		d.press(":", "1", "2")
		d.hides(" : ")
		d.press("enter", "space", "left", "2")
		d.shows("looking back")
		d.lab.fail(nil)
		d.press("end", ":")
		d.shows("The lab is closed.")
	})
}
