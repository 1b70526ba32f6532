package netlab

import (
	"errors"
	"iter"
	"net/netip"
	"slices"
	"time"

	"finwait/netlab/program"
	"finwait/netlab/sockdiag"
	"finwait/netlab/wire"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// sockets are the sockets of both ends as they were last read from the kernel: the
// connections, and the server's listener.
type sockets struct {
	net      network
	server   netip.AddrPort // where the server listens
	conns    []*conn        // by their numbers, which begin with 1
	listener listener
}

// listener is the server's listening socket as it was last read.
type listener struct {
	state sim.State // as reported
	now   sim.State
	asked bool // a listen call was made

	inherited []effect // of options: what it does to every connection that comes
}

// views yields every end of every connection, the client's before the server's.
func (s *sockets) views() iter.Seq2[*conn, *socketView] {
	return func(yield func(*conn, *socketView) bool) {
		for _, c := range s.conns {
			if !yield(c, &c.client) || !yield(c, &c.server) {
				return
			}
		}
	}
}

// newest returns the newest connection, nil before the first.
func (s *sockets) newest() *conn {
	if len(s.conns) == 0 {
		return nil
	}
	return s.conns[len(s.conns)-1]
}

// entered takes in a call that a program of an end makes: that there may be a listener from
// now on, or a connection. It returns the number of the connection that a connect makes, 0 for
// any other call.
//
// on is what the call's descriptor refers to. A client that has bound no address has none yet:
// its connection is followed from its SYN on.
func (s *sockets) entered(at sim.End, on sim.Socket, e program.Entered) (conn int) {
	switch {
	case e.Call.Name == sim.CallListen:
		s.listener.asked = true
	case e.Call.Name != sim.CallConnect:
	case on.Conn != 0 && !s.conns[on.Conn-1].over(): // it asks once more
		return on.Conn
	case at == sim.Client && e.Call.Addr == s.server && !e.Local.IsValid():
		return s.discover(netip.AddrPort{}).n
	case !e.Local.IsValid():
	case at == sim.Client && e.Call.Addr == s.server:
		return s.discover(e.Local).n
	case at == sim.Server:
		if c := s.between(e.Call.Addr, e.Local); c != nil {
			c.serverConnects()
			return c.n
		}
	}
	return 0
}

// discover begins a connection of a client to the server. The client's address may be that of
// an older connection, which is over.
func (s *sockets) discover(client netip.AddrPort) *conn {
	c := newConn(len(s.conns)+1, client, s.server)
	s.conns = append(s.conns, c)
	return c
}

// connected takes in what a connect has returned: the address that the kernel has given it, or
// that there is no connection.
func (s *sockets) connected(conn int, e program.Returned) {
	c := s.conns[conn-1]
	switch {
	case c.client.local.IsValid():
	case e.Local.IsValid() && e.Local.Port() != 0:
		c.bind(e.Local)
	default:
		c.failed = true
	}
}

// between returns the newest connection of two addresses, nil if there is none.
func (s *sockets) between(client, server netip.AddrPort) *conn {
	for _, c := range slices.Backward(s.conns) {
		if c.client.local == client && c.server.local == server {
			return c
		}
	}
	return nil
}

// connOf returns the connection that a packet belongs to, nil if it is of none that is known. The
// SYN of an unknown client is that of the connect that was made first of those whose address is
// not known.
func (s *sockets) connOf(p wire.Packet) *conn {
	for _, c := range slices.Backward(s.conns) {
		if p.Src == c.client.local && p.Dst == c.server.local || p.Src == c.server.local && p.Dst == c.client.local {
			return c
		}
	}
	if p.Dst != s.server || p.Flags != sim.SYN {
		return nil
	}
	for _, c := range s.conns {
		if !c.client.local.IsValid() && !c.failed {
			c.bind(p.Src)
			return c
		}
	}
	return nil
}

// accepted returns the number of the connection that an accept has just returned, which is
// that of the peer; 0 if it is of none that is known.
func (s *sockets) accepted(peer netip.AddrPort) (conn int, err error) {
	c := s.between(peer, s.server)
	if c == nil {
		return 0, nil
	}
	if c.server.now.State == sim.Closed { // when it was last read
		if err := s.readServer(c); err != nil {
			return 0, err
		}
	}
	c.accepted = true
	return c.n, nil
}

// read reads every socket that can still change, and reports whether one has.
func (s *sockets) read() (changed bool, err error) {
	if s.listener.asked {
		if err := s.readListener(); err != nil {
			return false, err
		}
		changed = s.listener.now != s.listener.state
	}
	for _, c := range s.conns {
		if c.over() && !s.inFlight(c) || !c.client.local.IsValid() {
			continue
		}
		if err := errors.Join(s.readEnd(&c.client), s.readServer(c)); err != nil {
			return changed, err
		}
		changed = changed || c.client.changed() || c.server.changed()
	}
	return changed, nil
}

// inFlight reports whether a segment of the connection is on the wire: it can bring an end to
// life when both are gone.
func (s *sockets) inFlight(c *conn) bool {
	return slices.ContainsFunc(s.net.flight(), func(h *wire.Held) bool { return s.connOf(h.Packet) == c })
}

// readEnd reads one end. Without a cookie the listener answers for a connection that does not
// exist yet: that is no answer.
func (s *sockets) readEnd(v *socketView) error {
	now, err := s.net.host(v.at).Diag.Lookup(v.local, v.remote, v.cookie)
	if errors.Is(err, unix.ENOENT) || err == nil && v.cookie == 0 && now.State == sim.Listen {
		v.now = sockdiag.Socket{State: sim.Closed, Timer: sim.TimerOff}
		return nil
	}
	if err != nil {
		return err
	}
	v.cookie = now.Cookie
	v.now = now
	v.expires = time.Now().Add(now.Expires)
	return nil
}

// readServer reads the server's end. On the wire a SYN may come again when what it had begun
// is gone; then a listener answers it anew, and the end is another socket.
func (s *sockets) readServer(c *conn) error {
	v := &c.server
	if err := s.readEnd(v); err != nil || v.cookie == 0 || v.now.State != sim.Closed {
		return err
	}
	if onWire, _ := s.net.cable(); !onWire {
		return nil
	}
	gone := v.cookie
	v.cookie = 0
	if err := s.readEnd(v); err != nil {
		return err
	}
	if v.cookie == 0 {
		v.cookie = gone
		return nil
	}
	v.before, v.acks = sim.Listen, ackTracker{}
	c.accepted, c.dropped = false, false
	return nil
}

func (s *sockets) readListener() error {
	now, err := s.net.host(sim.Server).Diag.Lookup(s.server, netip.AddrPortFrom(netip.IPv4Unspecified(), 0), 0)
	switch {
	case errors.Is(err, unix.ENOENT):
		s.listener.now = sim.Closed
	case err != nil:
		return err
	default:
		s.listener.now = now.State
	}
	return nil
}

// state returns the state of an end of the newest connection as it was last read; that of the
// listener, as long as the server has no end of a connection.
func (s *sockets) state(at sim.End) sim.State {
	if c := s.newest(); c != nil {
		if v := c.end(at); v.cookie != 0 {
			return v.now.State
		}
	}
	if at == sim.Server {
		return s.listener.now
	}
	return sim.Closed
}

// acked reports whether nothing that was sent lacks its acknowledgement.
func (s *sockets) acked() bool {
	onWire, _ := s.net.cable()
	now := time.Now()
	for c, v := range s.views() {
		if !c.over() && !v.acked(onWire, now) {
			return false
		}
	}
	return true
}
