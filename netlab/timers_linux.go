package netlab

import (
	"time"

	"finwait/sim"
)

// reportTimers emits the timers and queues that differ from what was reported.
func (j *journal) reportTimers() {
	now := time.Now().UnixNano()
	for c, v := range j.sockets.views() {
		if !v.state.Connected() {
			v.timer, v.retransmits, v.recvQ, v.sendQ = "", 0, 0, 0
			continue
		}
		if v.recvQ != v.now.RecvQ || v.sendQ != v.now.SendQ {
			v.recvQ, v.sendQ = v.now.RecvQ, v.now.SendQ
			j.emit(now, sim.Event{At: v.at, Body: sim.QueuesChanged{Conn: c.n, RecvQ: v.recvQ, SendQ: v.sendQ}})
		}
		if !v.timerChanged() {
			continue
		}
		v.timer, v.retransmits, v.reportedExpiry = v.now.Timer, v.now.Retransmits, v.expires
		j.emit(now, sim.Event{At: v.at, Body: sim.TimerChanged{
			Conn: c.n, Timer: v.timer, Expires: sim.Seconds(v.now.Expires.Seconds()).Rounded(1e3), Retransmits: v.retransmits,
		}})
	}
}

// rearmed is by how much the expiry of a timer must have moved for the timer to be set anew:
// more than the granularity of the readings.
const rearmed = 100 * time.Millisecond

// timerChanged reports whether the timer that was read is not the one that was reported:
// another one, after one more retransmission, or set anew.
func (v *socketView) timerChanged() bool {
	if v.now.Timer == sim.TimerOff {
		return v.timer != "" && v.timer != sim.TimerOff
	}
	// An overdue timer has 0 left until the kernel's timer wheel comes round to it.
	moved := v.now.Expires > 0 && v.expires.Sub(v.reportedExpiry).Abs() > rearmed
	return v.timer != v.now.Timer || v.retransmits != v.now.Retransmits || moved
}

// overduePause is how long to wait for a timer that should have fired: the kernel's timer wheel
// is coarse.
const overduePause = 50 * time.Millisecond

// untilTimer returns how long it is until the next timer of a socket fires, negative if none
// runs.
func (s *sockets) untilTimer() time.Duration {
	next := time.Duration(-1)
	for _, v := range s.views() {
		if !v.now.State.Connected() || v.now.Timer == sim.TimerOff {
			continue
		}
		left := time.Until(v.expires)
		if left <= 0 {
			left = overduePause
		}
		if next < 0 || left < next {
			next = left
		}
	}
	return next
}
