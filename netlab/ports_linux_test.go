package netlab

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"finwait/sim"

	"golang.org/x/sys/unix"
)

// The kernel knows of no claim: it may offer a free port that another finwait has claimed and not
// bound yet. Then it is asked again.
func TestFreePortMayBeClaimed(t *testing.T) {
	free := netip.MustParseAddrPort("127.0.0.1:0")
	claimed, other, err := claimPort(free, probe)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(other)
	offers := 0
	port, mine, err := claimPort(free, func(addr netip.AddrPort, reuse bool) (uint16, error) {
		if offers++; offers <= 2 {
			return claimed, nil
		}
		return probe(addr, reuse)
	})
	if err != nil || port == claimed || offers < 3 {
		t.Errorf("port %d after %d offers: %v; port %d is claimed", port, offers, err, claimed)
	}
	unix.Close(mine)
	// A port that was asked for is that one, or none.
	if port, _, err := claimPort(netip.AddrPortFrom(free.Addr(), claimed), probe); !errors.Is(err, unix.EADDRINUSE) {
		t.Errorf("port %d: %v", port, err)
	}
}

// The port of the next client is kept from other labs until the client after it: between its
// choice and the program's bind(2), the kernel may offer it to another lab.
func TestClientPortIsClaimed(t *testing.T) {
	l := openLab(t, Options{Host: HostMachine})
	first, err := l.ports.client(0)
	if err != nil {
		t.Fatal(err)
	}
	if fd, err := claim(first); !errors.Is(err, unix.EADDRINUSE) {
		t.Errorf("descriptor %d, %v: %s is free to claim", fd, err, first)
	}
	second, err := l.ports.client(1)
	if err != nil {
		t.Fatal(err)
	}
	if fd, err := claim(second); !errors.Is(err, unix.EADDRINUSE) {
		t.Errorf("descriptor %d, %v: %s is free to claim", fd, err, second)
	}
	fd, err := claim(first)
	if err != nil {
		t.Fatalf("%s is still claimed: %v", first, err)
	}
	unix.Close(fd)
}

// A lab that is not bound to its port takes a free one where another lab has the port, and its
// log says so.
func TestAnyPort(t *testing.T) {
	first := openLab(t, Options{Host: HostMachine})
	port := int(first.sockets.server.Port())
	second := openLab(t, Options{Host: HostMachine, Port: port, AnyPort: true})
	got := second.setting
	if got.PortTaken != port || got.Server == first.setting.Server || got.Server != second.sockets.server.String() {
		t.Errorf("port taken %d, server %s; the first lab's is %s", got.PortTaken, got.Server, first.setting.Server)
	}
	play(t, second, 1, "server listen")
	play(t, second, 2, "client connect")
	if free := openLab(t, Options{Host: HostMachine, AnyPort: true}); free.setting.PortTaken != 0 {
		t.Errorf("a lab on any port misses port %d", free.setting.PortTaken)
	}
}

// A connection in TIME_WAIT, left by a lesson before, keeps its port from a server that binds
// without SO_REUSEADDR (inet_csk_get_port). A lab that knows of such a server is not opened on the
// port.
func TestPortKept(t *testing.T) {
	before := openLab(t, Options{Host: HostMachine})
	port := int(before.sockets.server.Port())
	for i, step := range []string{"server listen", "client connect", "server accept", "server close", "client close"} {
		play(t, before, i+1, step)
	}
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	o := Options{Host: HostMachine, Port: port, NoReuse: true}
	l, err := Open(o)
	if err == nil {
		l.Close()
		t.Fatal("the lab took a port that is kept")
	}
	want := fmt.Sprintf("port %d on 127.0.0.1 is kept by a connection that ended less than a minute ago", port)
	if !errors.As(err, new(*UnavailableError)) || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
	o.AnyPort = true
	after := openLab(t, o)
	events := play(t, after, 1, "server listen noreuse")
	if server := netip.MustParseAddrPort(after.setting.Server); after.setting.PortTaken != port || int(server.Port()) == port {
		t.Errorf("port taken %d, server %s; port %d is kept", after.setting.PortTaken, server, port)
	}
	if slices.ContainsFunc(events, func(e sim.Event) bool { return sim.Of[sim.CallReturned](e).Result.Errno != "" }) {
		t.Errorf("a call failed: %v", events)
	}
	o = Options{Host: HostMachine, Port: port}
	if with := openLab(t, o); with.setting.PortTaken != 0 {
		t.Error("a server that binds with SO_REUSEADDR is kept from the port")
	}
}
