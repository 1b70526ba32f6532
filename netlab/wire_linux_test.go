package netlab

import (
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/sim"
)

// What the wire does is in the scripts of internal/testkit/script; here is what a script does not
// tell.

// Every one of the eleven states of RFC 9293 stands still at a settled step, and is
// read from the kernel.
func TestWireElevenStates(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		k := openTalk(t, Options{})
		held := map[sim.State]bool{}
		for _, s := range []struct {
			step           string
			client, server sim.State
		}{
			{"server listen", sim.Closed, sim.Closed},
			{"client connect", sim.SynSent, sim.Closed},
			{"deliver client", sim.SynSent, sim.SynRecv},
			{"deliver server", sim.Established, sim.SynRecv},
			{"deliver client", sim.Established, sim.Established},
			{"server accept", sim.Established, sim.Established},
			{"client close", sim.FinWait1, sim.Established},
			{"deliver client", sim.FinWait1, sim.CloseWait},
			{"deliver server", sim.FinWait2, sim.CloseWait},
			{"server close", sim.FinWait2, sim.LastAck},
			{"deliver server", sim.TimeWait, sim.LastAck},
			{"deliver client", sim.TimeWait, sim.Closed},

			{"client connect", sim.SynSent, sim.Closed},
			{"deliver all", sim.Established, sim.Established},
			{"server accept", sim.Established, sim.Established},
			{"client close", sim.FinWait1, sim.Established},
			{"server close", sim.FinWait1, sim.FinWait1},
			{"deliver client", sim.FinWait1, sim.Closing},
			{"deliver server", sim.Closing, sim.Closing},
			{"deliver server", sim.TimeWait, sim.Closing},
			{"deliver", sim.TimeWait, sim.TimeWait},
		} {
			k.do(t, s.step)
			k.in(t, s.client, s.server)
			_, listening := k.scene.Listener(sim.Server)
			held[sim.Listen] = held[sim.Listen] || listening
			held[k.scene.End(sim.Client).State], held[k.scene.End(sim.Server).State] = true, true
		}
		for _, s := range sim.States() {
			if s != sim.Close && !held[s] {
				t.Errorf("%s was not held", s)
			}
		}
	})
}

func TestWireAutoDeliverOption(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		k := openTalk(t, Options{AutoDeliver: true}, "server listen", "client connect", "server accept", "client close", "server close")
		k.in(t, sim.TimeWait, sim.Closed)
	})
}

func TestWireSimultaneousClose(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		k := openConnected(t, "client close", "server close")
		k.inFlight(t, "client FIN ACK seq 1 ack 1", "server FIN ACK seq 1 ack 1")
		k.do(t, "deliver all")
		k.inFlight(t)
		k.in(t, sim.TimeWait, sim.TimeWait)
		var passed []sim.State
		for _, e := range k.log {
			b := sim.Of[sim.StateChanged](e)
			if e.Kind() == sim.KindState && b.To == sim.Closing {
				passed = append(passed, b.To)
			}
		}
		if len(passed) != 2 {
			t.Errorf("%d ends passed through CLOSING", len(passed))
		}
	})
}

// While a FIN is held its sender repeats it: the same segment, counted.
func TestWireCountsCopies(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		k := openConnected(t, "client close")
		k.inFlight(t, "client FIN ACK seq 1 ack 1")
		id := k.scene.Flight[0].Segment().ID
		k.await(t, "three copies", func(e sim.Event) bool {
			return e.Kind() == sim.KindSegment && e.Segment().ID == id && e.Segment().Fate == sim.Retransmitted && e.Segment().Copies == 3
		})
		k.inFlight(t, "client FIN ACK seq 1 ack 1")
		k.in(t, sim.FinWait1, sim.Established)
		k.do(t, "deliver client", "deliver server")
		k.in(t, sim.FinWait2, sim.CloseWait)
		if got := k.scene.End(sim.Client).Retransmits; got != 0 {
			t.Errorf("%d retransmissions after the acknowledgement", got)
		}
	})
}
