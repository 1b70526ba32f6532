package netlab

import (
	"os"
	"testing"
	"time"

	"finwait/internal/testkit/livetest"
	"finwait/internal/testkit/script"
	"finwait/netlab/host"
	"finwait/netlab/ipc"
	"finwait/netlab/wire"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// roleSysctl makes this test binary a process of a private host that sets one of
// its sysctls.
const (
	roleSysctl   = "test-sysctl"
	sysctlName   = "FINWAIT_TEST_SYSCTL"
	sysctlValue  = "FINWAIT_TEST_VALUE"
	sysctlFolder = "/proc/sys/net/ipv4/"
)

// setSysctl is the main of that process.
func setSysctl() {
	answer := ""
	if err := os.WriteFile(sysctlFolder+os.Getenv(sysctlName), []byte(os.Getenv(sysctlValue)), 0); err != nil {
		answer = err.Error()
	}
	if err := ipc.New(host.ControlFD).Send(answer); err != nil {
		os.Exit(1)
	}
	select {} // until the test ends it: an exit of the race detector takes a second
}

// sysctl sets a sysctl of a private lab that has not begun a step yet.
func sysctl(t testing.TB, l *Lab, name, value string) {
	t.Helper()
	withoutModel(l)
	channel, theirs, err := ipc.Pair()
	if err != nil {
		t.Fatal(err)
	}
	pid, err := l.net.host(sim.Server).Spawn("sysctl", roleSysctl, theirs, sysctlName+"="+name, sysctlValue+"="+value)
	unix.Close(theirs)
	if err != nil {
		t.Fatal(err)
	}
	var answer string
	if _, err := channel.Recv(&answer); err != nil || answer != "" {
		t.Errorf("sysctl %s: %s %v", name, answer, err)
	}
	channel.Close()
	if err := unix.Kill(pid, unix.SIGKILL); err != nil {
		t.Error(err)
	}
	for {
		if _, err := unix.Wait4(pid, nil, 0, nil); err != unix.EINTR {
			return
		}
	}
}

// gone reports the end of a connection's end.
func gone(at sim.End) func(sim.Event) bool {
	return func(e sim.Event) bool {
		return e.Kind() == sim.KindState && e.At == at && sim.Of[sim.StateChanged](e).To == sim.Closed
	}
}

// The end of an orphan comes without a step, by the kernel, when its time is up; and
// what follows is what the facts say (11, 12).
func TestOrphanEnds(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ step, want string }{
		"write": {`server write "too late"`, "1 server PSH ACK seq 1 ack 2 len 8\n1 client RST seq 2 ack 0 len 0"},
		"close": {"server close", "1 server FIN ACK seq 1 ack 2 len 0\n1 client RST seq 2 ack 0 len 0"},
	}
	for name, test := range tests {
		for _, blind := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				livetest.Play(t, func(t testing.TB) {
					l := openLab(t, Options{Host: HostPrivate, blind: blind})
					sysctl(t, l, "tcp_fin_timeout", "1")
					for i, text := range []string{"server listen", "client connect", "server accept", "client close"} {
						play(t, l, i+1, text)
					}
					late := until(t, l, "the orphan's end", gone(sim.Client))
					if last := late[len(late)-1]; sim.Of[sim.StateChanged](last).From != sim.FinWait2 || last.By() != sim.ByKernel || last.Step != 4 {
						t.Errorf("it ended with %+v", last)
					}
					events := play(t, l, 5, test.step)
					if got := sim.SegmentLines(sim.Canonical(script.Segments(events))); got != test.want {
						t.Errorf("%s: segments\n%s\nwant\n%s", test.step, got, test.want)
					}
				})
			})
		}
	}
}

// A wait is over when it is over, with what happened meanwhile in it.
func TestWaitTakesInWhatHappens(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		l := openLab(t, Options{Host: HostPrivate})
		sysctl(t, l, "tcp_fin_timeout", "1")
		for i, text := range []string{"server listen", "client connect", "server accept", "client close"} {
			play(t, l, i+1, text)
		}
		events := play(t, l, 5, "wait 1500ms")
		ends := 0
		for _, e := range events {
			if gone(sim.Client)(e) {
				ends++
			}
		}
		first, last := events[0], events[len(events)-1]
		if took := last.T - first.T; ends != 1 || took < 1.5 || took > 3 {
			t.Errorf("it took %v and the client ended %d times: %v", took, ends, events)
		}
	})
}

