package tui

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"finwait/sim/lesson"
)

// TestMenuSaysThereIsMore: how many lessons are above and below, at every size and
// wherever the choice is, and the chosen one is always there in full.
func TestMenuSaysThereIsMore(t *testing.T) {
	c := menuConfig()
	c.Lessons = lesson.Embedded()
	for _, size := range sizes {
		drive(t, size.w, size.h, c, func(d *driver) {
			for i := range c.Lessons {
				titles := 0
				for _, l := range c.Lessons {
					if strings.Contains(d.text(), " "+l.Name+" ") {
						titles++
					}
				}
				hidden := 0
				for _, m := range regexp.MustCompile(`[↑↓] (\d+) more`).FindAllStringSubmatch(d.text(), -1) {
					n, _ := strconv.Atoi(m[1])
					hidden += n
				}
				if titles+hidden != len(c.Lessons) {
					t.Errorf("%d×%d, lesson %d: %d titles, %d more:\n%s", size.w, size.h, i, titles, hidden, d.text())
				}
				summary := lesson.Plain(c.Lessons[i].Summary, min(size.w, menuWidth)-5, d.m.style.glyph)
				d.shows("▸ "+c.Lessons[i].Title[:16], strings.TrimSpace(summary[len(summary)-1]))
				d.press("down")
			}
		})
	}
}

// TestNextLesson: at the end of a lesson its successor has a name and a key, which did
// nothing before; the last one has none.
func TestNextLesson(t *testing.T) {
	c := menuConfig()
	for _, size := range sizes {
		drive(t, size.w, size.h, c, func(d *driver) {
			d.press("enter", "space", "n", "space", "space", "space", "space")
			d.shows("This is the end of the lesson.", "n: four-way", "n next lesson")
			d.press("left", "n")
			d.hides("n: four-way", "n next lesson")
			d.press("end", "n")
			d.shows("step 0/5", "finwait  Four segm")
			d.press("space", "space", "space", "space", "space")
			d.shows("This is the end of the lesson.")
			d.hides("n next lesson")
			d.press("n", "esc")
			d.shows("▸ Four segments")
		})
	}
}
