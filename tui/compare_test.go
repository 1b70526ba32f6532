package tui

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/exp/golden"

	"finwait/internal/lab"
	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
	simulation "finwait/sim/model"
)

// endings is a lesson with two runs, of which the second has a step more.
func endings(t *testing.T) *lesson.Lesson {
	t.Helper()
	l, err := lesson.Parse("endings.md", []byte("---\ntitle: \"SIGPIPE: default or ignored\"\n---\n# SIGPIPE: default or ignored\n\n```finwait\nclient close\n"+
		"run A: default\nserver sigpipe default\nserver write \"first message\"\nserver write \"second message\"\n"+
		"run B: ignored\nserver sigpipe ignore\nserver write \"first message\"\nserver write \"second message\"\nserver close\n```\n"))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// compared returns what finwait compare shows of a lesson on the model. The labs are those that were
// opened, in order.
func compared(t *testing.T, l *lesson.Lesson) (c Config, labs *[]*watchedLab) {
	t.Helper()
	c = simulated(l)
	sides, ok := Sides(l, true, lang.English())
	if !ok {
		t.Fatal("there is nothing to compare")
	}
	c.First, c.Compare, labs = nil, &sides, new([]*watchedLab)
	c.Open = func(_ context.Context, l *lesson.Lesson) (sim.Lab, error) {
		*labs = append(*labs, &watchedLab{Lab: lab.Simulated(simulation.Options{Lesson: l.Name, Title: l.Heading(), Wire: l.HasWire()})})
		return (*labs)[len(*labs)-1], nil
	}
	c.OpenModel = c.Open
	return c, labs
}

// TestCompareGolden: two endings beside each other, or one of them where there is room for one.
func TestCompareGolden(t *testing.T) {
	for _, size := range sizes {
		for name, keys := range map[string][]string{
			"start": nil, "differs": presses(4), "other": append(presses(4), "tab"), "end": presses(5), "back": append(presses(5), "left", "left"),
		} {
			t.Run(name+"_"+sizeName(size.w, size.h), func(t *testing.T) {
				c, _ := compared(t, endings(t))
				drive(t, size.w, size.h, c, func(d *driver) {
					d.press(keys...)
					golden.RequireEqual(t, d.text())
				})
			})
		}
	}
}

// TestCompareASCII: the same in ASCII.
func TestCompareASCII(t *testing.T) {
	c, _ := compared(t, endings(t))
	c.ASCII = true
	drive(t, 100, 30, c, func(d *driver) {
		d.press(presses(5)...)
		if i := strings.IndexFunc(d.text(), func(r rune) bool { return r > 126 }); i >= 0 {
			t.Errorf("not ASCII: %s", d.text())
		}
		golden.RequireEqual(t, d.text())
	})
}

// TestCompareSteps: one key makes a step of both; looking back goes step by step.
func TestCompareSteps(t *testing.T) {
	c, labs := compared(t, endings(t))
	drive(t, 100, 30, c, func(d *driver) {
		d.press(presses(4)...)
		d.shows("step 4/5", "≠ 4", "The first difference is in step 4.", "SIGPIPE killed", "write = -1 EPIPE", "▸ the server closes")
		d.press("left")
		d.shows("◂ step 3/5", "No difference so far, in 3 steps.")
		d.hides("≠")
		d.press("home")
		d.shows("◂ step 0/5")
		d.hides("FIN_WAIT1")
		d.press("space", "right")
		d.shows("◂ step 2/5")
		d.press("end")
		d.shows(" step 4/5", "≠ 4")
		d.press("space", "space")
		d.shows("step 5/5", "-- end of lesson --")
		d.press("r")
		d.shows("step 0/5")
		if len(*labs) != 4 || !(*labs)[0].closed || !(*labs)[1].closed || (*labs)[2].closed {
			t.Errorf("%d labs after a new beginning", len(*labs))
		}
		d.press("space", "?")
		d.shows("esc close")
		d.press("esc")
		d.shows("step 1/5")
		if d.press("q"); !d.quit && !d.m.quitting {
			t.Error("q does not quit")
		}
	})
	for i, l := range *labs {
		if !l.closed {
			t.Errorf("lab %d of %d is open", i+1, len(*labs))
		}
	}
}

// TestCompareALesson: v compares the lesson on the screen on the kernel and on the model, up to where
// it is, and goes back to it.
func TestCompareALesson(t *testing.T) {
	c, labs := compared(t, found(t, "four-way"))
	c.First, c.Compare = found(t, "four-way"), nil
	drive(t, 80, 24, c, func(d *driver) {
		d.press(presses(3)...)
		before := d.text()
		d.press("v")
		d.shows("── kernel ─", "model, step 3", "step 3/12", "esc lesson")
		d.press("space", "tab")
		d.shows("── model ─", "kernel, step 4")
		d.press("v")
		if got := d.text(); got != before {
			t.Errorf("back in the lesson:\n%s\nbefore:\n%s", got, before)
		}
		if len(*labs) != 3 || (*labs)[0].closed || !(*labs)[1].closed || !(*labs)[2].closed {
			t.Errorf("%d labs", len(*labs))
		}
		d.press("v", "esc", "space")
		d.wait(time.Second)
		d.shows("step 4/12")
	})
}

// TestCompareNothing: where there is nothing to compare, v does nothing.
func TestCompareNothing(t *testing.T) {
	for _, l := range []*lesson.Lesson{testLesson(), lesson.Sandbox(sim.Loopback, "", "")} {
		c := simulated(l)
		drive(t, 100, 30, c, func(d *driver) {
			d.press("esc", "v")
			if d.m.mode == modeCompare {
				t.Error("something is compared")
			}
		})
	}
	c, labs := compared(t, found(t, "four-way"))
	c.First, c.Compare = lesson.Sandbox(sim.Loopback, "", ""), nil
	drive(t, 100, 30, c, func(d *driver) {
		if d.press("esc", "v"); d.m.mode == modeCompare || len(*labs) != 1 {
			t.Error("a sandbox is compared")
		}
	})
}

// TestCompareWithoutLab: a side whose lab does not open says why; the other goes on, and the lab that
// comes too late is closed.
func TestCompareWithoutLab(t *testing.T) {
	c, labs := compared(t, endings(t))
	open := c.Open
	c.OpenBeside = func(ctx context.Context, l *lesson.Lesson) (sim.Lab, error) {
		if l.Run.Name == "A" {
			return nil, errors.New("no room")
		}
		return open(ctx, l)
	}
	for _, size := range sizes {
		drive(t, size.w, size.h, c, func(d *driver) {
			d.shows("The lab did not open: no room")
			d.press(presses(5)...)
			d.shows("step 5")
			d.hides("ifference")
			d.press("left", "tab", "end", "r")
			d.shows("no room", "step 0")
		})
	}
	if len(*labs) != 2*len(sizes) {
		t.Errorf("%d labs", len(*labs))
	}
}

// TestCompareBusy: while one side runs its step, neither begins another.
func TestCompareBusy(t *testing.T) {
	var labs []*fakeLab
	c := lessonConfig()
	sides := [2]Side{{Name: "one", Lesson: testLesson()}, {Name: "two", Lesson: testLesson()}}
	c.First, c.Compare = nil, &sides
	c.Open = func(context.Context, *lesson.Lesson) (sim.Lab, error) {
		labs = append(labs, newFakeLab())
		return labs[len(labs)-1], nil
	}
	drive(t, 100, 30, c, func(d *driver) {
		labs[1].hold = true
		d.press("space")
		d.wait(time.Second)
		d.shows("two: this step is still running")
		d.press("space")
		if n, m := len(labs[0].started), len(labs[1].started); n != m {
			t.Errorf("%d and %d steps were started", n, m)
		}
		labs[1].tell(labs[1].t, 1, sim.Event{Body: sim.StepSettled{}})
		d.drain()
		d.shows("▸ ")
		d.hides("still running")
	})
}

// TestCompareAnySize: the screen is drawn whole at every size, in every moment.
func TestCompareAnySize(t *testing.T) {
	across, down := 7, 3
	if testing.Short() { // the race detector gains nothing from another size
		across, down = 21, 9
	}
	for _, l := range []*lesson.Lesson{endings(t), found(t, "simultaneous")} {
		c, _ := compared(t, l)
		drive(t, 100, 30, c, func(d *driver) {
			for _, keys := range [][]string{nil, presses(4), {"up", "up", "tab"}, {"left"}} {
				d.press(keys...)
				before := d.text()
				for w := 1; w < 230; w += across {
					for h := 1; h < 75; h += down {
						d.send(tea.WindowSizeMsg{Width: w, Height: h}) // the driver checks the size
					}
				}
				d.send(tea.WindowSizeMsg{Width: 100, Height: 30})
				if got := d.text(); got != before {
					t.Errorf("after resizing:\n%s\nbefore:\n%s", got, before)
				}
			}
		})
	}
}

// TestSides: two runs, that of the lesson and the next; else kernel and model, where both can play.
func TestSides(t *testing.T) {
	w := lang.English()
	three, err := lesson.Parse("x.md", []byte("# X\n\n```finwait\nclient close\nrun A: a\nserver close\nrun B: b\nserver poll\nrun C: c\nserver read 1\n```\n"))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"A: a, B: b", "B: b, C: c", "B: b, C: c"} {
		sides, ok := Sides(three.Runs()[i], false, w)
		if got := sides[0].Name + ", " + sides[1].Name; !ok || got != want {
			t.Errorf("run %d: %s, want %s", i, got, want)
		}
	}
	if sides, ok := Sides(testLesson(), true, w); !ok || sides[0].OnModel || !sides[1].OnModel {
		t.Errorf("kernel and model: %+v", sides)
	}
	if _, ok := Sides(testLesson(), false, w); ok {
		t.Error("the model is compared with itself")
	}
}

