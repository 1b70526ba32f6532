package sockdiag

import (
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"finwait/sim"
)

// bufferSize is enough for any answer. The messages of a dump are as large as the largest
// buffer with which it was read, and no larger than 32 KiB (netlink_dump). The last byte stays
// free unless an answer was cut off.
const bufferSize = 32<<10 + 1

// lookAgain is how often Lookup repeats a request after an answer that may be transient; see
// Lookup. One repetition has always been enough. More cost time only if the socket is gone.
const lookAgain = 2

// errGone is the error of a lookup that finds no socket. It is made once, so that a lookup
// that fails allocates nothing. Nobody changes it.
var errGone error = &Error{Op: "lookup", Err: unix.ENOENT}

// Conn is a netlink socket (NETLINK_SOCK_DIAG) that reads the sockets of the
// network namespace it was opened in, whoever holds it. It needs no privilege.
// It is not safe for concurrent use: one goroutine at a time.
type Conn struct {
	fd  int
	seq uint32
	out [sizeofHeader + sizeofRequest]byte
	in  [bufferSize]byte
}

// Open opens a Conn in the network namespace of the calling thread.
func Open() (*Conn, error) {
	// The kernel answers within send(2), so the socket need not block: a missing answer is
	// EAGAIN.
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return nil, &Error{Op: "socket", Err: err}
	}
	return FromFD(fd), nil
}

// FromFD makes a Conn of a descriptor that Open made, in this process or in
// another one that passed it on (unix(7), SCM_RIGHTS). The Conn owns it from
// here on; the other process must not use its copy at the same time.
func FromFD(fd int) *Conn {
	// An unread answer to another user of the socket must not match a request of this Conn.
	// So each Conn counts from another number.
	return &Conn{fd: fd, seq: uint32(time.Now().UnixNano())}
}

// FD returns the descriptor, for passing it on. It still belongs to the Conn.
func (c *Conn) FD() int { return c.fd }

// Close closes the descriptor. Closing twice does nothing.
func (c *Conn) Close() error {
	if c.fd < 0 {
		return nil
	}
	fd := c.fd
	c.fd = -1
	if err := unix.Close(fd); err != nil {
		return &Error{Op: "close", Err: err}
	}
	return nil
}

// Lookup returns the socket with these addresses, as seen from its own end, and
// with this cookie (tcp_diag_find_one_icsk). Cookie 0 accepts any, and then a
// listener on the local port answers when there is no such connection. Where
// there is no socket, errors.Is(err, unix.ENOENT).
//
// While a connection moves into a minisocket (inet_twsk_hashdance_schedule) the kernel may
// answer for some microseconds that it is in CLOSE, or that it is not there,
// although it is in FIN_WAIT2 or TIME_WAIT. Watched without pause from another CPU
// that happened in 6 and in 2 of 1000 closes. Such an answer is no state of the connection, so
// Lookup repeats the request before it returns it.
func (c *Conn) Lookup(local, remote netip.AddrPort, cookie uint64) (Socket, error) {
	local, remote = unmap(local), unmap(remote)
	if !local.Addr().Is4() || !remote.Addr().Is4() {
		return Socket{}, &Error{Op: "lookup", Err: unix.EAFNOSUPPORT}
	}
	r := request{local: local, remote: remote, cookie: cookie}
	s, err := c.find(r)
	for range lookAgain {
		if err != unix.ENOENT && (err != nil || s.State != sim.Close) {
			break
		}
		s, err = c.find(r)
	}
	switch err {
	case nil:
		return s, nil
	case unix.ENOENT:
		return Socket{}, errGone
	}
	return Socket{}, &Error{Op: "lookup", Err: err}
}

// find makes one request.
func (c *Conn) find(r request) (Socket, error) {
	if err := c.ask(r); err != nil {
		return Socket{}, err
	}
	for {
		answer, err := c.receive()
		if err != nil {
			return Socket{}, err
		}
		if s, done, err := c.one(answer); done || err != nil {
			return s, err
		}
	}
}

