package netlab

import (
	"errors"
	"fmt"
	"net/netip"
	"syscall"

	"finwait/sim"

	"golang.org/x/sys/unix"
)

// The ports of the server and of the clients.

// serverPort returns the port the server will listen on, after making sure that
// it is free on this machine, and that no other finwait wants it. In a private namespace
// every port is.
func (l *Lab) serverPort(port int) (uint16, error) {
	if l.private() {
		if port == 0 {
			port = sim.DefaultPort
		}
		return uint16(port), nil
	}
	serverIP := l.net.address(sim.Server)
	free, err := l.claimPort(netip.AddrPortFrom(serverIP, uint16(port)))
	switch {
	case errors.Is(err, unix.EADDRINUSE):
		return 0, &UnavailableError{
			Why: fmt.Sprintf("port %d on %s is in use", port, serverIP), Remedy: "choose another with --port, or --port 0 for any that is free", Err: err,
		}
	case errors.Is(err, unix.EACCES):
		return 0, &UnavailableError{Why: fmt.Sprintf("port %d may not be used", port), Remedy: "choose one above 1023 with --port", Err: err}
	case err != nil:
		return 0, resource("find a port", err)
	}
	return free, nil
}

// mostProbes bounds how many free ports are tried until one is not claimed.
const mostProbes = 100

// claimPort claims the port of an address, or any that is free where the port is 0: the kernel
// may offer one that another finwait has claimed, and not bound yet.
func (l *Lab) claimPort(addr netip.AddrPort) (port uint16, err error) {
	for range mostProbes {
		port, err = probe(addr, addr.Port() != 0)
		if err != nil {
			return 0, err
		}
		l.claim, err = claim(netip.AddrPortFrom(addr.Addr(), port))
		if addr.Port() != 0 || !errors.Is(err, unix.EADDRINUSE) {
			break
		}
	}
	return port, err
}

// claim keeps other finwaits from a port, from the opening of the lab on: its program only
// binds it in the course of a lesson, and a client of the one must not meet the server of the
// other. It is a socket with a name, which is gone with this process (unix(7), abstract).
func claim(addr netip.AddrPort) (fd int, err error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if fd, err = unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0); err != nil {
		return -1, fmt.Errorf("socket: %w", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: "@finwait " + addr.String()}); err != nil {
		unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// firstPrivatePort is the first port of the clients in a private namespace, where
// nobody else takes one.
const firstPrivatePort = 40001

// clientPort returns a free port for the next connection's client.
func (l *Lab) clientPort() (uint16, error) {
	if l.private() {
		return firstPrivatePort + uint16(len(l.conns)), nil
	}
	return probe(netip.AddrPortFrom(l.net.address(sim.Client), 0), false)
}

// probe binds a socket to an address, as the program under test will, and returns
// the port. The socket is closed again: the program binds by itself, and gets
// EADDRINUSE should somebody have been faster. No process is started meanwhile: it
// would hold the socket until its exec.
func probe(addr netip.AddrPort, reuse bool) (uint16, error) {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, fmt.Errorf("socket: %w", err)
	}
	defer unix.Close(fd)
	if reuse {
		if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
			return 0, fmt.Errorf("setsockopt: %w", err)
		}
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Port: int(addr.Port()), Addr: addr.Addr().As4()}); err != nil {
		return 0, err
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		return 0, fmt.Errorf("getsockname: %w", err)
	}
	bound, ok := name.(*unix.SockaddrInet4)
	if !ok {
		return 0, fmt.Errorf("getsockname: %T is not an IPv4 address", name)
	}
	return uint16(bound.Port), nil
}
