package sim

import (
	"fmt"
	"strings"
	"testing"
)

// exchange is segments of one connection: "> FIN ACK 1 1" is sent by the client,
// "< ACK 1 2" by the server; the numbers are seq and ack, then len where it is
// not 0.
func exchange(t *testing.T, text string) []Event {
	t.Helper()
	var events []Event
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		var flags []string
		var numbers []int
		fields := strings.Fields(line)
		for _, word := range fields[1:] {
			var n int
			if _, err := fmt.Sscan(word, &n); err == nil {
				numbers = append(numbers, n)
			} else {
				flags = append(flags, word)
			}
		}
		f, ok := ParseFlags(strings.Join(flags, " "))
		if !ok || len(numbers) < 2 {
			t.Fatalf("no segment: %s", line)
		}
		s := Segment{Flags: f, Seq: Seq(numbers[0]), Ack: Seq(numbers[1])}
		if len(numbers) > 2 {
			s.Len = numbers[2]
		}
		at := Client
		if fields[0] == "<" {
			at = Server
		}
		events = append(events, Event{At: at, Body: SegmentMoved{Segment: s}})
	}
	return events
}

// walk returns the states that an end passes through.
func walk(p Tracker, at End, events []Event) string {
	states := []string{p.State.String()}
	for _, e := range events {
		changed, before := false, p.State
		if e.At == at {
			changed = p.Sent(e.Segment())
		} else {
			changed = p.Received(e.Segment())
		}
		if changed != (p.State != before) {
			states = append(states, "(wrongly told)")
		}
		if changed {
			states = append(states, p.State.String())
		}
	}
	return strings.Join(states, " ")
}

// The figures of RFC 9293, seen from both ends, and what Linux makes of them.
var trackerTests = []struct {
	name     string
	segments string
	from     [2]State // of the client, of the server
	client   string
	server   string
}{
	{
		name: "figure 6: the handshake",
		segments: `> SYN 0 0
			< SYN ACK 0 1
			> ACK 1 1`,
		from:   [2]State{Closed, Listen},
		client: "CLOSED SYN_SENT ESTABLISHED",
		server: "LISTEN SYN_RECV ESTABLISHED",
	},
	{
		name: "the handshake, and data at once",
		segments: `> SYN 0 0
			< SYN ACK 0 1
			> PSH ACK 1 1 5
			< ACK 1 6`,
		from:   [2]State{Closed, Listen},
		client: "CLOSED SYN_SENT ESTABLISHED",
		server: "LISTEN SYN_RECV ESTABLISHED",
	},
	{
		name: "the handshake ends with a FIN",
		segments: `> SYN 0 0
			< SYN ACK 0 1
			> FIN ACK 1 1`,
		from:   [2]State{Closed, Listen},
		client: "CLOSED SYN_SENT ESTABLISHED FIN_WAIT1",
		server: "LISTEN SYN_RECV CLOSE_WAIT",
	},
	{
		name: "refused",
		segments: `> SYN 0 0
			< RST ACK 0 1`,
		from:   [2]State{Closed, Closed},
		client: "CLOSED SYN_SENT CLOSED",
		server: "CLOSED",
	},
	{
		name: "figure 12: the client closes first",
		segments: `> FIN ACK 1 1
			< ACK 1 2
			< FIN ACK 1 2
			> ACK 2 2`,
		from:   [2]State{Established, Established},
		client: "ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT",
		server: "ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED",
	},
	{
		name: "the server closes first",
		segments: `< FIN ACK 1 1
			> ACK 1 2
			> FIN ACK 1 2
			< ACK 2 2`,
		from:   [2]State{Established, Established},
		client: "ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED",
		server: "ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT",
	},
	{
		name: "three segments: the FIN acknowledges",
		segments: `> FIN ACK 1 1
			< FIN ACK 1 2
			> ACK 2 2`,
		from:   [2]State{Established, Established},
		client: "ESTABLISHED FIN_WAIT1 TIME_WAIT",
		server: "ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED",
	},
	{
		name: "half closed: data in the other direction",
		segments: `> FIN ACK 1 1
			< ACK 1 2
			< PSH ACK 1 2 10
			> ACK 2 11
			< FIN ACK 11 2
			> ACK 2 12`,
		from:   [2]State{Established, Established},
		client: "ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT",
		server: "ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED",
	},
	{
		name: "data carry the ACK of the FIN",
		segments: `> FIN ACK 1 1
			< PSH ACK 1 2 10`,
		from:   [2]State{Established, Established},
		client: "ESTABLISHED FIN_WAIT1 FIN_WAIT2",
		server: "ESTABLISHED CLOSE_WAIT",
	},
	{
		name: "an ACK of what came before the FIN",
		segments: `> FIN PSH ACK 1 1 10
			< ACK 1 11
			< ACK 1 12`,
		from:   [2]State{Established, Established},
		client: "ESTABLISHED FIN_WAIT1 FIN_WAIT2",
		server: "ESTABLISHED CLOSE_WAIT",
	},
	{
		name: "the FIN again",
		segments: `> FIN ACK 1 1
			> FIN ACK 1 1
			< ACK 1 2
			< FIN ACK 1 2
			< FIN ACK 1 2
			> ACK 2 2`,
		from:   [2]State{Established, Established},
		client: "ESTABLISHED FIN_WAIT1 FIN_WAIT2 TIME_WAIT",
		server: "ESTABLISHED CLOSE_WAIT LAST_ACK CLOSED",
	},
	{
		name: "a reset for data after the end",
		segments: `> FIN ACK 1 1
			< ACK 1 2
			< PSH ACK 1 2 13
			> RST 2 0`,
		from:   [2]State{Established, Established},
		client: "ESTABLISHED FIN_WAIT1 FIN_WAIT2 CLOSED",
		server: "ESTABLISHED CLOSE_WAIT CLOSED",
	},
	{
		name:     "a reset in place of a FIN",
		segments: `< RST ACK 1 1`,
		from:     [2]State{Established, Established},
		client:   "ESTABLISHED CLOSED",
		server:   "ESTABLISHED CLOSED",
	},
}

