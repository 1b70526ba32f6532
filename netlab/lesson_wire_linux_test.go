package netlab

import (
	"slices"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/sim"
	"finwait/sim/lesson"
)

// lessonsOn returns the lessons that come with finwait for a network.
func lessonsOn(net sim.Net) []*lesson.Lesson {
	return slices.DeleteFunc(lesson.Embedded(), func(l *lesson.Lesson) bool { return l.Net != net })
}

// openLessonWire opens the lab that a lesson on the wire asks for.
func openLessonWire(t testing.TB, l *lesson.Lesson) *Lab {
	t.Helper()
	return openLab(t, Options{Net: sim.Wire, Lesson: l.Name, KernelTimers: l.Timers == lesson.TimersKernel})
}

func TestLessonsOnTheWire(t *testing.T) {
	if testing.Short() {
		t.Skip("a lesson on one kind of lab is enough for the loop")
	}
	t.Parallel()
	for _, what := range lessonsOn(sim.Wire) {
		t.Run(what.Name, func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				for _, e := range playLesson(t, openLessonWire(t, what), what) {
					if e.Kind() == sim.KindSegment && (e.By() != sim.ByKernel || e.Segment().ID == 0) {
						t.Errorf("%v: segment %d by %s", e, e.Segment().ID, e.By())
					}
				}
			})
		})
	}
}

// A lesson on the wire goes as well when somebody talks between its steps, longer
// than the kernel waits before it sends a segment again.
func TestLessonsOnTheWireWithTalk(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes as long as somebody talks")
	}
	t.Parallel()
	for _, what := range lessonsOn(sim.Wire) {
		t.Run(what.Name, func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) { playLesson(t, openLessonWire(t, what), withTalk(what)) })
		})
	}
}

// withTalk returns the lesson with a pause before each of its steps: longer than the
// 200 ms after which a kernel repeats itself, than the second for a SYN.
func withTalk(l *lesson.Lesson) *lesson.Lesson {
	slow := *l
	slow.Steps = nil
	opening := false
	for _, s := range l.Steps {
		pause := lesson.Step{Step: sim.Step{Verb: sim.VerbWait, For: 0.25}, Line: s.Line}
		if opening {
			pause.For = 1.1
		}
		slow.Steps = append(slow.Steps, pause, s)
		switch s.Verb {
		case sim.VerbConnect:
			opening = true
		case sim.VerbAccept, sim.VerbWrite, sim.VerbRead, sim.VerbClose, sim.VerbKill: // the SYN is acknowledged, or nobody waits for that
			opening = false
		}
	}
	return &slow
}

// The tour stops in every state of RFC 9293: a step settles in it, and it was read
// from the kernel.
func TestLessonStatesIsRead(t *testing.T) {
	what, err := lesson.Find("states")
	if err != nil {
		t.Fatal(err)
	}
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		read := map[sim.State]bool{}
		scene := sim.NewScene()
		for _, e := range playLesson(t, openLessonWire(t, what), what) {
			scene.Apply(e)
			for _, end := range []sim.Endpoint{scene.Client, scene.Server} {
				if e.Kind() == sim.KindSettled && end.By == sim.ByKernel {
					read[end.State] = true
				}
			}
		}
		for _, s := range sim.States() {
			if s != sim.Close && !read[s] {
				t.Errorf("no step settles in %s, read from the kernel", s)
			}
		}
	})
}
