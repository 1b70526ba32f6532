package ladder_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"finwait/sim"
	. "finwait/sim/ladder"
	"finwait/sim/lesson"
	"finwait/sim/model"
)

// TestCases: small lessons that were drawn wrongly once, each as the model plays it. Look at
// a golden file before you commit it: it is the picture.
func TestCases(t *testing.T) {
	files, err := filepath.Glob("testdata/cases/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".md"), func(t *testing.T) {
			golden.RequireEqual(t, picture(fold(modelled(t, file)), 78, Options{Grow: 1}))
		})
	}
}

// modelled returns the log of a lesson as the model plays it. All that it expects is met.
func modelled(t *testing.T, file string) []sim.Event {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	l, err := lesson.Parse(file, src)
	if err != nil {
		t.Fatal(err)
	}
	lab, opened := model.Open(model.Options{Wire: l.Net != sim.Loopback})
	p := lesson.NewPlayer(l)
	for _, e := range opened {
		p.Observe(e)
	}
	for n, s, ok := p.Next(); ok; n, s, ok = p.Next() {
		p.Started()
		for _, e := range lab.Do(n, s.Step) {
			p.Observe(e)
		}
	}
	if p.Failures() > 0 {
		t.Errorf("%d expectations are not met, or steps refused", p.Failures())
	}
	return p.Log().All()
}
