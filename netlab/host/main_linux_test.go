package host_test

import (
	"bytes"
	"errors"
	"io"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"finwait/internal/testkit/livetest"
	"finwait/netlab/host"
	"finwait/netlab/program/puppet"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

func TestMain(m *testing.M) {
	host.RunHelper() // the helpers and programs are this test binary, re-executed
	puppet.Run()
	switch host.Role() {
	case roleCloser:
		reportClosed()
	case roleNoSpace:
		reportNoSpace()
	}
	livetest.TakeTurn()
	os.Exit(m.Run())
}

// patience is how long anything may take before a test gives up. It is only
// reached by a bug.
const patience = 20 * time.Second

// refused skips the test where the machine has no such host, and says what was
// refused.
func refused(t testing.TB, err error) {
	t.Helper()
	for _, no := range []unix.Errno{unix.EPERM, unix.EACCES, unix.ENOENT, unix.ENOSPC, unix.ENODEV} {
		if errors.Is(err, no) {
			t.Skipf("no such host here: %v", err)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// wired returns a host with a TUN device that is closed with the test.
func wired(t testing.TB, addr string, sysctls ...host.Sysctl) *host.Host {
	t.Helper()
	h, err := host.Wired(netip.MustParsePrefix(addr), sysctls)
	refused(t, err)
	closeAtEnd(t, h)
	return h
}

func closeAtEnd(t testing.TB, h *host.Host) {
	t.Helper()
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
}

// program starts a program on a host. It is killed with the test, if it lives.
func program(t testing.TB, h *host.Host) *puppet.Process {
	t.Helper()
	p, err := puppet.Start(h, "finwait-test", 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("close program: %v", err)
		}
	})
	return p
}

// call makes a program make calls, and returns the value of the last one.
func call(t testing.TB, p *puppet.Process, calls ...sim.Call) puppet.Reply {
	t.Helper()
	if err := p.Send(puppet.Request{Calls: calls, Stop: true}); err != nil {
		t.Fatal(err)
	}
	return answer(t, p)
}

// answer waits for the end of what a program was told to do.
func answer(t testing.TB, p *puppet.Process) puppet.Reply {
	t.Helper()
	for {
		r, err := p.TryRecv()
		switch {
		case errors.Is(err, unix.EAGAIN):
			readable(t, p.FD(), patience)
		case err != nil:
			t.Fatalf("program %d: %v", p.PID, err)
		case r.Last:
			return r
		}
	}
}

// dies waits until a program is dead.
func dies(t testing.TB, p *puppet.Process) unix.WaitStatus {
	t.Helper()
	readable(t, p.PidFD(), patience)
	for {
		if _, err := p.TryRecv(); errors.Is(err, io.EOF) {
			break
		}
	}
	status, dead, err := p.Reap()
	if !dead || err != nil {
		t.Fatalf("program %d: dead %v, %v", p.PID, dead, err)
	}
	return status
}

// readable waits until a descriptor is, and fails the test when it takes too long.
func readable(t testing.TB, fd int, long time.Duration) {
	t.Helper()
	if !polled(t, fd, long) {
		t.Fatalf("nothing after %v", long)
	}
}

// polled waits until a descriptor is readable, and reports whether it was in time.
func polled(t testing.TB, fd int, long time.Duration) bool {
	t.Helper()
	for end := time.Now().Add(long); ; {
		ready := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		n, err := unix.Poll(ready, int(max(0, time.Until(end)).Milliseconds()))
		if err != nil && !errors.Is(err, unix.EINTR) {
			t.Fatal(err)
		}
		if n > 0 || !time.Now().Before(end) {
			return n > 0
		}
	}
}

// left is what a test may leave behind: the descriptors and children of this
// process.
type left struct{ fds, children []string }

func whatIs(t testing.TB) left {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	var l left
	for _, e := range entries {
		name, err := os.Readlink("/proc/self/fd/" + e.Name())
		if err != nil || strings.HasPrefix(name, "anon_inode:[event") {
			continue // that of the directory, and what the Go runtime polls with
		}
		l.fds = append(l.fds, name)
	}
	l.children = children(t)
	return l
}

// nothingLeft fails the test at its end unless everything is as it is now. What was
// to be closed with the test has been closed by then.
func nothingLeft(t testing.TB) {
	t.Helper()
	before := whatIs(t)
	t.Cleanup(func() {
		after := whatIs(t)
		if len(after.fds) != len(before.fds) || len(after.children) != len(before.children) {
			t.Errorf("before: %v, after: %v", before, after)
		}
	})
}

// children returns "pid name" of every child of this process, the dead that were
// not waited for included.
func children(t testing.TB) []string {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		stat, err := os.ReadFile("/proc/" + e.Name() + "/stat")
		if err != nil {
			continue // the entry is no process, or the process is gone
		}
		fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
		if len(fields) < 2 || string(fields[1]) != strconv.Itoa(os.Getpid()) {
			continue
		}
		name, _ := os.ReadFile("/proc/" + e.Name() + "/cmdline")
		name, _, _ = bytes.Cut(name, []byte{0})
		all = append(all, e.Name()+" "+string(name))
	}
	return all
}
