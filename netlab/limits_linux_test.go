package netlab

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"finwait/sim"

	"golang.org/x/sys/unix"
)

// limitEnv makes this test binary open labs under a limit of its own, and report.
const limitEnv = "FINWAIT_TEST_LIMIT"

// limited is the main of that process: it tells of each lab that it could not have
// why, in one line.
func limited(what string) {
	time.AfterFunc(patience, func() {}).Stop() // the runtime opens its descriptors now
	tell := func(label string, o Options) {
		l, err := Open(o)
		if err == nil {
			err = l.Close()
			fmt.Printf("%s: open %v\n", label, err)
			return
		}
		clear := errors.As(err, new(*UnavailableError))
		fmt.Printf("%s: clear %v lines %d: %v\n", label, clear, 1+strings.Count(err.Error(), "\n"), err)
	}
	switch what {
	case "files":
		for _, h := range []HostChoice{HostMachine, HostPrivate} {
			for n := uint64(4); n < 32; n++ {
				limit := unix.Rlimit{Cur: n, Max: 1024}
				if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
					fmt.Println("setrlimit:", err)
				}
				tell(fmt.Sprintf("%s %d", h, n), Options{Host: h})
			}
		}
	case "wire files":
		for n := uint64(4); n < 32; n++ {
			if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: n, Max: 1024}); err != nil {
				fmt.Println("setrlimit:", err)
			}
			tell(fmt.Sprintf("wire %d", n), Options{Net: sim.Wire})
		}
	case "remedies":
		fmt.Println("neither:", limitRemedy(io.EOF))
		// High enough to hurt nobody.
		for _, l := range []struct {
			what     string
			resource int
			limit    uint64
		}{{"processes", unix.RLIMIT_NPROC, 1000}, {"memory", unix.RLIMIT_AS, 1 << 62}} {
			if err := unix.Setrlimit(l.resource, &unix.Rlimit{Cur: l.limit, Max: l.limit}); err != nil {
				fmt.Println("setrlimit:", err)
			}
			fmt.Printf("%s: %s\n", l.what, limitRemedy(io.EOF))
		}
	case "processes":
		var own unix.Rlimit
		if err := unix.Getrlimit(unix.RLIMIT_NPROC, &own); err != nil {
			fmt.Println("getrlimit:", err)
		}
		keepThreads()
		if err := unix.Setrlimit(unix.RLIMIT_NPROC, &unix.Rlimit{Max: own.Max}); err != nil {
			fmt.Println("setrlimit:", err)
		}
		tell("machine", Options{Host: HostMachine})
		tell("private", Options{Host: HostPrivate})
		tell("wire", Options{Net: sim.Wire})
		// The race detector needs a thread to end.
		if err := unix.Setrlimit(unix.RLIMIT_NPROC, &own); err != nil {
			fmt.Println("setrlimit:", err)
		}
	}
}

// keepThreads has the runtime start more threads than it will need: it keeps those that have
// nothing to do, and dies where it cannot have one.
func keepThreads() {
	const enough = 32
	var started, over sync.WaitGroup
	started.Add(enough)
	for range enough {
		over.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			started.Done()
			started.Wait()
		})
	}
	over.Wait()
}

// underLimit runs this test binary under a limit and returns what it says, line by
// line. It must end by itself.
func underLimit(t testing.TB, cmd *exec.Cmd, what string) []string {
	t.Helper()
	cmd.Env = append(cmd.Environ(), limitEnv+"="+what)
	timer := time.AfterFunc(2*patience, func() { cmd.Process.Kill() })
	defer timer.Stop()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// Without descriptors left there is no lab, and one sentence says why. With a few
// more it opens: nothing in between hangs, panics or leaks.
func TestNoDescriptorsLeft(t *testing.T) {
	refused, opened := 0, 0
	for _, line := range underLimit(t, exec.Command("/proc/self/exe"), "files") {
		switch {
		case strings.HasSuffix(line, ": open <nil>"):
			opened++
		case strings.Contains(line, ": clear true lines 1: no file descriptors are left to ") && strings.Contains(line, "ulimit -n"):
			refused++
		case strings.Contains(line, "private") && strings.Contains(line, ": clear true lines 1: a private network namespace is not available"):
			refused++
		default:
			t.Error(line)
		}
	}
	if refused == 0 || opened == 0 {
		t.Errorf("%d refused, %d opened", refused, opened)
	}
}

// The same for the wire, which is more than a namespace.
func TestNoDescriptorsForWire(t *testing.T) {
	requireWire(t)
	refused, opened := 0, 0
	for _, line := range underLimit(t, exec.Command("/proc/self/exe"), "wire files") {
		switch {
		case strings.HasSuffix(line, ": open <nil>"):
			opened++
		case strings.Contains(line, ": clear true lines 1: ") && strings.Contains(line, "ulimit -n"):
			refused++
		default:
			t.Error(line)
		}
	}
	if refused == 0 || opened == 0 {
		t.Errorf("%d refused, %d opened", refused, opened)
	}
}

// A process that got neither memory nor a thread to begin with has said nothing: the limits that
// are low say which it was, and nobody is sent to user namespaces.
func TestRemedyOfSilence(t *testing.T) {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), "GORACE=atexit_sleep_ms=0")
	lines := underLimit(t, cmd, "remedies")
	wants := []string{"neither: ", "processes: ulimit -u", "memory: ulimit -v"}
	if len(lines) != len(wants) {
		t.Fatalf("%q", lines)
	}
	for i, want := range wants {
		what, remedy, _ := strings.Cut(want, ": ")
		if !strings.HasPrefix(lines[i], what+": ") || !strings.Contains(lines[i], remedy) || strings.Contains(lines[i], "namespaces") {
			t.Errorf("%q, want %q", lines[i], want)
		}
	}
}

