package netlab

import (
	"slices"
	"testing"
	"time"

	"finwait/internal/testkit/livetest"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// until returns the events up to the first that ok accepts.
func until(t testing.TB, l *Lab, what string, ok func(sim.Event) bool) []sim.Event {
	t.Helper()
	var events []sim.Event
	for timeout := time.After(patience); ; {
		select {
		case e, open := <-l.Events():
			if !open {
				t.Fatalf("%s: the lab has ended: %v", what, l.Err())
			}
			compareWithModel(t, l, e)
			events = append(events, e)
			if ok(e) {
				return events
			}
		case <-timeout:
			t.Fatalf("%s: nothing after %v; so far %v", what, patience, events)
		}
	}
}

// pidOf returns the pid of the end's newest process.
func pidOf(t testing.TB, events []sim.Event, at sim.End) int {
	t.Helper()
	scene := sim.Fold(events)
	p := scene.Table.Latest(at)
	if p == nil {
		t.Fatalf("the %s has no process", at)
	}
	return p.PID
}

// A program that somebody else kills is a story told in the right order: the
// signal, what its kernel sends, its end; and what that means to the other.
func TestKilledFromOutside(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]Options{"captured": {}, "inferred": {Host: HostMachine, blind: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				for range 5 {
					l := openLab(t, o)
					var log []sim.Event
					for i, text := range []string{"server listen", "client connect", "server accept", "client read 10"} {
						log = append(log, play(t, l, i+1, text)...)
					}
					if err := unix.Kill(pidOf(t, log, sim.Server), unix.SIGKILL); err != nil {
						t.Fatal(err)
					}
					left := map[sim.Kind]bool{sim.KindExit: true, sim.KindReturn: true, sim.KindState: true}
					late := until(t, l, "kill -9", func(e sim.Event) bool {
						if e.Kind() != sim.KindState || e.At == sim.Client {
							delete(left, e.Kind())
						}
						return len(left) == 0
					})
					place := func(ok func(sim.Event) bool) int { return slices.IndexFunc(late, ok) }
					signal := place(func(e sim.Event) bool { return e.Kind() == sim.KindSignal && e.Signal() == "SIGKILL" })
					fin := place(func(e sim.Event) bool { return e.Kind() == sim.KindSegment && e.Segment().Flags&sim.FIN != 0 })
					state := place(func(e sim.Event) bool { return e.Kind() == sim.KindState && e.At == sim.Client })
					woken := place(func(e sim.Event) bool { return e.Kind() == sim.KindReturn })
					// The stamp of a segment from another CPU can be late: then only
					// the signal is certain to come before what it woke up.
					if signal < 0 || !slices.IsSorted([]int{signal, fin, state}) || woken < signal || o.blind && woken < fin {
						t.Errorf("places of signal %d, FIN %d, return %d and the client's state %d in %v", signal, fin, woken, state, late)
					}
					if err := l.Close(); err != nil {
						t.Error(err)
					}
				}
			})
		})
	}
}
