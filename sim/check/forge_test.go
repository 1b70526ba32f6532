package check

import (
	"slices"
	"testing"

	"finwait/internal/testkit/script"
	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/sim/model"
)

// logOf returns the log of steps on the model, as sockets might have written it.
func logOf(t *testing.T, o model.Options, steps ...string) (log []sim.Event) {
	t.Helper()
	l := openLab(t, o)
	for i, text := range steps {
		log = append(log, play(t, l, i+1, text)...)
	}
	return script.AsLive(log)
}

// handshake are six steps to a connection on the wire, and then more.
func handshake(more ...string) []string {
	return append([]string{"server listen", "client connect", "deliver", "deliver", "deliver", "server accept"}, more...)
}

// without returns a log from whose step n some events were taken, all that are so.
func without(log []sim.Event, n int, are func(sim.Event) bool) []sim.Event {
	return slices.DeleteFunc(slices.Clone(log), func(e sim.Event) bool { return e.Step == n && are(e) })
}

// first returns where the first event of step n is that is so.
func first(t *testing.T, log []sim.Event, n int, is func(sim.Event) bool) int {
	t.Helper()
	i := slices.IndexFunc(log, func(e sim.Event) bool { return e.Step == n && is(e) })
	if i < 0 {
		t.Fatalf("nothing of the kind in step %d:\n%v", n, log)
	}
	return i
}

// accused fails the test unless there is a disagreement in step n of a log about what, and the
// log that it was forged from is not.
func accused(t *testing.T, truth, forged []sim.Event, n int, what sim.What) {
	t.Helper()
	if got := disagreements(judged(truth)); len(got) > 0 {
		t.Fatalf("the truth disagrees: %v", got)
	}
	found := disagreements(judged(forged))
	if !slices.ContainsFunc(found, func(v sim.Event) bool { return sim.Of[sim.Verdict](v).What == what && v.Step == n }) {
		t.Errorf("%s in step %d is no disagreement: %v", what, n, found)
	}
}

// lessonLog returns the log of a lesson on the model, as sockets might have written it.
func lessonLog(t *testing.T, what *lesson.Lesson) (log []sim.Event) {
	t.Helper()
	l := openLab(t, model.Options{Wire: what.Net != sim.Loopback, KernelTimers: what.Timers == lesson.TimersKernel})
	p := lesson.NewPlayer(what)
	for {
		n, s, ok := p.Next()
		if !ok {
			return script.AsLive(log)
		}
		p.Started()
		for _, e := range play(t, l, n, s.Step.String()) {
			p.Observe(e)
			log = append(log, e)
		}
	}
}
