package wire

import (
	"errors"

	"golang.org/x/sys/unix"
)

// TUN is a TUN device (Documentation/networking/tuntap.rst). Read returns the packets that its
// host sends: whole IPv4 packets with complete checksums. Write makes the host receive a
// packet; the host has processed the packet when the write returns, and its immediate answers
// can be read then. A TUN is not safe for concurrent use.
type TUN struct{ fd int }

// device is the name of the device in errors.
const device = "TUN device"

// OpenTUN makes a TUN device in the network namespace of the calling thread.
// Where the user may not open /dev/net/tun, errors.Is(err, unix.EACCES); where
// there is no such device, unix.ENOENT.
func OpenTUN(name string) (*TUN, error) {
	fd, err := unix.Open("/dev/net/tun", unix.O_RDWR|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, &Error{Device: device, Op: "open /dev/net/tun", Err: err}
	}
	req, err := unix.NewIfreq(name)
	if err == nil {
		req.SetUint16(unix.IFF_TUN | unix.IFF_NO_PI)
		err = unix.IoctlIfreq(fd, unix.TUNSETIFF, req)
	}
	if err != nil {
		unix.Close(fd)
		return nil, &Error{Device: device, Op: "make", Err: err}
	}
	return TUNFromFD(fd), nil
}

// TUNFromFD makes a TUN of a descriptor that OpenTUN made, in this process or in
// another one that passed it on. The TUN owns it from here on.
func TUNFromFD(fd int) *TUN { return &TUN{fd: fd} }

// Persist makes the device last as long as its network namespace, not as long as its
// descriptor. Whoever closes the last descriptor then need not wait until the kernel has
// unregistered the device (some 20 ms): the kernel does so in the background, once nobody has
// the namespace any more.
func (t *TUN) Persist() error {
	if err := unix.IoctlSetInt(t.fd, unix.TUNSETPERSIST, 1); err != nil {
		return &Error{Device: device, Op: "make persistent", Err: err}
	}
	return nil
}

// FD returns the descriptor, for poll(2) or for passing it on.
func (t *TUN) FD() int { return t.fd }

// Close closes the descriptor; the device is gone with its last one, unless it persists.
func (t *TUN) Close() error {
	if err := unix.Close(t.fd); err != nil {
		return &Error{Device: device, Op: "close", Err: err}
	}
	return nil
}

// Read reads the next packet that the host has sent into buf and returns its
// size. The error is ErrEmpty when there is none.
func (t *TUN) Read(buf []byte) (int, error) {
	for {
		n, err := unix.Read(t.fd, buf)
		switch {
		case errors.Is(err, unix.EINTR):
		case errors.Is(err, unix.EAGAIN):
			return 0, ErrEmpty
		case err != nil:
			return 0, &Error{Device: device, Op: "read", Err: err}
		default:
			return n, nil
		}
	}
}

// Write makes the host receive a packet.
func (t *TUN) Write(packet []byte) error {
	for {
		_, err := unix.Write(t.fd, packet)
		switch {
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return &Error{Device: device, Op: "write", Err: err}
		default:
			return nil
		}
	}
}
