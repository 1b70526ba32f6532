package netlab

import (
	"errors"
	"fmt"
	"net/netip"
	"time"

	"finwait/netlab/host"
	"finwait/netlab/wire"
	"finwait/sim"
	plan "finwait/sim/program"
)

// wired is two hosts and the wire between them.
type wired struct {
	hosts map[sim.End]*wiredHost
	wire  *wire.Wire // nil until both hosts are ready
	auto  bool       // every segment is delivered at once
	all   bool       // every segment is delivered at once, until the step is over
}

func wiredAddress(at sim.End) netip.Addr { return netip.MustParseAddr(sim.WireAddress(at)) }

// wiredHost is one of the two hosts. Both are made at the same time: that takes some
// milliseconds.
type wiredHost struct {
	*host.Host
	err  error         // why there is no Host
	made chan struct{} // closed when Host or err is set
}

// openWired begins to make the two hosts; ready waits for each.
func openWired(o Options) *wired {
	n := &wired{hosts: map[sim.End]*wiredHost{}, auto: o.AutoDeliver}
	var sysctls []host.Sysctl
	if !o.KernelTimers {
		for _, s := range sim.LongTimeouts() {
			sysctls = append(sysctls, host.Sysctl(s))
		}
	}
	for _, at := range []sim.End{sim.Client, sim.Server} {
		h := &wiredHost{made: make(chan struct{})}
		n.hosts[at] = h
		go func() {
			defer close(h.made)
			h.Host, h.err = host.Wired(netip.PrefixFrom(wiredAddress(at), 24), sysctls)
		}()
	}
	return n
}

func (n *wired) ready(at sim.End) error {
	h := n.hosts[at]
	if <-h.made; h.err != nil {
		return wireRefused(h.err)
	}
	return nil
}

func (n *wired) host(at sim.End) *host.Host { return n.hosts[at].Host }

func (n *wired) private() bool { return true }

func (n *wired) address(at sim.End) netip.Addr { return wiredAddress(at) }

// watch puts the wire between the hosts.
func (n *wired) watch(uint16) error {
	n.wire = wire.New(n.host(sim.Client).TUN, n.host(sim.Server).TUN)
	return nil
}

func (n *wired) describe(lab *sim.Setting) {
	lab.Net, lab.Capture, lab.Private = sim.Wire, sim.Captured, true
	if n.ready(sim.Client) != nil {
		return
	}
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
func (n *wired) drain(report func(segmentNews)) error {
	for _, at := range []sim.End{sim.Client, sim.Server} {
		if n.hosts[at].Gone() {
			return fmt.Errorf("%s: %w", at, errHostGone)
		}
	}
	for {
		if err := n.wire.Take(func(news wire.News) { report(newsOf(news)) }); err != nil {
			return err
		}
		next := n.wire.Next("")
		if next == nil || !n.auto && !n.all {
			return nil
		}
		if err := n.act(n.wire.Deliver, next, report); err != nil {
			return err
		}
	}
}

// missed returns 0: a wire loses what it is told to lose.
func (n *wired) missed() (int, error) { return 0, nil }

func (n *wired) cable() (is, cut bool) { return true, n.wire.IsCut() }

func (n *wired) flight() []*wire.Held { return n.wire.Flight() }

// settleDelay returns 0: a host takes in what is delivered to it before the write returns.
func (n *wired) settleDelay() time.Duration { return 0 }

// settled ends a delivery of all.
func (n *wired) settled() { n.all = false }

// handle does what a step asks of the wire.
func (n *wired) handle(action plan.Action, report func(segmentNews)) error {
	switch a := action.(type) {
	case plan.Auto:
		n.auto = a.On
	case plan.DeliverAll:
		n.all = true
	case plan.Cable:
		if !a.Cut {
			return n.wire.Mend(func(news wire.News) { report(newsOf(news)) })
		}
		for _, news := range n.wire.Cut() {
			report(newsOf(news))
		}
	case plan.Swap:
		if news, ok := n.wire.Swap(a.From); ok {
			report(newsOf(news))
		}
	case plan.Handle:
		do := map[sim.Verb]func(*wire.Held) (wire.News, error){
			sim.VerbDeliver: n.wire.Deliver, sim.VerbDrop: n.wire.Drop, sim.VerbDuplicate: n.wire.Duplicate,
		}[a.Do]
		for _, id := range a.IDs {
			if err := n.act(do, n.wire.ByID(id), report); err != nil {
				return err
			}
		}
	}
	return nil
}

// newsOf returns news of the wire as that of a network.
func newsOf(n wire.News) segmentNews {
	return segmentNews{from: n.Held.From, packet: n.Packet, held: n.Held, fate: n.Fate}
}

// act has the wire do something with a segment. What was sent before is taken first. The news
// of it is stamped before it is done: what the receiver does comes after, and what its kernel
// answers at once comes before what its program does.
func (n *wired) act(do func(*wire.Held) (wire.News, error), h *wire.Held, report func(segmentNews)) error {
	if err := n.wire.Take(func(news wire.News) { report(newsOf(news)) }); err != nil {
		return err
	}
	at := time.Now().UnixNano()
	news, err := do(h)
	if err != nil {
		return err
	}
	m := newsOf(news)
	m.at = at
	report(m)
	return n.wire.Take(func(news wire.News) {
		answer := newsOf(news)
		p := answer.packet
		if answer.from == h.From.Peer() && news.Fate == sim.Held && p.Len == 0 && p.Flags&sim.FIN == 0 {
			answer.at = at + 1
		}
		report(answer)
	})
}

// close closes both hosts at the same time, as far as they were made.
func (n *wired) close() error {
	errs := make(chan error, len(n.hosts))
	for _, h := range n.hosts {
		go func() {
			if <-h.made; h.err != nil {
				errs <- nil
				return
			}
			errs <- h.Close()
		}()
	}
	var err error
	for range n.hosts {
		err = errors.Join(err, <-errs)
	}
	return err
}
