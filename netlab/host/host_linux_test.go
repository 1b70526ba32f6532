package host_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"finwait/netlab/host"
	"finwait/netlab/ipc"
	"finwait/netlab/program/puppet"
	"finwait/netlab/sockdiag"

	"golang.org/x/sys/unix"
)

// Roles of this test binary beside those of finwait.
const (
	roleCloser  = "test-closer"  // tells which descriptors CloseInherited leaves
	roleNoSpace = "test-nospace" // asks for a private host where none is allowed
)

// report is what a test's own role says on its channel.
type report struct {
	FDs   []string
	Error string
	Is    bool
}

// spawn starts a role on a host and returns its channel and its pid. It is waited
// for at the end of the test.
func spawn(t *testing.T, h *host.Host, name, role string, extra ...string) (*ipc.Channel, int) {
	t.Helper()
	channel, theirs, err := ipc.Pair()
	if err != nil {
		t.Fatal(err)
	}
	pid, err := h.Spawn(name, role, theirs, extra...)
	unix.Close(theirs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(unix.Kill(pid, unix.SIGKILL), channel.Close()); err != nil {
			t.Error(err)
		}
		wait(t, pid)
	})
	return channel, pid
}

func wait(t *testing.T, pid int) unix.WaitStatus {
	t.Helper()
	var status unix.WaitStatus
	for {
		_, err := unix.Wait4(pid, &status, 0, nil)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			t.Errorf("wait for %d: %v", pid, err)
		}
		return status
	}
}

// hosts are the places where a test runs.
func hosts(t *testing.T, test func(t *testing.T, h *host.Host)) {
	for name, open := range map[string]func() (*host.Host, error){"machine": host.Here, "private": host.Private} {
		t.Run(name, func(t *testing.T) {
			h, err := open()
			if err != nil {
				t.Skipf("no such host here: %v", err)
			}
			t.Cleanup(func() {
				if err := h.Close(); err != nil {
					t.Error(err)
				}
			})
			test(t, h)
		})
	}
}

func link(t *testing.T, name string) string {
	t.Helper()
	target, err := os.Readlink(name)
	if err != nil {
		t.Error(err)
	}
	return target
}

// A program is finwait's own child, wherever it lives, in a session of its own and
// in its host's network, under its own name.
func TestSpawn(t *testing.T) {
	hosts(t, func(t *testing.T, h *host.Host) {
		channel, pid := spawn(t, h, "finwait-test", host.RoleProgram)
		var ready puppet.Reply
		if _, err := channel.Recv(&ready); err != nil || ready.Kind != puppet.ReplyReady {
			t.Fatalf("%+v, %v", ready, err)
		}
		proc := "/proc/" + strconv.Itoa(pid)
		stat, err := os.ReadFile(proc + "/stat")
		if err != nil {
			t.Fatal(err)
		}
		fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+2:]))
		if parent, session := fields[1], fields[3]; parent != strconv.Itoa(os.Getpid()) || session != strconv.Itoa(pid) {
			t.Errorf("parent %s, session %s; want %d, %d", parent, session, os.Getpid(), pid)
		}
		if name, err := os.ReadFile(proc + "/cmdline"); err != nil || string(name) != "finwait-test\x00" {
			t.Errorf("its command line is %q, %v", name, err)
		}
		if same := link(t, proc+"/ns/net") == link(t, "/proc/self/ns/net"); same == h.Private {
			t.Errorf("same network as this process: %v; private: %v", same, h.Private)
		}
		if got := descriptors(t, proc); !slices.Equal(got, []string{"0 socket", "1 /dev/null", "2 /dev/null"}) {
			t.Errorf("it holds %q", got)
		}
		if cwd := link(t, proc+"/cwd"); cwd != "/" {
			t.Errorf("it stands in %s and would keep that busy", cwd)
		}
	})
}

// descriptors returns what a process holds open, in order: "3 socket".
func descriptors(t *testing.T, proc string) []string {
	t.Helper()
	entries, err := os.ReadDir(proc + "/fd")
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int {
		if n := len(a.Name()) - len(b.Name()); n != 0 {
			return n
		}
		return strings.Compare(a.Name(), b.Name())
	})
	var all []string
	for _, e := range entries {
		target, err := os.Readlink(proc + "/fd/" + e.Name())
		if err != nil {
			continue // the descriptor of this very listing
		}
		kind, _, _ := strings.Cut(target, ":")
		all = append(all, e.Name()+" "+kind)
	}
	return all
}

// The states of a host's sockets can be read, and what may not be captured is said.
func TestHereSaysWhatIsNotPermitted(t *testing.T) {
	h, err := host.Here()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Diag.Dump(sockdiag.Filter{}); err != nil {
		t.Error(err)
	}
	if (h.Capture == nil) != (h.CaptureErr != nil) {
		t.Errorf("capture %v with error %v", h.Capture, h.CaptureErr)
	}
	if h.Capture == nil && !errors.Is(h.CaptureErr, unix.EPERM) {
		t.Errorf("without capture: %v", h.CaptureErr)
	}
	if err := h.Close(); err != nil {
		t.Error(err)
	}
}

