package tui

import (
	"fmt"
	"strings"
	"testing"
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
