package netlab

import (
	"testing"
	"time"

	"finwait/netlab/wire"
	"finwait/sim"
)

// arrival is something that one end meets at a time: a segment that reaches it, or
// one that it sends.
type arrival struct {
	after time.Duration
	sends bool
	sim.Segment
}

func reaches(after time.Duration, flags sim.Flags, seq sim.Seq, length int) arrival {
	return arrival{after: after, Segment: sim.Segment{Flags: flags, Seq: seq, Len: length}}
}

func acknowledges(after time.Duration, number sim.Seq) arrival {
	return arrival{after, true, sim.Segment{Flags: sim.ACK, Ack: number}}
}

func TestAckTracker(t *testing.T) {
	const ms = time.Millisecond
	tests := []struct {
		name string
		meet []arrival
		at   time.Duration
		want bool
	}{
		{"nothing", nil, 0, false},
		{"a SYN", []arrival{reaches(0, sim.SYN, 0, 0)}, 0, true},
		{"a SYN that was answered", []arrival{reaches(0, sim.SYN, 0, 0), acknowledges(0, 1)}, 0, false},
		{"a bare ACK", []arrival{reaches(0, sim.ACK, 1, 0)}, 0, false},
		{"a reset", []arrival{reaches(0, sim.RST, 0, 0)}, 0, false},
		{"a FIN", []arrival{reaches(0, sim.FIN|sim.ACK, 0, 0)}, 40 * ms, true},
		{"a FIN that was acknowledged late", []arrival{reaches(0, sim.FIN|sim.ACK, 0, 0), acknowledges(40*ms, 1)}, 40 * ms, false},
		{"data", []arrival{reaches(0, sim.ACK, 0, 5)}, 0, true},
		{"data of which a part was acknowledged", []arrival{reaches(0, sim.ACK, 0, 5), acknowledges(0, 3)}, 0, true},
		{"data that are never acknowledged", []arrival{reaches(0, sim.ACK, 0, 5)}, wire.MaxDelay, false},
		{"data after data", []arrival{reaches(0, sim.ACK, 0, 5), reaches(150*ms, sim.ACK, 5, 5)}, wire.MaxDelay, true},
		{"the same data again", []arrival{reaches(0, sim.ACK, 0, 5), reaches(150*ms, sim.ACK, 0, 5)}, wire.MaxDelay, false},
		{"data behind a hole", []arrival{reaches(0, sim.ACK, 3, 5)}, 0, false},
		{"a hole that is filled", []arrival{reaches(0, sim.FIN, 3, 0), reaches(0, sim.ACK, 0, 3), acknowledges(0, 3)}, 0, true},
		{"a hole that is filled, all acknowledged", []arrival{reaches(0, sim.FIN, 3, 0), reaches(0, sim.ACK, 0, 3), acknowledges(0, 4)}, 0, false},
		{"two holes, one filled", []arrival{reaches(0, sim.ACK, 6, 2), reaches(0, sim.ACK, 3, 2), reaches(0, sim.ACK, 0, 3), acknowledges(0, 5)}, 0, false},
		{"data that overlap", []arrival{reaches(0, sim.ACK, 0, 5), reaches(0, sim.ACK, 3, 5), acknowledges(0, 8)}, 0, false},
		{"an old acknowledgement", []arrival{reaches(0, sim.ACK, 0, 5), acknowledges(0, 5), acknowledges(0, 1)}, 0, false},
	}
	start := time.Unix(1000, 0)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var o ackTracker
			for _, m := range test.meet {
				if m.sends {
					o.sent(m.Segment)
				} else {
					o.delivered(m.Segment, start.Add(m.after))
				}
			}
			if got := o.due(start.Add(test.at)); got != test.want {
				t.Errorf("due: %v, want %v: %+v", got, test.want, o)
			}
		})
	}
}

// An end that sends what takes no ACK flag acknowledges nothing.
func TestAckTrackerWithoutACK(t *testing.T) {
	var o ackTracker
	o.delivered(sim.Segment{Flags: sim.SYN}, time.Unix(1000, 0))
	o.sent(sim.Segment{Flags: sim.RST, Ack: 1})
	if !o.due(time.Unix(1000, 0)) {
		t.Error("not due")
	}
}
