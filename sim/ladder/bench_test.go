package ladder_test

import (
	"testing"

	"finwait/sim"
	. "finwait/sim/ladder"
)

// longLog is a log of at least n events: connections made and closed in turn.
func longLog(n int) []sim.Event {
	s := newScript(sim.Captured)
	s.listen()
	for s.conn = 1; len(s.log) < n; s.conn++ {
		s.connect(40000 + s.conn)
		s.accept()
		s.clientCloses(1, 1)
		s.serverCloses(1, 2)
	}
	return s.log
}

func BenchmarkApplyAndDraw200(b *testing.B) {
	log := longLog(200)[:200]
	b.ReportAllocs()
	for b.Loop() {
		l := fold(log)
		l.Draw(0, l.Len(), 100, Options{Grow: 1})
	}
}

// BenchmarkFrame is what one frame of the screen costs: the rows in sight.
func BenchmarkFrame(b *testing.B) {
	l := fold(longLog(200))
	b.ReportAllocs()
	for b.Loop() {
		l.Draw(l.Len()-20, l.Len(), 100, Options{Grow: 0.5})
	}
}
