package tui

import (
	"reflect"
	"testing"

	"finwait/sim"
)

// storyLog is the log of the tests' lesson, played to its end.
func storyLog() []sim.Event {
	m, step := played(80, 24)
	for range len(m.play.player.Lesson().Steps) {
		step()
	}
	return m.play.player.Log().All()
}

// TestFoldIsAFold: going back and forth in a log leads to the same state as reading it from
// its beginning.
func TestFoldIsAFold(t *testing.T) {
	log := storyLog()
	walk := newFold()
	for _, k := range []int{len(log), 3, 20, 0, len(log) / 2, len(log)} {
		walk.goTo(log[:k])
		fresh := newFold()
		fresh.goTo(log[:k])
		if !reflect.DeepEqual(walk.scene, fresh.scene) || walk.ladder.Len() != fresh.ladder.Len() || walk.failed != fresh.failed ||
			len(walk.verdicts) != len(fresh.verdicts) || len(walk.problems) != len(fresh.problems) {
			t.Errorf("the first %d events read differently", k)
		}
	}
}

// TestHistory: each moment has one row of the ladder more than the moment before, or two where
// time went by, and the newest has everything.
func TestHistory(t *testing.T) {
	log := storyLog()
	var h history
	h.advance(log[:10])
	h.advance(log)
	f := newFold()
	rows := 0
	for i := range h.moments() {
		f.goTo(log[:h.end(i)])
		if n := f.ladder.Len(); n <= rows || n > rows+2 {
			t.Errorf("moment %d has %d rows, the one before %d", i, n, rows)
		}
		rows = f.ladder.Len()
	}
	if h.end(h.moments()-1) != len(log) {
		t.Error("the newest moment is not the end")
	}
}

// TestPosition: a story and a step belong to each place in a log.
func TestPosition(t *testing.T) {
	l := testLesson()
	for _, c := range []struct {
		step    int
		settled bool
		next    int // index of the step, -1 at the end
		story   string
	}{
		{0, false, 0, l.Steps[0].Story},
		{0, true, 0, l.Steps[0].Story},
		{1, false, 0, l.Steps[0].Story},
		{1, true, 1, l.Steps[1].Story},
		{5, false, 4, l.Steps[4].Story},
		{5, true, -1, l.Outro},
		{9, true, -1, l.Outro},
	} {
		got := positionIn(l, &fold{scene: sim.Scene{Step: c.step, Settled: c.settled}})
		if got.telling.now != c.story || got.over != (c.next < 0) || c.next >= 0 && got.next != &l.Steps[c.next] {
			t.Errorf("step %d, settled %v: %+v", c.step, c.settled, got)
		}
	}
	l.Outro = ""
	if got, last := positionIn(l, &fold{scene: sim.Scene{Step: 5, Settled: true}}), l.Steps[len(l.Steps)-1]; !got.over || got.telling.now != last.Story {
		t.Errorf("a lesson without a last word ends with %+v, want the story of its last step", got)
	}
}
