package tui

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"finwait/sim"
	"finwait/sim/lesson"
)

// TestMenuSaysThereIsMore: at every size the menu says how many lessons are above and below, and
// below the list what the chosen one is about: its title, its summary and its chapters.
func TestMenuSaysThereIsMore(t *testing.T) {
	c := menuConfig()
	c.Lessons = lesson.Embedded
	more := regexp.MustCompile(`[↑↓] (\d+) more`)
	for _, size := range sizes {
		drive(t, size.w, size.h, c, func(d *driver) {
			for i, chosen := range c.Lessons() {
				text, titles := d.text(), 0
				list, _, _ := strings.Cut(text, " ─ ")
				for row := range strings.Lines(list) {
					if strings.HasSuffix(row, " min\n") {
						titles++
					}
				}
				hidden := 0
				for _, m := range more.FindAllStringSubmatch(text, -1) {
					n, _ := strconv.Atoi(m[1])
					hidden += n
				}
				if titles+hidden != len(c.Lessons()) {
					t.Errorf("%d×%d, lesson %d: %d titles, %d more:\n%s", size.w, size.h, i, titles, hidden, text)
				}
				first, _, _ := strings.Cut(chosen.Summary, " ")
				d.shows("▸ "+chosen.Title[:16], " ─ "+chosen.Title+" ─", " "+first, strconv.Itoa(len(chosen.Steps))+" steps")
				d.press("down")
			}
		})
	}
}

// menuRow fails the test unless the row of a lesson in the menu has all the texts.
func (d *driver) menuRow(name string, texts ...string) {
	d.t.Helper()
	for _, row := range d.rows() {
		if !strings.Contains(row, " "+name+" ") {
			continue
		}
		for _, text := range texts {
			if !strings.Contains(row, text) {
				d.t.Errorf("the row of %s does not have %q: %s", name, text, row)
			}
		}
		return
	}
	d.t.Errorf("no row for %s:\n%s", name, d.text())
}

// TestMenuSaysWhereALessonPlays: each row says on what the lesson plays, and how long it takes.
func TestMenuSaysWhereALessonPlays(t *testing.T) {
	for _, model := range []bool{false, true} {
		c := menuConfig()
		c.Lessons, c.Model = lesson.Embedded, model
		drive(t, 100, 30, c, func(d *driver) {
			for _, l := range c.Lessons() {
				where := map[sim.Net]string{sim.Loopback: "loopback", sim.Wire: "wire"}[l.Net]
				if model {
					where = "on the model"
				}
				d.menuRow(l.Name, " "+where+" ", strconv.Itoa(l.Minutes)+" min")
			}
		})
	}
}

// TestSearch: the menu shows the lessons that have every word, wherever; enter opens the chosen one,
// and esc goes back to all of them with the choice where it was.
func TestSearch(t *testing.T) {
	for _, size := range sizes {
		c := menuConfig()
		c.Lessons = lesson.Embedded
		drive(t, size.w, size.h, c, func(d *driver) {
			d.press("/")
			d.shows(" / ", "11 lessons", "enter open", "esc all lessons")
			d.types("KEEPALIVE q?")
			d.shows(" / KEEPALIVE q?", "0 lessons", "No lesson has all of these words.")
			d.press("enter")
			for range 3 {
				d.press("backspace")
			}
			d.shows(" / KEEPALIVE", "The cable is cut")
			d.hides("No lesson")
			for d.m.found()[d.m.chosen].Name != "cable-cut" {
				d.press("down")
			}
			d.press("esc")
			d.shows("▸ The cable is cut", "/ search")
			d.hides(" / K")
			d.press("/")
			d.send(tea.PasteMsg{Content: "cable-cut\n"})
			d.press("enter")
			d.shows("finwait  The cable")
			d.press("esc")
			d.shows("▸ The cable is cut")
		})
	}
}

// TestChapters: a digit opens the chosen lesson at that chapter; the steps before it have been made.
func TestChapters(t *testing.T) {
	c := simulated(nil)
	c.Lessons = lesson.Embedded
	for _, size := range sizesFor(t) {
		drive(t, size.w, size.h, c, func(d *driver) {
			for _, l := range c.Lessons() {
				for i, chapter := range l.Chapters {
					d.shows("▸ "+l.Title[:16], digits[i]+" ")
					d.press(digits[i])
					d.shows("finwait  "+l.Title[:8], fmt.Sprintf("step %d/%d", chapter.First, len(l.Steps)))
					if n, _, _ := d.m.play.player.Next(); n != chapter.First+1 || d.m.outcome().Failures > 0 {
						t.Errorf("%s, chapter %d: the next step is %d, want %d; %d failures", l.Name, i, n, chapter.First+1, d.m.outcome().Failures)
					}
					d.press("esc")
				}
				d.press(digits[len(l.Chapters)]) // there is no such chapter
				d.shows("▸ " + l.Title[:16])
				d.press("down")
			}
		})
	}
}

