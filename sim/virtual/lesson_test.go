package virtual

import (
	"testing"

	"finwait/sim"
	"finwait/sim/lesson"
)

// The lab is what a lesson is played on.
var _ sim.Lab = (*Lab)(nil)

// Every lesson holds on the model.
func TestLessons(t *testing.T) {
	for _, what := range lesson.Embedded() {
		t.Run(what.Name, func(t *testing.T) {
			t.Parallel()
			o := Options{Lesson: what.Name, Title: what.Title, Wire: what.Net != sim.Loopback, KernelTimers: what.Timers == lesson.TimersKernel}
			log := playLesson(t, openLab(t, o), what)
			if log[0].Kind != sim.KindLab || log[0].Lab.Capture != sim.Modelled {
				t.Errorf("the log begins with %v", log[0])
			}
			for _, e := range log {
				if told := e.Kind == sim.KindSegment || e.Kind == sim.KindState; told && e.By != sim.ByModel {
					t.Errorf("%v: by %s", e, e.By)
				}
			}
		})
	}
}

// playLesson plays a lesson and checks what it expects.
func playLesson(t *testing.T, l *Lab, what *lesson.Lesson) []sim.Event {
	t.Helper()
	p := lesson.NewPlayer(what)
	for {
		n, s, ok := p.Next()
		if !ok {
			return p.Log().All()
		}
		if err := l.Start(n, s.Step); err != nil {
			t.Fatal(err)
		}
		p.Started()
		for _, e := range settled(t, l, s.String()) {
			if e.Kind == sim.KindRefused {
				t.Errorf("line %d: %s: %s", s.Line, s.Step, e.Text)
			}
			for _, verdict := range p.Observe(e) {
				if !verdict.OK {
					t.Errorf("line %d: %s: expected %s, got %s", s.Line, s.Step, verdict.Text, verdict.Got)
				}
			}
		}
	}
}
