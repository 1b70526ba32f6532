package ladder_test

import (
	"os"
	"path/filepath"
	"strconv"
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

// TestFocus: the ladder of each connection of a case, whole when it has the focus; the others are
// notes on it.
func TestFocus(t *testing.T) {
	log := modelled(t, "testdata/cases/which-end-of-the-older-one.md")
	for focus := 1; focus <= 3; focus++ {
		t.Run(strconv.Itoa(focus), func(t *testing.T) {
			golden.RequireEqual(t, picture(focused(focus, log), 78, Options{Grow: 1}))
		})
	}
}

// TestOtherConnectionsMoveNoArrow: while a segment of another connection is under way, the arrow
// that was drawn last does not begin again.
func TestOtherConnectionsMoveNoArrow(t *testing.T) {
	log := modelled(t, "testdata/cases/which-end-of-the-older-one.md")
	l := &Ladder{Focus: 1}
	for i, e := range log {
		l.Apply(e)
		if e.Kind() != sim.KindSegment || e.Conn() == 1 {
			continue
		}
		if got, whole := picture(l, 78, Options{}), picture(l, 78, Options{Grow: 1}); got != whole {
			t.Fatalf("event %d, %s: an arrow grows\n%s\nand not\n%s", i, e, got, whole)
		}
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
