package tui

import (
	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
)

// Side is one of the two that are compared.
type Side struct {
	Name    string
	Lesson  *lesson.Lesson
	OnModel bool // the lesson is played on the model, whatever it asks for
}

// Sides returns what there is to compare in a lesson: two of its runs, the one of the lesson and
// the next; else the lesson on a kernel and on the model, if live says that it can be played on
// either. Ok is false where there is nothing.
func Sides(l *lesson.Lesson, live bool, w *lang.Catalogue) (sides [2]Side, ok bool) {
	if runs := l.Runs(); len(runs) > 1 {
		i := 0
		for i < len(runs)-2 && runs[i].Run != l.Run {
			i++
		}
		for n := range sides {
			sides[n] = Side{Name: runs[i+n].Run.String(), Lesson: runs[i+n]}
		}
		return sides, true
	}
	if !live || l.Net == sim.Model {
		return sides, false
	}
	return [2]Side{{Name: w.Compare.Kernel, Lesson: l}, {Name: w.Compare.Model, Lesson: l, OnModel: true}}, true
}
