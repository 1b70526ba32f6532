package netlab

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"finwait/sim"

	"golang.org/x/sys/unix"
)

// openFDs returns what this process holds open, by number.
func openFDs(t testing.TB) []string {
	t.Helper()
	time.AfterFunc(patience, func() {}).Stop() // the runtime opens two for itself with the first timer
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		// Without the descriptor of this very listing.
		if target, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil && !strings.HasPrefix(target, "/proc/") {
			all = append(all, e.Name()+" "+target)
		}
	}
	return all
}

// children returns the pids of this process's children.
func children(t testing.TB) []string {
	t.Helper()
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, task := range tasks {
		list, err := os.ReadFile("/proc/self/task/" + task.Name() + "/children")
		if errors.Is(err, os.ErrNotExist) {
			t.Skip("this kernel does not list children")
		}
		all = append(all, strings.Fields(string(list))...)
	}
	slices.Sort(all)
	return all
}

// bothHosts runs a test on this machine and on a private host.
func bothHosts(t *testing.T, test func(t *testing.T, o Options)) {
	for _, h := range []HostChoice{HostMachine, HostPrivate} {
		t.Run(string(h), func(t *testing.T) {
			openLab(t, Options{Host: h}).Close() // skips the test where there is no such host
			test(t, Options{Host: h})
		})
	}
}

