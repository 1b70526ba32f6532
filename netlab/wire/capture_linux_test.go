package wire

import (
	"errors"
	"net/netip"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"finwait/internal/testkit/livetest"
	"finwait/sim"
)

func TestClose(t *testing.T) {
	l, port := listen(t)
	r := &tape{c: capture(t, port), port: port}
	client, server := connect(t, l, port)
	r.expect(t, handshake...)
	closeFD(t, client)
	r.expect(t, "client FIN ACK seq 1 ack 1", "server ACK ack 2")
	closeFD(t, server)
	r.expect(t, "server FIN ACK seq 1 ack 2", "client ACK ack 2")
}

// TestWriteToClosed: the answer to data for a closed socket is a reset that
// counts in its sender's own numbers.
func TestWriteToClosed(t *testing.T) {
	l, port := listen(t)
	r := &tape{c: capture(t, port), port: port}
	client, server := connect(t, l, port)
	closeFD(t, client)
	r.expect(t, append(handshake[:3:3], "client FIN ACK seq 1 ack 1", "server ACK ack 2")...)
	write(t, *server, 13)
	r.expect(t, "server PSH ACK seq 1 ack 2 len 13", "client RST seq 2")
}

func TestReset(t *testing.T) {
	l, port := listen(t)
	r := &tape{c: capture(t, port), port: port}
	client, _ := connect(t, l, port)
	r.expect(t, handshake...)
	linger := &unix.Linger{Onoff: 1}
	if err := unix.SetsockoptLinger(*client, unix.SOL_SOCKET, unix.SO_LINGER, linger); err != nil {
		t.Fatal(err)
	}
	closeFD(t, client)
	r.expect(t, "client RST ACK seq 1 ack 1")
}

func TestRefused(t *testing.T) {
	_, port := tcp(t, 1) // bound, not listening
	r := &tape{c: capture(t, port), port: port}
	if _, err := dial(t, port); err != unix.ECONNREFUSED {
		t.Fatal(err)
	}
	r.expect(t, "client SYN seq 0", "server RST ACK seq 0 ack 1")
}

// TestLong: the filter cuts segments, their length is not.
func TestLong(t *testing.T) { livetest.Play(t, long) }

func long(t testing.TB) {
	t.Helper()
	l, port := listen(t)
	r := &tape{c: capture(t, port), port: port}
	client, server := connect(t, l, port)
	r.expect(t, handshake...)
	const size = 1 << 20
	done := make(chan error, 1)
	go func(fd int) {
		buf := make([]byte, 1<<16)
		for left := size; left > 0; {
			n, err := unix.Read(fd, buf)
			if err != nil || n == 0 {
				done <- errors.Join(err, errors.New("the server reads no more"))
				return
			}
			left -= n
		}
		done <- nil
	}(*server)
	write(t, *client, size)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if err := r.c.Drain(r.add); err != nil {
		t.Fatal(err)
	}
	next, largest := sim.Seq(1), 0
	var flow Flow
	for _, p := range r.packets {
		if s := flow.Segment(p); p.Dst.Port() == port && p.Len > 0 {
			if s.Seq.After(next) { // less is a retransmission
				t.Fatalf("%v after %d", s, next)
			}
			next, largest = next.Later(s.Next()), max(largest, p.Len)
		}
	}
	if next != size+1 || largest <= 1500 {
		t.Errorf("%d bytes seen, at most %d in a segment", next-1, largest)
	}
	if n, err := r.c.Drops(); n != 0 || err != nil {
		t.Errorf("%d lost, %v", n, err)
	}
}

