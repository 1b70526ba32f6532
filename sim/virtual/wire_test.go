package virtual

import (
	"slices"
	"strings"
	"testing"

	"finwait/sim"
)

// talk is a laboratory with a wire, and how things stand.
type talk struct {
	*Lab
	steps int
	scene sim.Scene
}

// threeWay makes a connection, one segment at a time.
var threeWay = []string{"server listen", "client connect", "deliver client", "deliver server", "deliver client", "server accept"}

func openTalk(t testing.TB, steps ...string) *talk {
	t.Helper()
	k := &talk{Lab: openLab(t, Options{Wire: true}), scene: sim.NewScene()}
	k.do(t, steps...)
	return k
}

func openConnected(t testing.TB, steps ...string) *talk {
	t.Helper()
	return openTalk(t, append(slices.Clone(threeWay), steps...)...)
}

// do plays steps and returns the events of the last.
func (k *talk) do(t testing.TB, steps ...string) (events []sim.Event) {
	t.Helper()
	for _, text := range steps {
		k.steps++
		events = play(t, k.Lab, k.steps, text)
		for _, e := range events {
			k.scene.Apply(e)
			if e.Kind == sim.KindRefused {
				t.Fatalf("%s: refused: %s", text, e.Text)
			}
		}
	}
	return events
}

func (k *talk) in(t testing.TB, client, server sim.State) {
	t.Helper()
	if k.scene.Client.State != client || k.scene.Server.State != server {
		t.Errorf("after %q: client %s, server %s, want %s and %s", k.scene.Text, k.scene.Client.State, k.scene.Server.State, client, server)
	}
}

func (k *talk) flying(t testing.TB, want ...string) {
	t.Helper()
	var got []string
	for _, e := range k.scene.Flight {
		got = append(got, segmentText(e))
	}
	if !slices.Equal(got, want) {
		t.Errorf("after %q on the wire: %q, want %q", k.scene.Text, got, want)
	}
}

func (k *talk) returned(t testing.TB, at sim.End, want string) {
	t.Helper()
	end := k.scene.End(at)
	if got := end.Result.String(); end.Pending || got != want {
		t.Errorf("after %q: %s = %s (pending: %v), want %s", k.scene.Text, end.Call, got, end.Pending, want)
	}
}

// segmentText returns "client FIN ACK seq 1 ack 1", and "resent" where that is so.
func segmentText(e sim.Event) string {
	text := string(e.At) + " " + e.Segment.String()
	if e.Segment.Resent {
		text += " resent"
	}
	return text
}

// story returns one line for each event, without timers and queues.
func story(events []sim.Event) []string {
	var lines []string
	for _, e := range events {
		switch e.Kind {
		case sim.KindCall:
			lines = append(lines, string(e.At)+" calls "+e.Call.String())
		case sim.KindReturn:
			lines = append(lines, string(e.At)+" "+e.Call.Name+" = "+e.Result.String())
		case sim.KindSegment:
			lines = append(lines, segmentText(e)+", "+string(e.Segment.Fate))
		case sim.KindState:
			lines = append(lines, string(e.At)+" "+e.From.String()+" > "+e.To.String())
		case sim.KindSignal:
			lines = append(lines, string(e.At)+" "+string(e.Action)+" by "+e.Signal)
		case sim.KindExit:
			lines = append(lines, string(e.At)+" exits")
		case sim.KindCable:
			lines = append(lines, "cable "+e.Text)
		case sim.KindBlocked:
			lines = append(lines, string(e.At)+" blocks")
		}
	}
	return lines
}

