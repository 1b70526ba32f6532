package tui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"finwait/sim"
	"finwait/sim/lesson"
	simulation "finwait/sim/model"
)

// TestCases: the boxes at the end of small lessons whose ladder was drawn wrongly once, on a
// screen of 80×24, as the model plays them.
func TestCases(t *testing.T) {
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
			lab, log := simulation.Open(simulation.Options{Wire: l.Net != sim.Loopback})
			player := lesson.NewPlayer(l)
			for n, s, ok := player.Next(); ok; n, s, ok = player.Next() {
				player.Started()
				for _, e := range lab.Do(n, s.Step) {
					player.Observe(e)
					log = append(log, e)
				}
			}
			p := testPicture()
			p.fold.goTo(log)
			var boxes strings.Builder
			for _, at := range []sim.End{sim.Client, sim.Server} {
				boxes.WriteString(ansi.Strip(boxPane{at}.render(p, size{40, boxRows(24)})) + "\n")
			}
			golden.RequireEqual(t, boxes.String())
		})
	}
}
