package cli

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// family is what a finwait has started: its programs under test, and in a private
// namespace its helper.
type family struct {
	t       testing.TB
	pids    []int
	pidfds  []int
	netns   []string // of the processes, without the test's own
	address string   // where the server listens; empty for nowhere on this machine
}

// familyOf collects the living children of a process that were started to play a
// role. Everything finwait starts is its child, whoever forked it.
func familyOf(t testing.TB, parent int) *family {
	t.Helper()
	f := &family{t: t}
	here, _ := os.Readlink("/proc/self/ns/net")
	for _, pid := range processes(t) {
		if parentOf(pid) != parent {
			continue
		}
		environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
		// It has none while it dies, and for a moment in execve.
		if err == nil && len(environ) > 0 && !bytes.Contains(environ, []byte("FINWAIT_ROLE=")) {
			t.Errorf("process %d has no role: %q", pid, environ)
		}
		fd, err := unix.PidfdOpen(pid, 0)
		if errors.Is(err, unix.ESRCH) {
			continue
		}
		if err != nil {
			t.Fatalf("pidfd_open: %v", err)
		}
		t.Cleanup(func() { unix.Close(fd) })
		f.pids, f.pidfds = append(f.pids, pid), append(f.pidfds, fd)
		f.livesIn(fmt.Sprintf("/proc/%d/ns/net", pid), here)
	}
	return f
}

// livesIn notes a namespace that is not the test's own. It is held open, so that
// its number is not given to another one.
func (f *family) livesIn(name, here string) {
	f.t.Helper()
	link, err := os.Readlink(name)
	if err != nil || link == here || slices.Contains(f.netns, link) {
		return
	}
	held, err := os.Open(name)
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { held.Close() })
	f.netns = append(f.netns, link)
}

// processes returns every process of this machine.
func processes(t testing.TB) []int {
	t.Helper()
	names, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		t.Fatal(err)
	}
	var all []int
	for _, name := range names {
		if pid, err := strconv.Atoi(filepath.Base(name)); err == nil {
			all = append(all, pid)
		}
	}
	return all
}

// parentOf returns the parent of a process that is not a zombie, else 0.
func parentOf(pid int) int {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	var state string
	var parent int
	if _, err := fmt.Sscan(string(stat[bytes.LastIndexByte(stat, ')')+1:]), &state, &parent); err != nil || state == "Z" {
		return 0
	}
	return parent
}

// gone checks that within a time nothing of the family is left: no process, no
// listening port, no namespace.
func (f *family) gone(within time.Duration) {
	f.t.Helper()
	deadline := time.Now().Add(within)
	for i, fd := range f.pidfds {
		for {
			left := max(0, time.Until(deadline))
			n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, int(left.Milliseconds()))
			if errors.Is(err, unix.EINTR) {
				continue
			}
			if n != 1 {
				f.t.Errorf("process %d is still there after %v", f.pids[i], within)
			}
			break
		}
	}
	for _, pid := range processes(f.t) {
		link, err := os.Readlink(fmt.Sprintf("/proc/%d/ns/net", pid))
		if err == nil && slices.Contains(f.netns, link) {
			f.t.Errorf("process %d lives in the namespace %s", pid, link)
		}
	}
	if f.address == "" {
		return
	}
	if c, err := net.Dial("tcp", f.address); !errors.Is(err, syscall.ECONNREFUSED) {
		f.t.Errorf("connecting to %s: %v", f.address, err)
		if err == nil {
			c.Close()
		}
	}
}
