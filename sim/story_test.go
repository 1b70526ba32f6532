package sim

import "testing"

// The first story, as a lab on loopback tells it: what the two ends look like
// when each step has settled.
func TestSceneOfTheClientThatGoesAway(t *testing.T) {
	wrote := Result{Ret: 13}
	story := []struct {
		step           string
		events         []Event
		client, server string
	}{
		{
			"client kill SIGINT",
			[]Event{
				{At: Client, Body: SignalTaken{PID: 10, Signal: "SIGINT", Action: Killed}},
				{At: Client, Body: SegmentMoved{Conn: 1, Segment: Segment{Flags: FIN | ACK, Seq: 1, Ack: 1}}},
				orphaned(turns(Client, 1, Established, FinWait1)), turns(Server, 1, Established, CloseWait),
				{At: Server, Body: QueuesChanged{Conn: 1, RecvQ: 1}},
				exits(Client, 10, 130, "SIGINT"),
				{At: Server, Body: SegmentMoved{Conn: 1, Segment: Segment{Flags: ACK, Seq: 1, Ack: 2}}},
				orphaned(turns(Client, 1, FinWait1, FinWait2)),
				{T: 1, At: Client, Body: TimerChanged{Conn: 1, Timer: TimerTimewait, Expires: 60}},
			},
			"client FIN_WAIT2, was FIN_WAIT1, orphan, dead 130 SIGINT, timewait 60 s since 1.0 s x0",
			"server CLOSE_WAIT, was ESTABLISHED, pid 20, listening, queues 1 0",
		},
		{
			`server write "first message"`,
			[]Event{
				calls(Server, 20, "write", `"first message"`),
				{At: Server, Body: SegmentMoved{Conn: 1, Segment: Segment{Flags: PSH | ACK, Seq: 1, Ack: 2, Len: 13}}},
				{At: Client, Body: SegmentMoved{Conn: 1, Segment: Segment{Flags: RST, Seq: 2}}},
				returns(Server, 20, wrote, "write", `"first message"`),
				turns(Client, 1, FinWait2, Closed), turns(Server, 1, CloseWait, Closed),
			},
			"client CLOSED, was FIN_WAIT2, dead 130 SIGINT",
			`server CLOSED, was CLOSE_WAIT, pid 20, listening, write(3, "first message"), = 13`,
		},
		{
			`server write "second message"`,
			[]Event{
				calls(Server, 20, "write", `"second message"`),
				{At: Server, Body: SignalTaken{PID: 20, Signal: "SIGPIPE", Action: Killed}},
				exits(Server, 20, 141, "SIGPIPE"), turns(Server, 0, Listen, Closed),
			},
			"client CLOSED, was FIN_WAIT2, dead 130 SIGINT",
			`server CLOSED, was CLOSE_WAIT, dead 141 SIGPIPE, write(3, "second message"), = 0`,
		},
		{
			"server start",
			[]Event{starts(Server, 21)},
			"client CLOSED, was FIN_WAIT2, dead 130 SIGINT",
			"server CLOSED, was CLOSE_WAIT, pid 21",
		},
	}
	s := Fold(connected())
	for i, step := range story {
		s.Apply(Event{Step: i + 1, Body: StepBegun{Step: MustParseStep(step.step)}})
		for _, e := range step.events {
			s.Apply(e)
		}
		s.Apply(Event{Step: i + 1, Body: StepSettled{}})
		if got := line(s, Client); got != step.client {
			t.Errorf("%s:\ngot  %s\nwant %s", step.step, got, step.client)
		}
		if got := line(s, Server); got != step.server {
			t.Errorf("%s:\ngot  %s\nwant %s", step.step, got, step.server)
		}
	}
}
