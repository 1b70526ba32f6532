package tui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"finwait/sim/lesson"
)

// TestCaseBoxes: the boxes at 80 by 24 after each step of the small lessons that were once drawn
// wrongly, as the model plays them. Look at a golden file before you commit it.
func TestCaseBoxes(t *testing.T) {
	files, err := filepath.Glob("../sim/ladder/testdata/cases/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".md"), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			l, err := lesson.Parse(file, src)
			if err != nil {
				t.Fatal(err)
			}
			var boxes strings.Builder
			drive(t, 80, 24, simulated(l), func(d *driver) {
				for _, s := range l.Steps {
					d.press("space")
					boxes.WriteString(s.String() + "\n" + strings.Join(d.rows()[1:1+d.m.picture.layout[paneServer].h], "\n") + "\n")
				}
			})
			golden.RequireEqual(t, boxes.String())
		})
	}
}
