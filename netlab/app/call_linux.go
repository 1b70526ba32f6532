package app

import (
	"bytes"
	"cmp"
	"errors"
	"net/netip"
	"strings"
	"syscall"
	"unsafe"

	"finwait/sim"

	"golang.org/x/sys/unix"
)

// makeCall makes one system call, exactly one, and returns what the kernel said.
// The clock is read right after it. A call that makes no sense fails with EINVAL
// here, without reaching the kernel.
func makeCall(c Call) Reply {
	switch c.Name {
	case CallRead:
		return read(c)
	case CallWrite:
		return reply(unix.Write(c.FD, c.bytes()))
	case CallSend:
		return send(c)
	case CallBind, CallConnect:
		return withAddress(c)
	case CallPoll:
		return poll(c)
	case CallSetsockopt:
		return setsockopt(c)
	case CallGetsockopt:
		return getError(c)
	case CallSocket:
		return reply(unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0))
	case CallListen:
		return reply(0, unix.Listen(c.FD, c.N))
	case CallAccept:
		return accept(c)
	case CallShutdown:
		return reply(0, unix.Shutdown(c.FD, c.N))
	case CallClose:
		return reply(0, unix.Close(c.FD))
	case CallDup:
		return reply(unix.Dup(c.FD))
	}
	return reply(-1, unix.EINVAL)
}

// Number returns the number of the system call, as /proc/PID/syscall shows it.
func (c Call) Number() int {
	switch c.Name {
	case CallRead:
		return unix.SYS_READ
	case CallWrite:
		return unix.SYS_WRITE
	case CallSend:
		return unix.SYS_SENDTO
	case CallConnect:
		return unix.SYS_CONNECT
	case CallAccept:
		return unix.SYS_ACCEPT4
	case CallClose:
		return unix.SYS_CLOSE
	case CallShutdown:
		return unix.SYS_SHUTDOWN
	}
	return -1 // the others do not block
}

// reply makes the reply of a call that has just returned.
func reply(ret int, err error) Reply {
	r := Reply{Kind: ReplyReturn, At: now(), Ret: ret}
	var errno syscall.Errno
	switch {
	case err == nil:
	case errors.As(err, &errno):
		r.Ret, r.Errno = -1, int(errno)
	default:
		r.Ret, r.Errno = -1, int(unix.EIO)
	}
	return r
}

func read(c Call) Reply {
	buf := make([]byte, c.N)
	r := reply(unix.Read(c.FD, buf))
	if r.Ret > 0 {
		r.Data = buf[:r.Ret]
	}
	return r
}

// bytes returns what the call writes.
func (c Call) bytes() []byte {
	if c.Fill > 0 {
		return bytes.Repeat([]byte{sim.Filler}, c.Fill)
	}
	return c.Data
}

// send is send(2): x/sys/unix has no sendto that returns the count.
func send(c Call) Reply {
	data := c.bytes()
	if len(data) == 0 {
		data = make([]byte, 1)[:0:1]
	}
	n, _, errno := unix.Syscall6(unix.SYS_SENDTO, uintptr(c.FD), uintptr(unsafe.Pointer(unsafe.SliceData(data))), uintptr(len(data)), uintptr(c.N), 0, 0)
	return reply(int(n), errnoError(errno))
}

// accept tells whose connection it returns, also where that is over already (inet_accept).
func accept(c Call) Reply {
	fd, from, err := unix.Accept4(c.FD, 0)
	r := reply(fd, err)
	if peer, ok := from.(*unix.SockaddrInet4); ok {
		r.Peer = netip.AddrPortFrom(netip.AddrFrom4(peer.Addr), uint16(peer.Port)).String()
	}
	return r
}

func errnoError(errno syscall.Errno) error {
	if errno == 0 {
		return nil
	}
	return errno
}

func withAddress(c Call) Reply {
	addr, err := netip.ParseAddrPort(c.Addr)
	if err != nil || !addr.Addr().Is4() {
		return reply(-1, unix.EINVAL)
	}
	to := &unix.SockaddrInet4{Port: int(addr.Port()), Addr: addr.Addr().As4()}
	if c.Name == CallConnect {
		return reply(0, unix.Connect(c.FD, to))
	}
	return reply(0, unix.Bind(c.FD, to))
}

func setsockopt(c Call) Reply {
	if c.Level == unix.SOL_SOCKET && c.Opt == unix.SO_LINGER {
		linger := unix.Linger{Onoff: int32(c.Onoff), Linger: int32(c.Value)}
		return reply(0, unix.SetsockoptLinger(c.FD, c.Level, c.Opt, &linger))
	}
	return reply(0, unix.SetsockoptInt(c.FD, c.Level, c.Opt, c.Value))
}

// getError asks for SO_ERROR. Its name stands in brackets, as strace(1) writes it.
func getError(c Call) Reply {
	value, err := unix.GetsockoptInt(c.FD, unix.SOL_SOCKET, unix.SO_ERROR)
	r := reply(0, err)
	if err == nil {
		r.Note = "[" + cmp.Or(unix.ErrnoName(syscall.Errno(value)), "0") + "]"
	}
	return r
}

// pollEvents are the events that a poll asks for, and those it can answer with,
// in the order in which they are shown.
var pollEvents = [...]struct {
	bit  int16
	name string
}{
	{unix.POLLIN, "IN"},
	{unix.POLLOUT, "OUT"},
	{unix.POLLRDHUP, "RDHUP"},
	{unix.POLLHUP, "HUP"},
	{unix.POLLERR, "ERR"},
	{unix.POLLNVAL, "NVAL"},
}

// poll asks for IN, OUT and RDHUP without waiting; HUP, ERR and NVAL come
// unasked.
func poll(c Call) Reply {
	fds := [1]unix.PollFd{{Fd: int32(c.FD), Events: unix.POLLIN | unix.POLLOUT | unix.POLLRDHUP}}
	n, err := unix.Poll(fds[:], 0)
	r := reply(n, err)
	var names []string
	for _, e := range pollEvents {
		if fds[0].Revents&e.bit != 0 {
			names = append(names, e.name)
		}
	}
	r.Note = strings.Join(names, " ")
	return r
}
