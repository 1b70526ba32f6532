package netlab

import (
	"testing"
	"time"

	"finwait/internal/testkit/livetest"
	"finwait/netlab/wire"
	"finwait/sim"
)

// refusals returns the sentences with which a step was refused.
func refusals(events []sim.Event) (all []string) {
	for _, e := range events {
		if e.Kind() == sim.KindRefused {
			all = append(all, sim.Of[sim.StepRefused](e).Why)
		}
	}
	return all
}

// refused fails the test unless a step is refused with this sentence, and settles.
func (k *talk) refused(t testing.TB, step, want string) {
	t.Helper()
	if got := refusals(k.try(t, step)); len(got) != 1 || got[0] != want {
		t.Errorf("%s: refused %q, want %q", step, got, want)
	}
}

func TestWireRefusals(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		k := openTalk(t, Options{})
		for _, step := range []string{"deliver", "deliver all", "drop", "drop all", "duplicate"} {
			k.refused(t, step, "nothing is on the wire")
		}
		k.refused(t, "deliver client", "the client has nothing on the wire")
		k.refused(t, "drop server", "the server has nothing on the wire")
		k.refused(t, "duplicate client", "the client has nothing on the wire")
		k.refused(t, "deliver 1", "segment 1 is not on the wire")
		k.refused(t, "swap server", "the server does not have two segments on the wire")
		k.refused(t, "mend", "the cable is not cut")
		k.refused(t, "wait until client ESTABLISHED for 50ms", "the client is in CLOSED after 50ms")
		k.refused(t, "wait until flight from client for 50ms", "the client has nothing on the wire after 50ms")
		k.do(t, threeWay...)
		k.refused(t, "deliver 1", "segment 1 is not on the wire")
		k.do(t, "cut")
		k.refused(t, "cut", "the cable is cut already")
		k.refused(t, "deliver", "nothing is on the wire")
		k.in(t, sim.Established, sim.Established)
	})
}

// On loopback there is nothing to hold.
func TestWireVerbsOnLoopback(t *testing.T) {
	l := openLab(t, Options{})
	for i, step := range []string{"deliver", "drop client", "duplicate 1", "swap client", "cut", "mend", "auto deliver on"} {
		got := refusals(play(t, l, i+1, step))
		if want := `there is no wire on loopback; it takes a lesson with "net: wire" in its head`; len(got) != 1 || got[0] != want {
			t.Errorf("%s: refused %q, want %q", step, got, want)
		}
	}
}

// A wait for what has to come by itself ends when it is there.
func TestWireWaitUntil(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		k := openConnected(t, "wait until client ESTABLISHED", "client close", "drop client", "wait until flight from client")
		k.inFlight(t, "client FIN ACK seq 1 ack 1 resent")
		k.do(t, "deliver all", "wait until client FIN_WAIT2", "wait until server CLOSE_WAIT", "server close", "deliver all", "wait until server CLOSED")
		k.in(t, sim.TimeWait, sim.Closed)
	})
}

// A step that sends is over at once; one that delivers what is to be acknowledged,
// when the acknowledgement is on the wire, however long the kernel delays it.
func TestWireSettles(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		k := openConnected(t)
		took := func(step string) time.Duration {
			t.Helper()
			events := k.do(t, step)
			return time.Duration(float64(events[len(events)-1].T-events[0].T) * float64(time.Second))
		}
		for i, text := range []string{"one", "two", "three"} {
			if d := took(`client write "` + text + `"`); d > wire.MaxDelay {
				t.Errorf("write %d took %v", i, d)
			}
			took("deliver client")
			if len(k.scene.Flight) == 0 || k.scene.Flight[0].At != sim.Server || k.scene.Flight[0].Segment().Flags != sim.ACK {
				t.Errorf("no acknowledgement after %q: %v", text, k.scene.Flight)
			}
			took("deliver server")
		}
		k.do(t, `server read 99`, `server write "pong"`, "deliver server", "deliver client", "client read 99")
		k.do(t, "client close", "deliver client") // a FIN to one who has talked: 40 ms and more
		k.inFlight(t, "server ACK ack 13")
		k.in(t, sim.FinWait1, sim.CloseWait)
	})
}

// Connections leave the server's queue in the order in which they came into it,
// which the wire can turn round.
func TestWireAcceptsInOrder(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		k := openTalk(t, Options{}, "server listen", "client connect", "deliver", "deliver")
		k.inFlight(t, "client ACK ack 1")
		k.do(t, "client connect", "deliver 4", "deliver 5", "deliver 6", "deliver 3", "server accept")
		events := k.do(t, "server close")
		for _, e := range events {
			if e.Kind() == sim.KindSegment && e.Conn() != 2 {
				t.Errorf("the first in the queue is connection %d", e.Conn())
			}
		}
		k.do(t, "server accept")
		for _, e := range k.do(t, "server close") {
			if e.Kind() == sim.KindSegment && e.Segment().Fate == sim.Held && e.Conn() != 1 {
				t.Errorf("the second in the queue is connection %d", e.Conn())
			}
		}
	})
}
