package model

import (
	"fmt"
	"slices"
	"testing"

	"finwait/sim"
)

// While a FIN is held its sender repeats it: the same segment, with its copies counted.
func TestWireCountsCopies(t *testing.T) {
	t.Parallel()
	l, scene := openLab(t, Options{Wire: true}), sim.Scene{}
	for i, text := range []string{"server listen", "client connect", "deliver all", "server accept", "client close", "wait 500ms"} {
		for _, e := range play(t, l, i+1, text) {
			scene.Apply(e)
		}
	}
	if len(scene.Flight) != 1 || scene.Flight[0].Segment().Copies != 3 {
		t.Errorf("on the wire: %v", scene.Flight)
	}
}

// What is sent again together with what came before it is one segment, which alone counts its
// copies from then on.
func TestWireCountsTheOneThatHoldsAll(t *testing.T) {
	t.Parallel()
	l, scene := openLab(t, Options{Wire: true}), sim.Scene{}
	for i, text := range []string{
		"server listen", "client connect", "deliver all", "server accept",
		`server write "q"`, "deliver server", "drop client", "server shutdown wr", "wait 1s",
	} {
		for _, e := range play(t, l, i+1, text) {
			scene.Apply(e)
		}
	}
	copies := map[string]int{}
	for _, f := range scene.Flight {
		copies[f.Segment().String()] = f.Segment().Copies
	}
	if alone, both := copies["FIN ACK seq 2 ack 1"], copies["FIN PSH ACK seq 1 ack 1 len 1"]; alone != 2 || both != 2 {
		t.Errorf("on the wire: %v", copies)
	}
}

// A wait for what does not come ends when it does in a live lab. The scripts have no time for
// that.
func TestWireWaitsInVain(t *testing.T) {
	t.Parallel()
	l := openLab(t, Options{Wire: true})
	for i, x := range [][2]string{
		{"wait until client ESTABLISHED", "the client is in CLOSED after 5m"},
		{"wait until flight from client", "the client has nothing on the wire after 5m"},
		{"wait until flight from client for 10s", "the client has nothing on the wire after 10s"},
	} {
		var got []string
		for _, e := range play(t, l, i+1, x[0]) {
			if e.Kind() == sim.KindRefused {
				got = append(got, sim.Of[sim.StepRefused](e).Why)
			}
		}
		if !slices.Equal(got, []string{x[1]}) {
			t.Errorf("%s: %q, want %q", x[0], got, x[1])
		}
	}
}

func TestWireAutoDeliverOption(t *testing.T) {
	t.Parallel()
	l, scene := openLab(t, Options{Wire: true, AutoDeliver: true}), sim.Scene{}
	for i, text := range []string{"server listen", "client connect", "server accept", "client close", "server close"} {
		for _, e := range play(t, l, i+1, text) {
			scene.Apply(e)
		}
	}
	if client, server := scene.End(sim.Client), scene.End(sim.Server); client.State != sim.TimeWait || server.State != sim.Closed || len(scene.Flight) > 0 {
		t.Errorf("%s and %s, on the wire: %v", client.State, server.State, scene.Flight)
	}
}

// A repetition is counted once, on the newest segment that it repeats, and the line tells what
// was sent.
func TestWireTellsRepetitions(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		steps []string
		sent  []string // by the client, from its FIN on: the number of the segment, what was sent
	}{
		"a segment that has arrived twice": {
			[]string{
				"server close", "deliver server", "deliver client", "client close", "deliver client", "drop server",
				"wait until flight from client", "deliver client", "wait 700ms",
			},
			[]string{
				"6 FIN ACK seq 1 ack 2 held", "8 FIN ACK seq 1 ack 2 held",
				"8 FIN ACK seq 1 ack 2 retransmitted", "8 FIN ACK seq 1 ack 2 retransmitted",
			},
		},
		"with another acknowledgement number": {
			[]string{"client close", "server close", "deliver server", "wait 300ms"},
			[]string{"4 FIN ACK seq 1 ack 1 held", "4 FIN ACK seq 1 ack 2 retransmitted"},
		},
		"two joined in one": {
			[]string{`client write "hello"`, "client close", "wait 500ms"},
			[]string{"5 FIN ACK seq 6 ack 1 held", "5 FIN ACK seq 6 ack 1 retransmitted", "4 FIN PSH ACK seq 1 ack 1 len 5 retransmitted"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := openLab(t, Options{Wire: true})
			var sent []string
			for i, text := range append([]string{"server listen", "client connect", "deliver all", "server accept"}, test.steps...) {
				for _, e := range play(t, l, i+1, text) {
					g := e.Segment()
					if e.At == sim.Client && g.Flags&sim.FIN != 0 && (g.Sent() || g.Fate == sim.Retransmitted) {
						sent = append(sent, fmt.Sprintf("%d %s %s", g.ID, g, g.Fate))
					}
				}
			}
			if !slices.Equal(sent, test.sent) {
				t.Errorf("the client sent %q, want %q", sent, test.sent)
			}
		})
	}
}
