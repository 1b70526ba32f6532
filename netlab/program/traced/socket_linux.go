package traced

import (
	"encoding/binary"
	"net/netip"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// socket is what a descriptor refers to, as the kernel tells it.
type socket struct {
	inode         uint64
	stream        bool // the socket is of TCP, over IPv4 or IPv6
	local, remote netip.AddrPort
}

// concerns reports whether the socket is bound or connected to a port.
func (s socket) concerns(port uint16) bool {
	return s.stream && (s.local.Port() == port || s.remote.Port() == port)
}

// bound reports whether the socket has a port.
func (s socket) bound() bool { return s.local.IsValid() && s.local.Port() != 0 }

// socket returns what a descriptor of a thread refers to, the zero socket if that is no socket.
// The inode comes from /proc; the rest from a copy of the descriptor, which must not live long:
// while it does, no close of the thread closes the socket.
func (t *tracer) socket(k *thread, fd int) socket {
	if fd < 0 {
		return socket{}
	}
	inode, ok := inodeOf(k.tid, fd)
	if !ok {
		return socket{}
	}
	s := socket{inode: inode}
	pidfd, err := t.pidfd(k.pid)
	if err != nil {
		return s
	}
	mine, err := unix.PidfdGetfd(pidfd, fd, 0)
	if err != nil {
		return t.guess(k, fd, s)
	}
	defer unix.Close(mine)
	domain, _ := unix.GetsockoptInt(mine, unix.SOL_SOCKET, unix.SO_DOMAIN)
	proto, _ := unix.GetsockoptInt(mine, unix.SOL_SOCKET, unix.SO_PROTOCOL)
	s.stream = (domain == unix.AF_INET || domain == unix.AF_INET6) && proto == unix.IPPROTO_TCP
	if name, err := unix.Getsockname(mine); err == nil {
		s.local = addrPort(name)
	}
	if name, err := unix.Getpeername(mine); err == nil {
		s.remote = addrPort(name)
	}
	return s
}

// guess tells what it can of a socket that cannot be copied, as in Docker's default profile:
// its protocol stands in an extended attribute, its addresses in what was seen of it before.
func (t *tracer) guess(k *thread, fd int, s socket) socket {
	var buf [32]byte
	n, err := unix.Getxattr("/proc/"+strconv.Itoa(k.tid)+"/fd/"+strconv.Itoa(fd), "system.sockprotoname", buf[:])
	name := strings.TrimRight(string(buf[:max(0, n)]), "\x00")
	s.stream = err == nil && (name == "TCP" || name == "TCPv6")
	if known := t.sockets[s.inode]; known != nil && known.ours {
		s.local = netip.AddrPortFrom(netip.IPv4Unspecified(), t.port)
	}
	return s
}

// inodeOf returns the inode of the socket that a descriptor refers to.
func inodeOf(tid, fd int) (uint64, bool) {
	link, err := os.Readlink("/proc/" + strconv.Itoa(tid) + "/fd/" + strconv.Itoa(fd))
	number, is := strings.CutPrefix(link, "socket:[")
	if err != nil || !is {
		return 0, false
	}
	inode, err := strconv.ParseUint(strings.TrimSuffix(number, "]"), 10, 64)
	return inode, err == nil
}

// pidfd returns a pidfd of a process, which lives as long as the process.
func (t *tracer) pidfd(pid int) (int, error) {
	if fd, ok := t.pidfds[pid]; ok {
		return fd, nil
	}
	fd, err := unix.PidfdOpen(pid, 0)
	if err == nil {
		t.pidfds[pid] = fd
	}
	return fd, err
}

// descriptors returns the descriptors of a thread that refer to sockets of the lab's port.
func (t *tracer) descriptors(k *thread) []int {
	entries, err := os.ReadDir("/proc/" + strconv.Itoa(k.tid) + "/fd")
	if err != nil {
		return nil
	}
	var fds []int
	for _, e := range entries {
		if fd, err := strconv.Atoi(e.Name()); err == nil && t.socket(k, fd).concerns(t.port) {
			fds = append(fds, fd)
		}
	}
	return fds
}

func addrPort(name unix.Sockaddr) netip.AddrPort {
	switch a := name.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port))
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr).Unmap(), uint16(a.Port))
	}
	return netip.AddrPort{}
}

// readAddress reads a struct sockaddr, invalid if it is not of IPv4 or IPv6.
func readAddress(b []byte) netip.AddrPort {
	switch {
	case len(b) >= 8 && binary.NativeEndian.Uint16(b) == unix.AF_INET:
		a, _ := netip.AddrFromSlice(b[4:8])
		return netip.AddrPortFrom(a, binary.BigEndian.Uint16(b[2:]))
	case len(b) >= 24 && binary.NativeEndian.Uint16(b) == unix.AF_INET6:
		a, _ := netip.AddrFromSlice(b[8:24])
		return netip.AddrPortFrom(a.Unmap(), binary.BigEndian.Uint16(b[2:]))
	}
	return netip.AddrPort{}
}
