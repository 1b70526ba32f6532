package program

import (
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"finwait/sim"
	"finwait/sim/lang"
)

// onLoopback is a network without a wire.
func onLoopback() Network {
	return Network{Server: netip.MustParseAddrPort("127.0.0.1:8088"), Client: netip.MustParseAddrPort("127.0.0.2:40002")}
}

// onWire is a network with four segments on its wire.
func onWire() Network {
	n := onLoopback()
	n.Wire = true
	n.Flight = []Segment{{4, sim.Server}, {5, sim.Client}, {7, sim.Server}, {8, sim.Server}}
	n.Newest = Connection{Client: netip.MustParseAddrPort("127.0.0.2:40001"), ClientState: sim.SynSent, ServerState: sim.Listen}
	return n
}

// text returns what an action asks for on one line.
func text(a Action) string {
	c, ok := a.(Calls)
	if !ok {
		return strings.TrimPrefix(fmt.Sprintf("%T%+v", a, a), "program.")
	}
	var all []string
	for _, call := range c.Calls {
		all = append(all, call.String())
	}
	if c.Stop {
		all = append(all, "stop")
	}
	return fmt.Sprint(c.PID, ": ", strings.Join(all, "; "))
}

func step(t *testing.T, line string) sim.Step {
	t.Helper()
	s, err := sim.ParseStep(line)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPlan(t *testing.T) {
	h := established()
	h.start(sim.Server, 22, true)
	h.call(sim.Server, 22, on(sim.CallDup, 4), 5, 0)
	now := h.table()
	for line, want := range map[string]string{
		"server listen":                 "22: socket(AF_INET, SOCK_STREAM, 0); setsockopt(-2, SOL_SOCKET, SO_REUSEADDR, 1); bind(-2, 127.0.0.1:8088); listen(-2, 5); stop",
		"server listen noreuse":         "22: socket(AF_INET, SOCK_STREAM, 0); bind(-2, 127.0.0.1:8088); listen(-2, 5); stop",
		"client connect":                "11: socket(AF_INET, SOCK_STREAM, 0); bind(-2, 127.0.0.2:40002); connect(-2, 127.0.0.1:8088); stop",
		"server connect":                "22: socket(AF_INET, SOCK_STREAM, 0); setsockopt(-2, SOL_SOCKET, SO_REUSEADDR, 1); bind(-2, 127.0.0.1:8088); connect(-2, 127.0.0.2:40001); stop",
		"server accept":                 "22: accept(3)",
		"server accept then read 5":     "22: accept(3); read(-2, 5)",
		"server read 5":                 "22: read(5, 5)",
		"client read 5 peek":            "11: recv(3, 5, MSG_PEEK)",
		"server parent read 5":          "21: read(4, 5)",
		`client write "hi"`:             `11: write(3, "hi")`,
		`client write 2 nosignal`:       `11: send(3, "xx", 2, MSG_NOSIGNAL)`,
		"client shutdown wr then close": "11: shutdown(3, SHUT_WR); close(3)",
		"client shutdown rdwr":          "11: shutdown(3, SHUT_RDWR)",
		"server close listener":         "22: close(3)",
		"server close 4":                "22: close(4)",
		"client dup":                    "11: dup(3)",
		"client fork":                   "11: fork()",
		"client sigpipe handler":        "11: rt_sigaction(SIGPIPE, handler)",
		"client linger off":             "11: setsockopt(3, SOL_SOCKET, SO_LINGER, {0, 0})",
		"client linger 0":               "11: setsockopt(3, SOL_SOCKET, SO_LINGER, {1, 0})",
		"server linger2 none listener":  "22: setsockopt(3, IPPROTO_TCP, TCP_LINGER2, -1)",
		"client usertimeout 300ms":      "11: setsockopt(3, IPPROTO_TCP, TCP_USER_TIMEOUT, 300)",
		"client keepalive 1s 400ms 3":   "11: setsockopt(3, IPPROTO_TCP, TCP_KEEPIDLE, 1); setsockopt(3, IPPROTO_TCP, TCP_KEEPINTVL, 1); setsockopt(3, IPPROTO_TCP, TCP_KEEPCNT, 3); setsockopt(3, SOL_SOCKET, SO_KEEPALIVE, 1); stop",
		"client poll":                   "11: poll(3)",
		"client error":                  "11: getsockopt(3, SOL_SOCKET, SO_ERROR)",
		"client kill SIGTERM":           "Kill{PID:11 Signal:SIGTERM}",
		"server parent kill SIGKILL":    "Kill{PID:21 Signal:SIGKILL}",
		"deliver":                       "Handle{Do:deliver IDs:[4]}",
		"deliver client":                "Handle{Do:deliver IDs:[5]}",
		"drop 7":                        "Handle{Do:drop IDs:[7]}",
		"duplicate":                     "Handle{Do:duplicate IDs:[4]}",
		"deliver all":                   "DeliverAll{}",
		"drop all":                      "Handle{Do:drop IDs:[4 5 7 8]}",
		"swap server":                   "Swap{From:server}",
		"cut":                           "Cable{Cut:true}",
		"auto deliver on":               "Auto{On:true}",
		"auto deliver off":              "Auto{On:false}",
	} {
		a, err := Plan(&now, step(t, line), onWire())
		if err != nil || text(a) != want {
			t.Errorf("%s:\n%s, %v, want\n%s", line, text(a), err, want)
		}
	}
}

// Every verb means something: none is left to the error that says there is no call for it.
func TestPlanKnowsEveryVerb(t *testing.T) {
	now := established().table()
	for _, u := range sim.Usages() {
		s := sim.Step{Verb: u.Verb, From: sim.Server}
		if !u.Whole {
			s = sim.Step{Verb: u.Verb, At: sim.Server}
		}
		var no *sim.Refusal
		if _, err := Plan(&now, s, onWire()); err != nil && !errors.As(err, &no) {
			t.Errorf("%s: %v", u.Verb, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	listening, cut := onWire(), onWire()
	listening.Newest.ClientState = sim.Established
	cut.Cut, cut.Flight, cut.Newest.Crossed = true, nil, true
	blocked := established()
	blocked.enter(sim.Server, 21, sim.Call{Name: sim.CallRead, FD: 4, Size: 9}, 0)
	dead := established()
	dead.exit(sim.Client, 11, 141)
	orphan := established()
	orphan.start(sim.Server, 22, true)
	orphan.exit(sim.Server, 21, 137)
	fresh := &history{}
	fresh.start(sim.Client, 11, false)
	fresh.start(sim.Server, 21, false)
	tests := []struct {
		line string
		h    *history
		n    Network
		want string
	}{
		{"client start", established(), onLoopback(), "the client lives (process 11): kill it first"},
		{"client read 1", dead, onLoopback(), `the client is dead (exit status 141); "client start" gives it a new process`},
		{"client kill SIGINT", dead, onLoopback(), `the client is dead (exit status 141); "client start" gives it a new process`},
		{"server parent read 1", orphan, onLoopback(), "the server's parent is dead (exit status 137)"},
		{"client parent close", established(), onLoopback(), "the client has no parent: it has not forked"},
		{"server close", blocked, onLoopback(), "the server is blocked in read(4, 9)"},
		{"server fork", blocked, onLoopback(), "the server is blocked in read(4, 9)"},
		{"server accept", fresh, onLoopback(), "the server is not listening"},
		{"server accept then read 1", fresh, onLoopback(), "the server is not listening"},
		{"server linger 0 listener", fresh, onLoopback(), "the server is not listening"},
		{"client keepalive 1s 1s 1", fresh, onLoopback(), "the client holds no connection"},
		{"client read 1", fresh, onLoopback(), "the client holds no connection"},
		{"client close 7", established(), onLoopback(), "the client has no descriptor 7"},
		{"server connect", established(), onLoopback(), `on loopback the client's SYN is refused before the server can connect; it takes a lesson with "net: wire" in its head`},
		{"server connect", established(), listening, `the client is in ESTABLISHED; the server can connect to it while it is in SYN_SENT, after "client connect"`},
		{"server connect", established(), cut, `the server has connected to it before; "client connect" begins another connection`},
		{"deliver", established(), onLoopback(), `there is no wire on loopback; it takes a lesson with "net: wire" in its head`},
		{"auto deliver on", established(), onLoopback(), `there is no wire on loopback; it takes a lesson with "net: wire" in its head`},
		{"cut", established(), cut, "the cable is cut already"},
		{"mend", established(), onWire(), "the cable is not cut"},
		{"deliver", established(), cut, "nothing is on the wire"},
		{"drop all", established(), cut, "nothing is on the wire"},
		{"duplicate client", established(), cut, "the client has nothing on the wire"},
		{"deliver 6", established(), onWire(), "segment 6 is not on the wire"},
		{"swap client", established(), onWire(), "the client does not have two segments on the wire"},
	}
	for _, test := range tests {
		now := test.h.table()
		a, err := Plan(&now, step(t, test.line), test.n)
		var no *sim.Refusal
		if a != nil || !errors.As(err, &no) || spelled(no) != test.want {
			t.Errorf("%s: %v, %q, want %q", test.line, a, spelled(no), test.want)
		}
	}
	orphanTable := orphan.table()
	orphanTable.Apply(sim.Event{At: sim.Server, Body: sim.ProcessStarted{PID: 23, Forked: true}})
	var no *sim.Refusal
	if _, err := Plan(&orphanTable, step(t, "server parent fork"), onLoopback()); !errors.As(err, &no) || no.Kind != sim.RefusedForked {
		t.Errorf("fork of a parent: %v", err)
	}
}

// spelled returns a refusal in English.
func spelled(no *sim.Refusal) string {
	if no == nil {
		return ""
	}
	return lang.Refused(no).Why
}

func TestWait(t *testing.T) {
	for _, test := range []struct {
		line  string
		until bool
		limit sim.Seconds
		n     Network
		want  string
	}{
		{"wait 2s", false, 2, onLoopback(), ""},
		{"wait until client SYN_SENT", true, 300, onWire(), ""},
		{"wait until server ESTABLISHED", true, 300, onWire(), "the server is in LISTEN after 5m"},
		{"wait until client TIME_WAIT for 50ms", true, 0.05, onLoopback(), "the client is in CLOSED after 50ms"},
		{"wait until flight from client", true, 300, onWire(), ""},
		{"wait until flight from server for 1s", true, 1, onLoopback(), "the server has nothing on the wire after 1s"},
	} {
		a, err := Plan(&sim.Table{}, step(t, test.line), test.n)
		w, ok := a.(Wait)
		if err != nil || !ok || w.For != test.limit || w.Until != test.until {
			t.Errorf("%s: %+v, %v", test.line, a, err)
			continue
		}
		if got := spelled(w.Unmet(test.n)); got != test.want {
			t.Errorf("%s: %q, want %q", test.line, got, test.want)
		}
	}
}

// A plan depends on nothing but what it is given, and changes none of it.
func TestPlanIsPure(t *testing.T) {
	now, n := established().table(), onWire()
	before, was := now, onWire()
	for _, line := range []string{"server accept then read 1 then close", "drop all", "client connect"} {
		a, _ := Plan(&now, step(t, line), n)
		b, _ := Plan(&now, step(t, line), n)
		if !reflect.DeepEqual(a, b) || !reflect.DeepEqual(now, before) || !reflect.DeepEqual(n, was) {
			t.Errorf("%s: %v and %v", line, a, b)
		}
	}
}

// After the death of its child a parent acts. A step may name it the parent, as before, or the
// end alone, until there is another child.
func TestParentOutlivesItsChild(t *testing.T) {
	h := established()
	h.start(sim.Server, 22, true)
	h.exit(sim.Server, 22, 141)
	now := h.table()
	for _, line := range []string{"server close", "server parent close", "server parent kill SIGINT", "server parent fork", "server fork"} {
		a, err := Plan(&now, step(t, line), onLoopback())
		pid := 0
		switch a := a.(type) {
		case Calls:
			pid = a.PID
		case Kill:
			pid = a.PID
		}
		if err != nil || pid != 21 {
			t.Errorf("%s: process %d, %v", line, pid, err)
		}
	}
	h.start(sim.Server, 23, true)
	now = h.table()
	if p := now.NamedParent(sim.Server); p == nil || p.PID != 21 {
		t.Errorf("the parent of the next child is %v", p)
	}
	h.exit(sim.Server, 23, 0)
	h.exit(sim.Server, 21, 0)
	h.start(sim.Server, 24, false)
	now = h.table()
	if p := now.NamedParent(sim.Server); p != nil {
		t.Errorf("a process of its own has the parent %d", p.PID)
	}
}
