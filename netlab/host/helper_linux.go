package host

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"sync"
	"syscall"

	"finwait/netlab/ipc"

	"golang.org/x/sys/unix"
)

// helper is finwait's side of the process that lives in a private namespace.
type helper struct {
	pid      int
	channel  *ipc.Channel
	spawning sync.Mutex // held from a spawnMessage to its answer
}

// The messages between finwait and its helper.
type (
	// setupMessage is finwait's first message: the devices and sysctls of the host. With a
	// zero TUN the host has lo and a packet socket on it.
	setupMessage struct {
		TUN     netip.Prefix
		Sysctls []Sysctl
	}
	// readyMessage answers a setupMessage. The descriptors of the sock_diag socket and of
	// the packet socket or the TUN device come with it, unless Err names a refused
	// operation.
	readyMessage struct {
		Err     string
		Errno   int
		Sysctls []Sysctl // with their defaults
		fds     []int
	}
	// spawnMessage asks for a program; its control descriptor comes with it.
	spawnMessage struct {
		Name, Role string
		Env        []string
	}
	// spawnedMessage answers a spawnMessage.
	spawnedMessage struct {
		PID   int
		Err   string
		Errno int
	}
)

// startHelper starts the helper in its namespaces and makes it set up the host. The answer has
// two descriptors, which the caller owns.
func startHelper(setup setupMessage) (*helper, readyMessage, error) {
	var ready readyMessage
	channel, theirs, err := ipc.Pair()
	if err != nil {
		return nil, ready, err
	}
	// The helper makes its network namespace itself: two that were made here would be made one
	// after the other, since processes are started so.
	pid, err := spawn("finwait-host", roleHelper, os.Getpid(), theirs, nil, &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	})
	unix.Close(theirs)
	if err != nil {
		return nil, ready, errors.Join(fmt.Errorf("user namespace: %w", err), channel.Close())
	}
	h := &helper{pid: pid, channel: channel}
	if err = channel.Send(setup); err == nil {
		ready.fds, err = channel.Recv(&ready)
	}
	switch {
	case err != nil:
		err = fmt.Errorf("private host: %w", err)
	case ready.Err != "":
		err = &RefusedError{What: ready.Err, Errno: syscall.Errno(ready.Errno)}
	case len(ready.fds) != 2:
		err = fmt.Errorf("private host: %d descriptors instead of 2", len(ready.fds))
	default:
		return h, ready, nil
	}
	return nil, ready, errors.Join(err, h.close())
}

// RefusedError is an operation that the kernel refused inside a private namespace. Errno is 0
// where the refusal had none.
type RefusedError struct {
	What  string
	Errno syscall.Errno
}

// Error names the refused operation and the reason.
func (e *RefusedError) Error() string { return "private host: " + e.What }

// Unwrap returns the errno.
func (e *RefusedError) Unwrap() error { return e.Errno }

func (h *helper) spawn(name, role string, control int, extra []string) (int, error) {
	h.spawning.Lock()
	defer h.spawning.Unlock()
	if err := h.channel.Send(spawnMessage{Name: name, Role: role, Env: extra}, control); err != nil {
		return 0, fmt.Errorf("private host: %w", err)
	}
	var answer spawnedMessage
	if _, err := h.channel.Recv(&answer); err != nil {
		return 0, fmt.Errorf("private host: %w", err)
	}
	if answer.Err != "" {
		return 0, &RefusedError{What: answer.Err, Errno: syscall.Errno(answer.Errno)}
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
