package ipc

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sys/unix"
)

// MaxMessage is the size of the largest message in bytes: 64 KiB of data in base64, and the
// JSON around them.
const MaxMessage = 128 << 10

// maxFDs is the largest number of descriptors that travel with one message.
const maxFDs = 8

// Channel is one end of a socketpair. It is not safe for concurrent use.
type Channel struct {
	fd  int
	buf []byte
	oob []byte
}

// Pair returns the two ends of a new socketpair: a channel for this process, and
// a descriptor for another process. The caller owns both.
func Pair() (*Channel, int, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, -1, fmt.Errorf("socketpair: %w", err)
	}
	return New(fds[0]), fds[1], nil
}

// New returns a channel on a descriptor. The channel takes ownership of the descriptor.
func New(fd int) *Channel {
	return &Channel{fd: fd, buf: make([]byte, MaxMessage), oob: make([]byte, unix.CmsgSpace(maxFDs*4))}
}

// FD returns the descriptor, for poll(2).
func (c *Channel) FD() int { return c.fd }

// Close closes the descriptor.
func (c *Channel) Close() error { return unix.Close(c.fd) }

// Send sends v as one message, with copies of the descriptors.
func (c *Channel) Send(v any, fds ...int) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode message: %w", err)
	}
	var oob []byte
	if len(fds) > 0 {
		oob = unix.UnixRights(fds...)
	}
	for {
		err = unix.Sendmsg(c.fd, data, oob, nil, unix.MSG_NOSIGNAL)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("send message: %w", err)
	}
	return nil
}

// Recv waits for the next message, decodes it into v and returns the descriptors
// that came with it, which the caller owns. The error is io.EOF if the other end is closed.
func (c *Channel) Recv(v any) ([]int, error) { return c.recv(v, 0) }

// TryRecv is Recv without waiting. The error is unix.EAGAIN if there is no message.
func (c *Channel) TryRecv(v any) ([]int, error) { return c.recv(v, unix.MSG_DONTWAIT) }

func (c *Channel) recv(v any, flags int) ([]int, error) {
	var n, oobn, got int
	var err error
	for {
		n, oobn, got, _, err = unix.Recvmsg(c.fd, c.buf, c.oob, flags|unix.MSG_CMSG_CLOEXEC)
		if !errors.Is(err, unix.EINTR) {
			break
		}
	}
	switch {
	case errors.Is(err, unix.EAGAIN):
		return nil, unix.EAGAIN
	case errors.Is(err, unix.ECONNRESET), err == nil && n == 0:
		return nil, io.EOF
	case err != nil:
		return nil, fmt.Errorf("receive message: %w", err)
	}
	fds, err := rights(c.oob[:oobn])
	if err != nil {
		return nil, err
	}
	if got&(unix.MSG_TRUNC|unix.MSG_CTRUNC) != 0 {
		closeAll(fds)
		return nil, fmt.Errorf("receive message: %w", unix.EMSGSIZE)
	}
	if err := json.Unmarshal(c.buf[:n], v); err != nil {
		closeAll(fds)
		return nil, fmt.Errorf("decode message: %w", err)
	}
	return fds, nil
}

// rights returns the descriptors in the control data of a message.
func rights(oob []byte) ([]int, error) {
	if len(oob) == 0 {
		return nil, nil
	}
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return nil, fmt.Errorf("parse control message: %w", err)
	}
	var all []int
	for i := range messages {
		fds, err := unix.ParseUnixRights(&messages[i])
		if err != nil {
			closeAll(all)
			return nil, fmt.Errorf("parse descriptors: %w", err)
		}
		all = append(all, fds...)
	}
	return all, nil
}

func closeAll(fds []int) {
	for _, fd := range fds {
		unix.Close(fd)
	}
}
