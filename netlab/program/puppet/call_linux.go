package puppet

import (
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
func makeCall(c sim.Call) Reply {
	switch c.Name {
	case sim.CallRead:
		return read(c)
	case sim.CallRecv:
		return recv(c)
	case sim.CallWrite:
		return reply(unix.Write(c.FD, c.Bytes()))
	case sim.CallSend:
		return send(c)
	case sim.CallBind, sim.CallConnect:
		return withAddress(c)
	case sim.CallPoll:
		return poll(c)
	case sim.CallSetsockopt:
		return setsockopt(c)
	case sim.CallGetsockopt:
		return getError(c)
	case sim.CallSocket:
		return reply(unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0))
	case sim.CallListen:
		return reply(0, unix.Listen(c.FD, c.Backlog))
	case sim.CallAccept:
		return accept(c)
	case sim.CallShutdown:
		return shutdown(c)
	case sim.CallClose:
		return reply(0, unix.Close(c.FD))
	case sim.CallDup:
		return reply(unix.Dup(c.FD))
	}
	return reply(-1, unix.EINVAL)
}

// numberOf returns the number of a system call, as /proc/PID/syscall shows it.
func numberOf(name sim.CallName) int {
	switch name {
	case sim.CallRead:
		return unix.SYS_READ
	case sim.CallRecv:
		return unix.SYS_RECVFROM
	case sim.CallWrite:
		return unix.SYS_WRITE
	case sim.CallSend:
		return unix.SYS_SENDTO
	case sim.CallConnect:
		return unix.SYS_CONNECT
	case sim.CallAccept:
		return unix.SYS_ACCEPT4
	case sim.CallClose:
		return unix.SYS_CLOSE
	case sim.CallShutdown:
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

func read(c sim.Call) Reply {
	buf := make([]byte, max(0, c.Size))
	r := reply(unix.Read(c.FD, buf))
	if r.Ret > 0 {
		r.Data = buf[:r.Ret]
	}
	return r
}

// recv is recv(2), which asks for no address; unix.Recvfrom does.
func recv(c sim.Call) Reply {
	buf := make([]byte, max(1, c.Size))[:max(0, c.Size)]
	n, _, errno := unix.Syscall6(unix.SYS_RECVFROM, uintptr(c.FD), uintptr(unsafe.Pointer(unsafe.SliceData(buf))), uintptr(len(buf)), uintptr(flagsOf(c)), 0, 0)
	r := reply(int(n), errnoError(errno))
	if r.Ret > 0 {
		r.Data = buf[:r.Ret]
	}
	return r
}

// send is send(2): x/sys/unix has no sendto that returns the count.
func send(c sim.Call) Reply {
	data := c.Bytes()
	if len(data) == 0 {
		data = make([]byte, 1)[:0:1]
	}
	n, _, errno := unix.Syscall6(unix.SYS_SENDTO, uintptr(c.FD), uintptr(unsafe.Pointer(unsafe.SliceData(data))), uintptr(len(data)), uintptr(flagsOf(c)), 0, 0)
	return reply(int(n), errnoError(errno))
}

// flagsOf returns the flags of a call as the kernel numbers them.
func flagsOf(c sim.Call) int {
	flags := 0
	if c.Flags&sim.MsgNoSignal != 0 {
		flags |= unix.MSG_NOSIGNAL
	}
	if c.Flags&sim.MsgPeek != 0 {
		flags |= unix.MSG_PEEK
	}
	return flags
}

// accept tells whose connection it returns, also where that is over already (inet_accept).
func accept(c sim.Call) Reply {
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

func withAddress(c sim.Call) Reply {
	if !c.Addr.Addr().Is4() {
		return reply(-1, unix.EINVAL)
	}
	to := &unix.SockaddrInet4{Port: int(c.Addr.Port()), Addr: c.Addr.Addr().As4()}
	if c.Name == sim.CallConnect {
		return reply(0, unix.Connect(c.FD, to))
	}
	return reply(0, unix.Bind(c.FD, to))
}

func shutdown(c sim.Call) Reply {
	switch c.How {
	case sim.ShutRD:
		return reply(0, unix.Shutdown(c.FD, unix.SHUT_RD))
	case sim.ShutWR:
		return reply(0, unix.Shutdown(c.FD, unix.SHUT_WR))
	case sim.ShutRDWR:
		return reply(0, unix.Shutdown(c.FD, unix.SHUT_RDWR))
	}
	return reply(-1, unix.EINVAL)
}

// options are the options whose value is an int, by name: the numbers of their levels and
// their own.
var options = map[sim.OptionName]struct{ level, number int }{
	sim.OptReuseAddr:   {unix.SOL_SOCKET, unix.SO_REUSEADDR},
	sim.OptKeepalive:   {unix.SOL_SOCKET, unix.SO_KEEPALIVE},
	sim.OptKeepIdle:    {unix.IPPROTO_TCP, unix.TCP_KEEPIDLE},
	sim.OptKeepIntvl:   {unix.IPPROTO_TCP, unix.TCP_KEEPINTVL},
	sim.OptKeepCnt:     {unix.IPPROTO_TCP, unix.TCP_KEEPCNT},
	sim.OptUserTimeout: {unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT},
	sim.OptLinger2:     {unix.IPPROTO_TCP, unix.TCP_LINGER2},
}

func setsockopt(c sim.Call) Reply {
	if c.Option.Name == sim.OptLinger {
		linger := unix.Linger{Linger: int32(c.Option.Value)}
		if c.Option.On {
			linger.Onoff = 1
		}
		return reply(0, unix.SetsockoptLinger(c.FD, unix.SOL_SOCKET, unix.SO_LINGER, &linger))
	}
	o, known := options[c.Option.Name]
	if !known {
		return reply(-1, unix.EINVAL)
	}
	return reply(0, unix.SetsockoptInt(c.FD, o.level, o.number, c.Option.Value))
}

// getError asks for SO_ERROR, the only option that is asked for. Its name stands in
// brackets, as strace(1) writes it.
func getError(c sim.Call) Reply {
	if c.Option.Name != sim.OptError {
		return reply(-1, unix.EINVAL)
	}
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
func poll(c sim.Call) Reply {
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
