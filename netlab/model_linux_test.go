package netlab

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/sim/virtual"
)

var (
	walks = flag.Int("walks", 40, "how many random walks are compared with the model")
	seed  = flag.Uint64("seed", 1, "of the walks")
)

// anyStep are the steps of a random walk, those that come more often several times.
// Without deliver all: what a program does while it delivers depends on when it runs.
var anyStep = []string{
	"client write \"abc\"", "server write \"hello\"", "client write \"\"", "server write \"q\" then close",
	"client read 2", "server read 99", "client read 99", "server read 3 then close",
	"client shutdown wr", "server shutdown wr", "client shutdown rd", "server shutdown rd", "client shutdown rdwr", "server shutdown rdwr",
	"client close", "server close", "client poll", "server poll", "client linger 0", "server linger 0",
	"client dup", "server dup", "client fork", "client parent close",
	"client kill SIGKILL", "server kill SIGTERM", "client start", "server start", "server listen", "server close listener", "client connect", "server connect", "server accept",
	"client sigpipe handler", "server sigpipe default",
	"deliver", "deliver client", "deliver server", "deliver client", "deliver server", "deliver", "deliver client", "deliver server",
	"drop client", "drop server", "duplicate client", "duplicate server", "swap client", "swap server",
}

// standing is what can be compared after a step.
type standing struct {
	scene sim.Scene
	said  []string
	again bool // the kernel has repeated something by itself
	acks  int  // bare acknowledgements on the wire
}

func newStanding() *standing { return &standing{scene: sim.NewScene()} }

// step takes the events of a step, and returns them as a text without what the kernel is
// free to choose.
func (s *standing) step(events []sim.Event) string {
	s.said = nil
	for _, e := range events {
		s.again = s.again || s.renewed(e)
		s.scene.Apply(e)
		switch e.Kind {
		case sim.KindReturn:
			s.said = append(s.said, fmt.Sprintf("%s %s = %s", e.At, e.Call.Name, e.Result))
		case sim.KindSignal:
			s.said = append(s.said, fmt.Sprintf("%s %s %s", e.At, e.Signal, e.Action))
		case sim.KindExit:
			s.said = append(s.said, fmt.Sprintf("%s exits %d", e.At, e.Status))
		case sim.KindBlocked:
			s.said = append(s.said, fmt.Sprintf("%s blocks in %s", e.At, e.Call.Name))
		case sim.KindRefused:
			s.said = append(s.said, "refused: "+e.Text)
		}
	}
	slices.Sort(s.said)
	var flight []string
	s.acks = 0
	for _, f := range s.scene.Flight {
		if f.Segment.Flags == sim.ACK && f.Segment.Len == 0 {
			s.acks++
			continue
		}
		flight = append(flight, fmt.Sprintf("%d %s", f.Conn, segmentText(f)))
	}
	slices.Sort(flight)
	text := strings.Join(append(s.said, flight...), "\n")
	for _, p := range []sim.Endpoint{s.scene.Client, s.scene.Server} {
		text += fmt.Sprintf("\n%s %s orphan=%v Recv-Q %d Send-Q %d", p.At, p.State, p.Orphan, p.RecvQ, p.SendQ)
	}
	return hidePIDs(text)
}

// renewed reports whether an event says that the kernel has repeated a segment by itself
// in a way that matters: a segment that was lost, or one that is held and now
// acknowledges more.
func (s *standing) renewed(e sim.Event) bool {
	if e.Kind != sim.KindSegment || e.Segment.Fate != sim.Retransmitted {
		return e.Kind == sim.KindSegment && e.Segment.Resent
	}
	return slices.ContainsFunc(s.scene.Flight, func(f sim.Event) bool {
		return f.Segment.ID == e.Segment.ID && f.Segment.Ack != e.Segment.Ack
	})
}

// hidePIDs takes process ids out of a text.
func hidePIDs(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		if before, _, ok := strings.Cut(l, "(process "); ok {
			lines[i] = before
		}
		if before, _, ok := strings.Cut(l, "fork = "); ok {
			lines[i] = before
		}
	}
	return strings.Join(lines, "\n")
}

// playOn plays one step on any lab.
func playOn(t testing.TB, l lesson.Lab, n int, text string) []sim.Event {
	t.Helper()
	step, err := sim.ParseStep(text)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Start(n, step); err != nil {
		t.Fatal(err)
	}
	var events []sim.Event
	for e := range l.Events() {
		events = append(events, e)
		if e.Kind == sim.KindSettled && e.Step == n {
			return events
		}
	}
	t.Fatalf("%s: the lab has ended: %v", text, l.Err())
	return nil
}

// The model and the kernel walk side by side, over everything that steps can do on the
// wire, and agree after each step. A walk ends early when the kernel repeats something
// by itself, for how long the walk has taken decides about that; and when it has merged an
// acknowledgement or not, which is its choice.
func TestModelWalksWithKernel(t *testing.T) {
	r := rand.New(rand.NewPCG(*seed, 0))
	for i := range *walks {
		steps := slices.Clone([][]string{{"server listen", "client connect"}, {"client connect", "server connect"}, threeWay, threeWay}[i%4])
		for range 25 {
			steps = append(steps, anyStep[r.IntN(len(anyStep))])
		}
		t.Run(fmt.Sprint("walk ", i), func(t *testing.T) {
			t.Parallel()
			walk(t, steps)
		})
	}
}

func walk(t *testing.T, steps []string) {
	kernel, model := openLab(t, Options{Net: NetWire}), virtual.Open(virtual.Options{Wire: true})
	defer model.Close()
	k, m := newStanding(), newStanding()
	for n, step := range steps {
		want, got := k.step(playOn(t, kernel, n+1, step)), m.step(playOn(t, model, n+1, step))
		if k.again || m.again {
			t.Logf("compared %d steps", n)
			return
		}
		if want != got {
			t.Fatalf("after\n\t%s\nthe kernel\n\t%s\nthe model\n\t%s", strings.Join(steps[:n+1], "\n\t"),
				strings.ReplaceAll(want, "\n", "\n\t"), strings.ReplaceAll(got, "\n", "\n\t"))
		}
		if k.acks != m.acks {
			t.Logf("compared %d steps, to an acknowledgement that may leave or not: %s", n+1, strings.Join(steps[:n+1], " | "))
			return
		}
	}
	t.Logf("compared %d steps", len(steps))
}
