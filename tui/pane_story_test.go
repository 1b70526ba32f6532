package tui

import (
	"fmt"
	"strings"
	"testing"

	"finwait/sim/lesson"
)

// TestStoryScrolls: a story that is longer than its place says so, and every line
// of it can be reached.
func TestStoryScrolls(t *testing.T) {
	var words []string
	for i := range 200 {
		words = append(words, fmt.Sprintf("word%03d", i))
	}
	c := lessonConfig()
	for i := range c.First.Steps {
		c.First.Steps[i].Story = strings.Join(words, " ")
	}
	for _, size := range sizes {
		drive(t, size.w, size.h, c, func(d *driver) {
			seen, pages := d.text(), 0
			if size.w < wideWidth {
				d.shows("↓ pgdn")
				d.hides("pgup")
			}
			for ; pages < 40 && strings.Contains(d.text(), "pgdn"); pages++ {
				d.press("pgdown")
				seen += d.text()
			}
			d.hides("pgdn")
			for _, w := range words {
				if !strings.Contains(seen, w) {
					t.Fatalf("%d×%d: %s was never shown", size.w, size.h, w)
				}
			}
			for range pages {
				d.press("pgup")
			}
			d.shows("word000")
			d.hides("pgup")
		})
	}
}

// TestLessonsFit: what the lessons say and ask is in view at every step without scrolling, on the
// smallest full screen, whatever is answered.
func TestLessonsFit(t *testing.T) {
	for _, l := range lesson.Embedded() {
		answers := []string{"", "1", "2", "3"}
		if testing.Short() { // the race detector gains nothing from another answer
			answers = answers[:2]
		}
		for _, answer := range answers {
			t.Run(l.Name+answer, func(t *testing.T) {
				drive(t, 80, 24, simulated(l), func(d *driver) {
					for i := range len(l.Steps) + 1 {
						text := d.text()
						scored := answer != "" && i == len(l.Steps) // the score takes a row of the story
						if strings.Contains(text, "pgdn") || strings.Contains(text, "pgup") && !scored {
							t.Errorf("after step %d:\n%s", i, text)
						}
						if !strings.Contains(d.rows()[0], "sim · model") {
							t.Errorf("the title does not name the net: %s", d.rows()[0])
						}
						if q := d.m.picture.quiz.open; q != nil {
							d.shows(q.text)
							for _, a := range q.answers {
								d.shows(a.text)
							}
							if answer != "" {
								d.press(answer)
							}
						}
						d.press("space")
					}
				})
			})
		}
	}
}

// TestCardInView: at the end of a lesson the card is in view, whole where it fits, else from its
// title on.
func TestCardInView(t *testing.T) {
	c := lessonConfig()
	c.First.Outro = strings.Repeat("Before the card. ", 40) + "\n\n**Take home:** " + strings.Repeat("much ", 30) + "\n\nRFC 9293"
	for _, size := range sizes {
		drive(t, size.w, size.h, c, func(d *driver) {
			d.press(presses(len(c.First.Steps))...)
			d.shows("Take home", "much much")
			if size.h > 16 { // else the card is longer than its place
				d.shows("RFC 9293")
			}
			d.press("pgup")
			d.shows("Before the card.")
		})
	}
}
