package tui

import (
	"testing"

	"finwait/sim"
)

// TestLadderScrolls: the newest row is in view, and every other row can be scrolled into view.
func TestLadderScrolls(t *testing.T) {
	drive(t, 60, 16, lessonConfig(), func(d *driver) {
		d.press("space", "space", "space")
		d.shows("RST", "↑ ", "above")
		d.hides("below")
		for range 30 {
			d.press("up")
		}
		d.shows("listen(3) = 0", "below")
		d.hides("above", "RST  seq")
		d.press("down", "j")
		d.shows("↑ 2 rows above")
		d.lab.tell(70, 3, sim.Event{At: sim.Server, Body: sim.SegmentMoved{Conn: 1, By: sim.ByKernel, Segment: sim.Segment{Flags: sim.RST}}})
		d.drain()
		d.shows("↑ 2 rows above")
		d.press("space")
		d.shows("poll: RDHUP HUP")
	})
}
