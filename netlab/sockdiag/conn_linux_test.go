package sockdiag

import (
	"errors"
	"net/netip"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"finwait/internal/testkit/livetest"
	"finwait/sim"
)

// within is how long a test waits for what the kernel does by itself. The
// longest is the delayed acknowledgement of a FIN, 40 to 47 ms.
const within = 10 * time.Second

// end is one end of a connection under test.
type end struct {
	fd            int
	local, remote netip.AddrPort
	cookie        uint64
}

func (e *end) close(t testing.TB) {
	t.Helper()
	if err := unix.Close(e.fd); err != nil {
		t.Fatal(err)
	}
	e.fd = -1
}

func open(t testing.TB) *Conn {
	t.Helper()
	c, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// socket returns a TCP socket bound to a port of the kernel's choice. The test
// closes it at its end, unless it has done so itself.
func socket(t testing.TB, addr [4]byte) *end {
	t.Helper()
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	e := &end{fd: fd}
	t.Cleanup(func() {
		if e.fd >= 0 {
			unix.Close(e.fd)
		}
	})
	if err := unix.Bind(fd, &unix.SockaddrInet4{Addr: addr}); err != nil {
		t.Fatal(err)
	}
	return e
}

// name fills in what identifies the end's socket.
func (e *end) name(t testing.TB) {
	t.Helper()
	self, err := unix.Getsockname(e.fd)
	if err != nil {
		t.Fatal(err)
	}
	e.local = addrPort(self)
	e.remote = netip.MustParseAddrPort("0.0.0.0:0")
	if peer, err := unix.Getpeername(e.fd); err == nil {
		e.remote = addrPort(peer)
	}
	e.cookie = cookieOf(t, e.fd)
}

// cookieOf returns the cookie of a TCP socket (SO_COOKIE, socket(7)), the key for
// Lookup. A listener of package net is not one where the kernel has MPTCP: its cookie
// finds nothing, the TCP socket under it has another.
func cookieOf(t testing.TB, fd int) uint64 {
	t.Helper()
	cookie, err := unix.GetsockoptUint64(fd, unix.SOL_SOCKET, unix.SO_COOKIE)
	if err != nil {
		t.Fatal(err)
	}
	return cookie
}

func addrPort(sa unix.Sockaddr) netip.AddrPort {
	in := sa.(*unix.SockaddrInet4)
	return netip.AddrPortFrom(netip.AddrFrom4(in.Addr), uint16(in.Port))
}

func sockaddr(a netip.AddrPort) unix.Sockaddr {
	return &unix.SockaddrInet4{Addr: a.Addr().As4(), Port: int(a.Port())}
}

func listen(t testing.TB, backlog int) *end {
	t.Helper()
	l := socket(t, [4]byte{127, 0, 0, 1})
	if err := unix.Listen(l.fd, backlog); err != nil {
		t.Fatal(err)
	}
	l.name(t)
	return l
}

func dial(t testing.TB, l *end) *end {
	t.Helper()
	c := socket(t, [4]byte{127, 0, 0, 2})
	if err := unix.Connect(c.fd, sockaddr(l.local)); err != nil {
		t.Fatal(err)
	}
	c.name(t)
	return c
}

func accept(t testing.TB, l *end) *end {
	t.Helper()
	fd, _, err := unix.Accept4(l.fd, unix.SOCK_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	s := &end{fd: fd}
	t.Cleanup(func() {
		if s.fd >= 0 {
			unix.Close(s.fd)
		}
	})
	s.name(t)
	return s
}

// connect returns both ends of a connection and its listener.
func connect(t testing.TB) (l, client, server *end) {
	t.Helper()
	l = listen(t, 16)
	client = dial(t, l)
	return l, client, accept(t, l)
}

// await looks e up until ok says yes, and fails the test when the time is over.
func await(t testing.TB, c *Conn, e *end, what string, ok func(Socket, error) bool) Socket {
	t.Helper()
	var s Socket
	var err error
	for begin := time.Now(); time.Since(begin) < within; {
		if s, err = c.Lookup(e.local, e.remote, e.cookie); ok(s, err) {
			return s
		}
	}
	t.Fatalf("no %s: %+v, %v", what, s, err)
	return Socket{}
}

// awaitState also checks that nothing but the states before it is seen on the
// way.
func awaitState(t testing.TB, c *Conn, e *end, want sim.State, before ...sim.State) Socket {
	t.Helper()
	return await(t, c, e, want.String(), func(s Socket, err error) bool {
		if err == nil && s.State == want {
			return true
		}
		for _, b := range before {
			if err == nil && s.State == b {
				return false
			}
		}
		t.Fatalf("on the way to %s: %+v, %v", want, s, err)
		return false
	})
}

// TestClose follows a connection to its end, by cookie, after its descriptors
// are gone.
func TestClose(t *testing.T) {
	c := open(t)
	l, client, server := connect(t)

	s := awaitState(t, c, client, sim.Established)
	if s.Inode == 0 || s.Timer != sim.TimerOff || s.Cookie != client.cookie ||
		s.Local != client.local || s.Remote != client.remote {
		t.Errorf("client connected: %+v", s)
	}

	client.close(t)
	s = awaitState(t, c, client, sim.FinWait2, sim.FinWait1)
	if s.Inode != 0 || s.Timer != sim.TimerTimewait || s.Expires <= 0 || s.Cookie != client.cookie {
		t.Errorf("client orphaned: %+v", s)
	}
	s = awaitState(t, c, server, sim.CloseWait)
	if s.RecvQ != 1 || s.Inode == 0 {
		t.Errorf("server with a FIN unread: %+v", s)
	}

	server.close(t)
	s = awaitState(t, c, client, sim.TimeWait, sim.FinWait2)
	if s.Inode != 0 || s.Timer != sim.TimerTimewait || s.Cookie != client.cookie ||
		s.Expires < 50*time.Second || s.Expires > 62*time.Second {
		t.Errorf("client at the end: %+v", s)
	}
	await(t, c, server, "end of the server", func(s Socket, err error) bool { return errors.Is(err, unix.ENOENT) })

	// Without the cookie the listener answers in place of the server end.
	s, err := c.Lookup(server.local, server.remote, 0)
	if err != nil || s.State != sim.Listen || s.Cookie != l.cookie {
		t.Errorf("the port still listens: %+v, %v", s, err)
	}
	l.close(t)
	if s, err := c.Lookup(server.local, server.remote, 0); !errors.Is(err, unix.ENOENT) {
		t.Errorf("nobody listens: %+v, %v", s, err)
	}
}

// TestNoMomentaryAnswers watches connections move into minisockets: neither
// CLOSE nor "gone" may come between.
func TestNoMomentaryAnswers(t *testing.T) {
	c := open(t)
	for range 200 {
		_, client, server := connect(t)
		closed := make(chan error, 1)
		go func(fd int) { closed <- unix.Close(fd) }(client.fd)
		client.fd = -1
		awaitState(t, c, client, sim.FinWait2, sim.Established, sim.FinWait1)
		if err := <-closed; err != nil {
			t.Fatal(err)
		}
		server.close(t)
		awaitState(t, c, client, sim.TimeWait, sim.FinWait2)
	}
}

func TestHalfClose(t *testing.T) {
	c := open(t)
	_, client, server := connect(t)
	if err := unix.Shutdown(client.fd, unix.SHUT_WR); err != nil {
		t.Fatal(err)
	}
	// With a descriptor FIN_WAIT2 has no timer: it may last for ever.
	s := awaitState(t, c, client, sim.FinWait2, sim.FinWait1)
	if s.Inode == 0 || s.Timer != sim.TimerOff {
		t.Errorf("half closed: %+v", s)
	}
	awaitState(t, c, server, sim.CloseWait)
}

func TestReset(t *testing.T) {
	c := open(t)
	_, client, server := connect(t)
	if err := unix.SetsockoptLinger(client.fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1}); err != nil {
		t.Fatal(err)
	}
	client.close(t)
	for _, e := range []*end{client, server} {
		await(t, c, e, "end", func(s Socket, err error) bool { return errors.Is(err, unix.ENOENT) })
	}
}

// TestNotAccepted: the server end exists before accept, and has no inode.
func TestNotAccepted(t *testing.T) {
	c := open(t)
	l := listen(t, 16)
	client := dial(t, l)
	server := &end{local: client.remote, remote: client.local}
	if s := awaitState(t, c, server, sim.Established, sim.SynRecv); s.Inode != 0 || s.Cookie == 0 {
		t.Errorf("in the queue: %+v", s)
	}
	if s := awaitState(t, c, l, sim.Listen); s.RecvQ != 1 || s.SendQ != 16 {
		t.Errorf("listener with one waiting: %+v", s)
	}
}

func TestSynRecv(t *testing.T) {
	c := open(t)
	l := listen(t, 16)
	// The kernel goes on waiting after the ACK of the handshake, for data.
	if err := unix.SetsockoptInt(l.fd, unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT, 30); err != nil {
		t.Fatal(err)
	}
	client := dial(t, l)
	server := &end{local: client.remote, remote: client.local}
	s := awaitState(t, c, server, sim.SynRecv)
	if s.Inode != 0 || s.Timer != sim.TimerRetransmit || s.Local != server.local || s.Remote != server.remote {
		t.Errorf("connection request: %+v", s)
	}
}

func TestTimers(t *testing.T) {
	c := open(t)
	t.Run("keepalive", func(t *testing.T) {
		_, client, _ := connect(t)
		if err := unix.SetsockoptInt(client.fd, unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1); err != nil {
			t.Fatal(err)
		}
		if s := awaitState(t, c, client, sim.Established); s.Timer != sim.TimerKeepalive || s.Expires <= time.Second {
			t.Errorf("got %+v", s)
		}
	})
	t.Run("retransmit", func(t *testing.T) {
		l := listen(t, 0)
		dial(t, l) // fills the queue: the next SYN is dropped
		client := socket(t, [4]byte{127, 0, 0, 2})
		if err := unix.SetNonblock(client.fd, true); err != nil {
			t.Fatal(err)
		}
		if err := unix.Connect(client.fd, sockaddr(l.local)); err != unix.EINPROGRESS {
			t.Fatal(err)
		}
		client.name(t)
		client.remote = l.local
		if s := awaitState(t, c, client, sim.SynSent); s.Timer != sim.TimerRetransmit || s.Inode == 0 {
			t.Errorf("got %+v", s)
		}
		await(t, c, client, "retransmission", func(s Socket, err error) bool { return err == nil && s.Retransmits > 0 })
	})
	t.Run("persist", func(t *testing.T) {
		_, client, _ := connect(t)
		if err := unix.SetNonblock(client.fd, true); err != nil {
			t.Fatal(err)
		}
		data := make([]byte, 1<<16)
		await(t, c, client, "persist timer", func(s Socket, err error) bool {
			if _, err := unix.Write(client.fd, data); err != nil && err != unix.EAGAIN {
				t.Fatal(err)
			}
			return err == nil && s.Timer == sim.TimerPersist && s.SendQ > 0
		})
	})
}

// TestMain runs a test's other half when the binary was started as one.
func TestMain(m *testing.M) {
	if os.Getenv(otherHalf) != "" {
		if err := elsewhere(); err != nil {
			os.Stderr.WriteString(err.Error() + "\n")
			os.Exit(1)
		}
		os.Exit(0)
	}
	livetest.TakeTurn()
	os.Exit(m.Run())
}
