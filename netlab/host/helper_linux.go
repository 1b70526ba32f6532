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

// helperMain brings the namespace up, hands its sockets to finwait and spawns
// programs until finwait is gone.
func helperMain() error {
	if err := DieWithParent(); err != nil {
		return err
	}
	if err := CloseInherited(); err != nil {
		return err
	}
	channel := ipc.New(ControlFD)
	diag, packet, err := openNamespace()
	if err != nil {
		var errno syscall.Errno
		errors.As(err, &errno)
		return channel.Send(readyMessage{Err: err.Error(), Errno: int(errno)})
	}
	if err := channel.Send(readyMessage{}, diag.FD(), packet.FD()); err != nil {
		return err
	}
	if err := errors.Join(diag.Close(), packet.Close()); err != nil {
		return err
	}
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
			answer.Err = err.Error()
		}
		unix.Close(fds[0])
		if err := channel.Send(answer); err != nil {
			return err
		}
	}
}

// openNamespace brings lo up and opens the sockets through which finwait sees the
// namespace from outside.
func openNamespace() (*sockdiag.Conn, *wire.Capture, error) {
	if err := linkUp("lo"); err != nil {
		return nil, nil, err
	}
	diag, err := sockdiag.Open()
	if err != nil {
		return nil, nil, err
	}
	packet, err := wire.OpenLoopback()
	if err != nil {
		return nil, nil, errors.Join(err, diag.Close())
	}
	return diag, packet, nil
}

// linkUp sets IFF_UP on a device (netdevice(7), SIOCSIFFLAGS).
func linkUp(device string) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("socket: %w", err)
	}
	defer unix.Close(fd)
	req, err := unix.NewIfreq(device)
	if err != nil {
		return fmt.Errorf("device %s: %w", device, err)
	}
	req.SetUint16(unix.IFF_UP)
	if err := unix.IoctlIfreq(fd, unix.SIOCSIFFLAGS, req); err != nil {
		return fmt.Errorf("bring %s up: %w", device, err)
	}
	return nil
}
