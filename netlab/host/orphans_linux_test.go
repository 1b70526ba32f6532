package host_test

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"finwait/netlab/host"
	"finwait/netlab/ipc"
	"finwait/netlab/sockdiag"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// victimEnv makes the test binary, started again, hold two hosts until it is killed.
const victimEnv = "FINWAIT_TEST_VICTIM"

// scene is what a victim tells about itself. With it come the descriptors of its hosts' sock_diag,
// then a pidfd for each of the children.
type scene struct{ Children []string }

// long are settings under which an orphan lives on, as on the wire of a lesson.
var long = []host.Sysctl{{Name: "tcp_orphan_retries", Value: "255"}, {Name: "tcp_fin_timeout", Value: "3600"}}

// endsOrphans skips the test where a host's orphans stay for as long as they retransmit.
func endsOrphans(t *testing.T) {
	t.Helper()
	var u unix.Utsname
	var major, minor int
	if err := unix.Uname(&u); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Sscanf(unix.ByteSliceToString(u.Release[:]), "%d.%d", &major, &minor); err != nil || major < 6 || major == 6 && minor < 12 {
		t.Skip("this kernel ends no orphan that is destroyed")
	}
}

// states returns the states of the sockets on a host, read through a descriptor of its sock_diag.
func states(t *testing.T, fd int) string {
	t.Helper()
	diag := sockdiag.FromFD(fd)
	all, err := diag.Dump(sockdiag.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, s := range all {
		fmt.Fprintf(&b, "%s inode %d\n", s.State, s.Inode)
	}
	return b.String()
}

// An orphan whose FIN nobody acknowledges goes with its host, and does not keep the namespace.
func TestCloseDestroysOrphans(t *testing.T) {
	endsOrphans(t)
	nothingLeft(t)
	left := map[sim.End]int{}
	t.Run("while they live", func(inner *testing.T) { // its end closes the hosts
		p := connected(inner, long...)
		if r := call(inner, p.client, sim.Call{Name: sim.CallClose, FD: 3}); r.Ret != 0 {
			inner.Fatalf("close: %+v", r)
		}
		if err := p.server.Kill(unix.SIGKILL); err != nil {
			inner.Fatal(err)
		}
		dies(inner, p.server)
		p.deliver(inner, sim.Client)
		p.want(inner, sim.FinWait1, sim.Closing)
		for at, h := range p.hosts {
			left[at] = dup(t, h.Diag.FD())
			if got := states(inner, left[at]); !strings.Contains(got, " inode 0\n") {
				inner.Errorf("no orphan at the %s: %s", at, got)
			}
		}
	})
	for at, fd := range left {
		if got := states(t, fd); got != "" {
			t.Errorf("left at the %s: %s", at, got)
		}
	}
}

// dup returns a copy of a descriptor, which is closed with the test.
func dup(t *testing.T, fd int) int {
	t.Helper()
	fd, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(fd) })
	return fd
}

// TestOrphanVictim is the process that TestOrphansEndWithFinwait kills.
func TestOrphanVictim(t *testing.T) {
	if os.Getenv(victimEnv) == "" {
		t.Skip("it is started by TestOrphansEndWithFinwait")
	}
	p := connected(t, long...)
	if r := call(t, p.client, sim.Call{Name: sim.CallClose, FD: 3}); r.Ret != 0 {
		t.Fatalf("close: %+v", r)
	}
	p.want(t, sim.FinWait1, sim.Established)
	fds := []int{p.hosts[sim.Client].Diag.FD(), p.hosts[sim.Server].Diag.FD()}
	var told scene
	for _, child := range children(t) {
		number, name, _ := strings.Cut(child, " ")
		pid, err := strconv.Atoi(number)
		if err != nil {
			t.Fatal(err)
		}
		fd, err := unix.PidfdOpen(pid, 0)
		if err != nil {
			t.Fatal(err)
		}
		told.Children = append(told.Children, name)
		fds = append(fds, fd)
	}
	channel := ipc.New(3)
	if err := channel.Send(told, fds...); err != nil {
		t.Fatal(err)
	}
	_, _ = channel.Recv(&told) // until it is killed
}

// When finwait is killed, its helpers destroy what nobody would ever acknowledge. One that
// somebody has stopped does so, too.
func TestOrphansEndWithFinwait(t *testing.T) {
	endsOrphans(t)
	wired(t, "192.0.2.1/24") // skips the test where there is none
	for name, stopped := range map[string]bool{"killed": false, "stopped helper": true} {
		t.Run(name, func(t *testing.T) {
			victim, told, fds := startVictim(t)
			if len(told.Children) != 4 {
				t.Fatalf("the victim has %q", told.Children)
			}
			for i, name := range told.Children {
				if stopped && name == "finwait-host" {
					if err := unix.PidfdSendSignal(fds[2+i], unix.SIGSTOP, nil, 0); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := victim.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			if err := victim.Wait(); victim.ProcessState.Exited() {
				t.Fatalf("it ended by itself: %v", err)
			}
			for i, name := range told.Children {
				if !polled(t, fds[2+i], patience) {
					t.Errorf("%s lives", name)
				}
			}
			for i, at := range []sim.End{sim.Client, sim.Server} {
				if got := states(t, fds[i]); got != "" {
					t.Errorf("left at the %s: %s", at, got)
				}
			}
		})
	}
}

// startVictim starts the victim, and returns what it tells and the descriptors that come with it.
func startVictim(t *testing.T) (*exec.Cmd, scene, []int) {
	t.Helper()
	channel, theirs, err := ipc.Pair()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = channel.Close() })
	file := os.NewFile(uintptr(theirs), "channel")
	defer file.Close()
	cmd := exec.Command("/proc/self/exe", "-test.run=^TestOrphanVictim$")
	cmd.Env = append(os.Environ(), victimEnv+"=1")
	cmd.ExtraFiles = []*os.File{file}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	file.Close()
	var told scene
	fds, err := channel.Recv(&told)
	if err != nil {
		_ = cmd.Process.Kill()
		t.Fatalf("the victim says nothing: %v, %v", err, cmd.Wait())
	}
	t.Cleanup(func() {
		for _, fd := range fds {
			unix.Close(fd)
		}
	})
	return cmd, told, fds
}
