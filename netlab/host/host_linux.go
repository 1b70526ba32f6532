package host

import (
	"errors"
	"net/netip"
	"os"
	"syscall"

	"finwait/netlab/sockdiag"
	"finwait/netlab/wire"

	"golang.org/x/sys/unix"
)

// Host is a place where programs can be started. It is not safe for concurrent use, but for
// Spawn.
type Host struct {
	// Diag reads the sockets of the host.
	Diag *sockdiag.Conn
	// Capture captures the segments on the host's lo. It is nil where capturing is not
	// permitted, and on a host with a TUN device.
	Capture *wire.Capture
	// CaptureErr is the reason why Capture is nil.
	CaptureErr error
	// TUN is the only device besides lo of a host that Wired made, nil on other hosts.
	TUN *wire.TUN
	// Sysctls are the settings that finwait has made on this host.
	Sysctls []Sysctl
	// Private reports whether the host is a user and network namespace of its own.
	Private bool

	helper *helper // nil on this machine
}

// Here returns this machine as a host. Without CAP_NET_RAW it has no Capture.
func Here() (*Host, error) {
	diag, err := sockdiag.Open()
	if err != nil {
		return nil, err
	}
	capture, err := wire.OpenLoopback()
	if err != nil && !errors.Is(err, unix.EPERM) && !errors.Is(err, unix.EAFNOSUPPORT) {
		return nil, errors.Join(err, diag.Close())
	}
	return &Host{Diag: diag, Capture: capture, CaptureErr: err}, nil
}

// Private returns a new host: a user and network namespace in which lo is up. The
// error names the operation that the kernel refused.
func Private() (*Host, error) {
	h, ready, err := startHelper(setupMessage{})
	if err != nil {
		return nil, err
	}
	return &Host{Diag: sockdiag.FromFD(ready.fds[0]), Capture: wire.FromFD(ready.fds[1]), Private: true, helper: h}, nil
}

// Wired returns a new host whose only device besides lo is a TUN device with the
// given address: Host.TUN reads the packets that the host sends, and the host receives the
// packets written to it. The sysctls are set before the device is up. The host sends nothing
// over IPv6.
func Wired(addr netip.Prefix, sysctls []Sysctl) (*Host, error) {
	h, ready, err := startHelper(setupMessage{TUN: addr, Sysctls: sysctls})
	if err != nil {
		return nil, err
	}
	return &Host{
		Diag: sockdiag.FromFD(ready.fds[0]), TUN: wire.TUNFromFD(ready.fds[1]), Sysctls: ready.Sysctls, Private: true, helper: h,
	}, nil
}

// Spawn starts finwait anew on the host, in the given role and with control as
// its channel. extra is added to its environment. It returns the pid of a child
// of this process, for which the caller must wait; the caller keeps control.
func (h *Host) Spawn(name, role string, control int, extra ...string) (int, error) {
	if h.helper != nil {
		return h.helper.spawn(name, role, control, extra)
	}
	return spawn(name, role, os.Getpid(), control, extra, &syscall.SysProcAttr{})
}

// Watch returns the descriptors that become readable when the host is gone, for
// poll(2).
func (h *Host) Watch() []int {
	if h.helper == nil {
		return nil
	}
	return []int{h.helper.channel.FD()}
}

// Gone reports whether the helper of a private host has died.
func (h *Host) Gone() bool {
	if h.helper == nil {
		return false
	}
	fds := []unix.PollFd{{Fd: int32(h.helper.channel.FD()), Events: unix.POLLIN}}
	_, err := unix.Poll(fds, 0)
	return err == nil && fds[0].Revents&unix.POLLHUP != 0
}

// Close ends the host. The caller has killed its programs, and waits for them. The sockets of a
// private host are destroyed: one whose FIN nobody will acknowledge would keep its namespace.
func (h *Host) Close() error {
	var errs []error
	if h.Private {
		errs = append(errs, h.Diag.DestroyAll())
	}
	errs = append(errs, h.Diag.Close())
	if h.Capture != nil {
		errs = append(errs, h.Capture.Close())
	}
	if h.TUN != nil {
		errs = append(errs, h.TUN.Close())
	}
	if h.helper != nil {
		errs = append(errs, h.helper.close())
	}
	return errors.Join(errs...)
}
