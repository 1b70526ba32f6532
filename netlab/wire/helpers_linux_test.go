package wire

import (
	"errors"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// within is how long a test waits for a segment. The slowest is the delayed
// acknowledgement of a FIN, 40 to 47 ms.
const within = 10 * time.Second

// capture opens a Capture, or skips the test where that is not permitted.
// TestInNamespace runs the same tests where it is.
func capture(t testing.TB, ports ...uint16) *Capture {
	t.Helper()
	c, err := OpenLoopback()
	if errors.Is(err, unix.EPERM) {
		t.Skipf("needs CAP_NET_RAW: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := c.Watch(ports...); err != nil {
		t.Fatal(err)
	}
	return c
}

// tcp returns a TCP socket bound to a loopback address, and its port. The test
// closes it at its end, unless fd is -1 by then.
func tcp(t testing.TB, last byte) (fd *int, port uint16) {
	t.Helper()
	s, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if s >= 0 {
			unix.Close(s)
		}
	})
	if err := unix.Bind(s, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, last}}); err != nil {
		t.Fatal(err)
	}
	name, err := unix.Getsockname(s)
	if err != nil {
		t.Fatal(err)
	}
	return &s, uint16(name.(*unix.SockaddrInet4).Port)
}

func listen(t testing.TB) (fd *int, port uint16) {
	t.Helper()
	fd, port = tcp(t, 1)
	if err := unix.Listen(*fd, 16); err != nil {
		t.Fatal(err)
	}
	return fd, port
}

// dial connects to a port, and returns the errno of connect(2).
func dial(t testing.TB, port uint16) (client *int, err error) {
	t.Helper()
	client, _ = tcp(t, 2)
	return client, unix.Connect(*client, &unix.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}, Port: int(port)})
}

// connect makes a connection to a listener.
func connect(t testing.TB, l *int, port uint16) (client, server *int) {
	t.Helper()
	client, err := dial(t, port)
	if err != nil {
		t.Fatal(err)
	}
	s, _, err := unix.Accept4(*l, unix.SOCK_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if s >= 0 {
			unix.Close(s)
		}
	})
	return client, &s
}

func closeFD(t testing.TB, fd *int) {
	t.Helper()
	if err := unix.Close(*fd); err != nil {
		t.Fatal(err)
	}
	*fd = -1
}

// tape collects what a Capture sees of a server on port.
type tape struct {
	c       *Capture
	port    uint16
	flow    Flow
	text    []string
	packets []Packet
	seen    map[Packet]bool
}

// await collects until n segments more are there.
func (r *tape) await(t testing.TB, n int) {
	t.Helper()
	want := len(r.text) + n
	begin := time.Now()
	for {
		if err := r.c.Drain(r.add); err != nil {
			t.Fatal(err)
		}
		left := within - time.Since(begin)
		if len(r.text) >= want || left <= 0 {
			return
		}
		ready := []unix.PollFd{{Fd: int32(r.c.FD()), Events: unix.POLLIN}}
		if _, err := unix.Poll(ready, int(left.Milliseconds())+1); err != nil && err != unix.EINTR {
			t.Fatal(err)
		}
	}
}

// add records p once: on a busy machine a segment may be retransmitted.
func (r *tape) add(p Packet) {
	same := p
	same.At = time.Time{}
	if r.seen[same] {
		return
	}
	if r.seen == nil {
		r.seen = make(map[Packet]bool)
	}
	r.seen[same] = true
	who := "client "
	if p.Src.Port() == r.port {
		who = "server "
	}
	r.packets = append(r.packets, p)
	r.text = append(r.text, who+r.flow.Segment(p).String())
}

// expect fails the test unless the tape says exactly this, and empties it.
func (r *tape) expect(t testing.TB, want ...string) {
	t.Helper()
	r.await(t, len(want)-len(r.text))
	if !slices.Equal(r.text, want) {
		t.Errorf("got  %q\nwant %q", r.text, want)
	}
	r.text, r.packets = nil, nil
}

func write(t testing.TB, fd int, n int) {
	t.Helper()
	if got, err := unix.Write(fd, make([]byte, n)); err != nil || got != n {
		t.Fatalf("write: %d, %v", got, err)
	}
}

var handshake = []string{"client SYN seq 0", "server SYN ACK seq 0 ack 1", "client ACK ack 1"}