// Two segments that were read at the same time, long after a write: the one that the write has
// sent, and the one that a timer has sent later, which brings again, or brings at last, what a
// write has left behind. Their timestamps tell them apart.
func TestPlaceLate(t *testing.T) {
	const ms = int64(time.Millisecond)
	const written, read = 1000 * ms, 1340 * ms
	for name, timer := range map[string]sim.Segment{
		"again":   {ID: 5, Flags: sim.PSH | sim.ACK, Seq: 1, Ack: 1, Len: 5, Fate: sim.Held, Resent: true},
		"at last": {ID: 5, Flags: sim.PSH | sim.ACK, Seq: 6, Ack: 1, Len: 3, Fate: sim.Held},
	} {
		t.Run(name, func(t *testing.T) {
			c := &conn{n: 1}
			c.client.clock.learn(70, written-30*ms) // of the handshake
			segment := func(s sim.Segment, stamp uint32) pending {
				return pending{
					at: read, late: true, conn: c, packet: &wire.Packet{Stamp: stamp, Stamped: true},
					event: sim.Event{At: sim.Client, Body: sim.SegmentMoved{Conn: 1, Segment: s}},
				}
			}
			call := pending{
				at: written, effects: []effect{{conn: 1, at: sim.Client, what: didWrite, n: 8}},
				event: sim.Event{At: sim.Client, Body: sim.CallReturned{Call: sim.Call{Name: sim.CallWrite}}},
			}
			first := segment(sim.Segment{ID: 4, Flags: sim.PSH | sim.ACK, Seq: 1, Ack: 1, Len: 5, Fate: sim.Held}, 100)
			j := &journal{sockets: &sockets{conns: []*conn{c}}, batch: []pending{call, first, segment(timer, 304)}}
			j.placeLate()
			if got := j.batch[1].at; got != written-1 {
				t.Errorf("what the write has sent is placed at %d", got)
			}
			if got := j.batch[2].at; got != written-1+204*ms+stampError {
				t.Errorf("what the timer has sent is placed at %d", got)
			}
		})
	}
}

// What a host has sent within a long time is read at once. A copy is placed by its timestamp,
// and so is the first, which a process has sent that died and was seen to be dead much later.
func TestPlaceCopy(t *testing.T) {
	const ms = int64(time.Millisecond)
	const killed, read = 1000 * ms, 1240 * ms
	c := &conn{n: 1}
	c.client.clock.learn(70, killed-30*ms) // of the handshake
	fin := func(fate sim.Fate, stamp uint32) pending {
		return pending{
			at: read, late: true, conn: c, packet: &wire.Packet{Stamp: stamp, Stamped: true},
			event: sim.Event{At: sim.Client, Body: sim.SegmentMoved{Conn: 1, Segment: sim.Segment{ID: 4, Flags: sim.FIN | sim.ACK, Seq: 1, Ack: 1, Fate: fate}}},
		}
	}
	exit := pending{
		at: read - ms, effects: []effect{{conn: 1, at: sim.Client, what: didClose}},
		event: sim.Event{At: sim.Client, Body: sim.ProcessExited{Status: 137, Signal: "SIGKILL"}},
	}
	j := &journal{sockets: &sockets{conns: []*conn{c}}, batch: []pending{exit, fin(sim.Held, 101), fin(sim.Retransmitted, 303)}}
	j.placeLate()
	if first, copied := j.batch[1].at, j.batch[2].at; first != killed+ms+stampError || copied != killed+203*ms+stampError {
		t.Errorf("the first is placed at %d, the copy at %d", first, copied)
	}
}

