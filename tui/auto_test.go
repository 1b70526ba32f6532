package tui

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
)

// autoConfig returns the tests' lesson, which plays by itself.
func autoConfig(pause time.Duration) Config {
	c := lessonConfig()
	c.Auto = pause
	return c
}

// TestAutoPlaysToTheEnd: a lesson plays by itself to its end, whatever the size, and then nothing
// moves any more, although the kernel's timers run.
func TestAutoPlaysToTheEnd(t *testing.T) {
	for _, size := range sizes {
		for _, animate := range []bool{false, true} {
			c := autoConfig(2 * time.Second)
			c.Animate = animate
			drive(t, size.w, size.h, c, func(d *driver) {
				d.wait(3 * time.Minute)
				d.shows("-- end of lesson --", "step 5/5")
				before := d.text()
				d.wait(5 * time.Minute)
				if after := d.text(); after != before {
					t.Errorf("%d×%d: the end does not stay:\n%s\nbefore:\n%s", size.w, size.h, after, before)
				}
			})
		}
	}
}

// TestAutoClocksStandStill: between two steps no countdown changes the screen.
func TestAutoClocksStandStill(t *testing.T) {
	drive(t, 80, 24, autoConfig(50*time.Second), func(d *driver) {
		d.wait(51 * time.Second)
		d.shows("step 1/5", "gone after 60 s")
		before := d.text()
		d.wait(40 * time.Second)
		if after := d.text(); after != before {
			t.Errorf("the screen has changed:\n%s\nbefore:\n%s", after, before)
		}
	})
}

// TestAutoLeavesTimeToRead: a step comes after the pause, or after the time that the new text takes
// where that is longer.
func TestAutoLeavesTimeToRead(t *testing.T) {
	for _, pause := range []time.Duration{100 * time.Millisecond, 2 * time.Minute} {
		drive(t, 100, 30, autoConfig(pause), func(d *driver) {
			shown, more := d.m.inView()
			if more || !strings.HasPrefix(shown, "The server has accepted a client.") {
				t.Fatalf("in view is %q, with more below: %v", shown, more)
			}
			wait := max(pause, readingTime(shown))
			d.wait(wait - 50*time.Millisecond)
			d.shows("step 0/5")
			d.wait(100 * time.Millisecond)
			d.shows("step 1/5")
		})
	}
}

// TestAutoTurnsPages: a story that is longer than its place is shown to its end before the step.
func TestAutoTurnsPages(t *testing.T) {
	c := autoConfig(time.Second)
	c.First.Steps[0].Story = strings.Repeat("A long story. ", 40) + "That was all."
	drive(t, 60, 16, c, func(d *driver) {
		d.shows("↓ pgdn", "step 0/5")
		for range 120 {
			if _, more := d.m.inView(); !more {
				break
			}
			d.shows("step 0/5")
			d.wait(time.Second)
		}
		d.shows("↑ pgup", "That was all.", "step 0/5")
	})
}

// TestAutoWaitsForAPerson: a key begins the pause anew, and nothing is pressed while a person looks
// back, reads the help or has ended the program.
func TestAutoWaitsForAPerson(t *testing.T) {
	drive(t, 100, 30, autoConfig(time.Minute), func(d *driver) {
		d.wait(50 * time.Second)
		d.press("space")
		d.wait(50 * time.Second)
		d.shows("step 1/5")
		for _, keys := range [][2]string{{"left", "end"}, {"?", "?"}, {":", "esc"}, {"1", "esc"}} {
			d.press(keys[0])
			d.wait(10 * time.Minute)
			d.press(keys[1])
			d.shows("step 1/5")
		}
		d.wait(61 * time.Second)
		d.shows("step 2/5")
	})
}

// TestAutoLeavesTimeForAQuestion: what the lesson asks is read before the step.
func TestAutoLeavesTimeForAQuestion(t *testing.T) {
	c := simulated(found(t, "client-gone"))
	c.Auto = time.Millisecond
	drive(t, 100, 30, c, func(d *driver) {
		shown, _ := d.m.inView()
		for _, want := range []string{"A server has accepted a client.", "In which state will the server's end be?", "server CLOSE_WAIT"} {
			if !strings.Contains(shown, want) {
				t.Errorf("%q is not in view: %q", want, shown)
			}
		}
		d.wait(readingTime(shown) - 50*time.Millisecond)
		d.shows("step 0/27")
		d.wait(100 * time.Millisecond)
		d.shows("step 1/27")
	})
}

// TestAutoAfterRestart: a lesson that is begun again plays by itself, too.
func TestAutoAfterRestart(t *testing.T) {
	drive(t, 100, 30, autoConfig(time.Second), func(d *driver) {
		d.wait(time.Minute)
		d.press("r")
		d.shows("step 0/5")
		d.wait(3 * time.Minute)
		d.shows("-- end of lesson --")
	})
}

// TestReadingTime: what a text costs.
func TestReadingTime(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"": 0, "The server has accepted\na client.": 6 * time.Minute / 200, "内核 回答": 2*time.Minute/200 + 4*time.Minute/300,
	} {
		if got := readingTime(text); got != want {
			t.Errorf("%q takes %s, want %s", text, got, want)
		}
	}
}

// TestKeys: the key that was pressed last is shown, with the times in a row, at every size and in
// every mode; without being asked for it is not.
func TestKeys(t *testing.T) {
	c := lessonConfig()
	c.Keys = true
	ends := func(d *driver, want string) {
		t.Helper()
		rows := d.rows()
		if last := rows[len(rows)-1]; !strings.HasSuffix(last, want) {
			t.Errorf("the last row is %q, want %q at its end", last, want)
		}
	}
	for _, size := range sizes {
		drive(t, size.w, size.h, c, func(d *driver) {
			d.press("space")
			ends(d, " space")
			d.press("space", "space")
			ends(d, " space x3")
			d.press("left")
			ends(d, " ←")
			d.press("end", "?")
			ends(d, " ?")
			d.press("?", ":", "enter")
			ends(d, " enter")
		})
	}
	drive(t, 80, 24, lessonConfig(), func(d *driver) {
		d.press("space")
		d.hides("save  space", " space\n")
		d.press("P")
		ends(d, " P")
		d.press("space", "f")
		ends(d, " f")
		d.press("P")
		if d.press("space"); strings.HasSuffix(d.rows()[23], " space") {
			t.Errorf("the last row is %q", d.rows()[23])
		}
	})
}

// TestAutoShowsItsKeys: what plays by itself shows the key that does the same.
func TestAutoShowsItsKeys(t *testing.T) {
	c := autoConfig(time.Second)
	c.Keys = true
	drive(t, 100, 30, c, func(d *driver) {
		d.wait(time.Minute)
		d.shows(" space x")
	})
}

// TestFixedSize: the screen has the size that was asked for, whatever that of the terminal.
func TestFixedSize(t *testing.T) {
	c := lessonConfig()
	c.Width, c.Height = 100, 30
	drive(t, 80, 24, c, func(d *driver) {
		for _, size := range sizes {
			d.send(tea.WindowSizeMsg{Width: size.w, Height: size.h})
			if d.m.w != 100 || d.m.h != 30 {
				t.Errorf("%d×%d on a terminal of %d×%d", d.m.w, d.m.h, size.w, size.h)
			}
		}
	})
}
