package tui

import (
	"strings"
	"testing"
)

// TestHide: one key goes through the views of a lesson, and comes back to the whole.
func TestHide(t *testing.T) {
	for _, size := range sizes {
		drive(t, size.w, size.h, simulated(found(t, "client-gone")), func(d *driver) {
			d.press("space")
			whole := d.text()
			const boxes, ladder, story = "server ", "✝ SIGINT", "FIN_WAIT2"
			d.press("H")
			d.shows(d.m.words.NextHidden, boxes, ladder)
			if strings.Contains(d.rows()[size.h-2], "wait") {
				t.Errorf("the next step is in %s", d.rows()[size.h-2])
			}
			d.press("H")
			if d.m.picture.layout[paneStory].h > 0 {
				t.Error("there is a story")
			}
			d.press("H")
			d.hides(boxes)
			d.shows(ladder, story)
			d.press("H")
			d.shows(boxes)
			d.hides("┃")
			d.press("H")
			if d.text() != whole {
				t.Errorf("the whole is\n%s, was\n%s", d.text(), whole)
			}
		})
	}
}

// TestParseHidden: parts by their names, or a sentence that names them.
func TestParseHidden(t *testing.T) {
	for list, want := range map[string]Hidden{
		"": 0, "story": HideStory, "next, steps": HideNext | HideSteps, "boxes": HideBoxes, "ladder,story": HideLadder | HideStory,
	} {
		if got, err := ParseHidden(list); err != nil || got != want {
			t.Errorf("%q: %v, %v", list, got, err)
		}
	}
	for _, list := range []string{"boxes,ladder", "everything", "story,,next"} {
		if _, err := ParseHidden(list); err == nil {
			t.Errorf("%q is taken", list)
		}
	}
}

// TestHiddenStoryTells: what went wrong is said also where the story is hidden.
func TestHiddenStoryTells(t *testing.T) {
	for _, size := range sizes {
		c := lessonConfig()
		c.Hide = HideStory
		drive(t, size.w, size.h, c, func(d *driver) {
			d.press("space")
			d.lab.fail(nil)
			d.drain()
			d.shows("The lab is closed.")
		})
	}
}

// TestLarger: from 160 columns on a key moves the rows of the ladder apart and shows both numbers of
// every segment; below it does nothing.
func TestLarger(t *testing.T) {
	for _, size := range []size{{159, 50}, {160, 50}, {200, 60}} {
		drive(t, size.w, size.h, simulated(found(t, "client-gone")), func(d *driver) {
			d.press("space")
			before := d.text()
			d.press("L")
			if size.w < largerWidth {
				if d.text() != before {
					t.Errorf("%d columns:\n%s", size.w, d.text())
				}
				return
			}
			d.shows("FIN ACK  seq 1 ack 1 ", "ACK  seq 1 ack 2 ", "SYN  seq 0 ")
			rows := d.rows()
			for i, row := range rows {
				if strings.Contains(row, "FIN ACK  seq 1") && strings.Contains(rows[i+1], "ACK ") {
					t.Errorf("the rows do not stand apart:\n%s", d.text())
				}
			}
			d.press("L")
			if d.text() != before {
				t.Errorf("the whole is\n%s, was\n%s", d.text(), before)
			}
		})
	}
}