// TestPlayed: a lesson that was played to its end is marked in the menu, and is remembered once;
// one that was left is not.
func TestPlayed(t *testing.T) {
	var remembered []string
	c := menuConfig()
	c.Done = func() []string { return []string{"four-way", "not one of these"} }
	c.Finished = func(name string) { remembered = append(remembered, name) }
	drive(t, 100, 30, c, func(d *driver) {
		d.shows("1 of 2 played", "Four segments ✓")
		d.hides("The client goes away ✓")
		d.press("enter", "space", "esc")
		d.hides("The client goes away ✓")
		for range 2 {
			d.press("enter", "space", "space", "space", "space", "space", "left", "end", "esc")
			d.shows("2 of 2 played", "The client goes away ✓")
		}
		if len(remembered) != 2 || remembered[0] != "client-gone" {
			t.Errorf("remembered are %q", remembered)
		}
		d.m.rememberRest()
		d.m.finished["four-way"] = true // the program ends before the command has run
		d.m.rememberRest()
		if len(remembered) != 3 || remembered[2] != "four-way" {
			t.Errorf("at the end remembered are %q", remembered)
		}
	})
}

// TestPlayedElsewhere: a file of the same name is not a lesson of the menu.
func TestPlayedElsewhere(t *testing.T) {
	c := menuConfig()
	c.First = testLesson()
	c.First.Source += "changed"
	c.Finished = func(name string) { t.Errorf("remembered is %q", name) }
	drive(t, 80, 24, c, func(d *driver) {
		d.press("space", "space", "space", "space", "space")
		d.shows("-- end of lesson --")
	})
}

// TestFinale: after the last lesson a card says what was not played yet and what to do now, at every
// size; esc closes it.
func TestFinale(t *testing.T) {
	for _, size := range sizes {
		c := menuConfig()
		c.Done = func() []string { return nil }
		drive(t, size.w, size.h, c, func(d *driver) {
			d.press("down", "enter", "space", "space", "space", "space", "space")
			d.shows("-- end of lesson --", "n: what now", "n what now")
			d.press("n")
			d.shows("That was the last lesson", "Not played yet: client-gone.", "What to do now:", "esc close")
			d.press("esc", "esc")
			d.shows("▸ Four segments")
			d.press("up", "enter", "space", "space", "space", "space", "space", "n")
			d.press("space", "space", "space", "space", "space", "n")
			d.shows("That was the last lesson", "You have seen how a TCP connection ends")
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
			d.press("n", "esc", "esc")
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

// menuScreens shows the menu, the search, what it does not find, and the card after the last lesson.
func menuScreens(d *driver, look func(what string)) {
	look("the menu")
	d.press("/")
	look("the search")
	d.types("qqq")
	look("a search for nothing")
	d.press("esc", "end", "enter")
	for range d.m.play.player.Lesson().Steps {
		d.press("space")
	}
	d.press("n")
	look("the card")
}

// TestMenuInAnotherLanguage: the words of the menu come from the catalogue or a lesson.
func TestMenuInAnotherLanguage(t *testing.T) {
	known := &lesson.Lesson{Source: "qqq"}
	for _, l := range lesson.Embedded() {
		known.Source += l.Source + l.Name
	}
	c := simulated(nil)
	c.Lessons, c.Lang, c.Model = lesson.Embedded, foreignCatalogue(), true
	c.Done = func() []string { return []string{"states"} }
	drive(t, 100, 30, c, func(d *driver) {
		menuScreens(d, func(what string) {
			if left := leftEnglish(d.text(), known); left != nil {
				t.Errorf("%s: %q in\n%s", what, left, d.text())
			}
		})
	})
}

// TestMenuASCII: the menu in ASCII has no other characters, at every size.
func TestMenuASCII(t *testing.T) {
	c := simulated(nil)
	c.Lessons, c.ASCII = lesson.Embedded, true
	c.Done = func() []string { return []string{"states"} }
	for _, size := range sizes {
		drive(t, size.w, size.h, c, func(d *driver) {
			menuScreens(d, func(what string) {
				for _, row := range d.rows() {
					if strings.ContainsFunc(row, func(r rune) bool { return r > '~' }) {
						t.Errorf("%s: %s", what, row)
					}
				}
			})
		})
	}
}

// TestMenuAtEverySize: whatever the size, the chosen lesson is shown, and nothing is wider or higher
// than the screen.
func TestMenuAtEverySize(t *testing.T) {
	c := menuConfig()
	c.Lessons = lesson.Embedded
	drive(t, 80, 24, c, func(d *driver) {
		for w := 1; w <= 220; w += 13 {
			for h := 1; h <= 70; h += 5 {
				d.send(tea.WindowSizeMsg{Width: w, Height: h})
				if w < MinWidth || h < MinHeight {
					continue
				}
				for _, keys := range [][]string{{"home"}, {"end"}, {"/"}, {"down", "down", "down", "down", "down", "down"}} {
					d.press(keys...)
					d.shows("▸ " + d.m.found()[d.m.chosen].Title[:16])
				}
				d.press("esc")
			}
		}
	})
}
