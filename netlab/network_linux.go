package netlab

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"
	"time"

	"finwait/netlab/host"
	"finwait/netlab/wire"
	"finwait/sim"
)

// network is what joins the two ends: one host with both on its lo, or two hosts
// and the wire between them.
type network interface {
	// host returns where an end's programs live.
	host(at sim.End) *host.Host
	// address returns an end's address.
	address(at sim.End) netip.Addr
	// watch has segments of connections to the port reported from now on.
	watch(port uint16) error
	// describe says in a lab's description what the network is.
	describe(*sim.Setting)
	// fds returns the descriptors that become readable when segments move.
	fds() []int
	// drain reports the segments that have moved, in order. It fails when a host
	// has died.
	drain(func(movement)) error
	// missed returns how many segments drain has not reported and never will, since the
	// last call.
	missed() (int, error)
	// quiet reports whether no kernel still owes a segment of the connection.
	quiet(*conn) bool
	// again returns after how long a second look is worth its while.
	again() time.Duration
	// settled says that a step is over.
	settled()
	close() error
}

// movement is news of one segment. On lo it is captured when it has arrived; on
// the wire it is held, and what becomes of it is reported as it happens.
type movement struct {
	from   sim.End
	packet wire.Packet
	held   *wire.Held // on the wire
	fate   sim.Fate
	at     int64 // wall clock in nanoseconds, 0 where nobody stamped it
}

func loopbackAddress(at sim.End) netip.Addr { return netip.MustParseAddr(sim.LoopbackAddress(at)) }

func wiredAddress(at sim.End) netip.Addr { return netip.MustParseAddr(sim.WireAddress(at)) }

// loopback is one host with both ends on its lo.
type loopback struct {
	only *host.Host
	// newest is the stamp of the newest segment.
	newest int64
}

func (n *loopback) host(sim.End) *host.Host { return n.only }

func (n *loopback) address(at sim.End) netip.Addr { return loopbackAddress(at) }

