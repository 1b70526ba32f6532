package netlab

import (
	"slices"
	"strings"
	"testing"
	"time"

	"finwait/sim"
)

// talk is a lab on the wire, what was played on it, and how things stand.
type talk struct {
	*Lab
	steps int
	log   []sim.Event
	scene sim.Scene
}

// openTalk opens a lab on the wire and plays steps on it.
func openTalk(t testing.TB, o Options, steps ...string) *talk {
	t.Helper()
	o.Net = sim.Wire
	k := &talk{Lab: openLab(t, o)}
	k.do(t, steps...)
	return k
}

// threeWay makes a connection, one segment at a time.
var threeWay = []string{"server listen", "client connect", "deliver client", "deliver server", "deliver client", "server accept"}

// openConnected opens a lab with a connection.
func openConnected(t testing.TB, steps ...string) *talk {
	t.Helper()
	k := openTalk(t, Options{}, threeWay...)
	k.do(t, steps...)
	return k
}

func (k *talk) observe(events ...sim.Event) {
	k.log = append(k.log, events...)
	for _, e := range events {
		k.scene.Apply(e)
	}
}

// do plays steps and returns the events of the last. It fails the test when one is
// refused.
func (k *talk) do(t testing.TB, steps ...string) (events []sim.Event) {
	t.Helper()
	for _, text := range steps {
		events = k.try(t, text)
		for _, e := range events {
			if e.Kind() == sim.KindRefused {
				t.Fatalf("%s: refused: %s", text, sim.Of[sim.StepRefused](e).Why)
			}
		}
	}
	return events
}

// try plays a step that may be refused.
func (k *talk) try(t testing.TB, text string) []sim.Event {
	t.Helper()
	k.steps++
	events := play(t, k.Lab, k.steps, text)
	k.observe(events...)
	return events
}

// await waits for an event that comes by itself.
func (k *talk) await(t testing.TB, what string, is func(sim.Event) bool) sim.Event {
	t.Helper()
	for timeout := time.After(patience); ; {
		select {
		case e, ok := <-k.Events():
			if !ok {
				t.Fatalf("%s: the lab has ended: %v", what, k.Err())
			}
			compareWithModel(t, k.Lab, e)
			k.observe(e)
			if is(e) {
				return e
			}
		case <-timeout:
			t.Fatalf("%s: not after %v", what, patience)
		}
	}
}

// process returns the process of an end that did something last, the zero Process before the first.
func (k *talk) process(at sim.End) sim.Process {
	if p := k.scene.Table.Latest(at); p != nil {
		return *p
	}
	return sim.Process{}
}

// bothStart waits until both ends have a process.
func (k *talk) bothStart(t testing.TB) {
	t.Helper()
	k.await(t, "both start", func(sim.Event) bool {
		return k.scene.Table.Latest(sim.Client) != nil && k.scene.Table.Latest(sim.Server) != nil
	})
}

// in fails the test unless both ends are in these states, as the kernel says.
func (k *talk) in(t testing.TB, client, server sim.State) {
	t.Helper()
	for at, want := range map[sim.End]sim.State{sim.Client: client, sim.Server: server} {
		if end := k.scene.End(at); end.State != want || end.By != sim.ByKernel && end.State != sim.Closed {
			t.Errorf("after %q the %s is in %s (%s), want %s", k.scene.Newest, at, end.State, end.By, want)
		}
	}
}

// resentMark is in the text of a segment that was on the wire before.
const resentMark = " resent"

// meant reports whether a list of segments means those that are sent again, too: it
// names one. On a busy machine one may come at any time.
func meant(want []string) bool {
	return slices.ContainsFunc(want, func(s string) bool { return strings.Contains(s, resentMark) })
}

// inFlight fails the test unless exactly these segments are on the wire.
func (k *talk) inFlight(t testing.TB, want ...string) {
	t.Helper()
	var got []string
	for _, e := range k.scene.Flight {
		if !e.Segment().Resent || meant(want) {
			got = append(got, segmentText(e))
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("after %q on the wire: %q, want %q", k.scene.Newest, got, want)
	}
}

// segmentText returns "client FIN ACK seq 1 ack 1", and what is unusual about it.
func segmentText(e sim.Event) string {
	text := string(e.At) + " " + e.Segment().String()
	if e.Segment().Resent {
		text += resentMark
	}
	return text
}