// TestCompareNoEnglishLeft: every word comes from the catalogue, the lesson or the kernel.
func TestCompareNoEnglishLeft(t *testing.T) {
	for _, l := range []*lesson.Lesson{endings(t), found(t, "four-way")} {
		for _, size := range sizes {
			c, _ := compared(t, l)
			c.Lang = foreignCatalogue()
			sides, _ := Sides(l, true, c.Lang)
			c.Compare = &sides
			drive(t, size.w, size.h, c, func(d *driver) {
				for _, key := range append(presses(len(l.Steps)+1), "left", "tab", "left") {
					if left := leftEnglish(d.text(), l); left != nil {
						t.Errorf("%q in\n%s", left, d.text())
					}
					d.press(key)
				}
			})
		}
	}
}

// TestCompareAuto: two plays go to their end by themselves, unless a person looks back.
func TestCompareAuto(t *testing.T) {
	c, _ := compared(t, endings(t))
	c.Auto, c.Keys = 3*time.Second, true
	drive(t, 100, 30, c, func(d *driver) {
		d.wait(4 * time.Second)
		d.shows("step 1/5", "space")
		d.press("left")
		d.wait(20 * time.Second)
		d.shows("◂ step 0/5")
		d.press("end")
		d.wait(30 * time.Second)
		d.shows("step 5/5", "-- end of lesson --")
	})
}

// TestCompareAnimation: arrows grow on both sides, also while steps are made without a key.
func TestCompareAnimation(t *testing.T) {
	c, _ := compared(t, found(t, "client-gone"))
	c.First, c.Compare, c.Animate = found(t, "client-gone"), nil, true
	drive(t, 100, 30, c, func(d *driver) {
		d.press(presses(4)...)
		d.wait(2 * time.Second)
		d.press("v")
		d.wait(5 * time.Second)
		for i, side := range d.m.comparison.plays {
			if p := side.play; p.revealing() || p.fold.k != p.player.Log().Len() {
				t.Errorf("side %d shows %d events of %d: %s", i, p.fold.k, p.player.Log().Len(), d.text())
			}
		}
		d.shows("step 4/27")
	})
}
