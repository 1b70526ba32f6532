package sockdiag

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"os"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"finwait/sim"
)

// fake returns a Conn whose kernel is the test: it answers through the other end
// of a socket pair, in advance.
func fake(t *testing.T) (c *Conn, kernel int) {
	t.Helper()
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	c = FromFD(pair[0])
	t.Cleanup(func() {
		c.Close()
		unix.Close(pair[1])
	})
	return c, pair[1]
}

// msg makes a netlink message.
func msg(kind uint16, seq uint32, body []byte) []byte {
	ne := binary.NativeEndian
	b := ne.AppendUint32(nil, uint32(sizeofHeader+len(body)))
	b = ne.AppendUint16(b, kind)
	b = ne.AppendUint16(b, 0)
	b = ne.AppendUint32(b, seq)
	b = ne.AppendUint32(b, 0)
	return append(b, body...)
}

// body makes a struct inet_diag_msg of a socket in a state, with these ports.
func body(state sim.State, local, remote uint16) []byte {
	b := make([]byte, sizeofSocket)
	b[0], b[1] = familyInet, byte(state)
	binary.BigEndian.PutUint16(b[4:], local)
	binary.BigEndian.PutUint16(b[6:], remote)
	return b
}

func errnoBody(errno unix.Errno) []byte {
	return binary.NativeEndian.AppendUint32(nil, uint32(-int32(errno)))
}

func say(t *testing.T, kernel int, datagrams ...[]byte) {
	t.Helper()
	for _, d := range datagrams {
		if _, err := unix.Write(kernel, d); err != nil {
			t.Fatal(err)
		}
	}
}

var anywhere = netip.MustParseAddrPort("127.0.0.1:1")

// TestLookupAnswers: what a Lookup makes of answers that a test cannot get from
// the kernel at will.
func TestLookupAnswers(t *testing.T) {
	found := func(seq uint32, s sim.State) []byte { return msg(typeByFamily, seq, body(s, 1, 2)) }
	failed := func(seq uint32, errno unix.Errno) []byte { return msg(typeError, seq, errnoBody(errno)) }
	tests := []struct {
		name    string
		answers func(seq uint32) [][]byte // seq is that of the first request
		want    sim.State
		err     error
	}{
		{"nothing", func(n uint32) [][]byte { return nil }, 0, unix.EAGAIN},
		{"found", func(n uint32) [][]byte { return [][]byte{found(n, sim.LastAck)} }, sim.LastAck, nil},
		{"after a stale answer, a stale error and a stale dump", func(n uint32) [][]byte {
			dump := append(found(n-3, sim.Closing), msg(typeDone, n-3, errnoBody(0))...)
			return [][]byte{found(n-1, sim.Established), failed(n-2, unix.ENOENT), dump, found(n, sim.FinWait1)}
		}, sim.FinWait1, nil},
		{"stale and fresh in one datagram", func(n uint32) [][]byte {
			return [][]byte{append(found(n-1, sim.Established), found(n, sim.FinWait1)...)}
		}, sim.FinWait1, nil},
		{"gone for a moment", func(n uint32) [][]byte {
			return [][]byte{failed(n, unix.ENOENT), found(n+1, sim.FinWait2)}
		}, sim.FinWait2, nil},
		{"in CLOSE for a moment, then gone for a moment", func(n uint32) [][]byte {
			return [][]byte{found(n, sim.Close), failed(n+1, unix.ENOENT), found(n+2, sim.TimeWait)}
		}, sim.TimeWait, nil},
		{"gone", func(n uint32) [][]byte {
			return [][]byte{failed(n, unix.ENOENT), failed(n+1, unix.ENOENT), failed(n+2, unix.ENOENT)}
		}, 0, unix.ENOENT},
		{"refused", func(n uint32) [][]byte { return [][]byte{failed(n, unix.EPERM)} }, 0, unix.EPERM},
		{"acknowledged", func(n uint32) [][]byte { return [][]byte{failed(n, 0)} }, 0, errUnknown},
		{"an unknown type", func(n uint32) [][]byte { return [][]byte{msg(99, n, nil)} }, 0, errUnknown},
		{"cut off", func(n uint32) [][]byte { return [][]byte{found(n, sim.LastAck)[:50]} }, 0, errShort},
		{"too large", func(n uint32) [][]byte { return [][]byte{make([]byte, bufferSize)} }, 0, unix.EMSGSIZE},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, kernel := fake(t)
			say(t, kernel, tt.answers(c.seq+1)...)
			s, err := c.Lookup(anywhere, anywhere, 1)
			if s.State != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %+v, %v, want %v, %v", s, err, tt.want, tt.err)
			}
			if _, ok := errors.AsType[*Error](err); err != nil && !ok {
				t.Errorf("not an *Error: %v", err)
			}
		})
	}
}

