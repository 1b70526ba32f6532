package netlab

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"syscall"

	"finwait/netlab/host"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// openNetwork opens the network that the options ask for.
func openNetwork(o Options) (network, error) {
	switch o.Net {
	case "", NetLoopback:
		h, err := openHost(o.Host)
		if err != nil {
			return nil, err
		}
		if o.blind && h.Capture != nil {
			err := h.Capture.Close()
			if h.Capture = nil; err != nil {
				return nil, errors.Join(err, h.Close())
			}
		}
		return &loopback{only: h}, nil
	case NetWire:
		return openWired(o)
	}
	return nil, &UnavailableError{Why: fmt.Sprintf("there is no network %q", o.Net), Remedy: "it is loopback or wire"}
}

// openHost opens the host of choice. Without one it prefers the machine if its
// segments can be captured, then a private namespace, then the machine without.
func openHost(choice HostChoice) (*host.Host, error) {
	switch choice {
	case HostPrivate:
		h, err := host.Private()
		if err != nil {
			return nil, privateRefused(err)
		}
		return h, nil
	case HostAuto, HostMachine:
	default:
		return nil, fmt.Errorf("%q is not a host: it is machine or private", choice)
	}
	here, err := host.Here()
	if err != nil {
		return nil, resource("open the lab", err)
	}
	if here.Capture != nil || choice == HostMachine {
		return here, nil
	}
	private, err := host.Private()
	if err != nil {
		return here, nil // segments are inferred; doctor says why
	}
	return private, errors.Join(here.Close())
}

// privateRefused says why there is no private host and what would change it.
func privateRefused(err error) error {
	return &UnavailableError{Why: "a private network namespace is not to be had", Remedy: namespaceRemedy(err), Err: err}
}

// wireRefused says why there are no two hosts and what would change it.
func wireRefused(err error) error {
	return &UnavailableError{Why: "the wire is not to be had", Remedy: wireRemedy(err), Err: err}
}

// wireRemedy says what would let this user have two hosts with TUN devices.
func wireRemedy(err error) string {
	if _, statErr := os.Stat("/dev/net/tun"); statErr != nil {
		return "make /dev/net/tun: modprobe tun, or in a container: docker run --device /dev/net/tun"
	}
	if errors.Is(err, unix.EACCES) && !os.IsPermission(unix.Access("/dev/net/tun", unix.R_OK|unix.W_OK)) {
		return namespaceRemedy(err)
	}
	if errors.Is(err, unix.EACCES) {
		return "let everybody use the device, as distributions do: sudo chmod 0666 /dev/net/tun"
	}
	return namespaceRemedy(err)
}

// namespaceRemedy says what would let an ordinary user have a namespace.
func namespaceRemedy(err error) string {
	switch {
	case errors.Is(err, unix.EMFILE):
		return "raise the limit of open files: ulimit -n 256"
	case errors.Is(err, unix.EAGAIN):
		return "raise the limit of processes: ulimit -u"
	case errors.Is(err, unix.ENOSPC), errors.Is(err, unix.EUSERS):
		return "raise the limit: sysctl user.max_user_namespaces=10000 user.max_net_namespaces=10000"
	}
	return "allow user namespaces: sysctl kernel.unprivileged_userns_clone=1 (Debian), " +
		"sysctl kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu), " +
		"docker run --cap-add NET_RAW (container)"
}

// private reports whether the programs live in namespaces of the lab's own.
func (l *Lab) private() bool { return l.net.host(sim.Server).Private }

// serverPort returns the port the server will listen on, after making sure that
// it is free on this machine. In a private namespace every port is.
func (l *Lab) serverPort(port int) (uint16, error) {
	if l.private() {
		if port == 0 {
			port = DefaultPort
		}
		return uint16(port), nil
	}
	serverIP := l.net.address(sim.Server)
	free, err := probe(netip.AddrPortFrom(serverIP, uint16(port)), port != 0)
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
