package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/sim/way"
)

// TestJump: a number in the line goes to where that step is the next, forward and back.
func TestJump(t *testing.T) {
	drive(t, 100, 30, simulated(found(t, "client-gone")), func(d *driver) {
		d.enters("14")
		d.shows("step 13/27")
		d.hides("‹yours›")
		d.enters("server poll")
		d.enters("4")
		d.shows("step 3/27", "FIN_WAIT2")
		d.hides("‹yours›", "looking back")
		d.press("left", "left", "s", "end", "home")
		d.press("esc", "end")
		d.enters("28")
		d.shows("there is no step 28; the lesson has 27 steps")
		d.press("esc")
		d.enters("1")
		d.shows("step 0/27")
	})
}

// TestJumpStops: nobody is taken past a step that falls short.
func TestJumpStops(t *testing.T) {
	l, err := lesson.Parse("x.md", []byte("```finwait\nclient close\nexpect client TIME_WAIT\nserver close\nserver start\n```\n"))
	if err != nil {
		t.Fatal(err)
	}
	drive(t, 100, 30, simulated(l), func(d *driver) {
		d.enters("3")
		d.shows("step 1/3", "expected client TIME_WAIT")
		d.press("space")
		d.shows("step 2/3")
	})
}

// TestPlaces: the list has the steps under their chapters and the ways that were taken, and enter
// goes there.
func TestPlaces(t *testing.T) {
	for _, size := range sizes {
		l := found(t, "client-gone")
		drive(t, size.w, size.h, simulated(l), func(d *driver) {
			d.press("space", "space", "space")
			d.enters("server poll")
			d.press("s")
			d.shows("● ", " 4  ", "enter goes there", "esc leaves")
			if size.h >= 50 {
				d.shows("steps", "ways you took", "1–3, server poll", l.Chapters[0].Title)
			}
			d.press("home", "enter")
			d.shows("step 0/27", "▸ SIGINT to the client")
			d.enters("client close")
			d.press("s", "end")
			d.shows("▸ ● client close", "1–3, server poll", "ways you took")
			d.press("up", "enter")
			d.shows("step 3/27", "‹yours›", "poll")
			d.press("s", "down", "down", "enter")
			d.shows("step 5/27")
			d.press("s", "x", "d", "?", "?")
			d.shows("enter goes there")
			d.press("esc")
			d.shows("step 5/27")
		})
	}
}

// TestDescribe: a way is the numbers of the lesson's steps and a person's own as they are written.
func TestDescribe(t *testing.T) {
	var w way.Way
	for _, s := range strings.Fields("L L L server L client server L L") {
		m := way.Move{Step: sim.MustParseStep("wait 1s")}
		if s != "L" {
			m = way.Move{Step: sim.MustParseStep(s + " poll"), Own: true}
		}
		w.Moves = append(w.Moves, m)
	}
	if got, want := describe(w), "1–3, server poll, 4, client poll, server poll, 5–6"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestFrom: a lesson may begin at a later step.
func TestFrom(t *testing.T) {
	c := simulated(found(t, "client-gone"))
	c.From = 5
	drive(t, 80, 24, c, func(d *driver) {
		d.shows("step 4/27")
		d.press("space")
		d.shows("step 5/27", "✝ SIGPIPE")
	})
}

// TestOwnASCII: the line, the calls of an end, the list of places and what is said of another way
// have no characters beyond ASCII in ASCII.
func TestOwnASCII(t *testing.T) {
	c := simulated(found(t, "client-gone"))
	c.ASCII = true
	drive(t, 80, 24, c, func(d *driver) {
		check := func(when string) {
			t.Helper()
			for y, row := range d.rows() {
				if strings.ContainsFunc(row, func(r rune) bool { return r > '~' }) {
					t.Errorf("%s, row %d: %s", when, y, row)
				}
			}
		}
		d.press("space", "space", "space")
		d.enters(`server write "é"`)
		check("after a step")
		d.shows("<yours>")
		d.press(":")
		d.types(`server write "é`)
		check("in the line")
		d.press("esc", "2")
		check("with an end chosen")
		d.press("esc", "left", "left")
		check("looking back")
		d.press("end", "s", "G")
		check("in the list")
		d.shows("1-3, server write")
	})
}

// TestGoldenOwn: the screens of a person's own steps as a person sees them.
func TestGoldenOwn(t *testing.T) {
	steps := func(d *driver) {
		d.press("space", "space", "space")
		d.enters("server poll")
	}
	for name, act := range map[string]func(d *driver){
		"line": func(d *driver) { d.press(":"); d.types("server wr") },
		"acts": func(d *driver) { d.press("2") },
		"list": func(d *driver) {
			d.press("home", "enter")
			d.enters("client close")
			d.press("s", "G")
		},
		"past": func(d *driver) { d.press("left", "left") },
		"lab":  nil,
	} {
		for _, size := range sizes[:3] {
			t.Run(name+"_"+sizeName(size.w, size.h), func(t *testing.T) {
				c := simulated(testLesson())
				if act == nil {
					c = sandbox(sim.Loopback)
				}
				drive(t, size.w, size.h, c, func(d *driver) {
					if act != nil {
						steps(d)
						act(d)
					}
					golden.RequireEqual(d.t, d.text())
				})
			})
		}
	}
}
