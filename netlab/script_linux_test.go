package netlab

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"finwait/sim"
	"finwait/sim/script"

	"github.com/aymanbagabas/go-udiff"
)

var update = flag.Bool("update", false, "write what happened into testdata/scripts")

// scriptSteps returns what a script begins with, its steps, and all of it; see the
// package script.
func scriptSteps(t *testing.T, file string) (head string, steps []string, text string) {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, steps = script.Parse(string(src))
	return head, steps, string(src)
}

// nextPort hands out ports below those that the kernel does, so that two labs in
// one network never take each other's, even while neither listens. Another process
// with these tests begins elsewhere.
var nextPort atomic.Int32

func openOnOwnPort(t *testing.T, o Options) *Lab {
	t.Helper()
	const each = 256
	o.Port = 10000 + os.Getpid()%80*each + int(nextPort.Add(1))%each
	return openLab(t, o)
}

// The facts about the kernel that steps can express, on every kind of lab.
func TestScripts(t *testing.T) {
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
	files, err := filepath.Glob("testdata/scripts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, h := range hosts {
		t.Run(h.name, func(t *testing.T) {
			t.Parallel()
			probe := openOnOwnPort(t, h.Options)
			if probe.info.Capture != h.capture {
				t.Skipf("segments are %s here, not %s: %v", probe.info.Capture, h.capture, probe.net.host(sim.Client).CaptureErr)
			}
			for _, file := range files {
				t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
					t.Parallel()
					runScript(t, openOnOwnPort(t, h.Options), file, h.name == "captured")
				})
			}
		})
	}
}

func runScript(t *testing.T, l *Lab, file string, mayUpdate bool) {
	head, steps, want := scriptSteps(t, file)
	var s script.Summary
	var got strings.Builder
	got.WriteString(head)
	for i, text := range steps {
		events := play(t, l, i+1, text)
		// What was before the first step: the processes start.
		for len(events) > 0 && events[0].Step == 0 {
			events = events[1:]
		}
		got.WriteString("\n" + s.Step(text, events))
	}
	if *update && mayUpdate {
		if err := os.WriteFile(file, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got.String() != want {
		t.Errorf("%s: -want +got\n%s", file, udiff.Unified("want", "got", want, got.String()))
	}
}
