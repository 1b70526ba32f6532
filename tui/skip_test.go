package tui

import (
	"context"
	"testing"

	"finwait/sim"
	"finwait/sim/lesson"
)

// TestSkip: a wait in which by the model nothing will happen is skipped with a key, at every size;
// before any other step, while looking back, and on the model the key does nothing.
func TestSkip(t *testing.T) {
	for _, size := range sizes {
		lab := newFakeLab()
		c := lessonConfig()
		c.Open = func(context.Context, *lesson.Lesson) (sim.Lab, error) {
			lab = newFakeLab()
			return lab, nil
		}
		drive(t, size.w, size.h, c, func(d *driver) {
			d.press("z")
			d.shows("step 0/5")
			d.hides("z skip")
			d.press("space")
			d.shows("z skip")
			d.press("left", "z")
			d.hides("z skip")
			d.press("end", "z")
			d.shows("step 2/5", "⋯ 5.0 s skipped")
			d.hides("z skip")
			d.press("z", "space")
			d.shows("step 3/5", "PSH ACK")
			for _, step := range lab.started {
				if step == "wait 5s" {
					t.Error("the lab has waited")
				}
			}
			d.press("u", "u")
			d.shows("step 1/5", "z skip")
		})
	}
	drive(t, 80, 24, simulated(testLesson()), func(d *driver) {
		d.press("space")
		d.shows("step 1/5")
		d.hides("z skip")
	})
}
