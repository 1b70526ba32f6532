package tcp

// What must have happened, however late a kernel may be. A World that is Lazy leaves it to
// whoever watches one when its timers fire; that they do is not left to them.

// lag is by how much later a timer may fire, and be seen to have fired, on a machine that
// is busy.
const lag = 1000

// Overdue appends the timers that must have fired by now, and returns the extended slice. Of
// acknowledgements it says nothing: Due.To does.
func (w *World) Overdue(now Time, dues []Due) []Due {
	var room [4 * maxSockets]Due
	for _, d := range w.Dues(room[:0]) {
		switch d.Timer {
		case TimerKeep, TimerWait:
			// The timer wheel rounds up, by no more than an eighth (LVL_GRAN), and none runs for
			// longer than the world is old.
			if now > d.To+lag+d.At/8 {
				dues = append(dues, d)
			}
		case TimerResend:
			if s := w.socketOf(d.Side, uint16(d.Conn)); s != nil && w.owesAgain(s, now) {
				dues = append(dues, d)
			}
		}
	}
	return dues
}

// owesAgain reports whether an end must have repeated what is not acknowledged, or given up.
func (w *World) owesAgain(s *socket, now Time) bool {
	if s.tm.resend == 0 {
		return false
	}
	newest := max(s.tm.resend, s.tx.last, s.rx.alive)
	return now-newest > w.silence(s, newest) || s.tx.stamp > 0 && s.tx.parts > 0 && s.tx.sent[0].at > w.lastTry(s)
}

// silence is for how long an end may be silent, at most, about something that is not
// acknowledged, and of which it was last heard at a time. Its timeout is not known, for a
// kernel measures the round trip: it is less than five times the longest that it has seen on
// any connection (tcp_rtt_estimator, tcp_init_metrics). With each repetition it doubles, so
// it is no longer than everything before it took together.
func (w *World) silence(s *socket, newest Time) Time {
	return min(max(2*Second, 8*s.timeout(), 8*w.slowest, 2*(newest-s.tx.begun)), longest)
}

// longest is TCP_RTO_MAX, as late as it may be.
const longest = rtoMax + rtoMax/4

// lastTry is when an end must have repeated something for the last time: it finds at a timeout
// that its time is over, and may just have missed that at the one before. What counts is the
// time since it last got on, which is more than the kernel would wait (tcp_write_timeout), and
// since it had more patience: nobody tells the timer that runs.
func (w *World) lastTry(s *socket) Time {
	limit := w.limit(s)
	return max(s.tx.stamp, s.tx.ackedAt, s.tx.hurried) + limit + min(limit, longest) + max(2*Second, 8*w.slowest)
}
