package netlab

import (
	"net/netip"
	"time"

	"finwait/netlab/sockdiag"
	"finwait/sim"
)

// conn is one connection, from connect on, as long as the kernel knows an end of it.
type conn struct {
	n        int // number in the log, from 1 on
	client   socketView
	server   socketView
	accepted bool // the server's end needs no accept, or no further one
	crossed  bool // the server has sent a SYN, too
	dropped  bool // the listener was closed before an accept
	failed   bool // connect has failed before the client had an address

	inference *inference
}

// socketView is one end of a connection as it was last read, and as it was last reported.
type socketView struct {
	at            sim.End
	local, remote netip.AddrPort
	cookie        uint64 // SO_COOKIE of the socket, 0 before it was found

	now     sockdiag.Socket
	expires time.Time   // when the timer of now fires
	tracker sim.Tracker // follows the end by the segments
	before  sim.State   // of the end before it is one of a connection: LISTEN where a listener makes it

	// As reported.
	state          sim.State
	orphan         bool
	timer          string
	reportedExpiry time.Time // when timer fires
	retransmits    int
	recvQ, sendQ   int

	// On the wire.
	acks    ackTracker
	written uint32     // how many bytes the end's programs have written
	clock   stampClock // of the end's segments
}

// newConn returns a connection that a client's connect begins.
func newConn(n int, client, server netip.AddrPort) *conn {
	return &conn{
		n:      n,
		client: socketView{at: sim.Client, local: client, remote: server},
		server: socketView{at: sim.Server, local: server, remote: client, before: sim.Listen, tracker: sim.Tracker{State: sim.Listen}},

		inference: newInference(),
	}
}

// bind notes the address of the client.
func (c *conn) bind(client netip.AddrPort) { c.client.local, c.server.remote = client, client }

func (c *conn) end(at sim.End) *socketView {
	if at == sim.Client {
		return &c.client
	}
	return &c.server
}

// over reports whether both ends are gone, and that was reported.
func (c *conn) over() bool { return c.client.cookie != 0 && c.client.gone() && c.server.gone() }

// serverConnects notes that the server connects, too: its end comes from no listener, and nobody has
// to accept it. Its socket is another one than what a listener that was closed may have left.
func (c *conn) serverConnects() {
	c.accepted = true
	v := &c.server
	v.before, v.cookie, v.tracker.State = sim.Closed, 0, v.state
}

// trackSegment takes in news of a segment on the wire: what both ends have yet to acknowledge, and
// whether the server connects.
func (c *conn) trackSegment(from sim.End, s sim.Segment) {
	switch s.Fate {
	case sim.Held, sim.Retransmitted:
		c.end(from).acks.sent(s)
		c.crossed = c.crossed || from == sim.Server && s.Flags == sim.SYN
	case sim.Delivered, sim.Duplicated:
		c.end(from.Peer()).acks.delivered(s, time.Now())
	}
}

func (v *socketView) gone() bool { return v.state == sim.Closed && v.now.State == sim.Closed }

// changed reports whether what was read is not what was reported.
func (v *socketView) changed() bool { return v.state != v.now.State || v.orphan != v.isOrphan() }

// isOrphan reports whether no process holds the socket that was read: its inode is 0
// (sock_diag(7)). Before its end has closed that only means that it waits to be accepted. A
// connection in TIME_WAIT is always the kernel's alone.
func (v *socketView) isOrphan() bool {
	switch v.now.State {
	case sim.FinWait1, sim.FinWait2, sim.Closing, sim.LastAck, sim.TimeWait:
		return v.now.Inode == 0
	}
	return false
}

// acked reports whether all that the end sent was acknowledged, or is known not to be: the
// kernel repeats it already, or waits for the peer's window. On the wire what is held waits for
// a step: there it reports whether the end has acknowledged all that was delivered to it.
func (v *socketView) acked(onWire bool, now time.Time) bool {
	switch {
	case !v.now.State.Connected():
		return true
	case onWire:
		return !v.acks.due(now)
	}
	return v.now.SendQ == 0 || v.now.Retransmits > 0 || v.now.Timer == sim.TimerPersist
}
