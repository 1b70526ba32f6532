package tcp

// What must have happened, however late a kernel may be. A World that is Lazy leaves it to
// whoever watches one when its timers fire; that they do is not left to them.

// lag is by how much later a timer may fire, and be seen to have fired, on a machine that
// is busy.
const firingLag = 1000

// Overdue appends the timers that must have fired by now, and returns the extended slice. Of
// acknowledgements it says nothing: Due.To does.
func (w *World) Overdue(now Time, dues []Deadline) []Deadline {
	var room [4 * maxSockets]Deadline
	for _, d := range w.Deadlines(room[:0]) {
		switch d.Timer {
		case TimerKeepalive, TimerTimeWait:
			// The timer wheel rounds up, by no more than an eighth (LVL_GRAN), and none runs for
			// longer than the world is old.
			if now > d.Latest+firingLag+d.At/8 {
				dues = append(dues, d)
			}
		case TimerRetransmit:
			if s := w.lookup(d.Side, uint16(d.Conn)); s != nil && w.retransmitOverdue(s, now) {
				dues = append(dues, d)
			}
		}
	}
	return dues
}

// owesAgain reports whether an end must have repeated what is not acknowledged, or given up.
func (w *World) retransmitOverdue(s *socket, now Time) bool {
	if s.timers.retransmit == 0 {
		return false
	}
	newest := max(s.timers.retransmit, s.snd.lastSentAt, s.rcv.lastHeardAt)
	return now-newest > w.maxRetransmitGap(s, newest) || s.snd.retransStamp > 0 && s.snd.rtxLen > 0 && s.snd.rtxQueue[0].sentAt > w.lastRetransmitBound(s)
}

// silence is for how long an end may be silent, at most, about something that is not
// acknowledged, and of which it was last heard at a time. Its timeout is not known, for a
// kernel measures the round trip: it is less than five times the longest that it has seen on
// any connection (tcp_rtt_estimator, tcp_init_metrics). With each repetition it doubles, so
// it is no longer than everything before it took together.
func (w *World) maxRetransmitGap(s *socket, newest Time) Time {
	return min(max(2*Second, 8*s.rto(), 8*w.maxRTT, 2*(newest-s.snd.unackedSince)), rtoMaxLate)
}

// longest is TCP_RTO_MAX, as late as it may be.
const rtoMaxLate = rtoMax + rtoMax/4

// lastTry is when an end must have repeated something for the last time: it finds at a timeout
// that its time is over, and may just have missed that at the one before. What counts is the
// time since it last got on, which is more than the kernel would wait (tcp_write_timeout), and
// since it had more patience: nobody tells the timer that runs.
func (w *World) lastRetransmitBound(s *socket) Time {
	limit := w.writeTimeout(s)
	return max(s.snd.retransStamp, s.snd.ackedAt, s.snd.userTimeoutSetAt) + limit + min(limit, rtoMaxLate) + max(2*Second, 8*w.maxRTT)
}
