package model

import (
	"slices"

	"finwait/sim"
	"finwait/sim/program"
	"finwait/sim/tcp"
)

// wait is what a step waits for, and until when.
type wait struct {
	until tcp.Time
	program.Wait
}

// known returns what the plan of a step needs to know of the network.
func (l *Lab) known() program.Network {
	n := l.hosts.Network()
	n.Newest.ClientState, n.Newest.ServerState = l.stateOf(tcp.Client), l.stateOf(tcp.Server)
	return n
}

// stateOf returns the state of an end of the newest connection; of the listener, as long
// as the server has no end of one.
func (l *Lab) stateOf(side tcp.Side) sim.State {
	if n := len(l.hosts.conns); n > 0 {
		now := l.hosts.World.View(side, n).State
		if side == tcp.Client || now != sim.Closed || l.hosts.conns[n-1].ends[side].was {
			return now
		}
	}
	if side == tcp.Server {
		return l.listen
	}
	return sim.Closed
}

// settle lets the clock run until the step is over: every program has returned or is
// blocked, nothing that was taken in lacks its acknowledgement, and what the step waits
// for is there.
func (l *Lab) settle() {
	for {
		l.deliverAll()
		l.flush()
		due, ok := l.hosts.World.Next()
		if !l.hosts.World.AckPending() && !l.waits() {
			return
		}
		if !ok || !l.hosts.World.AckPending() && due.At > l.wait.until {
			l.hosts.Do(tcp.Input{Op: tcp.OpTimer, Timer: tcp.TimerLinger, Now: l.wait.until})
			l.late()
			continue
		}
		l.hosts.Do(tcp.Input{Op: tcp.OpTimer, Side: due.Side, Conn: due.Conn, Timer: due.Timer, Now: due.At})
		l.proceed()
	}
}

// deliverAll delivers what is on the wire, and what that brings, where that is wanted.
func (l *Lab) deliverAll() {
	for l.auto || l.all {
		flight := l.hosts.World.Flight(nil)
		if len(flight) == 0 {
			return
		}
		l.hosts.Do(tcp.Input{Op: tcp.OpDeliver, ID: int(flight[0].ID)})
		l.proceed()
	}
}

// waits reports whether the step still waits for something.
func (l *Lab) waits() bool {
	if l.wait.Until && l.wait.Unmet(l.known()) == nil {
		l.wait = wait{}
		return false
	}
	return l.wait.until > l.hosts.World.Now()
}

// late refuses a wait for something that has not come in time.
func (l *Lab) late() {
	if unmet := l.wait.Unmet(l.known()); unmet != nil {
		l.note(sim.Event{Body: sim.StepRefused{Why: unmet.Error()}})
	}
	l.wait = wait{}
}

// note notes an event. It is emitted by flush.
func (l *Lab) note(e sim.Event) {
	l.table.Apply(e)
	e.T, e.Step = sim.Seconds(l.hosts.World.Now()-1)/sim.Seconds(tcp.Second), l.n
	l.batch = append(l.batch, e)
}

// flush emits what has happened. As in the live laboratory, the states that were passed
// through stand where they were passed, and the last one of each end after everything
// else: that is when the kernel would be asked.
func (l *Lab) flush() {
	last := map[[2]int]int{}
	for i, e := range l.batch {
		if e.Kind() == sim.KindState {
			last[[2]int{e.Conn(), int(tcp.SideOf(e.At))}] = i
		}
	}
	var states []sim.Event
	for i, e := range l.batch {
		if e.Kind() != sim.KindState {
			l.out = append(l.out, e)
			continue
		}
		l.became(e)
		if last[[2]int{e.Conn(), int(tcp.SideOf(e.At))}] == i {
			states = append(states, e)
		} else {
			l.out = append(l.out, e)
		}
	}
	slices.SortStableFunc(states, func(a, b sim.Event) int {
		return 2*(a.Conn()-b.Conn()) + int(tcp.SideOf(a.At)) - int(tcp.SideOf(b.At))
	})
	l.out = append(l.out, states...)
	l.batch = l.batch[:0]
}

// became notes a state that is told.
func (l *Lab) became(e sim.Event) {
	b := sim.Of[sim.StateChanged](e)
	if b.Conn == 0 {
		l.listen = b.To
		return
	}
	w := &l.hosts.conns[b.Conn-1].ends[tcp.SideOf(e.At)]
	w.state, w.was = b.To, true
}

// reportBlocked reports each call that a program sleeps in, once.
func (l *Lab) reportBlocked() {
	for _, all := range l.hosts.programs {
		for _, p := range all {
			if p.Busy && !p.reported {
				p.reported = true
				l.note(sim.Event{At: p.At, Body: sim.CallBlocked{PID: p.PID, Call: p.Call}})
			}
		}
	}
}

// report reports timers and queues that differ from what was reported.
func (l *Lab) report() {
	for _, c := range l.hosts.conns {
		for side := range c.ends {
			l.reportEnd(c, tcp.Side(side))
		}
	}
}

func (l *Lab) reportEnd(c *conn, side tcp.Side) {
	w := &c.ends[side]
	if !w.state.Connected() {
		*w = watched{state: w.state, was: w.was}
		return
	}
	now := l.hosts.World.View(side, c.n)
	if w.recvq != now.RecvQ || w.sendq != now.SendQ {
		w.recvq, w.sendq = now.RecvQ, now.SendQ
		l.note(sim.Event{At: side.End(), Body: sim.QueuesChanged{Conn: c.n, RecvQ: w.recvq, SendQ: w.sendq}})
	}
	idle := w.timer == "" && now.Timer == sim.TimerOff
	if idle || w.timer == now.Timer && w.retransmits == now.Retransmits {
		return
	}
	w.timer, w.retransmits = now.Timer, now.Retransmits
	l.note(sim.Event{
		At: side.End(), Body: sim.TimerChanged{
			Conn: c.n, Timer: w.timer, Expires: sim.Seconds(now.Expires) / sim.Seconds(tcp.Second), Retransmits: w.retransmits,
		},
	})
}