func TestDumpAnswers(t *testing.T) {
	done := func(seq uint32, errno unix.Errno) []byte { return msg(typeDone, seq, errnoBody(errno)) }
	one := func(seq uint32, local, remote uint16) []byte {
		return msg(typeByFamily, seq, body(sim.Established, local, remote))
	}
	tests := []struct {
		name    string
		answers func(seq uint32) [][]byte
		want    int
		err     error
	}{
		{"none", func(seq uint32) [][]byte { return [][]byte{done(seq, 0)} }, 0, nil},
		{"in parts", func(seq uint32) [][]byte {
			return [][]byte{
				one(seq-1, 7, 7), append(one(seq, 7, 1), one(seq, 1, 7)...), one(seq, 1, 1), one(seq, 7, 7), done(seq, 0),
			}
		}, 3, nil},
		{"without an end", func(seq uint32) [][]byte { return [][]byte{one(seq, 7, 1)} }, 0, unix.EAGAIN},
		{"failed at its end", func(seq uint32) [][]byte { return [][]byte{one(seq, 7, 1), done(seq, unix.ENOMEM)} }, 0, unix.ENOMEM},
		{"refused", func(seq uint32) [][]byte { return [][]byte{msg(typeError, seq, errnoBody(unix.EBUSY))} }, 0, unix.EBUSY},
		{"an unknown type", func(seq uint32) [][]byte { return [][]byte{msg(99, seq, nil)} }, 0, errUnknown},
		{"a short socket", func(seq uint32) [][]byte { return [][]byte{msg(typeByFamily, seq, nil)} }, 0, errShort},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, kernel := fake(t)
			say(t, kernel, tt.answers(c.seq+1)...)
			all, err := c.Dump(Filter{Either: 7})
			if len(all) != tt.want || !errors.Is(err, tt.err) {
				t.Errorf("got %+v, %v, want %d sockets, %v", all, err, tt.want, tt.err)
			}
		})
	}
}