// An acknowledgement that a timer has sent comes before the data that a call has sent after it,
// although both are read at once and the timestamps do not tell them apart.
func TestPlaceBeforeLaterSegment(t *testing.T) {
	const written, read = 1000, 9000
	c := &conn{n: 1}
	segment := func(s sim.Segment) pending {
		return pending{at: read, late: true, conn: c, packet: &wire.Packet{}, event: sim.Event{At: sim.Client, Body: sim.SegmentMoved{Conn: 1, Segment: s}}}
	}
	call := pending{
		at: written, effects: []effect{{conn: 1, at: sim.Client, what: didWrite, n: 5}},
		event: sim.Event{At: sim.Client, Body: sim.CallReturned{Call: sim.Call{Name: sim.CallWrite}}},
	}
	ack := segment(sim.Segment{ID: 4, Flags: sim.ACK, Seq: 1, Ack: 6, Fate: sim.Held})
	data := segment(sim.Segment{ID: 5, Flags: sim.PSH | sim.ACK, Seq: 1, Ack: 6, Len: 5, Fate: sim.Held})
	j := &journal{sockets: &sockets{conns: []*conn{c}}, batch: []pending{call, ack, data}}
	j.placeLate()
	if first, second := j.batch[1].at, j.batch[2].at; first != written-1 || second != written-1 {
		t.Errorf("the acknowledgement is placed at %d, the data at %d", first, second)
	}
}

// A timer sends what a write has left behind, just before a close that resets the connection. It
// is read after that close, which can have sent nothing but the reset; another close can have
// sent it, before its FIN.
func TestPlaceBeforeAbort(t *testing.T) {
	const entered, closed = 1000, 1100
	for name, want := range map[string]struct {
		last sim.Flags
		read int64 // when the data are
		data int64
	}{
		"reset":                {sim.RST | sim.ACK, 9000, entered - 1},
		"read while it closes": {sim.RST | sim.ACK, 1050, entered - 1},
		"fin":                  {sim.FIN | sim.ACK, 9000, closed - 1},
	} {
		t.Run(name, func(t *testing.T) {
			c := &conn{n: 1}
			segment := func(at int64, s sim.Segment) pending {
				return pending{at: at, late: true, conn: c, packet: &wire.Packet{}, event: sim.Event{At: sim.Client, Body: sim.SegmentMoved{Conn: 1, Segment: s}}}
			}
			call := sim.Call{Name: sim.CallClose, FD: 3}
			j := &journal{sockets: &sockets{conns: []*conn{c}}, batch: []pending{
				{at: entered, event: sim.Event{At: sim.Client, Body: sim.CallEntered{PID: 7, Call: call}}},
				{
					at: closed, effects: []effect{{conn: 1, at: sim.Client, what: didClose}},
					event: sim.Event{At: sim.Client, Body: sim.CallReturned{PID: 7, Call: call}},
				},
				segment(want.read, sim.Segment{ID: 4, Flags: sim.PSH | sim.ACK, Seq: 1, Ack: 1, Len: 5, Fate: sim.Held}),
				segment(9000, sim.Segment{ID: 5, Flags: want.last, Seq: 6, Ack: 1, Fate: sim.Held}),
			}}
			j.placeLate()
			if data, last := j.batch[2].at, j.batch[3].at; data != want.data || last != closed-1 {
				t.Errorf("the data are placed at %d, want %d; the %s at %d", data, want.data, want.last, last)
			}
		})
	}
}

// A timer sends what a write has left behind, just before the next write, which would have added
// to it.
func TestPlaceBeforeWrite(t *testing.T) {
	const entered, written, read = 1000, 1100, 9000
	for name, want := range map[string]struct {
		n  int
		at int64
	}{
		"alone":    {5, entered - 1},
		"together": {8, written - 1},
	} {
		t.Run(name, func(t *testing.T) {
			c := &conn{n: 1}
			c.client.written = 5
			call := sim.Call{Name: sim.CallWrite, FD: 3}
			j := &journal{sockets: &sockets{conns: []*conn{c}}, batch: []pending{
				{at: entered, event: sim.Event{At: sim.Client, Body: sim.CallEntered{PID: 7, Call: call}}},
				{
					at: written, effects: []effect{{conn: 1, at: sim.Client, what: didWrite, n: 3}},
					event: sim.Event{At: sim.Client, Body: sim.CallReturned{PID: 7, Call: call}},
				},
				{at: read, late: true, conn: c, packet: &wire.Packet{}, event: sim.Event{At: sim.Client, Body: sim.SegmentMoved{
					Conn: 1, Segment: sim.Segment{ID: 4, Flags: sim.PSH | sim.ACK, Seq: 1, Ack: 1, Len: want.n, Fate: sim.Held},
				}}},
			}}
			j.placeLate()
			if got := j.batch[2].at; got != want.at {
				t.Errorf("the data are placed at %d, want %d", got, want.at)
			}
		})
	}
}
