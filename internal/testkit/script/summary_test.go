package script

import (
	"strings"
	"testing"

	"finwait/sim"
)

// sent returns the events of segments from an end, of connection 1.
func sent(from sim.End, list ...sim.Segment) (events []sim.Event) {
	for _, s := range list {
		events = append(events, sim.Event{At: from, Body: sim.SegmentMoved{Conn: 1, Segment: s}})
	}
	return events
}

// steps returns what a summary says of a step after another.
func steps(first string, before []sim.Event, second string, events []sim.Event) string {
	var s Summary
	s.Step(first, before)
	return strings.Join(strings.Split(strings.TrimSpace(s.Step(second, events)), "\n")[1:], "; ")
}

// What was sent again belongs to the next step that waits, whenever it was.
func TestSentAgainIsOfAWait(t *testing.T) {
	again := sent(sim.Client, sim.Segment{Flags: sim.FIN | sim.ACK, Seq: 1, Ack: 1, ID: 2, Fate: sim.Held, Resent: true})
	const want = "client: FIN ACK seq 1 ack 1, again"
	if got := steps("drop client", again, "client poll", again); got != "" {
		t.Errorf("no wait: %s", got)
	}
	if got := steps("drop client", again, "wait 1s", nil); got != want {
		t.Errorf("before the wait: %s", got)
	}
	if got := steps("drop client", nil, "wait until flight from client", again); got != want {
		t.Errorf("in the wait: %s", got)
	}
}

// Numbers that depend on the sizes of buffers are not told, others are.
func TestSizesAreHidden(t *testing.T) {
	call := func(name string, ret int, args ...string) sim.Event {
		return sim.Event{At: sim.Client, Body: sim.CallReturned{PID: 1, Call: sim.ReadCall(sim.CallName(name), 3, args), Result: sim.Result{Ret: ret}}}
	}
	queues := func(n int) sim.Event {
		return sim.Event{At: sim.Client, Body: sim.QueuesChanged{Conn: 1, SendQ: n}}
	}
	state := sim.Event{At: sim.Client, Body: sim.StateChanged{Conn: 1, To: sim.Established}}
	bulk := sent(sim.Client, sim.Segment{Flags: sim.ACK, Seq: 20001, Ack: 1, Len: 500})
	probe := sim.Segment{Flags: sim.ACK, Seq: 20000, Ack: 1}
	for _, test := range []struct {
		name, step string
		events     []sim.Event
		want       string
	}{
		{"a short write", "client write 70000", []sim.Event{call("write", 50000, "70000")}, "client write(3, 70000) = many"},
		{"a whole one", "client write 70000", []sim.Event{call("write", 70000, "70000")}, "client write(3, 70000) = 70000"},
		{"a small one", "client write 7", []sim.Event{call("write", 7, "7")}, "client write(3, 7) = 7"},
		{"a read", "client read 65536", []sim.Event{call("read", 65536, "65536")}, "client read(3, 65536) = many"},
		{"a child", "client fork", []sim.Event{call("fork", 123456)}, "client fork(3) = 123456"},
		{"a queue that has grown", "client poll", []sim.Event{queues(30000)}, ""},
		{"one that is small again", "client poll", []sim.Event{queues(30)}, "1 client ESTABLISHED, Send-Q 30"},
		{"data in the middle", "client poll", bulk, ""},
		{"the first of them", "client poll", sent(sim.Client, sim.Segment{Flags: sim.PSH | sim.ACK, Seq: 1, Ack: 1, Len: 20000}), "client: ACK seq 1 ack 1 len many"},
		{"a probe among them", "wait 1s", append(sent(sim.Client, probe), bulk...), "client: ACK ack 1"},
		{"their acknowledgement", "client poll", sent(sim.Server, sim.Segment{Flags: sim.ACK, Seq: 1, Ack: 20001}), ""},
		{"it alone", "wait 1s", sent(sim.Server, sim.Segment{Flags: sim.ACK, Seq: 1, Ack: 20001}), ""},
		{"that of a probe", "wait 1s", append(sent(sim.Client, probe), sent(sim.Server, sim.Segment{Flags: sim.ACK, Seq: 1, Ack: 20001})...), "client: ACK ack 1; server: ACK ack many"},
	} {
		if got := steps("client poll", []sim.Event{state, queues(20000)}, test.step, test.events); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// What two processes of one end do at the same time stands in the order of the processes.
func TestProcessesInOrder(t *testing.T) {
	does := func(pid int, name string) sim.Event {
		return sim.Event{At: sim.Client, Body: sim.CallReturned{PID: pid, Call: sim.ReadCall(sim.CallName(name), 3, nil)}}
	}
	const want = "client write(3) = 0; client shutdown(3) = 0"
	first := []sim.Event{does(8, "fork"), does(9, "poll")}
	for _, both := range [][]sim.Event{{does(8, "write"), does(9, "shutdown")}, {does(9, "shutdown"), does(8, "write")}} {
		if got := steps("client fork", first, "client shutdown wr", both); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// A story has everything in its order, but for what a slow kernel sends again.
func TestStory(t *testing.T) {
	events := append([]sim.Event{
		{At: sim.Client, Body: sim.CallEntered{Call: sim.Call{Name: "close", FD: 3}}},
		{At: sim.Client, Body: sim.CallReturned{Call: sim.Call{Name: "close", FD: 3}}},
		{At: sim.Client, Body: sim.TimerChanged{Conn: 1, Timer: sim.TimerRetransmit}},
		{At: sim.Client, Body: sim.StateChanged{Conn: 1, From: sim.Established, To: sim.FinWait1}},
		{Body: sim.CableChanged{Cable: sim.CableCut}},
	}, sent(sim.Client, sim.Segment{Flags: sim.SYN, ID: 1, Fate: sim.Dropped}, sim.Segment{Flags: sim.SYN, ID: 2, Fate: sim.Held, Resent: true})...)
	const want = "> client close\nclient calls close(3)\nclient close = 0\nclient ESTABLISHED > FIN_WAIT1\ncable cut\nclient: SYN seq 0, dropped\n"
	if got := Story("client close", events); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A segment on the wire is sent once, whatever becomes of it.
func TestSegments(t *testing.T) {
	syn := sim.Segment{Flags: sim.SYN, ID: 1, Fate: sim.Held}
	arrives := syn
	arrives.Fate = sim.Delivered
	if got := Segments(sent(sim.Client, syn, arrives)); len(got) != 1 || got[0].Segment != syn {
		t.Errorf("held, then delivered: %v", got)
	}
}