// TestStaleAnswer leaves answers of the real kernel unread.
func TestStaleAnswer(t *testing.T) {
	c := open(t)
	l, client, _ := connect(t)
	for range 3 {
		if err := c.ask(request{local: l.local, remote: l.remote, cookie: l.cookie}); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.ask(request{dump: true, local: l.local}); err != nil {
		t.Fatal(err)
	}
	if s, err := c.Lookup(client.local, client.remote, client.cookie); err != nil || s.Cookie != client.cookie {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestDump(t *testing.T) {
	c := open(t)
	l, client, server := connect(t)
	port := l.local.Port()
	tests := []struct {
		name   string
		filter Filter
		want   []uint64
	}{
		{"local", Filter{Local: port}, []uint64{l.cookie, server.cookie}},
		{"remote", Filter{Remote: port}, []uint64{client.cookie}},
		{"both", Filter{Local: port, Remote: client.local.Port()}, []uint64{server.cookie}},
		{"either", Filter{Either: port}, []uint64{l.cookie, client.cookie, server.cookie}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			all, err := c.Dump(tt.filter)
			if err != nil {
				t.Fatal(err)
			}
			// Others may have used the port on another address.
			ours := []uint64{l.cookie, client.cookie, server.cookie}
			var got []uint64
			for _, s := range all {
				if slices.Contains(ours, s.Cookie) {
					got = append(got, s.Cookie)
				}
				if tt.filter.Either != 0 && s.Local.Port() != port && s.Remote.Port() != port {
					t.Errorf("selected: %+v", s)
				}
			}
			slices.Sort(got)
			slices.Sort(tt.want)
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %d, want %d: %+v", got, tt.want, all)
			}
		})
	}
}

// TestDumpManyParts: more sockets than one datagram holds.
func TestDumpManyParts(t *testing.T) {
	c := open(t)
	const many = 600 // of at least 72+16 bytes: above 50 KB
	want := make(map[uint64]bool)
	for range many {
		l := listen(t, 1)
		want[l.cookie] = true
	}
	all, err := c.Dump(Filter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		delete(want, s.Cookie)
	}
	if len(want) > 0 {
		t.Errorf("%d of %d listeners are not among %d sockets", len(want), many, len(all))
	}
}

func TestErrors(t *testing.T) {
	c, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	v6 := netip.MustParseAddrPort("[::1]:1")
	if _, err := c.Lookup(v6, v6, 0); !errors.Is(err, unix.EAFNOSUPPORT) {
		t.Errorf("IPv6: %v", err)
	}
	if _, err := c.Lookup(netip.AddrPort{}, netip.AddrPort{}, 0); !errors.Is(err, unix.EAFNOSUPPORT) {
		t.Errorf("no address: %v", err)
	}
	mapped := netip.MustParseAddrPort("[::ffff:127.0.0.1]:1")
	if _, err := c.Lookup(mapped, mapped, 1); !errors.Is(err, unix.ENOENT) {
		t.Errorf("mapped: %v", err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	if _, err := c.Lookup(anywhere, anywhere, 0); !errors.Is(err, unix.EBADF) {
		t.Errorf("lookup when closed: %v", err)
	}
	if _, err := c.Dump(Filter{}); !errors.Is(err, unix.EBADF) {
		t.Errorf("dump when closed: %v", err)
	}
}

// TestDescriptors: one per Conn, not inherited, none left.
func TestDescriptors(t *testing.T) {
	before := descriptors(t)
	for range 10 {
		c, err := Open()
		if err != nil {
			t.Fatal(err)
		}
		if got := descriptors(t); got != before+1 {
			t.Fatalf("%d descriptors, want %d", got, before+1)
		}
		if flags, err := unix.FcntlInt(uintptr(c.FD()), unix.F_GETFD, 0); err != nil || flags&unix.FD_CLOEXEC == 0 {
			t.Fatalf("flags %#x, %v: would be inherited", flags, err)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
	// The process has no descriptor left: the error says so and leaves nothing open.
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	none := unix.Rlimit{Cur: 0, Max: limit.Max}
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &none); err != nil {
		t.Fatal(err)
	}
	_, err := Open()
	if back := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit); back != nil {
		t.Fatal(back)
	}
	if !errors.Is(err, unix.EMFILE) {
		t.Errorf("without descriptors: %v", err)
	}
	if got := descriptors(t); got != before {
		t.Errorf("%d descriptors, want %d", got, before)
	}
}

// descriptors counts those of this process, and the one it counts with.
func descriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}

func TestNoAllocations(t *testing.T) {
	c := open(t)
	_, client, _ := connect(t)
	lookup := func(cookie uint64, want error) func() {
		return func() {
			if _, err := c.Lookup(client.local, client.remote, cookie); !errors.Is(err, want) {
				t.Fatal(err)
			}
		}
	}
	if n := testing.AllocsPerRun(100, lookup(client.cookie, nil)); n != 0 {
		t.Errorf("%v allocations in a Lookup", n)
	}
	if n := testing.AllocsPerRun(100, lookup(1, unix.ENOENT)); n != 0 {
		t.Errorf("%v allocations in a Lookup of what is gone", n)
	}
}

func BenchmarkLookup(b *testing.B) {
	c := open(b)
	_, client, _ := connect(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Lookup(client.local, client.remote, client.cookie); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkLookupGone(b *testing.B) {
	c := open(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Lookup(anywhere, anywhere, 1); !errors.Is(err, unix.ENOENT) {
			b.Fatal(err)
		}
	}
}

func BenchmarkDump(b *testing.B) {
	c := open(b)
	l, _, _ := connect(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Dump(Filter{Local: l.local.Port()}); err != nil {
			b.Fatal(err)
		}
	}
}
