package netlab

import (
	"time"

	"finwait/sim"
	"finwait/sim/program"
)

// settle ends the step when it is over, and reports what changes by itself while
// none is running.
func (l *Lab) settle() error {
	if !l.step.running {
		l.report()
		return nil
	}
	if !l.quiet() {
		return nil
	}
	if !l.waited() {
		l.report()
		return nil
	}
	if !l.step.still { // look once more
		l.step.still = true
		return nil
	}
	l.reportBlocked()
	l.report()
	l.emit(time.Now().UnixNano(), sim.Event{Body: sim.StepSettled{}})
	l.step.running = false
	l.net.settled()
	return nil
}

// waited reports whether the step has nothing to wait for: not a time, not a
// state. A state that does not come in time is refused.
func (l *Lab) waited() bool {
	late := !time.Now().Before(l.step.until)
	if !l.step.wait.Until {
		return late
	}
	unmet := l.step.wait.Unmet(l.known())
	if unmet != nil && late {
		l.emit(time.Now().UnixNano(), sim.Event{Body: sim.StepRefused{Why: unmet.Error()}})
		l.step.wait = program.Wait{}
	}
	return unmet == nil || late
}

// quiet reports whether nothing that was sent lacks its acknowledgement. On the
// wire, whether nothing that was delivered does: what is held waits for a key.
func (l *Lab) quiet() bool {
	for _, e := range l.ends {
		for _, p := range e.all {
			if p.killed != 0 && !p.dead {
				return false
			}
		}
	}
	for _, c := range l.conns {
		if !c.over() && !l.net.quiet(c) {
			return false
		}
	}
	return true
}

// again returns after how long a second look can find something that the first one
// did not: what lo has taken may wait for another CPU's softirq.
func (n *loopback) again() time.Duration { return unsettledPause }

// again returns 0: a host takes in what is delivered to it before the write
// returns.
func (n *wired) again() time.Duration { return 0 }

func (n *loopback) quiet(c *conn) bool {
	return c.client.acknowledged() && c.server.acknowledged()
}

func (n *wired) quiet(c *conn) bool {
	now := time.Now()
	for _, w := range []*watched{&c.client, &c.server} {
		if w.now.State.Connected() && w.unacked.due(now) {
			return false
		}
	}
	return true
}

// acknowledged reports whether all that the end sent was acknowledged, or is known
// not to be: the kernel repeats it already, or waits for the peer's window.
func (w *watched) acknowledged() bool {
	return !w.now.State.Connected() || w.now.SendQ == 0 || w.now.Retransmits > 0 || w.now.Timer == sim.TimerPersist
}

// reportBlocked reports each call that a program sleeps in, once.
func (l *Lab) reportBlocked() {
	for _, at := range []sim.End{sim.Client, sim.Server} {
		for _, p := range l.ends[at].all {
			if p.busy() && !p.reported {
				p.reported = true
				l.emit(time.Now().UnixNano(), sim.Event{At: at, Body: sim.CallBlocked{PID: p.PID, Call: p.current()}})
			}
		}
	}
}

// report reports timers and queues that differ from what was reported.
func (l *Lab) report() {
	now := time.Now().UnixNano()
	for _, c := range l.conns {
		for _, w := range []*watched{&c.client, &c.server} {
			if !w.state.Connected() {
				w.timer, w.retransmits, w.recvq, w.sendq = "", 0, 0, 0
				continue
			}
			if w.recvq != w.now.RecvQ || w.sendq != w.now.SendQ {
				w.recvq, w.sendq = w.now.RecvQ, w.now.SendQ
				l.emit(now, sim.Event{At: w.at, Body: sim.QueuesChanged{Conn: c.n, RecvQ: w.recvq, SendQ: w.sendq}})
			}
			if !w.timerChanged() {
				continue
			}
			w.timer, w.retransmits, w.expected = w.now.Timer, w.now.Retransmits, w.expires
			l.emit(now, sim.Event{
				At: w.at, Body: sim.TimerChanged{
					Conn: c.n, Timer: w.timer, Expires: sim.Seconds(w.now.Expires.Seconds()).Rounded(1e3), Retransmits: w.retransmits,
				},
			})
		}
	}
}

// rearmed is by how much the time of a timer must have moved to be set anew: more
// than the granularity of the readings.
const rearmed = 100 * time.Millisecond

// timerChanged reports whether the timer that was read is not the one that was
// reported: another one, after one more retransmission, or set anew.
func (w *watched) timerChanged() bool {
	if w.now.Timer == sim.TimerOff {
		return w.timer != "" && w.timer != sim.TimerOff
	}
	// One that is late has 0 left, until the kernel's timer wheel comes round to it.
	moved := w.now.Expires > 0 && w.expires.Sub(w.expected).Abs() > rearmed
	return w.timer != w.now.Timer || w.retransmits != w.now.Retransmits || moved
}

// pause returns how long the loop may sleep: until the next timer of a socket
// fires when nothing is going on, for ever when none runs, and not at all while
// there is something to emit.
func (l *Lab) pause() time.Duration {
	if len(l.requests) > 0 && !l.step.running || len(l.batch) > 0 {
		return 0
	}
	next := time.Duration(-1)
	sooner := func(d time.Duration) {
		if next < 0 || d < next {
			next = d
		}
	}
	if l.step.running && l.step.still {
		return l.net.again()
	}
	if l.step.running {
		if left := time.Until(l.step.until); left > 0 && l.quiet() {
			sooner(left)
		} else {
			return unsettledPause
		}
	}
	for _, c := range l.conns {
		for _, w := range []*watched{&c.client, &c.server} {
			if !w.now.State.Connected() || w.now.Timer == sim.TimerOff {
				continue
			}
			left := time.Until(w.expires)
			if left <= 0 {
				left = overduePause
			}
			sooner(left)
		}
	}
	return next
}
