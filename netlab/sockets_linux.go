package netlab

import (
	"errors"
	"net/netip"
	"slices"
	"time"

	"finwait/netlab/sockdiag"
	"finwait/netlab/wire"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// conn is one connection, from connect on, as long as the kernel knows an end of
// it.
type conn struct {
	n        int
	client   watched
	server   watched
	accepted bool
	crossed  bool // the server has sent a SYN, too
	dropped  bool // its listener was closed before it was accepted

	inference *inference
}

// watched is one end of a connection as it was last read.
type watched struct {
	at            sim.End
	local, remote netip.AddrPort
	cookie        uint64 // 0 before its socket was found
	passage       sim.Passage
	before        sim.State // what it is before it is a connection: LISTEN where a listener makes it one
	state         sim.State
	orphan        bool
	timer         string    // as reported
	expected      time.Time // when the timer fires, as reported
	retransmits   int
	recvq, sendq  int        // as reported
	unacked       ackTracker // on the wire
	written       uint32     // bytes that its programs have written, on the wire
	clock         clock      // of its segments, on the wire
	now           sockdiag.Socket
	expires       time.Time // when now.Timer fires
}

// listener is the server's listening socket as it was last read.
type listener struct {
	state sim.State // as reported
	now   sim.State
	asked bool // a listen call was made

	inherited []deed // options: what it does to every connection that comes
}

func (c *conn) end(at sim.End) *watched {
	if at == sim.Client {
		return &c.client
	}
	return &c.server
}

// over reports whether both ends are gone, and it has been said.
func (c *conn) over() bool { return c.client.cookie != 0 && c.client.gone() && c.server.gone() }

func (w *watched) gone() bool { return w.state == sim.Closed && w.now.State == sim.Closed }

// connect makes a new connection known.
func (l *Lab) connect(from netip.AddrPort) {
	l.conns = append(l.conns, &conn{
		n:      len(l.conns) + 1,
		client: watched{at: sim.Client, local: from, remote: l.server},
		server: watched{at: sim.Server, local: l.server, remote: from, before: sim.Listen, passage: sim.Passage{State: sim.Listen}},

		inference: newInference(),
	})
}

// called notes a call that is about to be made: that there may be a listener from now on, or
// that the newest connection is made. It returns the number of the connection that a connect
// makes.
func (l *Lab) called(at sim.End, c sim.Call) (conn int) {
	switch c.Name {
	case sim.CallListen:
		l.listen.asked = true
	case sim.CallConnect:
		newest := l.conns[len(l.conns)-1]
		if at == sim.Server {
			newest.crosses()
		}
		return newest.n
	}
	return 0
}

// crosses notes that the server connects, too: its end comes from no listener, and
// nobody has to accept it. Its socket is another one than what a listener that was
// closed may have left.
func (c *conn) crosses() {
	c.accepted = true
	w := &c.server
	w.before, w.cookie, w.passage.State = sim.Closed, 0, w.state
}

// accepted returns the number of the connection that an accept has just returned, which is
// that of the peer; 0 if it is nobody's that this lab knows.
func (l *Lab) accepted(peer string) (conn int, err error) {
	for _, c := range slices.Backward(l.conns) {
		if c.client.local.String() != peer {
			continue
		}
		if c.server.now.State == sim.Closed { // when it was last read
			if err := l.readServer(c); err != nil {
				return 0, err
			}
		}
		c.accepted = true
		return c.n, nil
	}
	return 0, nil
}

// connOf returns the connection a packet belongs to, nil for a stranger's.
func (l *Lab) connOf(p wire.Packet) *conn {
	for i := len(l.conns) - 1; i >= 0; i-- {
		c := l.conns[i]
		if p.Src == c.client.local && p.Dst == c.client.remote || p.Src == c.server.local && p.Dst == c.server.remote {
			return c
		}
	}
	return nil
}

// read reads every socket that can still change and reports whether one has.
func (l *Lab) read() (changed bool, err error) {
	if l.listen.asked {
		if err := l.readListener(); err != nil {
			return false, err
		}
		changed = l.listen.now != l.listen.state
	}
	for _, c := range l.conns {
		if c.over() && !l.travelling(c) {
			continue
		}
		if err := errors.Join(l.readEnd(&c.client), l.readServer(c)); err != nil {
			return changed, err
		}
		for _, w := range []*watched{&c.client, &c.server} {
			changed = changed || w.state != w.now.State || w.orphan != isOrphan(w)
		}
	}
	return changed, nil
}

// readEnd reads one end. Without a cookie the listener answers for a connection
// that does not exist yet: that is no answer.
func (l *Lab) readEnd(w *watched) error {
	s, err := l.net.host(w.at).Diag.Lookup(w.local, w.remote, w.cookie)
	if errors.Is(err, unix.ENOENT) || err == nil && w.cookie == 0 && s.State == sim.Listen {
		w.now = sockdiag.Socket{State: sim.Closed, Timer: sim.TimerOff}
		return nil
	}
	if err != nil {
		return err
	}
	w.cookie = s.Cookie
	w.now = s
	w.expires = time.Now().Add(s.Expires)
	return nil
}

// readServer reads the server's end. On the wire a SYN may come again when what it had
// begun is gone; then a listener answers it anew, and the end is another socket.
func (l *Lab) readServer(c *conn) error {
	w := &c.server
	if err := l.readEnd(w); err != nil || w.cookie == 0 || w.now.State != sim.Closed {
		return err
	}
	if _, onWire := l.net.(*wired); !onWire {
		return nil
	}
	old := w.cookie
	w.cookie = 0
	if err := l.readEnd(w); err != nil {
		return err
	}
	if w.cookie == 0 {
		w.cookie = old
		return nil
	}
	w.before, w.unacked = sim.Listen, ackTracker{}
	c.accepted, c.dropped = false, false
	return nil
}

func (l *Lab) readListener() error {
	s, err := l.net.host(sim.Server).Diag.Lookup(l.server, netip.AddrPortFrom(netip.IPv4Unspecified(), 0), 0)
	switch {
	case errors.Is(err, unix.ENOENT):
		l.listen.now = sim.Closed
	case err != nil:
		return err
	default:
		l.listen.now = s.State
	}
	return nil
}

// isOrphan reports whether no process holds the socket that was read: its inode
// is 0 (sock_diag). Before its end has closed that only means that it waits to be
// accepted. A connection in TIME_WAIT is always the kernel's alone.
func isOrphan(w *watched) bool {
	switch w.now.State {
	case sim.FinWait1, sim.FinWait2, sim.Closing, sim.LastAck, sim.TimeWait:
		return w.now.Inode == 0
	}
	return false
}

// held reports whether an end's programs hold the connection, or it still waits
// to be accepted.
func (l *Lab) held(c *conn, at sim.End) bool {
	return l.table.Holds(at, c.n) || at == sim.Server && !c.accepted
}

// follow takes news of a segment into the passages of the ends it concerns, and
// returns the states that were passed through, in the order sender, receiver.
func (c *conn) follow(from sim.End, s sim.Segment) []sim.Event {
	var passed []sim.Event
	for _, w := range []*watched{c.end(from), c.end(from.Peer())} {
		before, changed := w.passage.State, false
		switch {
		case w.at == from && s.Sent():
			changed = w.passage.Sent(s)
		case w.at != from && (s.Fate == sim.Delivered || s.Fate == sim.Duplicated):
			changed = w.passage.Received(s)
		}
		if changed {
			passed = append(passed, sim.Event{
				At: w.at, Body: sim.StateChanged{
					Conn: c.n, From: before, To: w.passage.State, By: sim.ByInference,
				},
			})
		}
	}
	return passed
}