// one looks for the answer to the last request among the messages of b. What
// answers an earlier request is skipped.
func (c *Conn) one(b []byte) (s Socket, done bool, err error) {
	for len(b) > 0 {
		var m message
		if m, b, err = nextMessage(b); err != nil {
			return Socket{}, false, err
		}
		if m.seq != c.seq {
			continue
		}
		switch m.kind {
		case typeByFamily:
			s, err = parseSocket(m.body)
			return s, true, err
		case typeError:
			return Socket{}, true, refusal(m)
		case typeNoop:
		default:
			return Socket{}, true, errUnknown
		}
	}
	return Socket{}, false, nil
}

// Filter selects sockets of a dump. A zero field selects all.
type Filter struct {
	Local  uint16 // the local port; the kernel selects
	Remote uint16 // the remote port; the kernel selects
	Either uint16 // the local port or the remote one: both ends of a connection
}

// Dump returns all IPv4 TCP sockets of the namespace that f selects, in the
// kernel's order: listeners, then bound sockets, then connections by their hash
// (tcp_diag_dump). It is no snapshot: sockets that change while it runs
// may be listed twice, not at all, or in CLOSE (see Lookup). A dump costs a hundred lookups or
// more: it is for finding connections, not for watching one.
func (c *Conn) Dump(f Filter) ([]Socket, error) {
	err := c.ask(request{
		dump:   true,
		local:  netip.AddrPortFrom(netip.Addr{}, f.Local),
		remote: netip.AddrPortFrom(netip.Addr{}, f.Remote),
	})
	if err != nil {
		return nil, &Error{Op: "dump", Err: err}
	}
	var all []Socket
	for {
		b, err := c.receive()
		if err != nil {
			return nil, &Error{Op: "dump", Err: err}
		}
		var done bool
		if all, done, err = c.many(all, b, f.Either); err != nil {
			return nil, &Error{Op: "dump", Err: err}
		}
		if done {
			return all, nil
		}
	}
}

// many appends the sockets in one part of a dump, up to its NLMSG_DONE.
func (c *Conn) many(all []Socket, b []byte, either uint16) (_ []Socket, done bool, err error) {
	for len(b) > 0 {
		var m message
		if m, b, err = nextMessage(b); err != nil {
			return all, false, err
		}
		if m.seq != c.seq {
			continue
		}
		switch m.kind {
		case typeByFamily:
			s, err := parseSocket(m.body)
			if err != nil {
				return all, false, err
			}
			if either == 0 || s.Local.Port() == either || s.Remote.Port() == either {
				all = append(all, s)
			}
		case typeDone, typeError:
			return all, true, refusal(m)
		case typeNoop:
		default:
			return all, false, errUnknown
		}
	}
	return all, false, nil
}

// refusal returns the errno of an NLMSG_ERROR or NLMSG_DONE. An NLMSG_ERROR without an errno
// is an acknowledgement, for which neither a lookup nor a dump asks.
func refusal(m message) error {
	errno, err := parseErrno(m)
	switch {
	case err != nil:
		return err
	case errno != 0:
		return unix.Errno(errno)
	case m.kind == typeError:
		return errUnknown
	}
	return nil
}

// ask sends r under the next sequence number.
func (c *Conn) ask(r request) error {
	c.seq++
	r.seq = c.seq
	r.encode(&c.out)
	for {
		// Without an address a netlink socket sends to the kernel (netlink(7)).
		n, err := unix.Write(c.fd, c.out[:])
		switch {
		case err == unix.EINTR:
		case err != nil:
			return err
		case n != len(c.out):
			return unix.EMSGSIZE
		default:
			return nil
		}
	}
}

// receive returns the next datagram of the answer. It is valid until the next
// call.
func (c *Conn) receive() ([]byte, error) {
	for {
		n, err := unix.Read(c.fd, c.in[:])
		switch {
		case err == unix.EINTR:
		case err != nil:
			return nil, err
		case n == 0:
			return nil, errShort
		case n == len(c.in):
			return nil, unix.EMSGSIZE
		default:
			return c.in[:n], nil
		}
	}
}

// unmap turns ::ffff:127.0.0.1 into 127.0.0.1, the way package net reports the
// address of a dual-stack socket.
func unmap(a netip.AddrPort) netip.AddrPort {
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}
