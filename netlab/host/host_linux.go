package host

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"finwait/netlab/ipc"
	"finwait/netlab/sockdiag"
	"finwait/netlab/wire"

	"golang.org/x/sys/unix"
)

// Host is a place with a loopback device where programs can be started. It is
// not safe for concurrent use.
type Host struct {
	// Diag answers for the sockets of the host.
	Diag *sockdiag.Conn
	// Capture sees the segments on the host's lo; nil where that is not permitted.
	Capture *wire.Capture
	// CaptureErr says why Capture is nil.
	CaptureErr error
	// Private hosts are namespaces of their own.
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
// error says which step the kernel refused.
func Private() (*Host, error) {
	h, diag, packet, err := startHelper()
	if err != nil {
		return nil, err
	}
	return &Host{Diag: sockdiag.FromFD(diag), Capture: wire.FromFD(packet), Private: true, helper: h}, nil
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

// Close ends the host. Its programs must have been waited for.
func (h *Host) Close() error {
	errs := []error{h.Diag.Close()}
	if h.Capture != nil {
		errs = append(errs, h.Capture.Close())
	}
	if h.helper != nil {
		errs = append(errs, h.helper.close())
	}
	return errors.Join(errs...)
}

// helper is finwait's side of the process that lives in a private namespace.
type helper struct {
	pid     int
	channel *ipc.Channel
}

// The messages between finwait and its helper.
type (
	// readyMessage is the helper's first; the descriptors of the sock_diag and
	// the packet socket come with it unless Err says what was refused.
	readyMessage struct {
		Err   string
		Errno int
	}
	// spawnMessage asks for a program; its control descriptor comes with it.
	spawnMessage struct {
		Name, Role string
		Env        []string
	}
	// spawnedMessage answers.
	spawnedMessage struct {
		PID int
		Err string
	}
)

// startHelper starts the helper in its namespaces and returns its sock_diag and
// packet sockets, which the caller owns.
func startHelper() (h *helper, diag, packet int, err error) {
	channel, theirs, err := ipc.Pair()
	if err != nil {
		return nil, -1, -1, err
	}
	pid, err := spawn("finwait-host", roleHelper, os.Getpid(), theirs, nil, &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	})
	unix.Close(theirs)
	if err != nil {
		return nil, -1, -1, errors.Join(fmt.Errorf("user and network namespace: %w", err), channel.Close())
	}
	h = &helper{pid: pid, channel: channel}
	var ready readyMessage
	fds, err := channel.Recv(&ready)
	switch {
	case err != nil:
		err = fmt.Errorf("private host: %w", err)
	case ready.Err != "":
		err = &RefusedError{What: ready.Err, Errno: syscall.Errno(ready.Errno)}
	case len(fds) != 2:
		err = fmt.Errorf("private host: %d descriptors instead of 2", len(fds))
	default:
		return h, fds[0], fds[1], nil
	}
	return nil, -1, -1, errors.Join(err, h.close())
}

// RefusedError says what the kernel refused inside a private namespace.
type RefusedError struct {
	What  string
	Errno syscall.Errno
}

// Error names the refused operation and the reason.
func (e *RefusedError) Error() string { return "private host: " + e.What }

// Unwrap returns the errno.
func (e *RefusedError) Unwrap() error { return e.Errno }

func (h *helper) spawn(name, role string, control int, extra []string) (int, error) {
	if err := h.channel.Send(spawnMessage{Name: name, Role: role, Env: extra}, control); err != nil {
		return 0, fmt.Errorf("private host: %w", err)
	}
	var answer spawnedMessage
	if _, err := h.channel.Recv(&answer); err != nil {
		return 0, fmt.Errorf("private host: %w", err)
	}
	if answer.Err != "" {
		return 0, fmt.Errorf("private host: %s", answer.Err)
	}
	return answer.PID, nil
}

// close ends the helper and waits for it.
func (h *helper) close() error {
	err := h.channel.Close()
	if killErr := unix.Kill(h.pid, unix.SIGKILL); killErr != nil {
		return errors.Join(err, fmt.Errorf("kill host helper: %w", killErr))
	}
	for {
		_, waitErr := unix.Wait4(h.pid, nil, 0, nil)
		if !errors.Is(waitErr, unix.EINTR) {
			return errors.Join(err, waitErr)
		}
	}
}
