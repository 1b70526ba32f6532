package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// TestPaneContract: every index of the layout has a pane. Each pane draws exactly the rows and
// cells that it is given, and draws the same picture twice in the same way.
func TestPaneContract(t *testing.T) {
	keys := []string{"space", "space", "d", "left"}
	for _, size := range sizes {
		for _, c := range []Config{menuConfig(), lessonConfig(), wireConfig()} {
			drive(t, size.w, size.h, c, func(d *driver) {
				for _, key := range append(keys, "end", "?", "esc", "i") {
					for i, r := range d.m.picture.layout {
						p := d.m.panes[i]
						if p == nil {
							t.Fatalf("there is no pane %d", i)
						}
						if r.w == 0 || r.h == 0 {
							continue
						}
						drawn := p.render(&d.m.picture, r.size())
						if again := p.render(&d.m.picture, r.size()); again != drawn {
							t.Errorf("pane %d draws\n%s\nand then\n%s", i, drawn, again)
						}
						rows := strings.Split(drawn, "\n")
						if len(rows) != r.h {
							t.Errorf("pane %d draws %d rows in %d", i, len(rows), r.h)
						}
						for _, row := range rows {
							if w := ansi.StringWidth(row); w != r.w {
								t.Errorf("pane %d draws %d cells in %d: %q", i, w, r.w, row)
							}
						}
					}
					d.press(key)
				}
			})
		}
	}
}

// TestEveryMessageRedraws: after each message the picture is up to date.
func TestEveryMessageRedraws(t *testing.T) {
	drive(t, 100, 30, lessonConfig(), func(d *driver) {
		for _, key := range []string{"space", "left", "left", "?", "down", "d", "esc", "end", "space", "r"} {
			d.press(key)
			before := d.m.draw()
			d.m.refresh()
			if got := d.m.draw(); got != before {
				t.Errorf("after %s the screen was\n%s\nand is\n%s", key, ansi.Strip(before), ansi.Strip(got))
			}
		}
	})
}