func (n *loopback) watch(port uint16) error {
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

func (n *loopback) drain(fn func(movement)) error {
	if n.only.Gone() {
		return errHostGone
	}
	if n.only.Capture == nil {
		return nil
	}
	return n.only.Capture.Drain(func(p wire.Packet) {
		from := sim.Server
		if p.Src.Addr() == n.address(sim.Client) {
			from = sim.Client
		}
		// The queue is in the order of delivery; a stamp can be a few
		// microseconds behind that of the segment before.
		n.newest = max(n.newest, p.At.UnixNano())
		fn(movement{from: from, packet: p, fate: sim.Delivered, at: n.newest})
	})
}

// missed asks how many segments there was no room for in the capture's buffer.
func (n *loopback) missed() (int, error) {
	if n.only.Capture == nil {
		return 0, nil
	}
	return n.only.Capture.Drops()
}

func (n *loopback) settled() {}

func (n *loopback) close() error { return n.only.Close() }

// wired is two hosts and the wire between them.
type wired struct {
	hosts map[sim.End]*host.Host
	wire  *wire.Wire
	// auto delivers every segment at once; all does until the step is over.
	auto, all bool
}

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

// machineSysctls returns those that are set otherwise on this machine. One that cannot
// be read is left out.
func machineSysctls(list []host.Sysctl) []sim.Sysctl {
	var differ []sim.Sysctl
	for _, s := range list {
		value, err := os.ReadFile("/proc/sys/net/ipv4/" + s.Name)
		s.Value = strings.TrimSpace(string(value))
		if err == nil && s.Value != s.Default {
			differ = append(differ, sim.Sysctl(s))
		}
	}
	return differ
}

// openWired makes the two hosts.
func openWired(o Options) (*wired, error) {
	n := &wired{hosts: map[sim.End]*host.Host{}, auto: o.AutoDeliver}
	var sysctls []host.Sysctl
	if !o.KernelTimers {
		for _, s := range sim.Patient() {
			sysctls = append(sysctls, host.Sysctl(s))
		}
	}
	type made struct {
		at   sim.End
		host *host.Host
		err  error
	}
	both := make(chan made, 2) // at the same time: a host takes some milliseconds
	for _, at := range []sim.End{sim.Client, sim.Server} {
		go func() {
			h, err := host.Wired(netip.PrefixFrom(wiredAddress(at), 24), sysctls)
			both <- made{at, h, err}
		}()
	}
	var refused error
	for range 2 {
		m := <-both
		if m.err != nil {
			refused = wireRefused(m.err)
			continue
		}
		n.hosts[m.at] = m.host
	}
	if refused != nil {
		return nil, errors.Join(refused, n.close())
	}
	n.wire = wire.New(n.hosts[sim.Client].TUN, n.hosts[sim.Server].TUN)
	return n, nil
}

func (n *wired) host(at sim.End) *host.Host { return n.hosts[at] }

func (n *wired) address(at sim.End) netip.Addr { return wiredAddress(at) }

func (n *wired) watch(uint16) error { return nil }

func (n *wired) describe(lab *sim.Setting) {
	lab.Net, lab.Capture, lab.Private = sim.Wire, sim.Captured, true
	for _, s := range n.hosts[sim.Client].Sysctls {
		if s.Value != s.Default {
			lab.Sysctls = append(lab.Sysctls, sim.Sysctl(s))
		}
	}
}

func (n *wired) fds() []int {
	var fds []int
	for _, h := range n.hosts {
		fds = append(append(fds, h.TUN.FD()), h.Watch()...)
	}
	return fds
}

// drain takes what the hosts have sent. With automatic delivery it delivers it,
// and what that brings, until the wire is empty.
func (n *wired) drain(fn func(movement)) error {
	for _, at := range []sim.End{sim.Client, sim.Server} {
		if n.hosts[at].Gone() {
			return fmt.Errorf("%s: %w", at, errHostGone)
		}
	}
	for {
		if err := n.wire.Take(func(news wire.News) { fn(moved(news)) }); err != nil {
			return err
		}
		next := n.wire.Next("")
		if next == nil || !n.auto && !n.all {
			return nil
		}
		if err := n.act(n.wire.Deliver, next, fn); err != nil {
			return err
		}
	}
}

// missed: a wire loses what it is told to lose.
func (n *wired) missed() (int, error) { return 0, nil }

// settled ends a delivery of all.
func (n *wired) settled() { n.all = false }

func moved(n wire.News) movement {
	return movement{from: n.Held.From, packet: n.Held.Packet, held: n.Held, fate: n.Fate}
}

// act has the wire do something with a segment. What was sent before is taken first. The
// news of it is stamped before: what the receiver does comes after, and what its kernel
// answers at once comes before what its program does.
func (n *wired) act(do func(*wire.Held) (wire.News, error), h *wire.Held, fn func(movement)) error {
	if err := n.wire.Take(func(news wire.News) { fn(moved(news)) }); err != nil {
		return err
	}
	at := time.Now().UnixNano()
	news, err := do(h)
	if err != nil {
		return err
	}
	m := moved(news)
	m.at = at
	fn(m)
	return n.wire.Take(func(news wire.News) {
		answer := moved(news)
		p := answer.packet
		if answer.from == h.From.Peer() && news.Fate == sim.Held && p.Len == 0 && p.Flags&sim.FIN == 0 {
			answer.at = at + 1
		}
		fn(answer)
	})
}

// close closes both hosts at the same time: the kernel takes some 20 ms to
// unregister a device.
func (n *wired) close() error {
	errs := make(chan error, len(n.hosts))
	for _, h := range n.hosts {
		go func() { errs <- h.Close() }()
	}
	var err error
	for range n.hosts {
		err = errors.Join(err, <-errs)
	}
	return err
}
