package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"finwait/sim"
)

// sizes are the sizes at which the tests look at a screen.
var sizes = []struct{ w, h int }{{80, 24}, {100, 30}, {160, 50}, {60, 16}}

// sizesFor returns sizes, but one of them for the race detector, which gains nothing from another.
func sizesFor(t *testing.T) []struct{ w, h int } {
	t.Helper()
	if testing.Short() {
		return sizes[:1]
	}
	return sizes
}

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

// TestGoldenASCII: a screen in ASCII has no other characters.
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

func sizeName(w, h int) string { return fmt.Sprintf("%dx%d", w, h) }

// TestGoldenWire: the screens of a lesson on the wire as a person sees them.
func TestGoldenWire(t *testing.T) {
	for name, keys := range map[string][]string{
		"start": nil,
		"held":  {"space", "space", "down"},
		"on":    {"space", "space", "space", "space"},
		"end":   {"space", "space", "space", "space", "space"},
		"help":  {"space", "?"},
	} {
		for _, size := range sizes {
			t.Run(name+"_"+sizeName(size.w, size.h), func(t *testing.T) {
				drive(t, size.w, size.h, wireConfig(), func(d *driver) {
					d.press(keys...)
					golden.RequireEqual(d.t, d.text())
				})
			})
		}
	}
}

// TestWireASCII: the wire and the settings in ASCII have no other characters.
func TestWireASCII(t *testing.T) {
	c := wireConfig()
	c.ASCII = true
	drive(t, 80, 24, c, func(d *driver) {
		for _, keys := range [][]string{{"space", "space", "down"}, {"space"}, {"?"}, {"?", "i"}} {
			d.press(keys...)
			for y, row := range d.rows() {
				if strings.ContainsFunc(row, func(r rune) bool { return r > 126 }) {
					t.Errorf("after %v row %d: %s", keys, y, row)
				}
			}
		}
		d.press("?")
		golden.RequireEqual(t, d.text())
	})
}

// presses returns the keys for n steps.
func presses(n int) []string { return slices.Repeat([]string{"space"}, n) }

// TestGoldenModel: the screens of a lesson with the model beside the kernel.
func TestGoldenModel(t *testing.T) {
	for _, s := range []struct {
		name   string
		script map[string][]sim.Event
		keys   []string
	}{
		{"agrees", judged(storyScript()), presses(3)},
		{"agreed", judged(storyScript()), presses(5)},
		{"state", unlike(judged(storyScript()), inState()...), presses(3)},
		{"much", unlike(judged(storyScript()), inMuch()...), presses(3)},
		{"differed", unlike(judged(storyScript()), inMuch()...), presses(5)},
		{"help", judged(storyScript()), []string{"?"}},
	} {
		for _, size := range sizes {
			t.Run(s.name+"_"+sizeName(size.w, size.h), func(t *testing.T) {
				c, _ := modelConfig(s.script)
				drive(t, size.w, size.h, c, func(d *driver) {
					d.press(s.keys...)
					golden.RequireEqual(d.t, d.text())
				})
			})
		}
	}
}

// TestModelASCII: verdicts in ASCII have no other characters.
func TestModelASCII(t *testing.T) {
	c, _ := modelConfig(unlike(judged(storyScript()), inMuch()...))
	c.ASCII = true
	drive(t, 80, 24, c, func(d *driver) {
		d.press(presses(3)...)
		for y, row := range d.rows() {
			if strings.ContainsFunc(row, func(r rune) bool { return r > '~' }) {
				t.Errorf("row %d: %s", y, row)
			}
		}
		golden.RequireEqual(t, d.text())
	})
}
