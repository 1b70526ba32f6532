package ladder_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"finwait/sim"
	. "finwait/sim/ladder"
	"finwait/sim/model"
)

// playedOnWire plays steps on the wire of the model. With single, what is on the wire is delivered one
// segment a step: then a state that has changed in a step can only be due to its one segment.
func playedOnWire(steps []string, single bool) []sim.Event {
	lab, log := model.Open(model.Options{Wire: true})
	var scene sim.Scene
	n := 0
	do := func(step string) {
		n++
		events := lab.Do(n, sim.MustParseStep(step))
		for _, e := range events {
			scene.Apply(e)
		}
		log = append(log, events...)
	}
	for _, step := range steps {
		if step != "deliver all" || !single {
			do(step)
			continue
		}
		for range 50 {
			if len(scene.Flight) > 0 {
				do("deliver")
			}
		}
	}
	return log
}

// arrived returns what has arrived at the ends of a connection, in its order.
func arrived(log []sim.Event, conn int) (list []string) {
	for _, e := range log {
		if s := e.Segment(); e.Conn() == conn && e.Kind() == sim.KindSegment && s.Fate == sim.Delivered {
			list = append(list, string(e.At)+" "+s.String())
		}
	}
	return list
}

// A state stands beside the segment that caused it: where several arrive in one step, beside the
// same as where each of them arrives in a step of its own.
func TestStateIsBesideItsCause(t *testing.T) {
	steps := []string{
		"client close", "server close", "client shutdown wr", "server shutdown wr", `client write "hello"`, `server write "hello"`,
		"client read 9", "server read 9", "client linger 0", "server linger 0", "client kill SIGKILL", "server kill SIGKILL", "client connect",
		"deliver all", "deliver all", "deliver client", "deliver server", "swap client", "swap server", "duplicate client", "drop server",
	}
	compared := 0
	rapid.Check(t, func(t *rapid.T) {
		lesson := append([]string{"server listen", "client connect", "deliver all", "server accept"}, rapid.SliceOfN(rapid.SampledFrom(steps), 1, 20).Draw(t, "steps")...)
		lesson = append(lesson, "deliver all")
		once, single := playedOnWire(lesson, false), playedOnWire(lesson, true)
		for conn := 1; conn <= 2; conn++ {
			if !slices.Equal(arrived(once, conn), arrived(single, conn)) {
				continue // an acknowledgement that was delayed in one is not in the other
			}
			a, b := focused(conn, once), focused(conn, single)
			compared++
			for _, at := range []sim.End{client, server} {
				if got, want := a.Beside(at), b.Beside(at); !slices.Equal(got, want) {
					t.Fatalf("%q\ngot  %q\nwant %q\n%s\n%s", lesson, got, want, picture(a, 78, Options{Grow: 1}), picture(b, 78, Options{Grow: 1}))
				}
			}
		}
	})
	if compared == 0 {
		t.Error("nothing was compared")
	}
}

// An end in TIME_WAIT acknowledges the FIN: the acknowledgement of data before it is not that one.
func TestTimeWaitIsBesideTheFIN(t *testing.T) {
	l := fold(playedOnWire([]string{
		"server listen", "client connect", "deliver all", "server accept", "server shutdown wr", "deliver all",
		`client write "hello"`, "client close", "deliver all",
	}, false))
	if got := l.Beside(server); !slices.Contains(got, "TIME_WAIT: client's FIN ACK") {
		t.Errorf("%q\n%s", got, picture(l, 78, Options{Grow: 1}))
	}
}
