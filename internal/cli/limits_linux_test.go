package cli

import (
	"errors"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/sim"
	"finwait/sim/lesson"

	"golang.org/x/sys/unix"
)

// TestPortInUse: one sentence with a remedy. In a private namespace every port is
// free.
func TestPortInUse(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		_, port, err := net.SplitHostPort(l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		r := finwait(t, "run", "four-way", "--json", "--port", port)
		if r.status == exitOK && readLog(t, r.stdout)[0].Private {
			t.Skip("lessons play in a private namespace here, where the port is free")
		}
		if r.status != exitUnavailable || r.stdout != "" || !strings.Contains(r.stderr, "port "+port+" on 127.0.0.1 is in use") || !strings.Contains(r.stderr, "--port") {
			t.Errorf("exit status %d, %q, %q", r.status, r.stdout, r.stderr)
		}
		oneSentence(t, r.stderr)
	})
}

// TestPortTaken: where nobody has asked for a port, a lesson plays on another one while its own
// is taken. The transcript and the screen say so.
func TestPortTaken(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		usual := "127.0.0.1:" + strconv.Itoa(sim.DefaultPort)
		if l, err := net.Listen("tcp", usual); err == nil {
			defer l.Close()
		} else if !errors.Is(err, syscall.EADDRINUSE) {
			t.Fatal(err)
		}
		r := finwait(t, "run", "four-way", "--json")
		if r.status != exitOK {
			t.Fatalf("exit status %d: %s", r.status, r.stderr)
		}
		lab := readLog(t, r.stdout)[0]
		if lab.Private {
			t.Skip("lessons play in a private namespace here, where the port is free")
		}
		if lab.PortTaken != sim.DefaultPort || lab.Server == usual {
			t.Errorf("the lab is %+v", lab)
		}
		const said = "Port 8088 is in use on this machine: the server of this lesson is 127.0.0.1:"
		if r = finwait(t, "run", "four-way"); r.status != exitOK || !strings.Contains(r.stdout, said) {
			t.Errorf("exit status %d, %s\n%s", r.status, r.stderr, r.stdout)
		}
		l, err := lesson.Find("four-way")
		if err != nil {
			t.Fatal(err)
		}
		p := sit(t, "play", l.Name, "--no-animation")
		p.opens(l)
		p.sees("Port 8088 is in use", "captured · port ")
		p.steps(l, 0, len(l.Steps))
		p.types("q")
		p.left(exitOK)
	})
}

// inheritNothing makes finwait inherit nothing from whoever runs the tests, who may have left descriptors
// open, such as that of a lock: a limit counts them.
func inheritNothing(t *testing.T) {
	t.Helper()
	left, err := unix.Dup(0) // as somebody leaves it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(left) })
	if err := unix.CloseRange(3, math.MaxInt32, unix.CLOSE_RANGE_CLOEXEC); err != nil {
		t.Skip("this kernel does not mark all descriptors at once: ", err)
	}
	if flags, err := unix.FcntlInt(uintptr(left), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
		t.Fatalf("descriptor %d is inherited: %v", left, err)
	}
}

// TestFewDescriptors: whatever is the limit of open files, the lesson plays to its
// end or one sentence says that it cannot.
func TestFewDescriptors(t *testing.T) {
	t.Parallel()
	inheritNothing(t)
	// The lesson has what may need a descriptor in its course: a new process, a
	// fork, a call that blocks. Nothing in it depends on time.
	file := write(t, "few.md", steps("server listen", "client connect", "server accept", "server fork", "client read 5", "expect blocked",
		"client kill SIGKILL", "client start", "client connect", "server accept", "expect returns 5"))
	for _, flag := range []string{"--private", "--ascii"} {
		for limit := 8; limit < 24; limit++ {
			t.Run(strconv.Itoa(limit)+" "+flag, func(t *testing.T) {
				t.Parallel()
				livetest.Play(t, func(t testing.TB) {
					cmd := commandOf(t, "/bin/sh", "-c", `ulimit -n "$0" && exec "$@"`, strconv.Itoa(limit), executable(t), "run", file, "--port", "0", flag)
					r := finish(t, cmd)
					if r.status == exitOK && limit > 10 {
						return
					}
					if r.status != exitUnavailable || !strings.Contains(r.stderr, "ulimit -n") {
						t.Errorf("exit status %d: %s\n%s", r.status, r.stderr, r.stdout)
					}
					oneSentence(t, r.stderr)
				})
			})
		}
	}
}

// TestNoUserNamespaces: where the kernel refuses a private namespace, --private
// says so and what would change it, and without it the lesson plays.
func TestNoUserNamespaces(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		within := func(args ...string) result { return finish(t, withoutNamespaces(t, args...)) }
		r := within("run", "four-way", "--port", "0", "--private")
		if r.status != exitUnavailable || r.stdout != "" || !strings.Contains(r.stderr, "max_user_namespaces") {
			t.Errorf("exit status %d, %q, %q", r.status, r.stdout, r.stderr)
		}
		oneSentence(t, r.stderr)
		r = within("run", "four-way", "--port", "0", "--json")
		if r.status != exitOK {
			t.Fatalf("exit status %d without --private: %s", r.status, r.stderr)
		}
		if lab := readLog(t, r.stdout)[0]; lab.Capture != "inferred" || lab.Private {
			t.Errorf("the lab is %+v", lab)
		}
		if r = within("conform", "--walks", "1"); r.status != exitUnavailable || r.stdout != "" || !strings.Contains(r.stderr, "max_user_namespaces") {
			t.Errorf("conform: exit status %d, %q, %q", r.status, r.stdout, r.stderr)
		}
		oneSentence(t, r.stderr)
		if r = within("conform", "--walks", "1", "--net", "loopback"); r.status != exitOK || !strings.Contains(r.stdout, "segments inferred") {
			t.Errorf("conform on loopback: exit status %d, %q, %q", r.status, r.stdout, r.stderr)
		}
		if r = within("doctor"); r.status != exitOK || strings.Count(r.stdout, "  no   ") != 3 || !strings.Contains(r.stdout, "segments are inferred") {
			t.Errorf("doctor: exit status %d:\n%s", r.status, r.stdout)
		}
	})
}

// withoutNamespaces returns finwait on a machine that has no namespace to give.
func withoutNamespaces(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	if err := userNamespace(); err != nil {
		t.Skip("no user namespaces here at all: ", err)
	}
	// Each user namespace has a limit of its own, so one namespace stands for such a machine.
	const none = `echo 0 >/proc/sys/user/max_user_namespaces && exec "$0" "$@"`
	cmd := commandOf(t, "/bin/sh", append([]string{"-c", none, executable(t)}, args...)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	return cmd
}

// userNamespace tries whether a user namespace is to be had.
func userNamespace() error {
	attr := &os.ProcAttr{Sys: &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWUSER}}
	name, err := filepath.EvalSymlinks("/bin/true")
	if err != nil {
		return err
	}
	p, err := os.StartProcess(name, []string{"true"}, attr)
	if err != nil {
		return err
	}
	_, err = p.Wait()
	return err
}