// A host leaves neither a descriptor nor a process behind.
func TestCloseLeavesNothing(t *testing.T) {
	hosts(t, func(t *testing.T, h *host.Host) {
		open := host.Here
		if h.Private {
			open = host.Private
		}
		before := children(t) // first: the runtime opens its poller with the first file
		fds := len(descriptors(t, "/proc/self"))
		for range 20 {
			h, err := open()
			if err != nil {
				t.Fatal(err)
			}
			if err := h.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if now := len(descriptors(t, "/proc/self")); now != fds {
			t.Errorf("%d descriptors, %d before", now, fds)
		}
		if now := children(t); !slices.Equal(now, before) {
			t.Errorf("children %v, %v before", now, before)
		}
	})
}

// When the helper of a private host is gone, starting a program is an error.
func TestSpawnWithoutHelper(t *testing.T) {
	before := children(t)
	h, err := host.Private()
	if err != nil {
		t.Skipf("no private host here: %v", err)
	}
	for _, child := range children(t) {
		if !slices.Contains(before, child) {
			pid, _, _ := strings.Cut(child, " ")
			n, err := strconv.Atoi(pid)
			if err != nil || n <= 1 {
				t.Fatalf("a child called %q", child)
			}
			if err := unix.Kill(n, unix.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
	}
	channel, theirs, err := ipc.Pair()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Spawn("finwait-test", host.RoleProgram, theirs); err == nil {
		t.Error("a program was started by nobody")
	}
	unix.Close(theirs)
	if err := errors.Join(channel.Close(), h.Close()); err != nil {
		t.Error(err)
	}
}

// A program that has lost its parent before it could ask to die with it ends by
// itself, and so does one whose channel is closed.
func TestProgramDoesNotOutliveItsParent(t *testing.T) {
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = []string{"FINWAIT_ROLE=" + host.RoleProgram, "FINWAIT_PARENT=1"}
	if err := cmd.Run(); cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("with another parent: %v, want exit status 1", err)
	}
	h, err := host.Here()
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	channel, theirs, err := ipc.Pair()
	if err != nil {
		t.Fatal(err)
	}
	pid, err := h.Spawn("finwait-test", host.RoleProgram, theirs)
	unix.Close(theirs)
	if err != nil {
		t.Fatal(err)
	}
	if err := channel.Close(); err != nil {
		t.Fatal(err)
	}
	if status := wait(t, pid); !status.Exited() {
		t.Errorf("wait status %#x, want an exit", uint32(status))
	}
}

func TestCloseInherited(t *testing.T) {
	h, err := host.Here()
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	channel, _ := spawn(t, h, "closer", roleCloser)
	var got report
	if _, err := channel.Recv(&got); err != nil || got.Error != "" {
		t.Fatalf("%+v, %v", got, err)
	}
	if want := []string{"0", "1", "2"}; !slices.Equal(got.FDs, want) {
		t.Errorf("left open: %q, want %q", got.FDs, want)
	}
}

// reportClosed is the main of roleCloser.
func reportClosed() {
	var got report
	for fd := 3; fd < 10; fd++ {
		if err := unix.Dup3(1, fd, 0); err != nil {
			got.Error = err.Error()
		}
	}
	if err := host.CloseInherited(); err != nil {
		got.Error = err.Error()
	}
	for fd := range 20 {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == nil {
			got.FDs = append(got.FDs, strconv.Itoa(fd))
		}
	}
	finish(got)
}

// finish sends the report and waits until the test ends the process.
func finish(got report) {
	channel := ipc.New(host.ControlFD)
	if err := channel.Send(got); err != nil {
		os.Exit(1)
	}
	var never report
	if _, err := channel.Recv(&never); err != io.EOF {
		os.Exit(1)
	}
	os.Exit(0)
}

// Where the kernel refuses namespaces the error says what it said.
func TestPrivateRefused(t *testing.T) {
	h, err := host.Private()
	if err != nil {
		t.Skipf("no private host here: %v", err)
	}
	t.Cleanup(func() {
		if err := h.Close(); err != nil {
			t.Error(err)
		}
	})
	channel, _ := spawn(t, h, "nospace", roleNoSpace)
	var got report
	if _, err := channel.Recv(&got); err != nil {
		t.Fatal(err)
	}
	if !got.Is || !strings.HasPrefix(got.Error, "private host: network namespace: ") {
		t.Errorf("refused with %q, ENOSPC: %v", got.Error, got.Is)
	}
}

// reportNoSpace is the main of roleNoSpace: it is root in the host's user
// namespace, and allows no other below it.
func reportNoSpace() {
	var got report
	if err := os.WriteFile("/proc/sys/user/max_net_namespaces", []byte("0"), 0); err != nil {
		got.Error = fmt.Sprintf("forbid namespaces: %v", err)
	} else if _, err := host.Private(); err != nil {
		got.Error, got.Is = err.Error(), errors.Is(err, unix.ENOSPC)
	}
	finish(got)
}
