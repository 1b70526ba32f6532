package model

import (
	"testing"

	"finwait/sim"
	"finwait/sim/lesson"
)

// Every lesson holds on the model.
func TestLessons(t *testing.T) {
	for _, what := range lesson.Embedded() {
		t.Run(what.Name, func(t *testing.T) {
			t.Parallel()
			o := Options{Lesson: what.Name, Title: what.Title, Wire: what.Net != sim.Loopback, KernelTimers: what.Timers == lesson.TimersKernel}
			log := playLesson(t, openLab(t, o), what)
			if log[0].Kind() != sim.KindLab || sim.Of[sim.LabOpened](log[0]).Setting.Capture != sim.Modelled {
				t.Errorf("the log begins with %v", log[0])
			}
			for _, e := range log {
				if told := e.Kind() == sim.KindSegment || e.Kind() == sim.KindState; told && e.By() != sim.ByModel {
					t.Errorf("%v: by %s", e, e.By())
				}
			}
		})
	}
}

// playLesson plays a lesson and checks what it expects.
func playLesson(t *testing.T, l *lab, what *lesson.Lesson) []sim.Event {
	t.Helper()
	p := lesson.NewPlayer(what)
	for {
		n, s, ok := p.Next()
		if !ok {
			return p.Log().All()
		}
		p.Started()
		for _, e := range play(t, l, n, s.Step.String()) {
			if e.Kind() == sim.KindRefused {
				t.Errorf("line %d: %s: %s", s.Line, s.Step, sim.Of[sim.StepRefused](e).Why)
			}
			for _, verdict := range p.Observe(e) {
				b := sim.Of[sim.ExpectationChecked](verdict)
				if !b.OK {
					t.Errorf("line %d: %s: expected %s, got %s", s.Line, s.Step, b.Text, b.Got)
				}
			}
		}
	}
}
