package tui

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"finwait/sim/lesson"
)

// TestMenuSaysThereIsMore: at every size the menu says how many lessons are above and below, and
// shows the chosen lesson in full.
func TestMenuSaysThereIsMore(t *testing.T) {
	c := menuConfig()
	lessons := lesson.Embedded()
	c.Lessons = func() []*lesson.Lesson { return lessons }
	more := regexp.MustCompile(`[↑↓] (\d+) more`)
	for _, size := range sizes {
		drive(t, size.w, size.h, c, func(d *driver) {
			for i := range lessons {
				text, titles := d.text(), 0
				for _, l := range lessons {
					if strings.Contains(text, " "+l.Name+" ") {
						titles++
					}
				}
				hidden := 0
				for _, m := range more.FindAllStringSubmatch(text, -1) {
					n, _ := strconv.Atoi(m[1])
					hidden += n
				}
				if titles+hidden != len(lessons) {
					t.Errorf("%d×%d, lesson %d: %d titles, %d more:\n%s", size.w, size.h, i, titles, hidden, text)
				}
				summary := lesson.Plain(lessons[i].Summary, min(size.w, menuWidth)-5, d.m.style.glyph)
				d.shows("▸ "+lessons[i].Title[:16], strings.TrimSpace(summary[len(summary)-1]))
				d.press("down")
			}
		})
	}
}

// TestNextLesson: at the end of a lesson, and not before, a key opens the next lesson. The last
// lesson has no successor.
func TestNextLesson(t *testing.T) {
	c := menuConfig()
	for _, size := range sizes {
		drive(t, size.w, size.h, c, func(d *driver) {
			d.press("enter", "space", "n", "space", "space", "space", "space")
			d.shows("-- end of lesson --", "n: four-way", "n next lesson")
			d.press("left", "n")
			d.hides("n: four-way", "n next lesson")
			d.press("end", "n")
			d.shows("step 0/5", "finwait  Four segm")
			d.press("space", "space", "space", "space", "space")
			d.shows("-- end of lesson --")
			d.hides("n next lesson")
			d.press("n", "esc")
			d.shows("▸ Four segments")
		})
	}
}

// TestMenu: a lesson can be chosen, opened and left for another.
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

// TestEmptyMenu: a menu without lessons says so, and its keys do nothing.
func TestEmptyMenu(t *testing.T) {
	c := menuConfig()
	c.Lessons = func() []*lesson.Lesson { return nil }
	drive(t, 80, 24, c, func(d *driver) {
		d.press("down", "up", "g", "G", "enter", "space")
		d.shows("There is no lesson")
	})
}
