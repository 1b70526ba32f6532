package netlab

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/internal/testkit/script"
	"finwait/sim"

	"github.com/aymanbagabas/go-udiff"
)

var (
	update = flag.Bool("update", false, "write what happened into the scripts")
	slow   = flag.Bool("slow", false, "play the scripts that take minutes, too")
)

// nextPort hands out ports below those that the kernel does, so that two labs in
// one network never take each other's, even while neither listens. Another process
// with these tests begins elsewhere.
var nextPort atomic.Int32

func openOnOwnPort(t testing.TB, o Options) *Lab {
	t.Helper()
	const each = 256
	o.Port = 10000 + os.Getpid()%80*each + int(nextPort.Add(1))%each
	return openLab(t, o)
}

// The facts about the kernel that steps can express, on every kind of lab on lo.
func TestScripts(t *testing.T) {
	t.Parallel()
	openLab(t, Options{Host: HostMachine}) // skips everything where not even that works
	hosts := []struct {
		name string
		Options
		capture sim.Capture
	}{
		{"captured", Options{Host: HostMachine}, sim.Captured},
		{"private", Options{Host: HostPrivate}, sim.Captured},
		{"inferred", Options{Host: HostMachine, blind: true}, sim.Inferred},
	}
	for _, h := range hosts {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			probe := openOnOwnPort(t, h.Options)
			if probe.setting.Capture != h.capture {
				t.Skipf("segments are %s here, not %s: %v", probe.setting.Capture, h.capture, probe.net.host(sim.Client).CaptureErr)
			}
			for _, s := range scripts(t) {
				if s.Wire {
					continue
				}
				t.Run(s.Name, func(t *testing.T) {
					t.Parallel()
					livetest.Play(t, func(t testing.TB) {
						runScript(t, func() *Lab { return openOnOwnPort(t, h.Options) }, s, h.name == "captured")
					})
				})
			}
		})
	}
}

// Those that hold and lose segments.
func TestWireScripts(t *testing.T) {
	t.Parallel()
	for _, s := range scripts(t) {
		if !s.Wire {
			continue
		}
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			if s.Slow && !*slow {
				t.Skip("it takes minutes: -slow")
			}
			livetest.Play(t, func(t testing.TB) {
				runScript(t, func() *Lab { return openLab(t, Options{Net: sim.Wire, KernelTimers: s.Slow}) }, s, true)
			})
		})
	}
}

func scripts(t *testing.T) []script.Script {
	t.Helper()
	all, err := script.All()
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() { // enough for the loop
		all = slices.Collect(func(yield func(script.Script) bool) {
			for i := 0; i < len(all) && yield(all[i]); i += 12 {
			}
		})
	}
	return all
}

// runScript plays a script on labs that open returns, again while the kernel was free to do
// something else.
func runScript(t testing.TB, open func() *Lab, s script.Script, mayUpdate bool) {
	got, free := "", true
	for range 20 {
		got, free = playScript(t, open(), s)
		if got == s.Text || !free {
			break
		}
	}
	if *update && mayUpdate {
		if err := os.WriteFile(filepath.Join("../internal/testkit/script", s.File), []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != s.Text {
		t.Errorf("%s (free to do otherwise: %v): -want +got\n%s", s.File, free, udiff.Unified("want", "got", s.Text, got))
	}
}

// busy is how long after a wait a script may go on: a quarter of the time after which the kernel sends
// something again by itself (tcp_rto_min_us).
const busy sim.Seconds = 0.05

// playScript returns what a lab makes of a script, and whether the kernel was free to do
// something else: so much time has passed between two waits that it may have sent something
// again, or close held an orphan when its FIN was acknowledged, which ends FIN_WAIT2 with a
// reset (tcp_rcv_state_process, sock_owned_by_user).
func playScript(t testing.TB, l *Lab, s script.Script) (text string, free bool) {
	waited := sim.Seconds(0)
	type end struct {
		at   sim.End
		conn int
	}
	orphan := map[end]bool{} // in FIN_WAIT2
	text = s.Play(func(n int, step string) []sim.Event {
		events := play(t, l, n, step)
		now := events[len(events)-1].T
		if strings.HasPrefix(step, string(sim.VerbWait)) {
			waited = now
		}
		free = free || now-waited > busy
		for _, e := range events {
			switch {
			case e.Kind() == sim.KindState:
				orphan[end{e.At, e.Conn()}] = sim.Of[sim.StateChanged](e).To == sim.FinWait2 && sim.Of[sim.StateChanged](e).Orphan
			case e.Kind() == sim.KindTimer:
				free = free || orphan[end{e.At, e.Conn()}] && sim.Of[sim.TimerChanged](e).Timer == sim.TimerKeepalive
			}
		}
		return events
	})
	return text, free
}
