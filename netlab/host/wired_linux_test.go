package host_test

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"finwait/netlab/host"
	"finwait/netlab/program/puppet"
	"finwait/netlab/sockdiag"
	"finwait/netlab/wire"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// listenOn returns the calls that make a listener.
func listenOn(addr string) []sim.Call {
	return []sim.Call{
		{Name: sim.CallSocket, FD: sim.NoFD},
		{Name: sim.CallSetsockopt, FD: sim.LastFD, Option: sim.Option{Name: sim.OptReuseAddr, Value: 1}},
		{Name: sim.CallBind, FD: sim.LastFD, Addr: netip.MustParseAddrPort(addr)},
		{Name: sim.CallListen, FD: sim.LastFD, Backlog: 5},
	}
}

// connectTo returns the calls that make a connection.
func connectTo(from, to string) []sim.Call {
	return []sim.Call{
		{Name: sim.CallSocket, FD: sim.NoFD},
		{Name: sim.CallBind, FD: sim.LastFD, Addr: netip.MustParseAddrPort(from)},
		{Name: sim.CallConnect, FD: sim.LastFD, Addr: netip.MustParseAddrPort(to)},
	}
}

// listeners returns the local addresses of a host's listening sockets.
func listeners(t *testing.T, h *host.Host) string {
	t.Helper()
	all, err := h.Diag.Dump(sockdiag.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	for _, s := range all {
		if s.State == sim.Listen {
			text = append(text, s.Local.String())
		}
	}
	return strings.Join(text, " ")
}

func TestHere(t *testing.T) {
	nothingLeft(t)
	h, err := host.Here()
	if err != nil {
		t.Fatal(err)
	}
	closeAtEnd(t, h)
	if h.Private || h.TUN != nil || h.Watch() != nil || h.Gone() || (h.Capture == nil) != (h.CaptureErr != nil) {
		t.Errorf("%+v", h)
	}
	p := program(t, h)
	if r := call(t, p, listenOn("127.0.0.7:0")...); r.Ret != 0 {
		t.Errorf("listen: %+v", r)
	}
	if got := listeners(t, h); !strings.Contains(got, "127.0.0.7:") {
		t.Errorf("listening here: %s", got)
	}
}

func TestPrivate(t *testing.T) {
	nothingLeft(t)
	h, err := host.Private()
	refused(t, err)
	closeAtEnd(t, h)
	if !h.Private || h.TUN != nil || h.Capture == nil || h.CaptureErr != nil || len(h.Watch()) != 1 || h.Gone() {
		t.Errorf("%+v", h)
	}
	if err := h.Capture.Watch(8088); err != nil {
		t.Fatal(err)
	}
	p := program(t, h)
	if r := call(t, p, listenOn("127.0.0.1:8088")...); r.Ret != 0 {
		t.Errorf("listen: %+v", r)
	}
	if r := call(t, p, connectTo("127.0.0.2:40001", "127.0.0.1:8088")...); r.Ret != 0 {
		t.Errorf("connect: %+v", r)
	}
	if got := listeners(t, h); got != "127.0.0.1:8088" {
		t.Errorf("listening there: %s", got)
	}
	var flow wire.Flow
	var seen []string
	for len(seen) < 3 {
		readable(t, h.Capture.FD(), patience)
		if err := h.Capture.Drain(func(p wire.Packet) { seen = append(seen, flow.Segment(p).String()) }); err != nil {
			t.Fatal(err)
		}
	}
	if got := strings.Join(seen, ", "); got != "SYN seq 0, SYN ACK seq 0 ack 1, ACK ack 1" {
		t.Errorf("captured: %s", got)
	}
}

func TestWired(t *testing.T) {
	nothingLeft(t)
	h := wired(t, "192.0.2.1/24", host.Sysctl{Name: "tcp_fin_timeout", Value: "3600"}, host.Sysctl{Name: "tcp_retries2", Value: "15"})
	if !h.Private || h.TUN == nil || h.Capture != nil || len(h.Watch()) != 1 || h.Gone() {
		t.Errorf("%+v", h)
	}
	want := []host.Sysctl{{Name: "tcp_fin_timeout", Value: "3600", Default: "60"}, {Name: "tcp_retries2", Value: "15", Default: "15"}}
	if len(h.Sysctls) != 2 || h.Sysctls[0] != want[0] || h.Sysctls[1] != want[1] {
		t.Errorf("sysctls %+v, want %+v", h.Sysctls, want)
	}
	p := program(t, h)
	for addr, errno := range map[string]unix.Errno{
		"192.0.2.1:1": 0, "127.0.0.1:1": 0, "192.0.2.2:1": unix.EADDRNOTAVAIL, "10.0.0.1:1": unix.EADDRNOTAVAIL,
	} {
		if r := call(t, p, listenOn(addr)...); r.Errno != int(errno) {
			t.Errorf("listen on %s: %+v", addr, r)
		}
	}
	// The network has the device's mask.
	if r := call(t, p, connectTo("192.0.2.1:2", "192.0.3.1:2")...); r.Errno != int(unix.ENETUNREACH) {
		t.Errorf("connect beyond the network: %+v", r)
	}
	if err := p.Send(puppet.Request{Calls: connectTo("192.0.2.1:40001", "192.0.2.254:7")}); err != nil {
		t.Fatal(err)
	}
	readable(t, h.TUN.FD(), patience)
	buf := make([]byte, wire.MaxPacket)
	n, err := h.TUN.Read(buf)
	if err != nil {
		t.Fatal(err)
	}
	packet, err := wire.Parse(buf[:n])
	if err != nil || packet.Flags != sim.SYN || packet.Src != netip.MustParseAddrPort("192.0.2.1:40001") || packet.Dst != netip.MustParseAddrPort("192.0.2.254:7") {
		t.Errorf("%+v, %v", packet, err)
	}
}

// What the kernel would send of its own accord is IPv6: neighbour and router
// solicitations, multicast reports.
func TestWiredIsSilent(t *testing.T) {
	nothingLeft(t)
	h := wired(t, "192.0.2.1/24")
	if polled(t, h.TUN.FD(), 500*time.Millisecond) {
		buf := make([]byte, wire.MaxPacket)
		n, err := h.TUN.Read(buf)
		t.Errorf("it has sent %x, %v", buf[:max(0, n)], err)
	}
}

func TestWiredRefusals(t *testing.T) {
	nothingLeft(t)
	wired(t, "192.0.2.1/24") // skips the test where there is none
	for _, tt := range []struct {
		sysctl host.Sysctl
		want   unix.Errno
	}{
		{host.Sysctl{Name: "tcp_no_such_thing", Value: "1"}, unix.ENOENT},
		{host.Sysctl{Name: "tcp_fin_timeout", Value: "soon"}, unix.EINVAL},
	} {
		_, err := host.Wired(netip.MustParsePrefix("192.0.2.1/24"), []host.Sysctl{tt.sysctl})
		var no *host.RefusedError
		if !errors.As(err, &no) || !errors.Is(err, tt.want) || !strings.Contains(err.Error(), tt.sysctl.Name) {
			t.Errorf("%v: %v", tt.sysctl, err)
		}
	}
}

// A helper that dies is noticed; the sockets of its host can still be read.
func TestHelperKilled(t *testing.T) {
	nothingLeft(t)
	h := wired(t, "192.0.2.1/24")
	p := program(t, h)
	if r := call(t, p, listenOn("192.0.2.1:8088")...); r.Ret != 0 {
		t.Fatalf("listen: %+v", r)
	}
	if polled(t, h.Watch()[0], 0) || h.Gone() {
		t.Error("gone before it was killed")
	}
	var killed bool
	for _, child := range children(t) {
		pid, name, _ := strings.Cut(child, " ")
		if n, err := strconv.Atoi(pid); err == nil && name == "finwait-host" {
			killed = unix.Kill(n, unix.SIGKILL) == nil
		}
	}
	if !killed {
		t.Fatalf("no helper among %q", children(t))
	}
	readable(t, h.Watch()[0], patience)
	if !h.Gone() {
		t.Error("not gone after it was killed")
	}
	if _, err := puppet.Start(h, "finwait-test", 0); err == nil {
		t.Error("a program was started on a host that is gone")
	}
	if got := listeners(t, h); got != "192.0.2.1:8088" {
		t.Errorf("listening there: %s", got)
	}
}
