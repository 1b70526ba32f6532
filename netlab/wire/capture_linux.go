package wire

import (
	"cmp"
	"encoding/binary"
	"slices"

	"golang.org/x/sys/unix"
)

const (
	// loopbackIndex is the index of lo in every network namespace
	// (LOOPBACK_IFINDEX, include/net/flow.h; loopback_net_init registers it first).
	loopbackIndex = 1

	// receiveBuffer is asked for in bytes; the kernel doubles it. It counts a segment
	// by the memory that it came in, about 400 bytes for a bare ACK, and all its data
	// although the filter cuts them off. So this is room for 20000 ACKs, or for 8 MB
	// of data. An ordinary user gets no more than net.core.rmem_max, on older kernels
	// 212992: 1000 ACKs or 400 KB of data between two calls of Drain.
	receiveBuffer = 4 << 20

	sizeofAuxdata = 20 // struct tpacket_auxdata
)

// Error is a failed system call of a capture, or of the named Device. Op is the operation and
// Err the errno, so that errors.Is(err, unix.EPERM) works.
type Error struct {
	Device string // "" for a capture
	Op     string
	Err    error
}

// Error returns "capture: socket: operation not permitted".
func (e *Error) Error() string {
	return cmp.Or(e.Device, "capture") + ": " + e.Op + ": " + e.Err.Error()
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Capture is a packet socket (packet(7)) on the loopback device of the network
// namespace it was opened in, whoever holds it. It captures nothing until Watch
// names a port. It is not safe for concurrent use: one goroutine at a time.
//
// Its protocol is ETH_P_IP, which is handed each segment once, when lo receives
// it. (ETH_P_ALL would see it twice: sent and received.)
type Capture struct {
	fd    int
	ports []uint16
	data  [maxHeader]byte
	oob   [256]byte
}

// OpenLoopback opens a capture in the network namespace of the calling thread.
// Without CAP_NET_RAW there, errors.Is(err, unix.EPERM); where lo is down,
// unix.ENETDOWN.
func OpenLoopback() (*Capture, error) {
	// With protocol 0 the socket receives nothing until bind names the protocol
	// and the device: no segment of another device is ever queued.
	const flags = unix.SOCK_DGRAM | unix.SOCK_CLOEXEC | unix.SOCK_NONBLOCK
	fd, err := unix.Socket(unix.AF_PACKET, flags, 0)
	if err != nil {
		return nil, &Error{Op: "socket", Err: err}
	}
	if err := setUp(fd); err != nil {
		unix.Close(fd)
		return nil, err
	}
	return FromFD(fd), nil
}

// setUp sets the options of a packet socket that a Capture needs. The caller closes fd after
// an error.
func setUp(fd int) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1); err != nil {
		return &Error{Op: "timestamps", Err: err}
	}
	// The auxiliary data tell the length that a segment had before the filter cut it.
	if err := unix.SetsockoptInt(fd, unix.SOL_PACKET, unix.PACKET_AUXDATA, 1); err != nil {
		return &Error{Op: "lengths", Err: err}
	}
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, receiveBuffer) != nil {
		// Beyond rmem_max only with CAP_NET_ADMIN of the whole machine.
		if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, receiveBuffer); err != nil {
			return &Error{Op: "receive buffer", Err: err}
		}
	}
	if err := attach(fd, filter(nil)); err != nil {
		return &Error{Op: "filter", Err: err}
	}
	lo := &unix.SockaddrLinklayer{Protocol: networkOrder(unix.ETH_P_IP), Ifindex: loopbackIndex}
	if err := unix.Bind(fd, lo); err != nil {
		return &Error{Op: "bind to lo", Err: err}
	}
	// A device that is down does not fail the bind; it leaves an error in the socket
	// (packet_do_bind).
	down, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
	if err == nil && down != 0 {
		err = unix.Errno(down)
	}
	if err != nil {
		return &Error{Op: "bind to lo", Err: err}
	}
	return awaitStamps()
}

