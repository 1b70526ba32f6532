package wire

import (
	"encoding/binary"
	"time"

	"golang.org/x/sys/unix"
)

// stampsWithin is the longest time for which awaitStamps tries. The kernel needs well under a
// millisecond, more when the machine is busy.
const stampsWithin = 250 * time.Millisecond

// awaitStamps returns when the kernel stamps packets as they arrive. The first
// socket on the machine that asks for timestamps only makes the kernel schedule
// that (net_enable_timestamp patches the code from a work queue). Packets that come before
// are stamped when they are read (__sock_recv_timestamp): later than those that
// follow them, which would turn their order around.
//
// The test is a datagram to itself on lo: one whose stamp is no later than the
// end of its sending was stamped on arrival. If the time runs out, only the stamps of the
// first segments are too late.
func awaitStamps() error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return &Error{Op: "timestamps", Err: err}
	}
	defer unix.Close(fd)
	if err := connectToItself(fd); err != nil {
		return &Error{Op: "timestamps", Err: err}
	}
	for begin := time.Now(); time.Since(begin) < stampsWithin; {
		onArrival, err := probe(fd)
		if err != nil {
			return &Error{Op: "timestamps", Err: err}
		}
		if onArrival {
			break
		}
	}
	return nil
}

// connectToItself makes fd a stamped UDP socket whose peer it is itself, so that
// nobody else's datagrams reach it.
func connectToItself(fd int) error {
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_TIMESTAMPNS, 1); err != nil {
		return err
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		return err
	}
	self, err := unix.Getsockname(fd)
	if err != nil {
		return err
	}
	return unix.Connect(fd, self)
}

// probe sends one datagram and reports whether it was stamped on arrival. It
// waits at most stampsWithin for it, which is long on lo.
func probe(fd int) (onArrival bool, err error) {
	if _, err := unix.Write(fd, []byte{0}); err != nil {
		return false, err
	}
	sent := time.Now()
	ready := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
	if _, err := unix.Poll(ready, int(stampsWithin.Milliseconds())); err != nil && err != unix.EINTR {
		return false, err
	}
	var data [1]byte
	var oob [128]byte
	n, oobn, _, _, err := unix.Recvmsg(fd, data[:], oob[:], unix.MSG_DONTWAIT)
	if err == unix.EAGAIN || err == unix.EINTR {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	at, _, err := parseControl(oob[:oobn], n)
	return !at.IsZero() && !at.After(sent), err
}

// parseControl reads the timestamp and the original length out of the control
// messages of a packet. Got is the number of bytes received: the length, if the
// kernel tells no other.
func parseControl(oob []byte, got int) (at time.Time, size int, err error) {
	size = got
	ne := binary.NativeEndian
	for len(oob) > 0 {
		var h unix.Cmsghdr
		var data []byte
		if h, data, oob, err = unix.ParseOneSocketControlMessage(oob); err != nil {
			return time.Time{}, 0, err
		}
		switch {
		case h.Level == unix.SOL_SOCKET && h.Type == unix.SCM_TIMESTAMPNS:
			at = parseTimespec(data)
		case h.Level == unix.SOL_PACKET && h.Type == unix.PACKET_AUXDATA && len(data) >= sizeofAuxdata:
			size = int(ne.Uint32(data[4:])) // tp_len
		}
	}
	return at, size, nil
}

// parseTimespec reads a struct timespec of 64 or of 32 bits a field.
func parseTimespec(b []byte) time.Time {
	ne := binary.NativeEndian
	switch len(b) {
	case 16:
		return time.Unix(int64(ne.Uint64(b)), int64(ne.Uint64(b[8:])))
	case 8:
		return time.Unix(int64(int32(ne.Uint32(b))), int64(ne.Uint32(b[4:])))
	}
	return time.Time{}
}
