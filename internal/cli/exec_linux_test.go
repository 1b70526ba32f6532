package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"finwait/internal/testkit/livetest"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// build compiles a C program of testdata/exec and returns its file, which everybody may run.
func build(t testing.TB, name string) string {
	t.Helper()
	cc, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("there is no C compiler here")
	}
	dir, err := os.MkdirTemp("", "finwait-exec")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, name)
	if out, err := exec.Command(cc, "-o", file, filepath.Join("testdata", "exec", name+".c")).CombinedOutput(); err != nil {
		t.Fatalf("cc: %v\n%s", err, out)
	}
	return file
}

// execLog runs both programs with --auto and returns the log; as another user where uid is not
// that of the test.
func execLog(t testing.TB, uid int, args ...string) []sim.Event {
	t.Helper()
	cmd := command(t, append([]string{"exec", "--auto", "--json", "--skip-sleeps", "--limit", "40s"}, args...)...)
	cmd.Dir = "/"
	if uid != os.Getuid() {
		cmd.Path = "/proc/self/exe" // that user may not enter the directory of the test
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	}
	r := finish(t, cmd)
	if r.status == exitUnavailable && strings.Contains(r.stderr, "namespace") {
		t.Skip(r.stderr)
	}
	if r.status != exitOK {
		t.Fatalf("status %d: %s", r.status, r.stderr)
	}
	var log []sim.Event
	for line := range strings.Lines(r.stdout) {
		var e sim.Event
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		log = append(log, e)
	}
	return log
}

// did tells what an end's programs did, in order: returns, signals, exits and output.
func did(log []sim.Event, at sim.End) string {
	var list []string
	for _, e := range log {
		if e.At != at {
			continue
		}
		switch b := e.Body.(type) {
		case sim.CallReturned:
			if b.Call.Name == sim.CallFork || b.Call.Name == sim.CallPoll {
				continue
			}
			list = append(list, strings.TrimSpace(fmt.Sprintf("%s=%d %s", b.Call.Name, b.Result.Ret, b.Result.Errno)))
		case sim.SignalTaken:
			list = append(list, b.Signal+" "+string(b.Action))
		case sim.ProcessExited:
			list = append(list, fmt.Sprintf("exit %d", b.Status))
		case sim.Printed:
			list = append(list, fmt.Sprintf("%q", b.Text))
		case sim.CallBlocked:
			if b.Call.Name == sim.CallAccept {
				list = append(list, "accept …")
			}
		}
	}
	return strings.Join(list, ", ")
}

// The two articles' servers, unmodified C programs, as root and as an ordinary user.
func TestExecStories(t *testing.T) {
	server, client := build(t, "server"), build(t, "client")
	const begun = "socket=3, setsockopt=0, bind=0, listen=0, accept …, accept=4, sleep=0, write=13, " +
		`"write: 13\n", sleep=0, write=13, "write: 13\n", sleep=0, `
	for how, want := range map[string]string{
		"default": begun + "SIGPIPE killed, exit 141",
		"ignore":  "rt_sigaction=0, " + begun + `SIGPIPE ignored, write=-1 EPIPE, "write: -1\n", close=0, accept …`,
	} {
		for _, uid := range users() {
			for _, net := range []sim.Net{sim.Loopback, sim.Wire} {
				if net == sim.Wire && how == "ignore" {
					continue // it takes its time: that a server blocks for good is known after a silence
				}
				t.Run(fmt.Sprintf("%s as %d on %s", how, uid, net), func(t *testing.T) {
					livetest.Play(t, func(t testing.TB) {
						log := execLog(t, uid, "--net", string(net), "--server", server+" "+how, "--client", client)
						if got := did(log, sim.Server); got != want {
							t.Errorf("the server:\ngot  %s\nwant %s", got, want)
						}
						const clientWant = `socket=3, connect=0, read=13, "read: 13\n", exit 0`
						if got := did(log, sim.Client); got != clientWant {
							t.Errorf("the client:\ngot  %s\nwant %s", got, clientWant)
						}
						resets := slices.ContainsFunc(log, func(e sim.Event) bool { return e.Segment().Flags&sim.RST != 0 })
						if !resets {
							t.Error("no RST")
						}
					})
				})
			}
		}
	}
}

// users are those as whom the tests are made: this one, and an ordinary one.
func users() []int {
	if os.Getuid() == 0 {
		return []int{0, 65534}
	}
	return []int{os.Getuid()}
}

