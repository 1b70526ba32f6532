package netlab

import (
	"errors"
	"os"
	"testing"
	"time"

	"finwait/internal/testkit/livetest"
	"finwait/netlab/host"
	"finwait/sim"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	RunRole() // the programs under test are this test binary, re-executed
	if host.Role() == roleSysctl {
		setSysctl()
	}
	if what := os.Getenv(limitEnv); what != "" {
		limited(what)
		return
	}
	if where := os.Getenv(parentEnv); where != "" {
		doomedParent(where)
		return
	}
	livetest.TakeTurn()
	goleak.VerifyTestMain(m)
}

// patience is how long anything may take before a test gives up. Only a bug takes so long.
const patience = 20 * time.Second

// openLab opens a lab that is closed with the test. It skips the test where the
// machine refuses, and says what was refused.
func openLab(t testing.TB, o Options) *Lab {
	t.Helper()
	l, err := Open(o)
	if no := new(UnavailableError); errors.As(err, &no) {
		t.Skipf("no such lab here: %v", no)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return l
}

// openCaptured opens a lab whose segments are captured on this machine's lo.
func openCaptured(t testing.TB, o Options) *Lab {
	t.Helper()
	o.Host = HostMachine
	l := openLab(t, o)
	if l.setting.Capture != sim.Captured {
		t.Skipf("this user lacks CAP_NET_RAW: %v", l.net.host(sim.Client).CaptureErr)
	}
	return l
}

// play makes one step and returns its events. T, pids and ports are the kernel's.
func play(t testing.TB, l *Lab, n int, text string) []sim.Event {
	t.Helper()
	step, err := sim.ParseStep(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	if err := l.Start(n, step); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return settledIn(t, l, text, patience+time.Duration(step.For)*time.Second)
}

// settled returns the events up to the next settled one.
func settled(t testing.TB, l *Lab, what string) []sim.Event {
	t.Helper()
	return settledIn(t, l, what, patience)
}

func settledIn(t testing.TB, l *Lab, what string, limit time.Duration) []sim.Event {
	t.Helper()
	var events []sim.Event
	for timeout := time.After(limit); ; {
		select {
		case e, ok := <-l.Events():
			if !ok {
				t.Fatalf("%s: the lab has ended: %v", what, l.Err())
			}
			compareWithModel(t, l, e)
			events = append(events, e)
			if e.Kind() == sim.KindSettled {
				return events
			}
		case <-timeout:
			t.Fatalf("%s: not settled after %v; so far %v", what, limit, events)
		}
	}
}