func wants(t testing.TB, events []sim.Event, want ...string) {
	t.Helper()
	if got := story(events); !slices.Equal(got, want) {
		t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// What happens in a step is told in the order in which the live laboratory does.
func TestWireStories(t *testing.T) {
	t.Parallel()
	k := openTalk(t, "server listen")
	wants(t, k.do(t, "client connect"),
		"client calls socket(AF_INET, SOCK_STREAM, 0)", "client socket = 3",
		"client calls bind(3, 192.0.2.1:40001)", "client bind = 0",
		"client calls connect(3, 192.0.2.2:8088)", "client SYN seq 0, held", "client CLOSED > SYN_SENT", "client blocks")
	wants(t, k.do(t, "deliver"),
		"client SYN seq 0, delivered", "server SYN ACK seq 0 ack 1, held", "server LISTEN > SYN_RECV")
	wants(t, k.do(t, "deliver"),
		"server SYN ACK seq 0 ack 1, delivered", "client ACK ack 1, held", "client connect = 0", "client SYN_SENT > ESTABLISHED")
	k.do(t, "deliver", "server accept")
	wants(t, k.do(t, `client write "a" then close`),
		`client calls write(3, "a")`, "client PSH ACK seq 1 ack 1 len 1, held", "client write = 1",
		"client calls close(3)", "client FIN ACK seq 2 ack 1, held", "client close = 0", "client ESTABLISHED > FIN_WAIT1")
	wants(t, k.do(t, "server kill SIGKILL"),
		"server killed by SIGKILL", "server FIN ACK seq 1 ack 1, held", "server exits",
		"server LISTEN > CLOSED", "server ESTABLISHED > FIN_WAIT1")
	wants(t, k.do(t, "drop client"), "client PSH ACK seq 1 ack 1 len 1, dropped")
	wants(t, k.do(t, "cut"),
		"cable cut", "client FIN ACK seq 2 ack 1, dropped", "server FIN ACK seq 1 ack 1, dropped")
	wants(t, k.do(t, "mend"), "cable mended")
}

// A blocked reader answers what is delivered to it, in the same step.
func TestWireBlockedReader(t *testing.T) {
	t.Parallel()
	k := openConnected(t, `server read 9 then write "re" then close`, `client write "question"`)
	wants(t, k.do(t, "deliver"),
		"client PSH ACK seq 1 ack 1 len 8, delivered", "server ACK ack 9, held", `server read = 8 "question"`,
		`server calls write(4, "re")`, "server PSH ACK seq 1 ack 9 len 2, held", "server write = 2",
		"server calls close(4)", "server FIN ACK seq 3 ack 9, held", "server close = 0", "server ESTABLISHED > FIN_WAIT1")
}

func TestWireAutoDeliver(t *testing.T) {
	t.Parallel()
	k := openTalk(t, "auto deliver on", "server listen", "client connect", "server accept", `server read 9 then write "re" then close`, `client write "question"`)
	k.flying(t)
	k.in(t, sim.CloseWait, sim.FinWait2)
	k.do(t, "client read 9", "auto deliver off", "client close")
	k.flying(t, "client FIN ACK seq 9 ack 4")
	k.do(t, "auto deliver on")
	k.flying(t)
	k.in(t, sim.Closed, sim.TimeWait)
}

// While a FIN is held its sender repeats it: the same segment, counted.
func TestWireCountsCopies(t *testing.T) {
	t.Parallel()
	k := openConnected(t, "client close", "wait 500ms")
	k.flying(t, "client FIN ACK seq 1 ack 1")
	if got := k.scene.Flight[0].Segment.Copies; got != 3 {
		t.Errorf("%d copies", got)
	}
	k.do(t, "deliver client", "deliver server")
	k.in(t, sim.FinWait2, sim.CloseWait)
}

// The last ACK is lost: LAST_ACK repeats its FIN, and TIME_WAIT answers.
func TestWireLostLastACK(t *testing.T) {
	t.Parallel()
	k := openConnected(t, "client close", "deliver", "deliver", "server close", "deliver server")
	k.flying(t, "client ACK ack 2")
	k.in(t, sim.TimeWait, sim.LastAck)
	k.do(t, "drop client", "wait until flight from server")
	k.flying(t, "server FIN ACK seq 1 ack 2 resent")
	k.do(t, "deliver server")
	k.flying(t, "client ACK ack 2")
	k.do(t, "deliver client")
	k.in(t, sim.TimeWait, sim.Closed)
	k.do(t, "wait until client CLOSED")
	k.in(t, sim.Closed, sim.Closed)
}

// A cable that was cut says nothing: only the one who sends finds out.
func TestWireCutAndUserTimeout(t *testing.T) {
	t.Parallel()
	k := openConnected(t, "client usertimeout 300ms", "cut", `client write "hello"`)
	k.flying(t)
	k.do(t, "wait until client CLOSED")
	k.in(t, sim.Closed, sim.Established)
	k.do(t, "client read 10")
	k.returned(t, sim.Client, "-1 ETIMEDOUT")
	k.do(t, "mend", `server write "still there?"`, "deliver all")
	k.flying(t)
	k.do(t, "server read 10")
	k.returned(t, sim.Server, "-1 ECONNRESET")
}

func TestWireKeepalive(t *testing.T) {
	t.Parallel()
	k := openConnected(t, "client keepalive 1s 1s 2", "cut", "wait until client CLOSED")
	k.in(t, sim.Closed, sim.Established)
	k.do(t, "client read 10")
	k.returned(t, sim.Client, "-1 ETIMEDOUT")
}

func TestWireKeepaliveAnswered(t *testing.T) {
	t.Parallel()
	k := openConnected(t, "client keepalive 1s 1s 2", "wait until flight from client", "deliver client")
	k.flying(t, "server ACK ack 1")
}

func TestWireRefused(t *testing.T) {
	t.Parallel()
	k := openTalk(t, "client connect", "deliver client")
	k.flying(t, "server RST ACK seq 0 ack 1")
	k.in(t, sim.SynSent, sim.Closed)
	k.do(t, "deliver server")
	k.in(t, sim.Closed, sim.Closed)
	k.returned(t, sim.Client, "-1 ECONNREFUSED")
}

func TestWireGoneInSynSent(t *testing.T) {
	t.Parallel()
	k := openTalk(t, "server listen", "client connect", "client kill SIGKILL")
	k.flying(t, "client SYN seq 0")
	k.in(t, sim.Closed, sim.Listen)
	k.do(t, "deliver client")
	k.flying(t, "server SYN ACK seq 0 ack 1")
	k.do(t, "deliver server")
	k.flying(t, "client RST seq 1")
	k.do(t, "deliver client")
	k.in(t, sim.Closed, sim.Closed)
}

func TestWireRestartIntoTimeWait(t *testing.T) {
	t.Parallel()
	k := openConnected(t, "server close", "deliver all", "client close", "deliver all", "server kill SIGKILL", "server start")
	k.in(t, sim.Closed, sim.TimeWait)
	k.do(t, "server listen noreuse")
	k.returned(t, sim.Server, "-1 EADDRINUSE")
	k.do(t, "server listen")
	k.returned(t, sim.Server, "0")
	k.do(t, "client connect", "deliver all")
	k.in(t, sim.Established, sim.Established)
}

func TestWirePicks(t *testing.T) {
	t.Parallel()
	k := openConnected(t, `client write "a" then close`, "swap client", "deliver client")
	k.flying(t, "client PSH ACK seq 1 ack 1 len 1", "server ACK ack 1")
	k.in(t, sim.FinWait1, sim.Established) // there is a hole before the FIN
	k.do(t, "duplicate client")
	k.flying(t, "client PSH ACK seq 1 ack 1 len 1", "server ACK ack 1", "server ACK ack 3")
	k.in(t, sim.FinWait1, sim.CloseWait)
	k.do(t, "deliver client") // once more: nothing new
	k.flying(t, "server ACK ack 1", "server ACK ack 3", "server ACK ack 3")
	k.do(t, "drop server", "drop all")
	k.in(t, sim.FinWait1, sim.CloseWait)
}

// What cannot be done is refused in the words of the live laboratory.
func TestWireRefusals(t *testing.T) {
	t.Parallel()
	k := openTalk(t)
	for _, x := range [][2]string{
		{"deliver", "nothing is on the wire"},
		{"drop all", "nothing is on the wire"},
		{"duplicate client", "the client has nothing on the wire"},
		{"deliver 1", "segment 1 is not on the wire"},
		{"swap server", "the server does not have two segments on the wire"},
		{"mend", "the cable is not cut"},
		{"wait until client ESTABLISHED", "the client is in CLOSED after 5m0s"},
		{"wait until flight from client", "the client has nothing on the wire after 5m0s"},
	} {
		k.steps++
		var got []string
		for _, e := range play(t, k.Lab, k.steps, x[0]) {
			if e.Kind == sim.KindRefused {
				got = append(got, e.Text)
			}
		}
		if !slices.Equal(got, []string{x[1]}) {
			t.Errorf("%s: %q, want %q", x[0], got, x[1])
		}
	}
}

// Connections leave the queue in the order in which they came into it.
func TestWireAcceptsInOrder(t *testing.T) {
	t.Parallel()
	k := openTalk(t, "server listen", "client connect", "deliver", "deliver", "client connect", "deliver 4", "deliver 5", "deliver 6", "deliver 3", "server accept", "server close")
	if last := k.scene.Flight[len(k.scene.Flight)-1]; last.Conn != 2 {
		t.Errorf("the first in the queue is connection %d", last.Conn)
	}
}

func TestWireElevenStates(t *testing.T) {
	t.Parallel()
	k := openTalk(t)
	held := map[sim.State]bool{}
	for _, s := range []struct {
		step           string
		client, server sim.State
	}{
		{"server listen", sim.Closed, sim.Listen},
		{"client connect", sim.SynSent, sim.Listen},
		{"deliver client", sim.SynSent, sim.SynRecv},
		{"deliver server", sim.Established, sim.SynRecv},
		{"deliver client", sim.Established, sim.Established},
		{"server accept", sim.Established, sim.Established},
		{"client close", sim.FinWait1, sim.Established},
		{"deliver client", sim.FinWait1, sim.CloseWait},
		{"deliver server", sim.FinWait2, sim.CloseWait},
		{"server close", sim.FinWait2, sim.LastAck},
		{"deliver server", sim.TimeWait, sim.LastAck},
		{"deliver client", sim.TimeWait, sim.Closed},

		{"client connect", sim.SynSent, sim.Closed},
		{"deliver all", sim.Established, sim.Established},
		{"server accept", sim.Established, sim.Established},
		{"client close", sim.FinWait1, sim.Established},
		{"server close", sim.FinWait1, sim.FinWait1},
		{"deliver client", sim.FinWait1, sim.Closing},
		{"deliver server", sim.Closing, sim.Closing},
		{"deliver server", sim.TimeWait, sim.Closing},
		{"deliver", sim.TimeWait, sim.TimeWait},
	} {
		k.do(t, s.step)
		k.in(t, s.client, s.server)
		held[k.scene.Client.State], held[k.scene.Server.State] = true, true
	}
	for _, s := range sim.States() {
		if s != sim.Close && !held[s] {
			t.Errorf("%s was not held", s)
		}
	}
}
