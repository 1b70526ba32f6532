package netlab

import (
	"testing"
	"time"

	"finwait/netlab/sockdiag"
	"finwait/sim"
)

// A timer that is late is not one that was set anew.
func TestTimerChanged(t *testing.T) {
	begin := time.Now()
	for _, test := range []struct {
		name string
		now  sockdiag.Socket
		in   time.Duration // when it fires, after begin
		want bool
	}{
		{"the same", sockdiag.Socket{Timer: sim.TimerRetransmit, Expires: time.Second}, time.Second, false},
		{"set anew", sockdiag.Socket{Timer: sim.TimerRetransmit, Expires: time.Second}, 3 * time.Second, true},
		{"late", sockdiag.Socket{Timer: sim.TimerRetransmit}, 3 * time.Second, false},
		{"repeated", sockdiag.Socket{Timer: sim.TimerRetransmit, Retransmits: 1}, time.Second, true},
		{"another", sockdiag.Socket{Timer: sim.TimerKeepalive, Expires: time.Second}, time.Second, true},
		{"off", sockdiag.Socket{Timer: sim.TimerOff}, 0, true},
	} {
		w := &socketView{timer: sim.TimerRetransmit, reportedExpiry: begin.Add(time.Second), now: test.now, expires: begin.Add(test.in)}
		if got := w.timerChanged(); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}