// requireWire skips the test where this machine has no wire.
func requireWire(t testing.TB) {
	t.Helper()
	if err := Wire(); err != nil {
		t.Skip(err)
	}
}

func TestNoProcessesLeft(t *testing.T) {
	cmd := exec.Command("/proc/self/exe")
	if os.Getuid() == 0 { // no limit holds root
		cmd = asNobody()
	}
	for _, line := range underLimit(t, cmd, "processes") {
		if !strings.Contains(line, ": clear true lines 1: ") || !strings.Contains(line, "ulimit -u") {
			t.Error(line)
		}
	}
}

func TestPortInUse(t *testing.T) {
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	port := taken.Addr().(*net.TCPAddr).Port
	l, err := Open(Options{Host: HostMachine, Port: port})
	if err == nil {
		l.Close()
		t.Fatal("the lab took a port that is taken")
	}
	want := fmt.Sprintf("port %d on 127.0.0.1 is in use (address already in use); choose another with --port, or --port 0 for any that is free", port)
	if !errors.As(err, new(*UnavailableError)) || !errors.Is(err, unix.EADDRINUSE) || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	// In a private network every port is free.
	private := openLab(t, Options{Host: HostPrivate, Port: port})
	if got := int(private.sockets.server.Port()); got != port {
		t.Errorf("the private server is on port %d, want %d", got, port)
	}
}

// The program binds the port in the course of a lesson; from the opening of the lab to its end
// it is no other lab's.
func TestPortOfAnotherLab(t *testing.T) {
	first := openLab(t, Options{Host: HostMachine})
	port := int(first.sockets.server.Port())
	second, err := Open(Options{Host: HostMachine, Port: port})
	if err == nil {
		second.Close()
		t.Fatal("two labs have the same port")
	}
	if !errors.As(err, new(*UnavailableError)) || !strings.Contains(err.Error(), fmt.Sprintf("port %d on 127.0.0.1 is in use", port)) {
		t.Error(err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	openLab(t, Options{Host: HostMachine, Port: port})
}

func TestPortNotPermitted(t *testing.T) {
	l, err := Open(Options{Host: HostMachine, Port: 1})
	if err == nil {
		l.Close()
		t.Skip("this user may have port 1")
	}
	if want := "port 1 may not be used (permission denied); choose one above 1023 with --port"; err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func TestUnknownHost(t *testing.T) {
	if _, err := Open(Options{Host: "moon"}); err == nil || err.Error() != `"moon" is not a host: it is machine or private` {
		t.Error(err)
	}
}

// What the capture has had no room for is missing in the log, and that is said.
func TestSegmentsMissed(t *testing.T) {
	l := openLab(t, Options{Host: HostPrivate})
	if l.setting.Capture != sim.Captured {
		t.Skipf("segments are not captured here: %v", l.net.host(sim.Client).CaptureErr)
	}
	for i, text := range []string{"server listen", "client connect", "server accept"} {
		play(t, l, i+1, text)
	}
	if err := unix.SetsockoptInt(l.net.(*loopback).only.Capture.FD(), unix.SOL_SOCKET, unix.SO_RCVBUF, 1); err != nil {
		t.Fatal(err)
	}
	for i := range 20 {
		for _, e := range play(t, l, 4+2*i, "client write 2000000") {
			b := sim.Of[sim.ModelSilent](e)
			if e.Kind() == sim.KindSilent {
				if b.Silence.Kind != sim.SilentMissedSegment || b.Silence.Missed < 1 {
					t.Errorf("it says %+v", b)
				}
				return
			}
		}
		play(t, l, 5+2*i, "server read 65536"+strings.Repeat(" then read 65536", 40))
	}
	t.Error("nobody has missed anything")
}
