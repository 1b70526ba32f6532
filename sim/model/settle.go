package model

import (
	"finwait/sim"
	"finwait/sim/lang"
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
		if side == tcp.Client || now != sim.Closed || l.hosts.conns[n-1].ends[side].seen {
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
			l.refuseWait()
			continue
		}
		l.hosts.Do(tcp.Input{Op: tcp.OpTimer, Side: due.Side, Conn: due.Conn, Timer: due.Timer, Now: due.At})
		l.proceed()
	}
}

// deliverAll delivers what is on the wire and what is sent in answer, with auto or all.
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

// refuseWait refuses a wait for something that has not come in time.
func (l *Lab) refuseWait() {
	if unmet := l.wait.Unmet(l.known()); unmet != nil {
		l.record(sim.Event{Body: lang.Refused(unmet)})
	}
	l.wait = wait{}
}
