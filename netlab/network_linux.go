package netlab

import (
	"net/netip"
	"time"

	"finwait/netlab/host"
	"finwait/netlab/wire"
	"finwait/sim"
	plan "finwait/sim/program"
)

// network is what joins the two ends: one host with both on its lo, or two hosts and the wire
// between them.
type network interface {
	// ready waits until an end has its host, and says why it gets none. Both ends may be waited
	// for at the same time.
	ready(at sim.End) error
	// host returns where an end's programs live, once it is ready.
	host(at sim.End) *host.Host
	// private reports whether the programs live in namespaces of the lab's own.
	private() bool
	// address returns an end's address.
	address(at sim.End) netip.Addr
	// describe says in a lab's description what the network is, once the client's host is ready.
	describe(*sim.Setting)
	// watch has segments of connections to the port reported from now on. Both ends are ready.
	watch(port uint16) error
	// fds returns the descriptors that become readable when segments move.
	fds() []int
	// drain reports the segments that have moved, in order. It fails when a host has died.
	drain(report func(segmentNews)) error
	// missed returns how many segments drain has not reported and never will, since the last
	// call.
	missed() (int, error)
	// cable reports whether there is a wire between two hosts, and whether it is cut.
	cable() (is, cut bool)
	// flight returns the segments that are held on the wire, in the order of delivery.
	flight() []*wire.Held
	// handle does what a step asks of the wire, and reports what that does to segments.
	handle(action plan.Action, report func(segmentNews)) error
	// settleDelay returns how long to wait before the second, confirming look.
	settleDelay() time.Duration
	// settled says that a step is over.
	settled()
	close() error
}

// unsettledPause is how long to wait for what no descriptor announces: for an acknowledgement,
// for a thread to fall asleep.
const unsettledPause = 500 * time.Microsecond

// segmentNews is news of one segment. On lo it is captured when it has arrived; on the wire it
// is held, and what becomes of it is reported as it happens.
type segmentNews struct {
	from   sim.End
	packet wire.Packet
	held   *wire.Held // on the wire
	fate   sim.Fate
	at     int64 // wall clock in nanoseconds, 0 where nobody stamped it
}
