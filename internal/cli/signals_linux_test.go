package cli

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/sim"
	"finwait/sim/lesson"
)

// How finwait ends before its lesson does, and what is left of it.

// forever is a step that lasts longer than any test.
const forever = "wait 3600s"

// script is every step of a lesson as text, its set-up steps included and its
// pauses left out.
func scriptOf(l *lesson.Lesson) []string {
	var lines []string
	p := lesson.NewPlayer(l)
	for {
		_, s, ok := p.Next()
		if !ok {
			return lines
		}
		// What is on the wire after a while a lesson may count on.
		if s.Verb != sim.VerbWait || l.Net == sim.Wire {
			lines = append(lines, s.String())
		}
		p.Started()
		p.Observe(sim.Event{Body: sim.StepSettled{}})
	}
}

// running is a finwait that waits in the middle of a lesson.
type running struct {
	cmd    *exec.Cmd
	log    []entry
	lines  *bufio.Reader // the rest of its log
	family *family
	stderr bytes.Buffer
}

// runUpTo starts finwait on the given steps and returns when they have settled and
// it waits for ever.
func runUpTo(t testing.TB, lines []string, flags ...string) *running {
	t.Helper()
	text := steps(append(slices.Clone(lines), forever)...)
	if slices.Contains(flags, "wire") {
		text = "---\nnet: wire\nbegin: nothing\n---\n" + text
	}
	file := write(t, "part.md", text)
	r := &running{cmd: command(t, append([]string{"run", "--json", "--port", "0", file}, flags...)...)}
	r.cmd.Stderr = &r.stderr
	stdout, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.lines = bufio.NewReader(stdout)
	for waiting := false; !waiting; {
		line, err := r.lines.ReadString('\n')
		if err != nil {
			_ = r.cmd.Wait()
			unavailable(t, result{status: r.cmd.ProcessState.ExitCode(), stderr: r.stderr.String()})
			t.Fatalf("the log ended: %v: %s", err, r.stderr.String())
		}
		e := readEntry(t, line)
		r.log = append(r.log, e)
		waiting = e.Kind == "step" && e.Text == forever
	}
	r.family = familyOf(t, r.cmd.Process.Pid)
	if lab := r.log[0]; !lab.Private {
		r.family.address = lab.Server
	}
	r.complete(t)
	return r
}

// complete checks that the family is all that the log says is alive.
func (r *running) complete(t testing.TB) {
	t.Helper()
	alive := map[int]bool{}
	for _, e := range r.log {
		switch e.Kind {
		case "start":
			alive[e.PID] = true
		case "exit":
			delete(alive, e.PID)
		case "refused":
			t.Errorf("step %d was refused: %s", *e.Step, e.Text)
		}
	}
	for pid := range alive {
		if !slices.Contains(r.family.pids, pid) {
			t.Errorf("process %d is not a child of finwait; those are %v", pid, r.family.pids)
		}
	}
	want := len(alive)
	hosts := 0
	switch {
	case r.log[0].Net == "wire":
		hosts = 2
	case r.log[0].Private:
		hosts = 1
	}
	want += hosts // their helpers
	if hosts > 0 && len(r.family.netns) != hosts {
		t.Errorf("%d hosts, in the namespaces %v", hosts, r.family.netns)
	}
	if len(r.family.pids) != want {
		t.Errorf("finwait has %d children, want %d", len(r.family.pids), want)
	}
}

// places are where a lesson can be played.
func places() map[string][]string {
	return map[string][]string{"here": nil, "private": {"--private"}}
}

// TestSIGKILL: when finwait is killed in the middle of a lesson, within a second
// nothing of it is left. One lesson is cut after each of its steps, the others in
// the middle.
func TestSIGKILL(t *testing.T) {
	t.Parallel()
	for i, l := range lesson.Embedded() {
		lines, where := scriptOf(l), places()
		if l.Net == sim.Wire {
			where = map[string][]string{"wire": {"--net", "wire"}}
		}
		cuts := []int{len(lines) / 2, len(lines)}
		if i == 0 {
			cuts = nil
			for k := range len(lines) + 1 {
				cuts = append(cuts, k)
			}
		}
		for place, flags := range where {
			for _, k := range cuts {
				t.Run(fmt.Sprint(l.Name, " ", place, " after ", k), func(t *testing.T) {
					t.Parallel()
					livetest.Play(t, func(t testing.TB) {
						r := runUpTo(t, lines[:k], flags...)
						if err := r.cmd.Process.Kill(); err != nil {
							t.Fatal(err)
						}
						_ = r.cmd.Wait()
						r.family.gone(patience)
					})
				})
			}
		}
	}
}

// TestSignals: the signals that ask finwait to end are its exit status, and when
// it has ended nothing is left.
func TestSignals(t *testing.T) {
	t.Parallel()
	lines := scriptOf(lesson.Embedded()[0])[:4]
	for sig, status := range map[syscall.Signal]int{syscall.SIGINT: 130, syscall.SIGTERM: 143, syscall.SIGHUP: 129} {
		for place, flags := range places() {
			t.Run(fmt.Sprint(sig, " ", place), func(t *testing.T) {
				t.Parallel()
				livetest.Play(t, func(t testing.TB) {
					r := runUpTo(t, lines, flags...)
					if err := r.cmd.Process.Signal(sig); err != nil {
						t.Fatal(err)
					}
					rest, err := io.ReadAll(r.lines)
					if err != nil {
						t.Fatal(err)
					}
					for line := range strings.Lines(string(rest)) {
						readEntry(t, line)
					}
					_ = r.cmd.Wait()
					if got := r.cmd.ProcessState.ExitCode(); got != status || r.stderr.Len() != 0 {
						t.Errorf("exit status %d, want %d: %s", got, status, r.stderr.String())
					}
					r.family.gone(0)
				})
			})
		}
	}
}

// TestClosedPipe: whoever reads finwait's output may stop, as head does. finwait
// then ends like any program that writes to a closed pipe.
func TestClosedPipe(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		ours, theirs, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		cmd := command(t, "run", "client-gone", "--json", "--port", "0")
		var stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = theirs, &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		theirs.Close()
		follower := bufio.NewReader(ours)
		for range 4 {
			if _, err := follower.ReadString('\n'); err != nil {
				t.Fatal(err)
			}
		}
		f := familyOf(t, cmd.Process.Pid)
		ours.Close()
		_ = cmd.Wait()
		if status, ok := cmd.ProcessState.Sys().(syscall.WaitStatus); !ok || !status.Signaled() || status.Signal() != syscall.SIGPIPE {
			t.Errorf("it ended with %v", cmd.ProcessState)
		}
		if stderr.Len() != 0 {
			t.Errorf("it says %q", stderr.String())
		}
		f.gone(patience)
	})
}
