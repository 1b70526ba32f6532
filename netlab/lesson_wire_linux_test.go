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
			livetest.Play(t, func(t testing.TB) {
				l, pauses := openLessonWire(t, what), 0
				playLessonWith(t, l, what, func(p *lesson.Player) { pauses += somebodyTalks(t, l, p) })
				if pauses == 0 {
					t.Error("nothing was ever to be sent again: nobody has talked")
				}
			})
		})
	}
}

// somebodyTalks makes a pause between two steps of a lesson: until the kernel has sent again what an end
// waits to send again for the first time. Where no such timer runs, a pause changes nothing, and
// there is none. It returns the number of pauses, 0 or 1.
func somebodyTalks(t testing.TB, l *Lab, p *lesson.Player) int {
	t.Helper()
	const (
		beyond = 0.05 // how long the pause lasts after the timer
		most   = 1.1  // seconds; a SYN is sent again after one
	)
	scene := sim.Fold(p.Log().All())
	var pause sim.Seconds
	for _, end := range []sim.Endpoint{scene.End(sim.Client), scene.End(sim.Server)} {
		if end.Retransmits == 0 && (end.Timer == sim.TimerRetransmit || end.Timer == sim.TimerPersist) {
			pause = max(pause, min(end.Expires+beyond, most))
		}
	}
	n, ok := p.Own()
	if pause == 0 || !ok {
		return 0
	}
	step := sim.Step{Verb: sim.VerbWait, For: pause}
	if err := l.Start(n, step); err != nil {
		t.Fatal(err)
	}
	p.StartedOwn()
	for _, e := range settled(t, l, step.String()) {
		p.Observe(e)
	}
	return 1
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
		var scene sim.Scene
		for _, e := range playLesson(t, openLessonWire(t, what), what) {
			scene.Apply(e)
			if b := sim.Of[sim.StateChanged](e); b.Conn == 0 && b.By == sim.ByKernel {
				read[b.To] = true // of the listener
			}
			for _, end := range []sim.Endpoint{scene.End(sim.Client), scene.End(sim.Server)} {
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