// open opens a lab that the test closes by itself.
func open(t testing.TB, o Options) *Lab {
	t.Helper()
	l, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// ended reads the rest of the events, which must end.
func ended(t testing.TB, l *Lab) {
	t.Helper()
	for timeout := time.After(patience); ; {
		select {
		case _, ok := <-l.Events():
			if !ok {
				return
			}
		case <-timeout:
			t.Fatal("the events do not end")
		}
	}
}

func TestCloseLeavesNothing(t *testing.T) {
	bothHosts(t, func(t *testing.T, o Options) {
		fds, before := openFDs(t), children(t)
		for i := range 25 {
			l := open(t, o)
			for n, text := range []string{"server listen", "client connect", "server accept", "client write \"x\"", "server fork", "client kill SIGTERM"}[:i%7] {
				play(t, l, n, text)
			}
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			ended(t, l)
			if err := l.Err(); err != nil {
				t.Error(err)
			}
		}
		if now := openFDs(t); !slices.Equal(now, fds) {
			t.Errorf("open are %q, before %q", now, fds)
		}
		if now := children(t); !slices.Equal(now, before) {
			t.Errorf("children %v, before %v", now, before)
		}
	})
}

// Close comes at any time: before a step, in the middle of one that waits, while
// calls block, while nobody reads the events.
func TestCloseAtAnyTime(t *testing.T) {
	steps := func(texts ...string) func(*testing.T, *Lab) {
		return func(t *testing.T, l *Lab) {
			for n, text := range texts {
				play(t, l, n, text)
			}
		}
	}
	tests := map[string]func(*testing.T, *Lab){
		"at once":       func(*testing.T, *Lab) {},
		"blocked calls": steps("server listen", "server accept"),
		"orphans":       steps("server listen", "client connect", "client close"),
		"waiting": func(t *testing.T, l *Lab) {
			if err := l.Start(1, sim.Step{Verb: sim.VerbWait, For: sim.MaxWait}); err != nil {
				t.Fatal(err)
			}
			until(t, l, "wait", func(e sim.Event) bool { return e.Kind() == sim.KindStep })
		},
		"nobody reads": func(t *testing.T, l *Lab) {
			var asking sync.WaitGroup
			asking.Go(func() {
				for n := 1; l.Start(n, sim.Step{At: sim.Client, Verb: sim.VerbPoll}) == nil; n++ {
				}
			})
			t.Cleanup(asking.Wait) // Close ends it
			for deadline := time.Now().Add(patience); len(l.journal.events) < cap(l.journal.events); {
				if time.Now().After(deadline) {
					t.Fatal("the events never pile up")
				}
				runtime.Gosched()
			}
		},
	}
	for name, prepare := range tests {
		t.Run(name, func(t *testing.T) {
			l := open(t, Options{Host: HostMachine})
			prepare(t, l)
			done := make(chan error)
			go func() { done <- l.Close() }()
			select {
			case err := <-done:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(patience):
				t.Fatal("it does not close")
			}
			ended(t, l)
		})
	}
}

// In the middle of a fork the child is there, and nobody has said its pid yet.
func TestCloseWhileForking(t *testing.T) {
	fds, before := openFDs(t), children(t)
	for i := range 40 {
		l := open(t, Options{Host: HostMachine})
		if err := l.Start(1, sim.Step{At: sim.Client, Verb: sim.VerbFork}); err != nil {
			t.Fatal(err)
		}
		for begin := time.Now(); time.Since(begin) < time.Duration(i)*100*time.Microsecond; {
			runtime.Gosched()
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		ended(t, l)
	}
	if now := openFDs(t); !slices.Equal(now, fds) {
		t.Errorf("open are %q, before %q", now, fds)
	}
	if now := children(t); !slices.Equal(now, before) {
		t.Errorf("children %v, before %v", now, before)
	}
}

func TestCloseTwice(t *testing.T) {
	l := open(t, Options{Host: HostMachine})
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			if err := l.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for range 100 {
		if err := l.Start(1, sim.Step{Verb: sim.VerbWait, For: 1}); !errors.Is(err, sim.ErrClosed) {
			t.Errorf("a step after Close: %v, want %v", err, sim.ErrClosed)
		}
	}
	if err := l.Err(); err != nil {
		t.Error(err)
	}
}

// A step may be asked for while another runs; it waits for its turn.
func TestStepsWait(t *testing.T) {
	l := openLab(t, Options{Host: HostMachine})
	go func() {
		for n := 1; n <= 5; n++ {
			if err := l.Start(n, sim.Step{Verb: sim.VerbWait, For: 0.001}); err != nil {
				t.Error(err)
			}
		}
	}()
	for n := 1; n <= 5; n++ {
		events := settled(t, l, "wait")
		if last := events[len(events)-1]; last.Step != n {
			t.Errorf("step %d settles when step %d should", last.Step, n)
		}
	}
}

// parentEnv makes this test binary a parent that will be killed: it opens a lab
// on the given host, tells its children's pids and waits.
const parentEnv = "FINWAIT_TEST_PARENT"

// doomedParent is the main of that parent.
func doomedParent(host string) {
	l, err := Open(Options{Host: HostChoice(host)})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	for n, text := range []string{"server listen", "client connect", "server accept", "server fork", "server read 100"} {
		step, err := sim.ParseStep(text)
		if err == nil {
			err = l.Start(n, step)
		}
		if err != nil {
			fmt.Println("error", err)
			return
		}
		for e := range l.Events() {
			if e.Kind() == sim.KindStart {
				fmt.Println("pid", e.PID())
			}
			if e.Kind() == sim.KindSettled {
				break
			}
		}
	}
	if l.setting.Private {
		tasks, _ := os.ReadDir("/proc/self/task")
		for _, task := range tasks {
			list, _ := os.ReadFile("/proc/self/task/" + task.Name() + "/children")
			for _, pid := range strings.Fields(string(list)) {
				fmt.Println("pid", pid)
			}
		}
	}
	fmt.Println("ready", l.sockets.server.Port())
	select {}
}

// Whatever kills finwait takes everything with it.
func TestKilledParentLeavesNothing(t *testing.T) {
	bothHosts(t, func(t *testing.T, o Options) {
		cmd := exec.Command("/proc/self/exe")
		cmd.Env = append(os.Environ(), parentEnv+"="+string(o.Host))
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		pidfds := map[string]int{}
		for lines := bufio.NewScanner(out); lines.Scan(); {
			word, rest, _ := strings.Cut(lines.Text(), " ")
			if word == "error" {
				t.Fatal(rest)
			}
			if word == "ready" {
				break
			}
			pid, err := strconv.Atoi(rest)
			if err != nil {
				t.Fatal(err)
			}
			if pidfds[rest], err = unix.PidfdOpen(pid, 0); err != nil {
				t.Fatal(err)
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		deadline := time.Now().Add(patience)
		if err := cmd.Wait(); err == nil {
			t.Error("the parent was not killed")
		}
		if len(pidfds) < 3 {
			t.Errorf("only %d processes", len(pidfds))
		}
		for pid, fd := range pidfds {
			poll := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
			if n, err := unix.Poll(poll, max(0, int(time.Until(deadline).Milliseconds()))); n == 0 {
				t.Errorf("process %s lives on: %v", pid, err)
			}
			unix.Close(fd)
		}
	})
}