// networkOrder returns the number whose bytes in memory are v in network order
// (htons(3)).
func networkOrder(v uint16) uint16 {
	var b [2]byte
	binary.BigEndian.PutUint16(b[:], v)
	return binary.NativeEndian.Uint16(b[:])
}

// FromFD makes a Capture of a descriptor that OpenLoopback made, in this process
// or in another one that passed it on (unix(7), SCM_RIGHTS). The Capture owns it
// from here on.
func FromFD(fd int) *Capture { return &Capture{fd: fd} }

// FD returns the descriptor, for poll(2) or for passing it on. It still belongs
// to the Capture.
func (c *Capture) FD() int { return c.fd }

// Close closes the descriptor. Closing twice does nothing.
func (c *Capture) Close() error {
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

// Watch captures, from now on, the TCP segments from or to one of the ports, at
// most 64 of them. What was captured before is discarded; watching no port
// captures nothing. It needs no privilege.
func (c *Capture) Watch(ports ...uint16) error {
	if len(ports) > maxPorts {
		return &Error{Op: "filter", Err: unix.EINVAL}
	}
	// First nothing passes, then the queue is emptied, then the new filter is
	// attached: so no segment that it lets pass is discarded.
	if err := attach(c.fd, filter(nil)); err != nil {
		return &Error{Op: "filter", Err: err}
	}
	c.ports = nil
	for {
		if _, _, err := c.receive(); err == unix.EAGAIN {
			break
		} else if err != nil {
			return &Error{Op: "discard", Err: err}
		}
	}
	if err := attach(c.fd, filter(ports)); err != nil {
		return &Error{Op: "filter", Err: err}
	}
	c.ports = slices.Clone(ports)
	return nil
}

// Drain calls fn with every segment that is queued, in the order in which the kernel
// delivered them, and returns without waiting for more. A packet whose headers
// are damaged is left out: the kernel drops it too.
func (c *Capture) Drain(fn func(Packet)) error {
	for {
		b, oob, err := c.receive()
		if err == unix.EAGAIN {
			return nil
		}
		if err != nil {
			return &Error{Op: "receive", Err: err}
		}
		at, size, err := parseControl(oob, len(b))
		if err != nil {
			return &Error{Op: "receive", Err: err}
		}
		p, err := ParseSized(b, size)
		if err != nil || !c.matches(p) {
			continue
		}
		p.At = at
		fn(p)
	}
}

// matches reports whether p is from or to a port of the newest Watch. A segment
// that was on its way through the old filter when Watch replaced it is not. A
// Capture that has not called Watch relies on the filter it was passed with.
func (c *Capture) matches(p Packet) bool {
	return c.ports == nil || slices.Contains(c.ports, p.Src.Port()) || slices.Contains(c.ports, p.Dst.Port())
}

// Drops returns how many segments the kernel has discarded since the last
// call because the receive buffer was full (PACKET_STATISTICS, packet(7)). After
// a number other than 0 what Drain reports has gaps.
func (c *Capture) Drops() (int, error) {
	stats, err := unix.GetsockoptTpacketStats(c.fd, unix.SOL_PACKET, unix.PACKET_STATISTICS)
	if err != nil {
		return 0, &Error{Op: "statistics", Err: err}
	}
	return int(stats.Drops), nil
}

// receive returns the next packet and its control messages. Both are valid
// until the next call. An empty queue is EAGAIN; so that a descriptor from
// elsewhere does not make it wait, it says MSG_DONTWAIT itself.
func (c *Capture) receive() (b, oob []byte, err error) {
	for {
		n, oobn, flags, _, err := unix.Recvmsg(c.fd, c.data[:], c.oob[:], unix.MSG_DONTWAIT)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return nil, nil, err
		case flags&unix.MSG_CTRUNC != 0:
			return nil, nil, unix.EMSGSIZE
		default:
			return c.data[:n], c.oob[:oobn], nil
		}
	}
}
