package cli

import (
	"strconv"
	"strings"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/netlab"
	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/sim/text"
)

// runJSON runs a lesson to its end and returns its log.
func runJSON(t testing.TB, args ...string) []entry {
	t.Helper()
	r := finwait(t, append([]string{"run", "--json", "--port", "0"}, args...)...)
	unavailable(t, r)
	log := readLog(t, r.stdout)
	if r.status != exitOK || r.stderr != "" {
		for _, e := range log {
			if e.Kind == "refused" || e.Kind == "expect" && !*e.OK {
				t.Errorf("step %d: %s %s, got %q", *e.Step, e.Kind, e.Text, e.Got)
			}
		}
		t.Fatalf("exit status %d: %s", r.status, r.stderr)
	}
	return log
}

// TestLessonsHold: every lesson is true on this kernel, on the machine's lo and
// in a namespace of its own.
func TestLessonsHold(t *testing.T) {
	t.Parallel()
	for _, name := range allLessons() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				log := runJSON(t, name)
				if log[0].Lesson != name {
					t.Errorf("the log is of %q", log[0].Lesson)
				}
			})
		})
	}
	for _, name := range lessonNames(sim.Loopback) {
		t.Run(name+" private", func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				if !netlab.Live {
					t.Skip("live sockets need Linux")
				}
				log := runJSON(t, "--private", name)
				if !log[0].Private || log[0].Capture != "captured" {
					t.Errorf("the lab is private: %v, segments %s", log[0].Private, log[0].Capture)
				}
			})
		})
	}
}

// source returns how a segment is known in a log.
func source(log []entry) string {
	if log[0].Capture == "captured" {
		return "kernel"
	}
	return log[0].Capture
}

// stateSource returns how a state is known in a log, if it was not passed through.
func stateSource(log []entry) string {
	if log[0].Capture == "model" {
		return "model"
	}
	return "kernel"
}

// TestClientGone: the first story, as the log tells it. The first write returns
// 13, the answer is a reset, the second write kills the server without a word;
// with SIGPIPE ignored it is an error, and the server serves the next client.
func TestClientGone(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		log := runJSON(t, "client-gone")
		i := find(t, log, 0, "write that returns 13", func(e entry) bool {
			return e.Kind == "return" && e.At == "server" && e.Call == "write" && e.Ret == 13
		})
		find(t, log, 0, "reset from the client", func(e entry) bool {
			return e.Kind == "segment" && e.At == "client" && e.Flags == "RST" && e.By == source(log)
		})
		i = find(t, log, i, "death by SIGPIPE", func(e entry) bool {
			return e.Kind == "signal" && e.At == "server" && e.Signal == "SIGPIPE" && e.Action == "killed"
		})
		if before := log[i-1]; before.Kind != "call" || before.Call != "write" || before.PID != log[i].PID {
			t.Errorf("before the death comes %+v, not the write", before)
		}
		dead := log[i].PID
		i = find(t, log, i, "exit 141", func(e entry) bool { return e.Kind == "exit" && e.Status == 141 && e.PID == dead })
		if log[i].Signal != "SIGPIPE" {
			t.Errorf("exit 141 of %s", log[i].Signal)
		}
		find(t, log, i, "state", func(e entry) bool { return e.Kind == "state" && e.By == stateSource(log) })

		i = find(t, log, i, "EPIPE", func(e entry) bool {
			return e.Kind == "return" && e.At == "server" && e.Call == "write" && e.Ret == -1 && e.Errno == "EPIPE"
		})
		server := log[i].PID
		for _, e := range log {
			if e.PID == server && (e.Kind == "exit" || e.Kind == "signal") {
				t.Errorf("the server that ignores SIGPIPE: %+v", e)
			}
		}
		find(t, log, i, "next client", func(e entry) bool {
			return e.Kind == "return" && e.Call == "accept" && e.PID == server && e.Ret > 0
		})
	})
}

// TestKeepWriting: the second story. The client's own handler runs before its
// write returns; without it the client dies.
func TestKeepWriting(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		log := runJSON(t, "keep-writing")
		i := find(t, log, 0, "reset from the server", func(e entry) bool {
			return e.Kind == "segment" && e.At == "server" && e.Flags == "RST" && e.By == source(log)
		})
		i = find(t, log, i, "handler that ran", func(e entry) bool {
			return e.Kind == "signal" && e.At == "client" && e.Signal == "SIGPIPE" && e.Action == "handled"
		})
		client := log[i].PID
		if next := log[i+1]; next.Kind != "return" || next.PID != client || next.Call != "write" || next.Ret != -1 || next.Errno != "EPIPE" {
			t.Errorf("after the handler comes %+v, not EPIPE", next)
		}
		i = find(t, log, i, "death by SIGPIPE", func(e entry) bool {
			return e.Kind == "signal" && e.Signal == "SIGPIPE" && e.Action == "killed" && e.PID == client
		})
		find(t, log, i, "exit 141", func(e entry) bool { return e.Kind == "exit" && e.Status == 141 && e.PID == client })
		forked := find(t, log, 0, "fork", func(e entry) bool { return e.Kind == "start" && e.Forked })
		if log[forked].At != "server" {
			t.Errorf("it is the %s that forks", log[forked].At)
		}
	})
}

// TestRunWidth: the transcript is as wide as is asked for, and a call that was cut is whole where
// there is room.
func TestRunWidth(t *testing.T) {
	t.Parallel()
	const call = "poll(4) = 1 RDHUP HUP ERR IN OUT"
	for width, whole := range map[string]bool{"40": false, "140": true} {
		r := finwait(t, "run", "client-gone", "--net", "sim", "--width", width)
		if r.status != exitOK || r.stderr != "" {
			t.Errorf("--width %s: exit status %d: %s", width, r.status, r.stderr)
		}
		widest := 0
		for line := range strings.Lines(r.stdout) {
			widest = max(widest, text.Cells(strings.TrimRight(line, "\n")))
		}
		if want, _ := strconv.Atoi(width); widest > want || widest < want-20 {
			t.Errorf("--width %s: the widest line has %d cells", width, widest)
		}
		if strings.Contains(r.stdout, call) != whole {
			t.Errorf("--width %s: %q is whole: %v, want %v:\n%s", width, call, !whole, whole, r.stdout)
		}
	}
}

// TestRunSameBytes: on the model a lesson gives the same bytes each time.
func TestRunSameBytes(t *testing.T) {
	t.Parallel()
	for _, l := range lesson.Embedded() {
		for _, form := range []string{"--plain", "--json", "--width=100"} {
			first := finwait(t, "run", l.Name, "--net", "sim", form)
			if second := finwait(t, "run", l.Name, "--net", "sim", form); first != second || first.status != exitOK || first.stdout == "" {
				t.Errorf("%s %s: exit status %d, %d and %d bytes", l.Name, form, first.status, len(first.stdout), len(second.stdout))
			}
		}
	}
}
