package model

import (
	"slices"

	"finwait/sim"
	"finwait/sim/tcp"
)

// record takes in an event. It is emitted by flush.
func (l *Lab) record(e sim.Event) {
	l.table.Apply(e)
	e.T, e.Step = sim.Seconds(l.hosts.World.Now()-1)/sim.Seconds(tcp.Second), l.n
	l.batch = append(l.batch, e)
}

// flush emits what has happened. As in a live lab, the states that were passed
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
		l.recordState(e)
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

// recordState takes in a state that is emitted.
func (l *Lab) recordState(e sim.Event) {
	b := sim.Of[sim.StateChanged](e)
	if b.Conn == 0 {
		l.listen = b.To
		return
	}
	l.hosts.conns[b.Conn-1].ends[tcp.SideOf(e.At)].state = b.To
}

// reportBlocked reports each call that a program sleeps in, once.
func (l *Lab) reportBlocked() {
	for _, all := range l.hosts.processes {
		for _, p := range all {
			if p.Busy && !p.reported {
				p.reported = true
				l.record(sim.Event{At: p.At, Body: sim.CallBlocked{PID: p.PID, Call: p.Call}})
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

// reportEnd reports the timer and the queues of one end.
func (l *Lab) reportEnd(c *connection, side tcp.Side) {
	w := &c.ends[side]
	if !w.state.Connected() {
		*w = socketView{state: w.state, seen: w.seen}
		return
	}
	now := l.hosts.World.View(side, c.n)
	if w.recvq != now.RecvQ || w.sendq != now.SendQ {
		w.recvq, w.sendq = now.RecvQ, now.SendQ
		l.record(sim.Event{At: side.End(), Body: sim.QueuesChanged{Conn: c.n, RecvQ: w.recvq, SendQ: w.sendq}})
	}
	idle := w.timer == "" && now.Timer == sim.TimerOff
	if idle || w.timer == now.Timer && w.retransmits == now.Retransmits {
		return
	}
	w.timer, w.retransmits = now.Timer, now.Retransmits
	l.record(sim.Event{
		At: side.End(), Body: sim.TimerChanged{
			Conn: c.n, Timer: w.timer, Expires: sim.Seconds(now.Expires) / sim.Seconds(tcp.Second), Retransmits: w.retransmits,
		},
	})
}
