package netlab

import (
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"finwait/internal/testkit/livetest"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// manyEnv makes the test binary, started again, open many labs.
const manyEnv = "FINWAIT_TEST_MANY"

// Many labs one after the other leave nothing: no process, no descriptor, and no
// namespace. The last is known from their number, which is limited where this test
// runs itself again: in a user namespace of its own (namespaces(7)).
func TestWireManyLabs(t *testing.T) {
	t.Parallel()
	openTalk(t, Options{}) // skips the test where there is none
	livetest.Play(t, func(t testing.TB) {
		cmd := exec.Command("/proc/self/exe", "-test.run=^TestWireManyLabsInside$", "-test.v")
		if testing.Short() {
			cmd.Args = append(cmd.Args, "-test.short")
		}
		cmd.Env = append(os.Environ(), manyEnv+"=1")
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  unix.CLONE_NEWUSER,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		}
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "--- PASS") {
			t.Fatalf("%v\n%s", err, out)
		}
		t.Log(string(regexp.MustCompile(`\d+ labs.*`).Find(out)))
	})
}

// namespaces is the limit: of network namespaces, and of user namespaces. The kernel
// frees them some time after the last process has left, so there is room for the
// labs of a second.
const namespaces = "150"

func TestWireManyLabsInside(t *testing.T) {
	if os.Getenv(manyEnv) == "" {
		t.Skip("TestWireManyLabs runs it in a namespace")
	}
	for _, of := range []string{"net", "user"} {
		if err := os.WriteFile("/proc/sys/user/max_"+of+"_namespaces", []byte(namespaces), 0); err != nil {
			t.Fatal(err)
		}
	}
	labs, most := 100, 20*time.Second // more namespaces than may exist; a busy machine manages fewer
	switch {
	case testing.Short():
		labs = 10
	case raceDetector: // processes start slowly
		labs = 40
	}
	openTalk(t, Options{AutoDeliver: true}, wholeLife...).Close() // what the runtime opens for ever
	fds := descriptors(t)
	var slowest, all time.Duration
	begin := time.Now()
	n := 0
	for ; n < labs && time.Since(begin) < most; n++ {
		start := time.Now()
		l, err := Open(Options{Net: sim.Wire, AutoDeliver: true})
		if err != nil {
			t.Fatalf("lab %d: %v", n+1, err)
		}
		took := time.Since(start)
		slowest, all = max(slowest, took), all+took
		if n%20 == 0 {
			(&talk{Lab: l}).do(t, wholeLife...)
		}
		if err := l.Close(); err != nil {
			t.Fatalf("lab %d: %v", n+1, err)
		}
		if left := offspring(t, os.Getpid()); n%20 == 0 && len(left) > 0 {
			t.Fatalf("after lab %d: %v", n+1, left)
		}
	}
	if got := descriptors(t); got != fds {
		t.Errorf("%d descriptors after %d labs, %d before", got, n, fds)
	}
	if _, err := unix.Wait4(-1, nil, unix.WNOHANG, nil); !errors.Is(err, unix.ECHILD) {
		t.Errorf("there are children: %v", err)
	}
	t.Logf("%d labs in %v, the slowest start %v, on average %v", n, time.Since(begin), slowest, all/time.Duration(n))
}

// wholeLife is a connection from beginning to end, with automatic delivery.
var wholeLife = []string{"server listen", "client connect", "server accept", "client close", "server close"}

// descriptors counts those of this process.
func descriptors(t testing.TB) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}
