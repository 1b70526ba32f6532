package netlab

import (
	"fmt"
	"net/netip"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"finwait/netlab/host"
	"finwait/netlab/wire"
	"finwait/sim"
	plan "finwait/sim/program"
)

// loopback is one host with both ends on its lo.
type loopback struct {
	only   *host.Host
	port   uint16 // the server's
	newest int64  // stamp of the newest segment, wall clock in nanoseconds
}

func loopbackAddress(at sim.End) netip.Addr { return netip.MustParseAddr(sim.LoopbackAddress(at)) }

func (n *loopback) ready(sim.End) error { return nil }

func (n *loopback) host(sim.End) *host.Host { return n.only }

func (n *loopback) private() bool { return n.only.Private }

func (n *loopback) address(at sim.End) netip.Addr { return loopbackAddress(at) }

func (n *loopback) watch(port uint16) error {
	n.port = port
	if n.only.Capture == nil {
		return nil
	}
	return n.only.Capture.Watch(port)
}

func (n *loopback) describe(lab *sim.Setting) {
	lab.Net, lab.Capture, lab.Private = sim.Loopback, sim.Inferred, n.only.Private
	if n.only.Capture != nil {
		lab.Capture = sim.Captured
	}
	if !n.only.Private { // a new namespace has the defaults
		lab.Sysctls = machineSysctls(defaults())
	}
}

func (n *loopback) fds() []int {
	fds := n.only.Watch()
	if n.only.Capture != nil {
		fds = append(fds, n.only.Capture.FD())
	}
	return fds
}

func (n *loopback) drain(report func(segmentNews)) error {
	if n.only.Gone() {
		return errHostGone
	}
	if n.only.Capture == nil {
		return nil
	}
	return n.only.Capture.Drain(func(p wire.Packet) {
		from := sim.Client
		if p.Src.Port() == n.port && (p.Dst.Port() != n.port || p.Src.Addr() == n.address(sim.Server)) {
			from = sim.Server
		}
		// The queue is in the order of delivery; a stamp can be a few
		// microseconds behind that of the segment before.
		n.newest = max(n.newest, p.At.UnixNano())
		report(segmentNews{from: from, packet: p, fate: sim.Delivered, at: n.newest})
	})
}

// missed asks how many segments there was no room for in the capture's buffer.
func (n *loopback) missed() (int, error) {
	if n.only.Capture == nil {
		return 0, nil
	}
	return n.only.Capture.Drops()
}

func (n *loopback) cable() (is, cut bool) { return false, false }

func (n *loopback) flight() []*wire.Held { return nil }

func (n *loopback) handle(action plan.Action, _ func(segmentNews)) error {
	return fmt.Errorf("netlab: %T on loopback", action) // the plan has refused it
}

// settleDelay returns after how long a second look can find something that the first one did
// not: what lo has taken may wait for another CPU's softirq.
func (n *loopback) settleDelay() time.Duration { return unsettledPause }

func (n *loopback) settled() {}

func (n *loopback) close() error { return n.only.Close() }

// defaults returns the sysctls that decide how long a connection lives, and those that
// change what is seen of it, as the kernel sets them (ip-sysctl.rst).
func defaults() []host.Sysctl {
	return []host.Sysctl{
		{Name: "tcp_syn_retries", Default: "6"},
		{Name: "tcp_synack_retries", Default: "5"},
		{Name: "tcp_retries2", Default: "15"},
		{Name: "tcp_orphan_retries", Default: "0"},
		{Name: "tcp_fin_timeout", Default: "60"},
		{Name: "tcp_syn_linear_timeouts", Default: "4"},
		{Name: "tcp_rto_min_us", Default: "200000"},
		{Name: "tcp_rto_max_ms", Default: "120000"},
		{Name: "tcp_timestamps", Default: "1"},
		{Name: "tcp_sack", Default: "1"},
		{Name: "tcp_syncookies", Default: "1"},
		{Name: "tcp_tw_reuse", Default: "2"},
		{Name: "tcp_rfc1337", Default: "0"},
		{Name: "tcp_abort_on_overflow", Default: "0"},
		{Name: "tcp_invalid_ratelimit", Default: "500"},
	}
}

// machineSysctls returns those of the list that are set otherwise on this machine. A sysctl
// that cannot be read is left out.
func machineSysctls(list []host.Sysctl) []sim.Sysctl {
	net, err := host.Sysctls()
	if err != nil {
		return nil
	}
	defer net.Close()
	ipv4, err := net.OpenRoot("ipv4")
	if err != nil {
		return nil
	}
	defer ipv4.Close()
	var differ []sim.Sysctl
	for _, s := range list {
		value, err := ipv4.ReadFile(s.Name)
		s.Value = strings.TrimSpace(string(value))
		if err == nil && s.Value != s.Default {
			differ = append(differ, sim.Sysctl(s))
		}
	}
	return append(differ, tooLow(floors(), net)...)
}

// floor is a setting that matters only where it is lower than what a lesson can need.
type floor struct {
	sysctl string // below net, as a path
	least  int
	usual  string
}

// floors returns how many sockets may be in TIME_WAIT, and how long an accept queue may be: listen
// takes the lesser of its backlog and that (ip-sysctl.rst, listen(2)).
func floors() []floor {
	return []floor{
		{"ipv4/tcp_max_tw_buckets", 1024, "set by memory"},
		{"core/somaxconn", sim.Backlog, "4096"},
	}
}

// tooLow returns the settings in a directory that are lower than they may be.
func tooLow(list []floor, net *os.Root) []sim.Sysctl {
	var low []sim.Sysctl
	for _, f := range list {
		text, err := net.ReadFile(f.sysctl)
		value := strings.TrimSpace(string(text))
		if n, notNumber := strconv.Atoi(value); err == nil && notNumber == nil && n < f.least {
			low = append(low, sim.Sysctl{Name: path.Base(f.sysctl), Value: value, Default: f.usual})
		}
	}
	return low
}
