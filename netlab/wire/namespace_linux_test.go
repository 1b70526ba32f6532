package wire

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"testing"

	"finwait/internal/testkit/livetest"

	"golang.org/x/sys/unix"
)

// role is set in the environment of the test binary where it is started again,
// in a user and network namespace of its own.
const (
	role      = "FINWAIT_TEST_ROLE"
	roleTests = "tests" // run the tests
	roleOpen  = "open"  // open a capture, pass it on, make a connection
)

func TestMain(m *testing.M) {
	if os.Getenv(role) == "" {
		livetest.TakeTurn()
		os.Exit(m.Run())
	}
	if err := inside(os.Getenv(role)); err != nil {
		fmt.Fprintln(os.Stderr, "in the namespace:", err)
		os.Exit(1)
	}
	if os.Getenv(role) == roleTests {
		os.Exit(m.Run())
	}
}

// inside prepares a fresh network namespace and plays the role in it.
func inside(what string) error {
	before, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return err
	}
	if c, err := OpenLoopback(); !errors.Is(err, unix.ENETDOWN) {
		return fmt.Errorf("lo is down: got %v, %v", c, err)
	}
	after, err := os.ReadDir("/proc/self/fd")
	if err != nil || len(after) != len(before) {
		return fmt.Errorf("%d descriptors before an error, %d after it, %v", len(before), len(after), err)
	}
	if err := loopbackUp(); err != nil {
		return fmt.Errorf("lo up: %w", err)
	}
	if what == roleOpen {
		return passOn()
	}
	return nil
}

// loopbackUp switches lo on (netdevice(7), SIOCSIFFLAGS).
func loopbackUp() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer unix.Close(fd)
	lo, err := unix.NewIfreq("lo")
	if err != nil {
		return err
	}
	lo.SetUint16(unix.IFF_UP)
	return unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, lo)
}

// again starts the test binary in a namespace of its own, as any user may, or
// skips the test where that is refused.
func again(t *testing.T, what string, files []*os.File, args ...string) (cmd *exec.Cmd, out *bytes.Buffer) {
	t.Helper()
	out = new(bytes.Buffer)
	cmd = exec.Command("/proc/self/exe", args...)
	cmd.Env = append(os.Environ(), role+"="+what)
	cmd.ExtraFiles = files
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	err := cmd.Start()
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOSPC) {
		t.Skipf("needs a user namespace of its own (user_namespaces(7)): %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			cmd.Process.Kill()
			cmd.Wait()
		}
	})
	return cmd, out
}

// TestInNamespace runs the tests of this package where capturing is permitted.
func TestInNamespace(t *testing.T) {
	if os.Getenv(role) != "" {
		t.Skip("this is the namespace")
	}
	cmd, out := again(t, roleTests, nil, "-test.run=^Test", "-test.v")
	if err := cmd.Wait(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if bytes.Contains(out.Bytes(), []byte("CAP_NET_RAW")) || !bytes.Contains(out.Bytes(), []byte("--- PASS: TestClose")) {
		t.Errorf("did not capture:\n%s", out)
	}
}

// TestFromFD captures in another namespace, through a descriptor that was opened
// there, with no privilege here.
func TestFromFD(t *testing.T) {
	if os.Getenv(role) != "" {
		t.Skip("the other namespace would be the same one again")
	}
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "ours"), os.NewFile(uintptr(pair[1]), "theirs")
	defer ours.Close()
	cmd, out := again(t, roleOpen, []*os.File{theirs})
	theirs.Close() // so that its end is seen here

	data, oob := make([]byte, 16), make([]byte, 64)
	n, oobn, _, _, err := unix.Recvmsg(pair[0], data, oob, unix.MSG_CMSG_CLOEXEC)
	if err != nil || n == 0 {
		t.Fatalf("%v\n%s", err, out)
	}
	port, err := strconv.ParseUint(string(data[:n]), 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	msgs, err := unix.ParseSocketControlMessage(oob[:oobn])
	if err != nil || len(msgs) != 1 {
		t.Fatal(msgs, err)
	}
	fds, err := unix.ParseUnixRights(&msgs[0])
	if err != nil || len(fds) != 1 {
		t.Fatal(fds, err)
	}
	r := &tape{c: FromFD(fds[0]), port: uint16(port)}
	defer r.c.Close()
	if err := r.c.Watch(r.port); err != nil {
		t.Fatal(err)
	}
	if _, err := ours.Write([]byte("go")); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r.expect(t, append(handshake[:3:3], "client RST ACK seq 1 ack 1")...)
}

// passOn is the other half of TestFromFD. Its socket to the test is descriptor 3.
func passOn() error {
	c, err := OpenLoopback()
	if err != nil {
		return err
	}
	l, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	addr := &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: 8088} // all ports are free here
	if err := unix.Bind(l, addr); err != nil {
		return err
	}
	if err := unix.Listen(l, 1); err != nil {
		return err
	}
	if err := unix.Sendmsg(3, []byte("8088"), unix.UnixRights(c.FD()), nil, 0); err != nil {
		return err
	}
	if n, err := unix.Read(3, make([]byte, 2)); n == 0 || err != nil {
		return fmt.Errorf("no word to go on: %w", err)
	}
	client, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	if err := unix.Connect(client, addr); err != nil {
		return err
	}
	if err := unix.SetsockoptLinger(client, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}); err != nil {
		return err
	}
	return unix.Close(client)
}
