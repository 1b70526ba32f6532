package host

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"

	"finwait/netlab/ipc"
	"finwait/netlab/sockdiag"
	"finwait/netlab/wire"

	"golang.org/x/sys/unix"
)

// init ties a helper to its main thread: a network namespace is a thread's, and what the thread
// starts is in it.
func init() {
	if Role() == roleHelper {
		runtime.LockOSThread()
	}
}

// RunHelper is the helper: call it first thing in main. It returns at once
// unless this process was started as a helper; then it never returns.
func RunHelper() {
	if Role() != roleHelper {
		return
	}
	if err := helperMain(); err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

// helperMain brings the namespace up, hands its sockets to finwait, spawns programs until
// finwait is gone, and destroys what sockets are left then. So the end of its channel ends the
// helper, not a deadly signal. If it was stopped, finwait's death continues it.
func helperMain() error {
	if err := signalAtParentsDeath(unix.SIGCONT); err != nil {
		return err
	}
	if err := CloseInherited(); err != nil {
		return err
	}
	channel := ipc.New(ControlFD)
	if err := answerSetup(channel); err != nil {
		return err
	}
	return errors.Join(spawnAll(channel), destroySockets())
}

// destroySockets destroys the sockets of this thread's network namespace. The programs that hold
// them die with finwait: what they close after that sends nothing more.
func destroySockets() error {
	diag, err := sockdiag.Open()
	if err != nil {
		return err
	}
	return errors.Join(diag.DestroyAll(), diag.Close())
}

// spawnAll spawns the programs that finwait asks for until it is gone.
func spawnAll(channel *ipc.Channel) error {
	for {
		var ask spawnMessage
		fds, err := channel.Recv(&ask)
		if err != nil {
			return err
		}
		var answer spawnedMessage
		if len(fds) != 1 {
			return fmt.Errorf("%d descriptors instead of 1", len(fds))
		}
		if answer.PID, err = SpawnSibling(ask.Name, ask.Role, fds[0], ask.Env); err != nil {
			answer.Err, answer.Errno = err.Error(), errnoOf(err)
		}
		unix.Close(fds[0])
		if err := channel.Send(answer); err != nil {
			return err
		}
	}
}

// answerSetup sets the namespace up and hands its sockets to finwait. What the kernel refuses is
// the answer, too: without a namespace of its own the helper must do nothing more.
func answerSetup(channel *ipc.Channel) error {
	var setup setupMessage
	if _, err := channel.Recv(&setup); err != nil {
		return err
	}
	diag, device, sysctls, err := openNamespace(setup)
	if err != nil {
		return errors.Join(err, channel.Send(readyMessage{Err: err.Error(), Errno: errnoOf(err)}))
	}
	if err := channel.Send(readyMessage{Sysctls: sysctls}, diag.FD(), device.FD()); err != nil {
		return err
	}
	return errors.Join(diag.Close(), device.Close())
}

// errnoOf returns the errno in an error, 0 if there is none.
func errnoOf(err error) int {
	var errno syscall.Errno
	errors.As(err, &errno)
	return int(errno)
}

// device is the socket or device through which finwait reads the packets of the namespace.
type device interface {
	FD() int
	Close() error
}

// openNamespace makes a network namespace for this thread, brings up its devices and opens the
// sockets through which finwait observes it from outside. After an error the process exits, which
// closes them.
func openNamespace(setup setupMessage) (*sockdiag.Conn, device, []Sysctl, error) {
	if err := unix.Unshare(unix.CLONE_NEWNET); err != nil {
		return nil, nil, nil, fmt.Errorf("network namespace: %w", err)
	}
	if err := linkUp("lo"); err != nil {
		return nil, nil, nil, err
	}
	diag, err := sockdiag.Open()
	if err != nil {
		return nil, nil, nil, err
	}
	if !setup.TUN.IsValid() {
		packet, err := wire.OpenLoopback()
		return diag, packet, nil, err
	}
	net, err := Sysctls()
	if err != nil {
		return nil, nil, nil, fmt.Errorf("sysctls: %w", err)
	}
	defer net.Close()
	sysctls, err := setSysctls(net, setup.Sysctls)
	if err != nil {
		return nil, nil, nil, err
	}
	if err := setDevices(net); err != nil {
		return nil, nil, nil, err
	}
	tun, err := openTUN(setup.TUN)
	return diag, tun, sysctls, err
}
