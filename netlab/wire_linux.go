package netlab

import (
	"errors"
	"slices"
	"time"

	"finwait/netlab/wire"
	"finwait/sim"
	"finwait/sim/program"
)

// travels takes news of a segment on the wire into what both ends owe each other, and into
// whether the server connects.
func (l *Lab) travels(c *conn, from sim.End, s sim.Segment) {
	switch s.Fate {
	case sim.Held, sim.Retransmitted:
		c.end(from).unacked.sent(s)
		c.crossed = c.crossed || from == sim.Server && s.Flags == sim.SYN
	case sim.Delivered, sim.Duplicated:
		c.end(from.Peer()).unacked.delivered(s, time.Now())
	}
}

// travelling reports whether a segment of the connection is on the wire: it can
// bring an end to life when both are gone.
func (l *Lab) travelling(c *conn) bool {
	n, ok := l.net.(*wired)
	return ok && slices.ContainsFunc(n.wire.Flight(), func(h *wire.Held) bool {
		of := l.connOf(h.Packet)
		return of == c
	})
}

// handle does what a step asks of the wire.
func (l *Lab) handle(n *wired, action program.Action) error {
	switch a := action.(type) {
	case program.Auto:
		n.auto = a.On
	case program.DeliverAll:
		n.all = true
	case program.Cable:
		l.cable(n, a.Cut)
	case program.Swap:
		if news, ok := n.wire.Swap(a.From); ok {
			l.moved(moved(news))
		}
	case program.Handle:
		do := map[sim.Verb]func(*wire.Held) (wire.News, error){
			sim.VerbDeliver: n.wire.Deliver, sim.VerbDrop: n.wire.Drop, sim.VerbDuplicate: n.wire.Duplicate,
		}[a.Do]
		for _, id := range a.IDs {
			if err := n.act(do, n.wire.ByID(id), l.take); err != nil {
				return err
			}
		}
	}
	return nil
}

// cable cuts the cable, or mends it.
func (l *Lab) cable(n *wired, cut bool) {
	now := sim.CableMended
	if cut {
		now = sim.CableCut
	}
	l.add(occurrence{at: time.Now().UnixNano(), event: sim.Event{Body: sim.CableChanged{Cable: now}}})
	if !cut {
		n.wire.Mend()
		return
	}
	for _, news := range n.wire.Cut() {
		l.moved(moved(news))
	}
}

// take takes in news of a segment.
func (l *Lab) take(m movement) { l.moved(m) }

// known returns what the plan of a step needs to know of the network.
func (l *Lab) known() program.Network {
	k := program.Network{Server: l.server, Newest: program.Connection{
		ClientState: l.stateOf(sim.Client), ServerState: l.stateOf(sim.Server),
	}}
	if len(l.conns) > 0 {
		newest := l.conns[len(l.conns)-1]
		k.Newest.Client, k.Newest.Crossed = newest.client.local, newest.crossed
	}
	if n, ok := l.net.(*wired); ok {
		k.Wire, k.Cut = true, n.wire.IsCut()
		for _, h := range n.wire.Flight() {
			k.Flight = append(k.Flight, program.Segment{ID: h.ID, From: h.From})
		}
	}
	return k
}

// stateOf returns the state of an end of the newest connection as it was last read;
// of the listener, as long as the server has no end of one.
func (l *Lab) stateOf(at sim.End) sim.State {
	if len(l.conns) > 0 {
		if w := l.conns[len(l.conns)-1].end(at); w.cookie != 0 {
			return w.now.State
		}
	}
	if at == sim.Server {
		return l.listen.now
	}
	return sim.Closed
}

// errHostGone says that the helper of a private host has died: no program can be
// started there any more.
var errHostGone = errors.New("the process finwait-host was killed, and its host is gone with it")
