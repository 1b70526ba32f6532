package netlab

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/internal/testkit/script"
	"finwait/sim"
	"finwait/sim/lesson"
)

// witnessed is a lab with capture that also keeps what would have been concluded
// without. It is told so by the loop, before the step's settled event.
type witnessed struct {
	*Lab
	concluded chan sim.Event
}

func openWitnessed(t testing.TB) *witnessed {
	t.Helper()
	s := &witnessed{concluded: make(chan sim.Event, 1000)}
	s.Lab = openOnOwnPort(t, Options{probe: func(e sim.Event) { s.concluded <- e }})
	if s.setting.Capture != sim.Captured {
		t.Skipf("segments cannot be captured here, nor in a private namespace: %v", s.net.host(sim.Client).CaptureErr)
	}
	return s
}

// compare makes a step and compares the segments that were captured with those
// that would have been concluded.
func (s *witnessed) compare(t testing.TB, n int, text string) {
	t.Helper()
	happened := play(t, s.Lab, n, text)
	captured := script.Segments(happened)
	var events []sim.Event
	for len(s.concluded) > 0 {
		events = append(events, <-s.concluded)
	}
	concluded := script.Segments(events)
	if overlap(happened) {
		return
	}
	if want, got := sim.SegmentLines(sim.Canonical(captured)), sim.SegmentLines(sim.Canonical(concluded)); want != got {
		t.Errorf("%s: captured\n%s\nconcluded\n%s", text, sim.SegmentLines(captured), sim.SegmentLines(concluded))
	}
}

// overlap reports whether calls that send, one of each end, overlap in time. Their
// reports do not tell which was first in the kernel.
func overlap(events []sim.Event) bool {
	sending := map[sim.End]bool{}
	for _, e := range events {
		switch e.Call().Name {
		case "write", "send", "shutdown", "close":
			sending[e.At] = e.Kind() == sim.KindCall
			if sending[sim.Client] && sending[sim.Server] {
				return true
			}
		}
	}
	return false
}

// lessonSteps returns the steps of a lesson, those that set it up included.
func lessonSteps(l *lesson.Lesson) []string {
	var steps []string
	for p := lesson.NewPlayer(l); ; {
		_, s, ok := p.Next()
		if !ok {
			return steps
		}
		steps = append(steps, s.String())
		p.Started()
		p.Observe(sim.Event{Body: sim.StepSettled{}})
	}
}

// What is concluded is what is captured, in every lesson.
func TestInferenceAgreesWithCapture(t *testing.T) {
	t.Parallel()
	for _, l := range lessonsOn(sim.Loopback) {
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				lab := openWitnessed(t)
				for i, text := range lessonSteps(l) {
					lab.compare(t, i+1, text)
				}
			})
		})
	}
}

// walkSteps are what a random walk takes its steps from: often what keeps a
// connection going, now and then what ends it.
var walkSteps = []string{
	"client connect", "client connect", "client connect", "server accept", "server accept", "server listen", "server listen",
	`client write "ping"`, `server write "pong"`, `client write "a" then write "b"`, `server write "c" then close`,
	`client write "" then write "d" then close`, `server write "x" nosignal`, `client write "y" nosignal`,
	"client read 100", "server read 100", "client read 2", "server read 2",
	`server read 100 then write "echo"`, "server read 100 then close", "client read 100 then close",
	`server accept then write "hi" then close`, `client read 9 then write "re" then read 9 then close`,
	"client shutdown wr", "server shutdown wr", "client shutdown rd", "server shutdown rd", "client shutdown rdwr", "server shutdown rdwr",
	"client close", "server close", "client linger 0", "server linger 0", "client linger off", "server linger 5",
	"client poll", "server poll", "client dup", "server dup", "server fork", "client fork", "server parent close", "client parent close",
	"server close listener", "client sigpipe ignore", "server sigpipe handler",
	"client kill SIGKILL", "server kill SIGTERM", "server parent kill SIGINT", "client start", "server start", "client start", "server start",
}

// What is concluded is what is captured, whatever the programs do.
func TestInferenceAgreesWithCaptureOnRandomWalks(t *testing.T) {
	t.Parallel()
	const steps = 50
	walks := 16
	if testing.Short() {
		walks = 2
	}
	for seed := range walks {
		t.Run(strconv.Itoa(seed), func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				random := rand.New(rand.NewPCG(uint64(seed), 0))
				lab := openWitnessed(t)
				walked := []string{"server listen", "client connect"}
				for i := range steps {
					if i >= len(walked) {
						walked = append(walked, walkSteps[random.IntN(len(walkSteps))])
					}
					lab.compare(t, i+1, walked[i])
					if t.Failed() {
						t.Fatalf("the way there: %q", walked)
					}
				}
			})
		})
	}
}
