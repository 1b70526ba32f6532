package netlab

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"syscall"

	"finwait/sim"

	"golang.org/x/sys/unix"
)

// ports chooses the ports of the server and of the clients.
type ports struct {
	net         network
	serverClaim int // socket that keeps other finwaits from the server's port; -1 without
	clientClaim int // the same for the port of the newest client; -1 without
}

func newPorts(n network) *ports { return &ports{net: n, serverClaim: -1, clientClaim: -1} }

// server returns the port that the server will listen on, after making sure that it is free on
// this machine, and that no other finwait wants it. In a private namespace every port is free.
// taken is the port of o if that is not free and o lets the server have another one, else 0.
func (p *ports) server(o Options) (port uint16, taken int, err error) {
	if p.net.private() {
		return uint16(cmp.Or(o.Port, sim.DefaultPort)), 0, nil
	}
	serverIP := p.net.address(sim.Server)
	bind := func(addr netip.AddrPort, reuse bool) (uint16, error) { return probe(addr, reuse && !o.NoReuse) }
	port, p.serverClaim, err = claimPort(netip.AddrPortFrom(serverIP, uint16(o.Port)), bind)
	if errors.Is(err, unix.EADDRINUSE) && o.AnyPort {
		taken = o.Port
		port, p.serverClaim, err = claimPort(netip.AddrPortFrom(serverIP, 0), bind)
	}
	switch {
	case errors.Is(err, unix.EADDRINUSE):
		return 0, 0, p.inUse(netip.AddrPortFrom(serverIP, uint16(o.Port)), err)
	case errors.Is(err, unix.EACCES):
		return 0, 0, &UnavailableError{Why: fmt.Sprintf("port %d may not be used", o.Port), Remedy: "choose one above 1023 with --port", Err: err}
	case err != nil:
		return 0, 0, resource("find a port", err)
	}
	return port, taken, nil
}

// inUse says why an address is in use: somebody has it, or it is only kept from a socket without
// SO_REUSEADDR.
func (p *ports) inUse(addr netip.AddrPort, err error) error {
	why := fmt.Sprintf("port %d on %s is in use", addr.Port(), addr.Addr())
	if _, reuseErr := probe(addr, true); reuseErr == nil && p.claimable(addr) {
		why = fmt.Sprintf("port %d on %s is kept by a connection that ended less than a minute ago", addr.Port(), addr.Addr())
	}
	return &UnavailableError{Why: why, Remedy: "choose another with --port, or --port 0 for any that is free", Err: err}
}

// claimable reports whether no other finwait has claimed an address.
func (p *ports) claimable(addr netip.AddrPort) bool {
	fd, err := claim(addr)
	if err != nil {
		return false
	}
	unix.Close(fd)
	return true
}

// mostProbes bounds how many free ports are tried until one is not claimed.
const mostProbes = 100

// claimPort claims the port of an address, or any that is free where the port is 0: the kernel
// may offer one that another finwait has claimed, and not bound yet. The function probe asks it.
// The claim is -1 where there is none.
func claimPort(addr netip.AddrPort, probe func(addr netip.AddrPort, reuse bool) (uint16, error)) (port uint16, claimed int, err error) {
	for range mostProbes {
		port, err = probe(addr, addr.Port() != 0)
		if err != nil {
			return 0, -1, err
		}
		claimed, err = claim(netip.AddrPortFrom(addr.Addr(), port))
		if addr.Port() != 0 || !errors.Is(err, unix.EADDRINUSE) {
			break
		}
	}
	return port, claimed, err
}

// claim keeps other finwaits from a port until it is closed: a program binds its port only in
// the course of a lesson, and the program of another lab must not be faster. It is a socket with a name, which is gone with this process (unix(7), abstract).
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

// client returns an address for the client of the next connection, with a free port that no
// other finwait wants. It comes after n others, whose programs have bound theirs.
func (p *ports) client(n int) (netip.AddrPort, error) {
	ip := p.net.address(sim.Client)
	if p.net.private() {
		return netip.AddrPortFrom(ip, firstPrivatePort+uint16(n)), nil
	}
	before := p.clientClaim
	var port uint16
	var err error
	port, p.clientClaim, err = claimPort(netip.AddrPortFrom(ip, 0), probe)
	if before >= 0 {
		unix.Close(before)
	}
	if err != nil {
		return netip.AddrPort{}, resource("find a port", err)
	}
	return netip.AddrPortFrom(ip, port), nil
}

// close gives the claims back.
func (p *ports) close() error {
	var errs []error
	for _, claimed := range []*int{&p.serverClaim, &p.clientClaim} {
		if *claimed >= 0 {
			errs = append(errs, unix.Close(*claimed))
			*claimed = -1
		}
	}
	return errors.Join(errs...)
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
