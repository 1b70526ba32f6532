package host_test

import (
	"errors"
	"net/netip"
	"testing"
	"time"

	"finwait/netlab/host"
	"finwait/netlab/program/puppet"
	"finwait/netlab/wire"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// pair is two hosts with a connection between them that client and server hold as
// descriptors 3 and 4.
type pair struct {
	hosts          map[sim.End]*host.Host
	wire           *wire.Wire
	client, server *puppet.Process
}

var (
	clientAddr = netip.MustParseAddrPort("192.0.2.1:40001")
	serverAddr = netip.MustParseAddrPort("192.0.2.2:8088")
)

func connected(t *testing.T, sysctls ...host.Sysctl) *pair {
	t.Helper()
	p := &pair{hosts: map[sim.End]*host.Host{
		sim.Client: wired(t, "192.0.2.1/24", sysctls...), sim.Server: wired(t, "192.0.2.2/24", sysctls...),
	}}
	p.wire = wire.New(p.hosts[sim.Client].TUN, p.hosts[sim.Server].TUN)
	p.client, p.server = program(t, p.hosts[sim.Client]), program(t, p.hosts[sim.Server])
	if r := call(t, p.server, listenOn(serverAddr.String())...); r.Ret != 0 {
		t.Fatalf("listen: %+v", r)
	}
	if err := p.client.Send(puppet.Request{Calls: connectTo(clientAddr.String(), serverAddr.String())}); err != nil {
		t.Fatal(err)
	}
	for p.state(t, sim.Server) != sim.Established {
		p.deliver(t, "")
	}
	if r := answer(t, p.client); r.Ret != 0 {
		t.Fatalf("connect: %+v", r)
	}
	if r := call(t, p.server, sim.Call{Name: sim.CallAccept, FD: 3}); r.Ret != 4 {
		t.Fatalf("accept: %+v", r)
	}
	return p
}

// deliver waits for the next segment of an end, and delivers it.
func (p *pair) deliver(t *testing.T, from sim.End) sim.Flags {
	t.Helper()
	for end := time.Now().Add(patience); ; {
		if err := p.wire.Take(func(wire.News) {}); err != nil {
			t.Fatal(err)
		}
		if h := p.wire.Next(from); h != nil {
			if _, err := p.wire.Deliver(h); err != nil {
				t.Fatal(err)
			}
			return h.Packet.Flags
		}
		fds := []unix.PollFd{
			{Fd: int32(p.hosts[sim.Client].TUN.FD()), Events: unix.POLLIN},
			{Fd: int32(p.hosts[sim.Server].TUN.FD()), Events: unix.POLLIN},
		}
		_, err := unix.Poll(fds, int(max(0, time.Until(end)).Milliseconds()))
		if err != nil && !errors.Is(err, unix.EINTR) || !time.Now().Before(end) {
			t.Fatalf("the %s sends nothing: %v", from, err)
		}
	}
}

// state reads one end of the connection.
func (p *pair) state(t *testing.T, at sim.End) sim.State {
	t.Helper()
	local, remote := clientAddr, serverAddr
	if at == sim.Server {
		local, remote = remote, local
	}
	s, err := p.hosts[at].Diag.Lookup(local, remote, 0)
	if errors.Is(err, unix.ENOENT) {
		return sim.Closed
	}
	if err != nil {
		t.Fatal(err)
	}
	return s.State
}

func (p *pair) want(t *testing.T, client, server sim.State) {
	t.Helper()
	if c, s := p.state(t, sim.Client), p.state(t, sim.Server); c != client || s != server {
		t.Errorf("client %s, server %s; want %s and %s", c, s, client, server)
	}
}

// A host outlives its programs: its kernel closes the connection of a killed program, and keeps
// it in TIME_WAIT until a new program reuses the port.
func TestHostOutlivesPrograms(t *testing.T) {
	nothingLeft(t)
	p := connected(t, host.Sysctl{Name: "tcp_fin_timeout", Value: "7"})
	if err := p.server.Kill(unix.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if status := dies(t, p.server); status.Signal() != unix.SIGKILL {
		t.Errorf("wait status %#x", status)
	}
	if flags := p.deliver(t, sim.Server); flags != sim.FIN|sim.ACK {
		t.Errorf("the server's kernel sent %s", flags)
	}
	p.want(t, sim.CloseWait, sim.FinWait1)
	p.deliver(t, sim.Client)
	p.want(t, sim.CloseWait, sim.FinWait2)
	// The orphan waits as long as the host's sysctl says.
	if s, err := p.hosts[sim.Server].Diag.Lookup(serverAddr, clientAddr, 0); err != nil || s.Expires > 7*time.Second || s.Expires < 5*time.Second || s.Inode != 0 {
		t.Errorf("%+v, %v", s, err)
	}
	if r := call(t, p.client, sim.Call{Name: sim.CallClose, FD: 3}); r.Ret != 0 {
		t.Fatalf("close: %+v", r)
	}
	p.want(t, sim.LastAck, sim.FinWait2)
	p.deliver(t, sim.Client)
	p.want(t, sim.LastAck, sim.TimeWait)
	p.deliver(t, sim.Server)
	p.want(t, sim.Closed, sim.TimeWait)

	again := program(t, p.hosts[sim.Server])
	without := listenOn(serverAddr.String())
	without = append(without[:1:1], without[2:]...)
	if r := call(t, again, without...); r.Errno != int(unix.EADDRINUSE) {
		t.Errorf("listen without SO_REUSEADDR: %+v", r)
	}
	if r := call(t, again, listenOn(serverAddr.String())...); r.Ret != 0 {
		t.Errorf("listen: %+v", r)
	}
	p.want(t, sim.Closed, sim.TimeWait)
}

// A host whose programs are all dead still answers.
func TestHostAnswersWithoutPrograms(t *testing.T) {
	nothingLeft(t)
	p := connected(t)
	for _, program := range []*puppet.Process{p.client, p.server} {
		if err := program.Kill(unix.SIGKILL); err != nil {
			t.Fatal(err)
		}
		dies(t, program)
	}
	p.want(t, sim.FinWait1, sim.FinWait1)
	p.deliver(t, sim.Client)
	p.deliver(t, sim.Server)
	p.want(t, sim.Closing, sim.Closing)
	p.deliver(t, sim.Client)
	p.deliver(t, sim.Server)
	p.want(t, sim.TimeWait, sim.TimeWait)
}
