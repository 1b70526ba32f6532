package puppet

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"finwait/internal/testkit/livetest"
	"finwait/netlab/host"
	"finwait/netlab/ipc"
	"finwait/sim"

	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

func TestMain(m *testing.M) {
	Run()
	livetest.TakeTurn()
	goleak.VerifyTestMain(m)
}

// patience is how long a program may take before a test gives up. Only a bug takes so long.
const patience = 10 * time.Second

// testCPU is the CPU that the tests pin their programs to.
func testCPU(t testing.TB) int {
	t.Helper()
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		t.Fatal(err)
	}
	for cpu := range len(set) * 64 {
		if set.IsSet(cpu) {
			return cpu
		}
	}
	t.Fatal("no CPU")
	return 0
}

// subject is a program under test with what the tests need around it.
type subject struct {
	*Process
	t testing.TB
}

// start starts a program on this machine; it ends with the test.
func start(t testing.TB) *subject {
	t.Helper()
	h, err := host.Here()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	p, err := Start(h, "finwait-test", testCPU(t))
	if err != nil {
		t.Fatal(err)
	}
	s := &subject{p, t}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// ask sends calls.
func (s *subject) ask(calls ...sim.Call) {
	s.t.Helper()
	if err := s.Send(Request{Calls: calls}); err != nil {
		s.t.Fatal(err)
	}
}

// next returns the next reply; io.EOF when the program is gone.
func (s *subject) next() (Reply, error) {
	s.t.Helper()
	poll := []unix.PollFd{{Fd: int32(s.FD()), Events: unix.POLLIN}}
	for deadline := time.Now().Add(patience); ; {
		r, err := s.TryRecv()
		if !errors.Is(err, unix.EAGAIN) {
			return r, err
		}
		left := time.Until(deadline)
		if left <= 0 {
			s.t.Fatal("no reply")
		}
		if _, err := unix.Poll(poll, int(left.Milliseconds())+1); err != nil && !errors.Is(err, unix.EINTR) {
			s.t.Fatal(err)
		}
	}
}

// do makes calls and returns what they returned.
func (s *subject) do(calls ...sim.Call) []Reply {
	s.t.Helper()
	s.ask(calls...)
	var returns []Reply
	for {
		r, err := s.next()
		if err != nil {
			s.t.Fatalf("%v: %v", calls, err)
		}
		if r.Kind == ReplyReturn {
			returns = append(returns, r)
		}
		if r.Last {
			return returns
		}
	}
}

// one makes one call.
func (s *subject) one(c sim.Call) Reply {
	s.t.Helper()
	return s.do(c)[0]
}

// must makes one call, which must return the value.
func (s *subject) must(c sim.Call, want int) Reply {
	s.t.Helper()
	r := s.one(c)
	if r.Ret != want || r.Errno != 0 {
		s.t.Fatalf("%s on %d returned %d, errno %d; want %d", c.Name, c.FD, r.Ret, r.Errno, want)
	}
	return r
}

// status waits for the program's death and returns its wait status.
func (s *subject) status() unix.WaitStatus {
	s.t.Helper()
	poll := []unix.PollFd{{Fd: int32(s.PidFD()), Events: unix.POLLIN}}
	for {
		n, err := unix.Poll(poll, int(patience.Milliseconds()))
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || n == 0 {
			s.t.Fatalf("still alive: %v", err)
		}
		status, dead, err := s.Reap()
		if err != nil || !dead {
			s.t.Fatalf("dead %v, %v", dead, err)
		}
		return status
	}
}

// descriptors returns what the program holds open: "3 socket".
func (s *subject) descriptors() []string {
	s.t.Helper()
	var all []string
	for fd := range 64 {
		target, err := os.Readlink(fmt.Sprintf("/proc/%d/fd/%d", s.PID, fd))
		if err == nil {
			kind, _, _ := strings.Cut(target, ":")
			all = append(all, fmt.Sprint(fd, " ", kind))
		}
	}
	return all
}

// asleep waits until the program sleeps in the call.
func (s *subject) asleep(c sim.Call) {
	s.t.Helper()
	for deadline := time.Now().Add(patience); !s.Asleep(c); {
		if time.Now().After(deadline) {
			s.t.Fatalf("not asleep in %s", c.Name)
		}
		runtime.Gosched()
	}
}

func call(name sim.CallName, fd int) sim.Call { return sim.Call{Name: name, FD: fd} }

// listen makes the program a server, with descriptor 3, and returns its address.
func (s *subject) listen() netip.AddrPort {
	s.t.Helper()
	s.must(call(sim.CallSocket, sim.NoFD), 3)
	s.must(sim.Call{Name: sim.CallBind, FD: 3, Addr: netip.MustParseAddrPort("127.0.0.1:0")}, 0)
	s.must(sim.Call{Name: sim.CallListen, FD: 3, Backlog: 5}, 0)
	return s.address(3)
}

// address returns where a descriptor of the program is bound to.
func (s *subject) address(fd int) netip.AddrPort {
	s.t.Helper()
	return addressOf(s.t, s.PID, fd)
}

// addressOf returns where a descriptor of a process is bound to. The process is not asked: the
// descriptor is looked at from here.
func addressOf(t testing.TB, pid, fd int) netip.AddrPort {
	t.Helper()
	pidfd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(pidfd)
	copied, err := unix.PidfdGetfd(pidfd, fd, 0)
	if err != nil {
		t.Skipf("pidfd_getfd is not permitted here: %v", err)
	}
	defer unix.Close(copied)
	name, err := unix.Getsockname(copied)
	if err != nil {
		t.Fatal(err)
	}
	at := name.(*unix.SockaddrInet4)
	return netip.AddrPortFrom(netip.AddrFrom4(at.Addr), uint16(at.Port))
}

// connected returns a server and a client with a connection: 4 at the server, 3 at
// the client.
func connected(t testing.TB) (server, client *subject) {
	t.Helper()
	server, client = start(t), start(t)
	addr := server.listen()
	client.must(call(sim.CallSocket, sim.NoFD), 3)
	client.must(sim.Call{Name: sim.CallConnect, FD: 3, Addr: addr}, 0)
	server.must(call(sim.CallAccept, 3), 4)
	return server, client
}

// fork makes the program fork and returns the child.
func (s *subject) fork() *subject {
	s.t.Helper()
	channel, theirs, err := ipc.Pair()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.Send(Request{Calls: []sim.Call{call(sim.CallFork, sim.NoFD)}}, theirs); err != nil {
		s.t.Fatal(err)
	}
	unix.Close(theirs)
	for {
		r, err := s.next()
		if err != nil {
			s.t.Fatal(err)
		}
		if !r.Last {
			continue
		}
		if r.Ret <= 0 {
			s.t.Fatalf("fork returned %d, errno %d", r.Ret, r.Errno)
		}
		p, err := adopt(r.Ret, channel)
		if err != nil {
			s.t.Fatal(err)
		}
		s.t.Cleanup(func() {
			if err := p.Close(); err != nil {
				s.t.Error(err)
			}
		})
		return &subject{p, s.t}
	}
}

// raceDetector reports whether this test binary, and so the programs under test,
// were built with the race detector.
func raceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}