// TestStamps: the kernel's stamps lie between ours and never go back, from the
// first segment on.
func TestStamps(t *testing.T) {
	l, port := listen(t)
	for range 5 {
		r := &tape{c: capture(t, port), port: port}
		before := time.Now().Round(0) // wall clock, as the stamps
		client, server := connect(t, l, port)
		closeFD(t, client)
		closeFD(t, server)
		after := time.Now().Round(0)
		r.await(t, 3)
		last := before
		for i, p := range r.packets[:3] {
			if p.At.Before(last) || p.At.After(after) {
				t.Errorf("segment %d at %v, not in %v … %v", i+1, p.At, last, after)
			}
			last = p.At
		}
		if err := r.c.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestWatch: only what the newest Watch names, and nothing from before it.
func TestWatch(t *testing.T) {
	l1, port1 := listen(t)
	l2, port2 := listen(t)
	c := capture(t)
	r := &tape{c: c, port: port1}
	connect(t, l1, port1)
	r.expect(t) // no port

	if err := c.Watch(port1); err != nil {
		t.Fatal(err)
	}
	connect(t, l2, port2)
	client, _ := connect(t, l1, port1)
	r.expect(t, handshake...)

	write(t, *client, 5) // queued, and thrown away
	if err := c.Watch(port2); err != nil {
		t.Fatal(err)
	}
	write(t, *client, 5)
	r.port = port2
	connect(t, l2, port2)
	r.expect(t, handshake...)

	// A third port: the first one's server may still owe an acknowledgement.
	l3, port3 := listen(t)
	if err := c.Watch(port2, port3); err != nil {
		t.Fatal(err)
	}
	connect(t, l2, port2)
	r.expect(t, handshake...)
	r.port = port3
	connect(t, l3, port3)
	r.expect(t, handshake...)

	if err := c.Watch(make([]uint16, maxPorts+1)...); !errors.Is(err, unix.EINVAL) {
		t.Errorf("too many ports: %v", err)
	}
}

// TestDrops fills a receive buffer of the smallest size.
func TestDrops(t *testing.T) {
	l, port := listen(t)
	c := capture(t, port)
	if err := unix.SetsockoptInt(c.FD(), unix.SOL_SOCKET, unix.SO_RCVBUF, 1); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		connect(t, l, port)
	}
	seen := 0
	if err := c.Drain(func(Packet) { seen++ }); err != nil {
		t.Fatal(err)
	}
	lost, err := c.Drops()
	if err != nil || lost == 0 || seen+lost != 60 {
		t.Errorf("%d seen and %d lost of 60, %v", seen, lost, err)
	}
	if lost, err := c.Drops(); lost != 0 || err != nil {
		t.Errorf("lost since: %d, %v", lost, err)
	}
}

// TestRoom: how much may happen between two calls of Drain.
func TestRoom(t *testing.T) {
	l, port := listen(t)
	c := capture(t, port)
	client, server := connect(t, l, port)
	if err := unix.SetsockoptInt(*client, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 64)
	for range 200 {
		write(t, *client, 1)
		if _, err := unix.Read(*server, buf); err != nil {
			t.Fatal(err)
		}
	}
	seen := 0
	if err := c.Drain(func(Packet) { seen++ }); err != nil {
		t.Fatal(err)
	}
	if lost, err := c.Drops(); lost != 0 || err != nil || seen < 200 {
		t.Errorf("%d seen, %d lost, %v", seen, lost, err)
	}
}

// TestNotPermitted drops the capability in one thread, which then ends.
func TestNotPermitted(t *testing.T) {
	result := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread dies with the goroutine
		header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
		var none [2]unix.CapUserData
		if err := unix.Capset(&header, &none[0]); err != nil {
			result <- err
			return
		}
		c, err := OpenLoopback()
		if err == nil {
			c.Close()
		}
		result <- err
	}()
	err := <-result
	if _, ok := errors.AsType[*Error](err); !ok || !errors.Is(err, unix.EPERM) {
		t.Errorf("got %v, want EPERM", err)
	}
}

func TestClosed(t *testing.T) {
	c := capture(t)
	if flags, err := unix.FcntlInt(uintptr(c.FD()), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
		t.Errorf("flags %#x, %v: would be inherited", flags, err)
	}
	for range 2 {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Watch(1); !errors.Is(err, unix.EBADF) {
		t.Errorf("watch: %v", err)
	}
	if err := c.Drain(func(Packet) {}); !errors.Is(err, unix.EBADF) {
		t.Errorf("drain: %v", err)
	}
	if _, err := c.Drops(); !errors.Is(err, unix.EBADF) {
		t.Errorf("drops: %v", err)
	}
}

// BenchmarkDrain measures one segment, without the making of it.
func BenchmarkDrain(b *testing.B) {
	l, port := listen(b)
	c := capture(b, port)
	client, server := connect(b, l, port)
	buf := make([]byte, 64)
	if err := c.Drain(func(Packet) {}); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	var flow Flow
	var last sim.Segment
	var src netip.AddrPort
	for n := 0; n < b.N; {
		b.StopTimer()
		for range 100 {
			write(b, *client, 1)
			if _, err := unix.Read(*server, buf); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		if err := c.Drain(func(p Packet) { n++; src, last = p.Src, flow.Segment(p) }); err != nil {
			b.Fatal(err)
		}
	}
	_, _ = src, last
}
