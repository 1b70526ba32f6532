package sockdiag

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"finwait/sim"
)

// Destroy ends a socket as the kernel's administrator (SOCK_DESTROY, tcp_abort): it is in CLOSE
// at once, whoever holds it, and its peer is sent a RST if it may still send. It needs
// CAP_NET_ADMIN in the user namespace that owns the network namespace, both now and when the
// Conn was opened: without it the error is unix.EPERM, and unix.EOPNOTSUPP on a kernel without
// CONFIG_INET_DIAG_DESTROY. Where there is no such socket any more, errors.Is(err, unix.ENOENT).
//
// A kernel before Linux 6.12 ends no orphan so. Some take its queue and leave it without a timer,
// so that it stays for ever ("tcp: fix forever orphan socket caused by tcp_abort").
func (c *Conn) Destroy(s Socket) error {
	err := c.ask(request{destroy: true, local: s.Local, remote: s.Remote, cookie: s.Cookie})
	for done := false; err == nil && !done; {
		var answer []byte
		if answer, err = c.receive(); err == nil {
			done, err = c.acknowledged(answer)
		}
	}
	if err != nil {
		return &Error{Op: "destroy", Err: err}
	}
	return nil
}

// acknowledged looks for the errno that answers the last request among the messages of b.
func (c *Conn) acknowledged(b []byte) (done bool, err error) {
	for len(b) > 0 {
		var m message
		if m, b, err = nextMessage(b); err != nil {
			return false, err
		}
		if m.seq != c.seq || m.kind == typeNoop {
			continue
		}
		if m.kind != typeError {
			return true, errUnknown
		}
		errno, err := parseErrno(m)
		if err == nil && errno != 0 {
			err = unix.Errno(errno)
		}
		return true, err
	}
	return false, nil
}

// DestroyAll ends every IPv4 TCP socket of the namespace that could keep it: those that
// are neither closed nor in TIME_WAIT, which goes with its namespace (tcp_sk_exit_batch).
// It is for a namespace whose programs are dead or dying. It does nothing where Destroy ends no
// orphan or is refused. A socket that ends by itself meanwhile is no error.
func (c *Conn) DestroyAll() error {
	if !endsOrphans() {
		return nil
	}
	all, err := c.Dump(Filter{})
	for _, s := range all {
		if s.State == sim.TimeWait || s.State == sim.Close {
			continue
		}
		switch one := c.Destroy(s); {
		case errors.Is(one, unix.EOPNOTSUPP), errors.Is(one, unix.EPERM):
			return nil
		case !errors.Is(one, unix.ENOENT):
			err = errors.Join(err, one)
		}
	}
	return err
}

// endsOrphans reports whether this kernel ends an orphan that is destroyed; see Destroy.
func endsOrphans() bool {
	var u unix.Utsname
	var major, minor int
	if unix.Uname(&u) != nil {
		return false
	}
	if _, err := fmt.Sscanf(unix.ByteSliceToString(u.Release[:]), "%d.%d", &major, &minor); err != nil {
		return false
	}
	return major > 6 || major == 6 && minor >= 12
}