// A child serves the client: the log names it, and who forked it.
func TestExecFork(t *testing.T) {
	server, client := build(t, "server"), build(t, "client")
	livetest.Play(t, func(t testing.TB) {
		log := execLog(t, os.Getuid(), "--server", server+" fork", "--client", client)
		child, parent := 0, 0
		for _, e := range log {
			if b, ok := e.Body.(sim.ProcessStarted); ok && b.Forked {
				child, parent = b.PID, b.Parent
			}
			if b, ok := e.Body.(sim.SignalTaken); ok && (b.PID != child || b.Signal != "SIGPIPE" || b.Action != sim.Killed) {
				t.Errorf("%+v; the child is %d", b, child)
			}
		}
		if child == 0 || parent == 0 || child == parent {
			t.Errorf("child %d of %d", child, parent)
		}
	})
}

// What a program prints reaches nobody's terminal as it is, and not without bound; nothing is
// left of it, its daemon included.
func TestExecHostile(t *testing.T) {
	server, client := build(t, "hostile"), build(t, "client")
	livetest.Play(t, func(t testing.TB) {
		mark := fmt.Sprintf("FINWAIT_TEST_MARK=%d-%d", os.Getpid(), time.Now().UnixNano())
		cmd := command(t, "exec", "--auto", "--limit", "40s", "--server", server, "--client", client)
		cmd.Env = append(cmd.Env, mark)
		r := finish(t, cmd)
		if r.status != exitOK || len(r.stdout) > 100<<10 || !strings.Contains(r.stdout, "prints more") {
			t.Errorf("status %d, %d bytes: %s", r.status, len(r.stdout), r.stderr)
		}
		for _, c := range r.stdout {
			if c < ' ' && c != '\n' || c >= 0x7f && c < 0xa0 {
				t.Fatalf("the character %#x is printed", c)
			}
		}
		nothingMarked(t, mark)
	})
}

// marked returns the processes that have a string in their environment.
func marked(t testing.TB, mark string) []int {
	t.Helper()
	var list []int
	for _, pid := range processes(t) {
		environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
		if err == nil && bytes.Contains(environ, []byte(mark)) {
			list = append(list, pid)
		}
	}
	return list
}

// nothingMarked waits until no process has a string in its environment; a kill takes its time.
func nothingMarked(t testing.TB, mark string) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); ; {
		left := marked(t, mark)
		if len(left) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("left: %v", left)
		}
		_, _ = unix.Poll(nil, 1)
	}
}

// Whoever is killed, and when: nothing is left.
func TestExecKilled(t *testing.T) {
	server, client := build(t, "hostile"), build(t, "client")
	for _, who := range []string{"finwait", "tracer"} {
		t.Run(who, func(t *testing.T) {
			for lines := range 8 {
				mark := fmt.Sprintf("FINWAIT_TEST_MARK=%d-%d", os.Getpid(), time.Now().UnixNano())
				cmd := command(t, "exec", "--auto", "--json", "--server", server, "--client", client)
				cmd.Env = append(cmd.Env, mark)
				out, err := cmd.StdoutPipe()
				if err != nil {
					t.Fatal(err)
				}
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				read := make([]byte, 1)
				for seen := 0; seen < lines*lines; { // a moment that depends on no clock
					if n, err := out.Read(read); err != nil {
						break
					} else if n > 0 && read[0] == '\n' {
						seen++
					}
				}
				pid := cmd.Process.Pid
				if who == "tracer" {
					pid = tracerOf(t, pid)
				}
				if pid != 0 {
					_ = unix.Kill(pid, unix.SIGKILL)
				} else {
					_ = cmd.Process.Kill() // there is no tracer yet
				}
				_, _ = out.Read(make([]byte, 1<<20)) // so that it is not stopped by a full pipe
				go func() { _, _ = bytes.NewBuffer(nil).ReadFrom(out) }()
				_ = cmd.Wait() // it was killed, or has no tracer any more
				nothingMarked(t, mark)
			}
		})
	}
}

// tracerOf returns the tracer of a finwait, 0 for none.
func tracerOf(t testing.TB, finwait int) int {
	t.Helper()
	for _, pid := range processes(t) {
		name, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/cmdline")
		if err == nil && bytes.HasPrefix(name, []byte("finwait-tracer")) && parentOf(pid) == finwait {
			return pid
		}
	}
	return 0
}

// A program that is not there is a sentence.
func TestExecNoProgram(t *testing.T) {
	client := build(t, "client")
	livetest.Play(t, func(t testing.TB) {
		r := finwait(t, "exec", "--auto", "--server", "no-such-program", "--client", client)
		if r.status != exitUnavailable || !strings.Contains(r.stderr, `"no-such-program"`) {
			t.Errorf("status %d: %s", r.status, r.stderr)
		}
	})
}