func TestTracker(t *testing.T) {
	for _, test := range trackerTests {
		t.Run(test.name, func(t *testing.T) {
			events := exchange(t, test.segments)
			if got := walk(Tracker{State: test.from[0]}, Client, events); got != test.client {
				t.Errorf("client: got  %s\nwant %s", got, test.client)
			}
			if got := walk(Tracker{State: test.from[1]}, Server, events); got != test.server {
				t.Errorf("server: got  %s\nwant %s", got, test.server)
			}
		})
	}
}

// Figure 13, a simultaneous close: the FINs cross, so each end hears of the
// other's after it has sent its own. Both ends pass through the same states.
func TestTrackerCrossing(t *testing.T) {
	fin := Segment{Flags: FIN | ACK, Seq: 1, Ack: 1}
	ack := Segment{Flags: ACK, Seq: 2, Ack: 2}
	p := Tracker{State: Established}
	for _, step := range []struct {
		take    func(Segment) bool
		segment Segment
		changed bool
		want    State
	}{
		{p.Sent, fin, true, FinWait1},
		{p.Received, fin, true, Closing},
		{p.Sent, ack, false, Closing},
		{p.Received, ack, true, TimeWait},
		{p.Received, ack, false, TimeWait},
	} {
		if changed := step.take(step.segment); changed != step.changed || p.State != step.want {
			t.Errorf("after %s: %s, changed %t; want %s, %t", step.segment, p.State, changed, step.want, step.changed)
		}
	}
}

// A FIN counts when all before it has come.
func TestTrackerFINBeyondHole(t *testing.T) {
	p := Tracker{State: Established}
	p.Received(Segment{Flags: ACK, Seq: 1, Ack: 1})
	fin := Segment{Flags: FIN | ACK, Seq: 6, Ack: 1}
	for range 2 {
		if p.Received(fin) {
			t.Fatalf("a FIN beyond a hole: %s", p.State)
		}
	}
	if !p.Received(Segment{Flags: PSH | ACK, Seq: 1, Ack: 1, Len: 5}) || p.State != CloseWait {
		t.Errorf("after the data: %s", p.State)
	}
	if p.Received(fin) {
		t.Errorf("the FIN again: %s", p.State)
	}
}

// Two SYNs that cross make one connection.
func TestTrackerSimultaneousOpen(t *testing.T) {
	p := Tracker{}
	p.Sent(Segment{Flags: SYN})
	p.Received(Segment{Flags: SYN})
	if p.State != SynSent {
		t.Errorf("after the other's SYN: %s", p.State)
	}
	p.Sent(Segment{Flags: SYN | ACK, Ack: 1})
	if p.State != SynRecv {
		t.Errorf("after its own SYN ACK: %s", p.State)
	}
	p.Received(Segment{Flags: SYN | ACK, Ack: 1})
	if p.State != Established {
		t.Errorf("after the other's SYN ACK: %s", p.State)
	}
}

// Sequence numbers wrap: an ACK of 1 is later than one of 4294967295.
func TestTrackerWraps(t *testing.T) {
	p := Tracker{State: Established}
	p.Sent(Segment{Flags: FIN | PSH | ACK, Seq: 1<<32 - 3, Len: 4})
	p.Received(Segment{Flags: ACK, Ack: 1<<32 - 1})
	if p.State != FinWait1 {
		t.Errorf("an old ACK: %s", p.State)
	}
	p.Received(Segment{Flags: ACK, Ack: 2})
	if p.State != FinWait2 {
		t.Errorf("the ACK of the FIN: %s", p.State)
	}
}
