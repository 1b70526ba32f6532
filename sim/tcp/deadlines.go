package tcp

import (
	"math"

	"finwait/sim"
)

// Deadline is when a timer of one end fires.
type Deadline struct {
	Side  Side
	Conn  int
	Timer Timer

	// At is the time at which the model lets the timer fire. A kernel may do so at any time
	// from Earliest to Latest. Latest is Never for what is permitted but not required.
	At, Earliest, Latest Time
}

// Never is later than every other time.
const Never Time = math.MaxInt64

// Deadlines appends the deadline of every running timer to all, in no particular order, and
// returns the extended slice.
func (w *World) Deadlines(all []Deadline) []Deadline {
	for i := range w.sockets {
		s := &w.sockets[i]
		if s.kind == free {
			continue
		}
		add := func(t Timer, at, from, to Time) {
			if at != 0 {
				all = append(all, Deadline{s.side, int(s.conn), t, at, from, to})
			}
		}
		add(TimerACK, s.timers.ack, s.timers.ackPendingSince, s.timers.ackPendingSince+delackMax+tick)
		if s.timers.ackOptional {
			add(TimerACK, w.now, w.now, Never)
		}
		add(TimerRetransmit, s.timers.retransmit, s.timers.retransmit, s.timers.retransmit+tick)
		add(TimerKeepalive, s.timers.keepalive, s.timers.keepalive, s.timers.keepalive+tick)
		add(TimerTimeWait, s.timers.timewait, s.timers.timewait, s.timers.timewait+s.timers.timewait/32+w.finWait2Slack(s))
	}
	for i := range w.procs {
		if p := &w.procs[i]; p.alive && p.call == OpClose {
			s := &w.sockets[p.lingerSocket]
			all = append(all, Deadline{s.side, int(s.conn), TimerLinger, p.lingerUntil, p.lingerUntil, p.lingerUntil + tick})
		}
	}
	return all
}

// finWait2Slack returns how much longer an orphan may stay in FIN_WAIT2. The kernel waits for
// at least three and a half timeouts (tcp_fin_time), and a timeout is less than five times
// the longest round trip.
func (w *World) finWait2Slack(s *socket) Time {
	if s.state != sim.FinWait2 {
		return 0
	}
	return 5 * w.maxRTT * 7 / 2
}

// Next returns the deadline that comes first; ok is false when no timer runs.
func (w *World) Next() (first Deadline, ok bool) {
	var room [4 * maxSockets]Deadline
	for _, d := range w.Deadlines(room[:0]) {
		if !ok || d.At < first.At {
			first, ok = d, true
		}
	}
	return first, ok
}

// AckPending reports whether an acknowledgement is pending at either host.
func (w *World) AckPending() bool {
	for i := range w.sockets {
		if s := &w.sockets[i]; s.kind != free && s.timers.ack != 0 {
			return true
		}
	}
	return false
}

// firingLag is how late, in milliseconds, a timer may fire and be observed on a busy machine.
const firingLag = 1000

// Overdue appends the timers that a kernel must have fired by now to overdue, and returns the
// extended slice. An observed World leaves the moment to the observer, but not whether a
// timer fires at all. Overdue leaves out acknowledgements; Deadline.Latest is exact for them.
func (w *World) Overdue(now Time, overdue []Deadline) []Deadline {
	var room [4 * maxSockets]Deadline
	for _, d := range w.Deadlines(room[:0]) {
		switch d.Timer {
		case TimerKeepalive, TimerTimeWait:
			// The timer wheel rounds up by at most an eighth of a timer's span (LVL_GRAN), and At is
			// no shorter than that span, because time begins near 0.
			if now > d.Latest+firingLag+d.At/8 {
				overdue = append(overdue, d)
			}
		case TimerRetransmit:
			if s := w.lookup(d.Side, uint16(d.Conn)); s != nil && w.retransmitOverdue(s, now) {
				overdue = append(overdue, d)
			}
		}
	}
	return overdue
}

// retransmitOverdue reports whether an end must have retransmitted, or given up, by now.
func (w *World) retransmitOverdue(s *socket, now Time) bool {
	if s.timers.retransmit == 0 {
		return false
	}
	lastActivity := max(s.timers.retransmit, s.snd.lastSentAt, s.rcv.lastHeardAt)
	if now-lastActivity > w.maxRetransmitGap(s, lastActivity) {
		return true
	}
	return s.snd.retransStamp > 0 && s.snd.rtxLen > 0 && s.snd.rtxQueue[0].sentAt > w.lastRetransmitBound(s)
}

// maxRetransmitGap returns the longest time that an end may be silent after its last
// activity while something is unacknowledged. The kernel's timeout is not known, because the
// kernel measures round trips: it is less than five times the longest round trip of any
// connection (tcp_rtt_estimator, tcp_init_metrics). The timeout doubles with each
// retransmission, so a gap is no longer than all gaps before it together.
func (w *World) maxRetransmitGap(s *socket, lastActivity Time) Time {
	return min(max(2*Second, 8*s.rto(), 8*w.maxRTT, 2*(lastActivity-s.snd.unackedSince)), rtoMaxLate)
}

// rtoMaxLate is TCP_RTO_MAX with the greatest lateness of the timer.
const rtoMaxLate = rtoMax + rtoMax/4

// lastRetransmitBound returns the latest time at which an end can have retransmitted. The
// kernel checks its limit only when a timeout fires, and may just have missed the limit at
// the timeout before. The limit counts from the last new acknowledgement, which is no shorter
// than what tcp_write_timeout counts. It also counts from the time at which the limit became
// shorter, because that does not rearm a running timer.
func (w *World) lastRetransmitBound(s *socket) Time {
	limit := w.writeTimeout(s)
	return max(s.snd.retransStamp, s.snd.ackedAt, s.snd.userTimeoutSetAt) + limit + min(limit, rtoMaxLate) + max(2*Second, 8*w.maxRTT)
}
