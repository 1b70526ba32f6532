package netlab

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"finwait/netlab/sockdiag"
	"finwait/netlab/wire"
	"finwait/sim"
)

// Somebody else kills the server: its end was read before the FIN that its kernel sent and the
// client's acknowledgement, and nobody says when the signal came. The log has the signal before
// the FIN, what each segment led to after it, and the states that were read at the end.
func TestFlush(t *testing.T) {
	c := &conn{n: 1, accepted: true}
	c.client = socketView{at: sim.Client, state: sim.Established, now: sockdiag.Socket{State: sim.CloseWait}}
	c.server = socketView{at: sim.Server, state: sim.Established, now: sockdiag.Socket{State: sim.FinWait2}}
	c.client.tracker.State, c.server.tracker.State = sim.Established, sim.Established
	start := time.Now()
	at := func(µs int64) int64 { return start.UnixNano() + 1000*µs }
	segment := func(µs int64, from sim.End, s sim.Segment) pending {
		s.Fate = sim.Delivered
		return pending{at: at(µs), conn: c, packet: &wire.Packet{}, event: sim.Event{
			At: from, Body: sim.SegmentMoved{Conn: 1, Segment: s, By: sim.ByKernel},
		}}
	}
	j := &journal{sockets: &sockets{conns: []*conn{c}}, events: make(chan sim.Event, 16), start: start, step: 3}
	j.add(pending{event: sim.Event{At: sim.Server, Body: sim.SignalTaken{PID: 7, Signal: "SIGKILL", Action: sim.Killed}}})
	j.add(pending{at: at(1000), event: sim.Event{At: sim.Server, Body: sim.ProcessExited{PID: 7, Status: 137, Signal: "SIGKILL"}}})
	j.add(segment(990, sim.Server, sim.Segment{Flags: sim.FIN | sim.ACK, Seq: 1, Ack: 1}))
	j.add(segment(995, sim.Client, sim.Segment{Flags: sim.ACK, Seq: 1, Ack: 2}))
	j.flush()
	close(j.events)

	var log []string
	last := sim.Seconds(0)
	for e := range j.events {
		what := ""
		switch b := e.Body.(type) {
		case sim.SegmentMoved:
			what = b.Segment.Flags.String()
		case sim.StateChanged:
			what = fmt.Sprintf("%s → %s by %s, orphan %v", b.From, b.To, b.By, b.Orphan)
		}
		log = append(log, fmt.Sprintf("%s %s %s", e.Kind(), e.At, what))
		if e.T < last || e.Step != 3 {
			t.Errorf("%v: T %v after %v, step %d", e, e.T, last, e.Step)
		}
		last = e.T
	}
	want := []string{
		"signal server ",
		"segment server FIN ACK",
		"state server ESTABLISHED → FIN_WAIT1 by inferred, orphan true",
		"segment client ACK",
		"exit server ",
		"state client ESTABLISHED → CLOSE_WAIT by kernel, orphan false",
		"state server FIN_WAIT1 → FIN_WAIT2 by kernel, orphan true",
	}
	if !slices.Equal(log, want) {
		t.Errorf("the log is\n%q, want\n%q", log, want)
	}
	if len(j.batch) != 0 {
		t.Errorf("%d are left", len(j.batch))
	}
}
