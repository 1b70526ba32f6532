package netlab

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"finwait/netlab/wire"
	"finwait/sim"
)

// travels takes news of a segment on the wire into what both ends owe each other, and into
// whether the server connects.
func (l *Lab) travels(c *conn, from sim.End, s sim.Segment) {
	switch s.Fate {
	case sim.Held, sim.Retransmitted:
		c.end(from).owed.sent(s)
		c.crossed = c.crossed || from == sim.Server && s.Flags == sim.SYN
	case sim.Delivered, sim.Duplicated:
		c.end(from.Peer()).owed.delivered(s, time.Now())
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
func (l *Lab) handle(s sim.Step) error {
	n, ok := l.net.(*wired)
	if !ok {
		return refuse("there is no wire on loopback; it takes a lesson with %q in its head", "net: wire")
	}
	switch s.Verb {
	case sim.VerbAuto:
		n.auto = s.How == "on"
		return nil
	case sim.VerbCut:
		if n.wire.IsCut() {
			return refuse("the cable is cut already")
		}
		l.cable(sim.CableCut)
		for _, news := range n.wire.Cut() {
			l.moved(moved(news))
		}
		return nil
	case sim.VerbMend:
		if !n.wire.IsCut() {
			return refuse("the cable is not cut")
		}
		n.wire.Mend()
		l.cable(sim.CableMended)
		return nil
	case sim.VerbSwap:
		news, ok := n.wire.Swap(s.From)
		if !ok {
			return refuse("the %s does not have two segments on the wire", s.From)
		}
		l.moved(moved(news))
		return nil
	}
	if s.How == sim.PickAll {
		return l.handleAll(n, s)
	}
	return l.handleOne(n, s)
}

func (l *Lab) cable(text string) {
	l.add(occurrence{at: time.Now().UnixNano(), event: sim.Event{Kind: sim.KindCable, Text: text}})
}

// handleAll delivers everything, and what that brings, until the wire is empty; or
// drops what is there.
func (l *Lab) handleAll(n *wired, s sim.Step) error {
	if n.wire.Next("") == nil {
		return refuse("nothing is on the wire")
	}
	if s.Verb == sim.VerbDeliver {
		n.all = true
		return nil
	}
	for _, h := range n.wire.Flight() {
		if err := n.act(n.wire.Drop, h, l.take); err != nil {
			return err
		}
	}
	return nil
}

// handleOne delivers, drops or duplicates the segment that the step picks.
func (l *Lab) handleOne(n *wired, s sim.Step) error {
	h, err := pick(n.wire, s)
	if err != nil {
		return err
	}
	do := map[sim.Verb]func(*wire.Held) (wire.News, error){
		sim.VerbDeliver: n.wire.Deliver, sim.VerbDrop: n.wire.Drop, sim.VerbDuplicate: n.wire.Duplicate,
	}[s.Verb]
	if do == nil {
		return fmt.Errorf("%s is not for the wire", s.Verb)
	}
	return n.act(do, h, l.take)
}

// take takes in news of a segment.
func (l *Lab) take(m movement) { l.moved(m) }

// pick returns the segment that a step means.
func pick(w *wire.Wire, s sim.Step) (*wire.Held, error) {
	if s.N != 0 {
		if h := w.ByID(s.N); h != nil {
			return h, nil
		}
		return nil, refuse("segment %d is not on the wire", s.N)
	}
	h := w.Next(s.From)
	switch {
	case h != nil:
		return h, nil
	case s.From != "":
		return nil, refuse("the %s has nothing on the wire", s.From)
	}
	return nil, refuse("nothing is on the wire")
}

// waitUntil has the step go on until an end is in a state, or has a segment on the
// wire.
func (l *Lab) waitUntil(s sim.Step) {
	l.step.until = time.Now().Add(time.Duration(float64(s.Limit()) * float64(time.Second)))
	if s.How == sim.WaitFlight {
		l.step.reached = func() (bool, string) {
			n, ok := l.net.(*wired)
			return ok && n.wire.Next(s.From) != nil, fmt.Sprintf("the %s has nothing on the wire after %s", s.From, s.LimitText())
		}
		return
	}
	l.step.reached = func() (bool, string) {
		now := l.stateOf(s.From)
		return now == s.Until, fmt.Sprintf("the %s is in %s after %s", s.From, now, s.LimitText())
	}
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
