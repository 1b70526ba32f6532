package tui

import (
	"errors"
	"strings"
	"testing"
)

// savedScreens returns a configuration that keeps the screens that are saved.
func savedScreens(c Config, err error) (Config, *[]Screen) {
	saved := new([]Screen)
	c.Save = func(s Screen) ([]string, error) {
		*saved = append(*saved, s)
		return []string{"a.txt", "a.svg"}, err
	}
	return c, saved
}

// TestSave: at every size, in every mode, what is saved is what is shown.
func TestSave(t *testing.T) {
	for _, size := range sizes {
		c, saved := savedScreens(menuConfig(), nil)
		drive(t, size.w, size.h, c, func(d *driver) {
			for _, keys := range [][]string{nil, {"enter"}, {"space", "space", "space"}, {"left"}, {"?"}} {
				d.press(keys...)
				before, name := d.text(), ""
				if d.m.play != nil {
					name = d.m.play.player.Lesson().Name
				}
				*saved = nil
				d.press("w")
				d.shows("saved as a.txt and a.svg")
				if len(*saved) != 1 {
					t.Fatalf("%d screens were saved", len(*saved))
				}
				s := (*saved)[0]
				if s.Text != before || s.Lesson != name {
					t.Errorf("the text of %q is\n%s\nwant, of %q,\n%s", s.Lesson, s.Text, name, before)
				}
				for word := range strings.FieldsSeq(before) {
					if isLetters(word) && !strings.Contains(s.SVG, word) {
						t.Errorf("%q is missing in the picture", word)
					}
				}
			}
		})
	}
}

func isLetters(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < 'A' || r > 'z' })
}

// TestSaveSaysUntilTheNextKey: the names of the files stand in place of the keys until the next key,
// and are not in the next picture.
func TestSaveSaysUntilTheNextKey(t *testing.T) {
	c, saved := savedScreens(lessonConfig(), nil)
	drive(t, 80, 24, c, func(d *driver) {
		d.press("w", "w")
		if first, second := (*saved)[0], (*saved)[1]; first != second {
			t.Errorf("the second picture is another:\n%s", second.Text)
		}
		d.press("space")
		d.hides("saved as")
		d.shows("space next")
	})
}

// TestSaveFails: why a screen was not saved is said, and drawn safely.
func TestSaveFails(t *testing.T) {
	c, _ := savedScreens(lessonConfig(), errors.New("no room\x1b[2J"))
	drive(t, 80, 24, c, func(d *driver) {
		d.press("w")
		d.shows(`not saved: no room\x1b[2J`)
	})
}

// TestNoSave: where nothing can be saved the key does nothing and is not named.
func TestNoSave(t *testing.T) {
	drive(t, 160, 50, lessonConfig(), func(d *driver) {
		before := d.text()
		d.press("w")
		if d.text() != before || strings.Contains(before, "w save") {
			t.Errorf("the key w does something:\n%s", d.text())
		}
	})
}
