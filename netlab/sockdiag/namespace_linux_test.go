package sockdiag

import (
	"errors"
	"net/netip"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"finwait/sim"
)

// otherHalf is set in the environment of the test binary that TestFromFD starts
// in a network namespace of its own.
const otherHalf = "FINWAIT_TEST_ELSEWHERE"

// TestFromFD reads a socket of another network namespace, through a descriptor
// that was opened there by another process.
func TestFromFD(t *testing.T) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := pair[0], os.NewFile(uintptr(pair[1]), "pair")
	t.Cleanup(func() { unix.Close(ours) })
	defer theirs.Close()

	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), otherHalf+"=1")
	cmd.ExtraFiles = []*os.File{theirs}
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		Pdeathsig:   unix.SIGKILL,
	}
	err = cmd.Start()
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOSPC) {
		t.Skipf("needs a user namespace of its own (user_namespaces(7)): %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Fatalf("the other half: %v", err)
	}

	// The process is gone; the descriptors that it sent keep its namespace alive.
	text, fds := receiveFDs(t, ours)
	c, listener := FromFD(fds[0]), fds[1]
	defer c.Close()
	defer unix.Close(listener)
	there := netip.MustParseAddrPort(text)
	cookie := cookieOf(t, listener)
	nowhere := netip.MustParseAddrPort("0.0.0.0:0")
	if s, err := c.Lookup(there, nowhere, cookie); err != nil || s.State != sim.Listen || s.Local != there {
		t.Errorf("there: %+v, %v", s, err)
	}
	if all, err := c.Dump(Filter{}); err != nil || len(all) != 1 {
		t.Errorf("all there: %+v, %v", all, err)
	}
	if s, err := open(t).Lookup(there, nowhere, cookie); !errors.Is(err, unix.ENOENT) {
		t.Errorf("here: %+v, %v", s, err)
	}
}

// receiveFDs receives a text and two descriptors.
func receiveFDs(t *testing.T, fd int) (text string, fds []int) {
	t.Helper()
	data, oob := make([]byte, 64), make([]byte, 64)
	n, oobn, _, _, err := unix.Recvmsg(fd, data, oob, unix.MSG_CMSG_CLOEXEC|unix.MSG_DONTWAIT)
	if err != nil {
		t.Fatal(err)
	}
	msgs, err := unix.ParseSocketControlMessage(oob[:oobn])
	if err != nil || len(msgs) != 1 {
		t.Fatal(msgs, err)
	}
	if fds, err = unix.ParseUnixRights(&msgs[0]); err != nil || len(fds) != 2 {
		t.Fatal(fds, err)
	}
	return string(data[:n]), fds
}

// elsewhere is the other half: it makes a listener, looks it up once, and sends
// both descriptors. It works although lo is down.
func elsewhere() error {
	// Not net.Listen: that makes an MPTCP socket where the kernel can.
	l, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	if err := unix.Bind(l, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return err
	}
	if err := unix.Listen(l, 1); err != nil {
		return err
	}
	self, err := unix.Getsockname(l)
	if err != nil {
		return err
	}
	there := addrPort(self)
	c, err := Open()
	if err != nil {
		return err
	}
	if _, err := c.Lookup(there, netip.MustParseAddrPort("0.0.0.0:0"), 0); err != nil {
		return err
	}
	return unix.Sendmsg(3, []byte(there.String()), unix.UnixRights(c.FD(), l), nil, 0)
}
