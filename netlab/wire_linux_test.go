package netlab

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"finwait/sim"
)

// The flags of the tests.
const (
	synAck = sim.SYN | sim.ACK
	finAck = sim.FIN | sim.ACK
)

// Every one of the eleven states of RFC 9293 stands still at a settled step, and is
// read from the kernel.
func TestWireElevenStates(t *testing.T) {
	t.Parallel()
	k := openTalk(t, Options{})
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

// What happens in a step is told in the order in which it happened.
func TestWireStories(t *testing.T) {
	t.Parallel()
	k := openTalk(t, Options{}, "server listen")
	wants(t, k.do(t, "client connect"),
		"client calls socket(AF_INET, SOCK_STREAM, 0)", "client socket = 3",
		"client calls bind(3, 192.0.2.1:40001)", "client bind = 0",
		"client calls connect(3, 192.0.2.2:8088)", "client SYN seq 0, held", "client CLOSED > SYN_SENT (kernel)", "blockedclient ")
	wants(t, k.do(t, "deliver"),
		"client SYN seq 0, delivered", "server SYN ACK seq 0 ack 1, held", "server LISTEN > SYN_RECV (kernel)")
	wants(t, k.do(t, "deliver"),
		"server SYN ACK seq 0 ack 1, delivered", "client ACK ack 1, held", "client connect = 0", "client SYN_SENT > ESTABLISHED (kernel)")
	k.do(t, "deliver", "server accept")
	wants(t, k.do(t, `client write "a" then close`),
		`client calls write(3, "a")`, "client PSH ACK seq 1 ack 1 len 1, held", "client write = 1",
		"client calls close(3)", "client FIN ACK seq 2 ack 1, held", "client close = 0", "client ESTABLISHED > FIN_WAIT1 (kernel)")
	wants(t, k.do(t, "server kill SIGKILL"),
		"server killed by SIGKILL", "server FIN ACK seq 1 ack 1, held", "server exits 137",
		"server LISTEN > CLOSED (kernel)", "server ESTABLISHED > FIN_WAIT1 (kernel)")
	wants(t, k.do(t, "drop client"), "client PSH ACK seq 1 ack 1 len 1, dropped")
	wants(t, k.do(t, "cut"),
		"cable cut", "client FIN ACK seq 2 ack 1, dropped", "server FIN ACK seq 1 ack 1, dropped")
	wants(t, k.do(t, "mend"), "cable mended")
}

// A blocked reader answers what is delivered to it, in the same step.
func TestWireBlockedReader(t *testing.T) {
	t.Parallel()
	k := openConnected(t, `server read 9 then write "re" then close`)
	k.do(t, `client write "question"`)
	wants(t, k.do(t, "deliver"),
		"client PSH ACK seq 1 ack 1 len 8, delivered", "server ACK ack 9, held", `server read = 8 "question"`,
		`server calls write(4, "re")`, "server PSH ACK seq 1 ack 9 len 2, held", "server write = 2",
		"server calls close(4)", "server FIN ACK seq 3 ack 9, held", "server close = 0", "server ESTABLISHED > FIN_WAIT1 (kernel)")
}

// With automatic delivery an answer comes after what it answers, whatever the
// programs do meanwhile.
func TestWireAutoDeliver(t *testing.T) {
	t.Parallel()
	k := openTalk(t, Options{}, "auto deliver on", "server listen")
	said := story(k.do(t, "client connect"))
	returned := slices.Index(said, "client connect = 0") // its place among what the wire does is not known
	if returned < slices.Index(said, "client ACK ack 1, held") {
		t.Errorf("connect returned before it was connected: %q", said)
	}
	said = slices.Delete(said, returned, returned+1)
	if got := strings.Join(said[5:], "\n\t"); got != strings.Join([]string{
		"client SYN seq 0, held", "client CLOSED > SYN_SENT (inferred)",
		"client SYN seq 0, delivered", "server SYN ACK seq 0 ack 1, held", "server LISTEN > SYN_RECV (inferred)",
		"server SYN ACK seq 0 ack 1, delivered", "client ACK ack 1, held", "client ACK ack 1, delivered",
		"client SYN_SENT > ESTABLISHED (kernel)", "server SYN_RECV > ESTABLISHED (kernel)",
	}, "\n\t") {
		t.Errorf("got\n\t%s", got)
	}
	k.in(t, sim.Established, sim.Established)
	k.do(t, "server accept", `server read 9 then write "re" then close`, `client write "question"`)
	k.flying(t)
	k.in(t, sim.CloseWait, sim.FinWait2)
	k.do(t, "client read 9", "auto deliver off", "client close")
	k.flying(t, "client FIN ACK seq 9 ack 4")
	k.do(t, "auto deliver on")
	k.flying(t)
	k.in(t, sim.Closed, sim.TimeWait)
}

func TestWireAutoDeliverOption(t *testing.T) {
	t.Parallel()
	k := openTalk(t, Options{AutoDeliver: true}, "server listen", "client connect", "server accept", "client close", "server close")
	k.in(t, sim.TimeWait, sim.Closed)
}

func TestWireSimultaneousClose(t *testing.T) {
	t.Parallel()
	k := openConnected(t, "client close", "server close")
	k.flying(t, "client FIN ACK seq 1 ack 1", "server FIN ACK seq 1 ack 1")
	k.do(t, "deliver all")
	k.flying(t)
	k.in(t, sim.TimeWait, sim.TimeWait)
	var passed []sim.State
	for _, e := range k.log {
		if e.Kind == sim.KindState && e.To == sim.Closing {
			passed = append(passed, e.To)
		}
	}
	if len(passed) != 2 {
		t.Errorf("%d ends passed through CLOSING", len(passed))
	}
}

// While a FIN is held its sender repeats it: the same segment, counted.
func TestWireCountsCopies(t *testing.T) {
	t.Parallel()
	k := openConnected(t, "client close")
	k.flying(t, "client FIN ACK seq 1 ack 1")
	id := k.scene.Flight[0].Segment.ID
	k.await(t, "three copies", func(e sim.Event) bool {
		return e.Kind == sim.KindSegment && e.Segment.ID == id && e.Segment.Fate == sim.Retransmitted && e.Segment.Copies == 3
	})
	k.flying(t, "client FIN ACK seq 1 ack 1")
	k.in(t, sim.FinWait1, sim.Established)
	k.do(t, "deliver client", "deliver server")
	k.in(t, sim.FinWait2, sim.CloseWait)
	if got := k.scene.Client.Retransmits; got != 0 {
		t.Errorf("%d retransmissions after the acknowledgement", got)
	}
}

// A FIN that was lost is sent again, as another segment.
func TestWireLostFIN(t *testing.T) {
	t.Parallel()
	k := openConnected(t, "client close", "drop client")
	k.flying(t)
	k.in(t, sim.FinWait1, sim.Established)
	k.await(t, "the FIN again", news(sim.Client, finAck, sim.Held))
	k.flying(t, "client FIN ACK seq 1 ack 1 resent")
	k.do(t, "deliver", "deliver")
	k.in(t, sim.FinWait2, sim.CloseWait)
}

// The last ACK is lost: LAST_ACK repeats its FIN, and TIME_WAIT, which exists for
// that, answers.
func TestWireLostLastACK(t *testing.T) {
	t.Parallel()
	k := openConnected(t, "client close", "deliver", "deliver", "server close", "deliver server")
	k.flying(t, "client ACK ack 2")
	k.in(t, sim.TimeWait, sim.LastAck)
	k.do(t, "drop client")
	k.await(t, "the FIN again", news(sim.Server, finAck, sim.Held))
	k.flying(t, "server FIN ACK seq 1 ack 2 resent")
	k.do(t, "deliver server")
	k.flying(t, "client ACK ack 2")
	k.in(t, sim.TimeWait, sim.LastAck)
	k.do(t, "deliver client")
	k.in(t, sim.TimeWait, sim.Closed)
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
	k := openConnected(t)
	said := story(k.do(t, "client keepalive 1s 1s 2"))
	if on := "client calls setsockopt(3, SOL_SOCKET, SO_KEEPALIVE, 1)"; len(said) != 8 || said[6] != on {
		t.Errorf("it is not turned on last: %q", said)
	}
	k.do(t, "cut")
	k.await(t, "a probe", news(sim.Client, sim.ACK, sim.Dropped))
	k.do(t, "wait until client CLOSED")
	k.in(t, sim.Closed, sim.Established)
	k.do(t, "client read 10")
	k.returned(t, sim.Client, "-1 ETIMEDOUT")
}

// A probe of an idle connection is answered, and everything goes on.
func TestWireKeepaliveAnswered(t *testing.T) {
	t.Parallel()
	k := openConnected(t, "client keepalive 1s 1s 2")
	k.await(t, "a probe", news(sim.Client, sim.ACK, sim.Held))
	k.do(t, "deliver client")
	k.flying(t, "server ACK ack 1")
}

func TestWireRefused(t *testing.T) {
	t.Parallel()
	k := openTalk(t, Options{}, "client connect", "deliver client")
	k.flying(t, "server RST ACK seq 0 ack 1")
	k.in(t, sim.SynSent, sim.Closed)
	k.do(t, "deliver server")
	k.in(t, sim.Closed, sim.Closed)
	k.returned(t, sim.Client, "-1 ECONNREFUSED")
}

// A client that is gone before the answer comes: its kernel refuses the SYN ACK.
func TestWireGoneInSynSent(t *testing.T) {
	t.Parallel()
	k := openTalk(t, Options{}, "server listen", "client connect", "client kill SIGKILL")
	k.flying(t, "client SYN seq 0")
	k.in(t, sim.Closed, sim.Listen)
	k.do(t, "deliver client")
	k.flying(t, "server SYN ACK seq 0 ack 1")
	k.in(t, sim.Closed, sim.SynRecv)
	k.do(t, "deliver server")
	k.flying(t, "client RST seq 1")
	k.do(t, "deliver client")
	k.flying(t)
	k.in(t, sim.Closed, sim.Closed)
}

// A server is restarted into its own TIME_WAIT.
func TestWireRestartIntoTimeWait(t *testing.T) {
	t.Parallel()
	k := openConnected(t, "server close", "deliver all", "client close", "deliver all", "server kill SIGKILL", "server start")
	k.in(t, sim.Closed, sim.TimeWait)
	k.do(t, "server listen noreuse")
	k.returned(t, sim.Server, "-1 EADDRINUSE")
	k.do(t, "server listen")
	k.returned(t, sim.Server, "0")
	k.in(t, sim.Closed, sim.TimeWait)
	k.do(t, "client connect", "deliver all")
	k.in(t, sim.Established, sim.Established)
}

func TestWirePicks(t *testing.T) {
	t.Parallel()
	k := openConnected(t, `client write "a" then close`)
	k.flying(t, "client PSH ACK seq 1 ack 1 len 1", "client FIN ACK seq 2 ack 1")
	first := k.scene.Flight[0].Segment.ID
	k.do(t, "swap client", "deliver client")
	k.flying(t, "client PSH ACK seq 1 ack 1 len 1", "server ACK ack 1")
	k.in(t, sim.FinWait1, sim.Established) // there is a hole before the FIN
	k.do(t, "duplicate client")
	k.flying(t, "client PSH ACK seq 1 ack 1 len 1", "server ACK ack 1", "server ACK ack 3")
	k.in(t, sim.FinWait1, sim.CloseWait)
	k.do(t, fmt.Sprintf("deliver %d", first)) // once more: nothing new
	k.flying(t, "server ACK ack 1", "server ACK ack 3", "server ACK ack 3")
	k.do(t, "drop server", "drop all")
	k.flying(t)
	k.in(t, sim.FinWait1, sim.CloseWait)
}
