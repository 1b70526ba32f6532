package predict

import (
	"testing"

	"finwait/internal/testkit/script"
	"finwait/sim"
	"finwait/sim/model"
)

// BenchmarkQuestions asks about a step, beside a log of sockets.
func BenchmarkQuestions(b *testing.B) {
	l, begun := model.Open(model.Options{})
	log := begun
	for i, text := range []string{"server listen", "client connect", "server accept", "client close", `server write "first"`} {
		log = append(log, l.Do(i+1, sim.MustParseStep(text))...)
	}
	a := New(false)
	for _, e := range script.AsLive(log) {
		a.Observe(e)
	}
	step := sim.MustParseStep(`server write "second"`)
	b.ReportAllocs()
	for b.Loop() {
		if len(a.Questions(step)) == 0 {
			b.Fatal("nothing is asked")
		}
	}
}

// BenchmarkObserve takes in a log of sockets.
func BenchmarkObserve(b *testing.B) {
	l, begun := model.Open(model.Options{})
	log := begun
	steps := []string{"server listen", "client connect", "server accept"}
	for range 500 {
		steps = append(steps, `client write "x"`, "server read 10")
	}
	for i, text := range steps {
		log = append(log, l.Do(i+1, sim.MustParseStep(text))...)
	}
	log = script.AsLive(log)
	b.ReportAllocs()
	for b.Loop() {
		a := New(false)
		for _, e := range log {
			a.Observe(e)
		}
		b.ReportMetric(float64(len(log)), "events")
	}
}
