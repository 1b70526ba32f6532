package ladder_test

import (
	"strings"
	"testing"

	"finwait/sim"
	. "finwait/sim/ladder"
)

// Data in any script are text on the ladder. In ASCII they are escaped, and no escape is cut
// in two.
func TestDataInAnyScript(t *testing.T) {
	s := newScript(sim.Captured).connected()
	s.does(client, 15, "write", 3, `"\u4f60\u597d\u4e16\u754c\u597d"`)
	s.ret(server, s.call(server, "read", 4, "100"), sim.Result{Ret: 15, Data: "你好世界好\x1b[2J"})
	for _, test := range []struct {
		width int
		ascii bool
		want  []string
	}{
		{98, false, []string{`write(3, "你好世界好") = 15 ┃`, `┃ read(4) = 15 "你好世界好\x1b…"`}},
		{78, false, []string{`write(3, "你好…") = 15 ┃`, `┃ read(4) = 15 "你好世…"`}},
		{98, true, []string{`write(3, "\u4f60...") = 15 |`, `| read(4) = 15 "\u4f60\u597d..."`}},
		{158, true, []string{`write(3, "\u4f60\u597d\u4e16\u754c...") = 15 |`, `| read(4) = 15 "\u4f60\u597d\u4e16\u754c..."`}},
	} {
		drawn := picture(s.ladder(), test.width, Options{Grow: 1, ASCII: test.ascii})
		for _, part := range test.want {
			if !strings.Contains(drawn, part) {
				t.Errorf("%d: no %q in\n%s", test.width, part, drawn)
			}
		}
	}
}

// What a call has brought stays when its line grows short: the arguments go first, then the
// descriptor, then the rest of the name. Errors and events then stand as perror(3) writes them.
func TestResultStays(t *testing.T) {
	long := "Hello world, this is a rather long message, more than 32 characters"
	write := sim.Call{Name: sim.CallWrite, FD: 3, Data: []byte(long)}
	connect := sim.ReadCall(sim.CallConnect, 3, []string{"127.0.0.1:8088"})
	poll := sim.Call{Name: sim.CallPoll, FD: 4}
	read := sim.Call{Name: sim.CallRead, FD: 4, Size: 100}
	timeout := sim.Call{Name: sim.CallSetsockopt, FD: 3, Option: sim.Option{Name: sim.OptUserTimeout, Value: 30000}}
	soError := sim.Call{Name: sim.CallGetsockopt, FD: 3, Option: sim.Option{Name: sim.OptError}}
	events := sim.Result{Ret: 1, Note: "IN OUT RDHUP HUP ERR"}
	for _, test := range []struct {
		call   sim.Call
		result *sim.Result
		width  int
		want   string
	}{
		{write, &sim.Result{Ret: 67}, 52, `write(3, "Hello world, this is a rather lo"...) = 67`},
		{write, &sim.Result{Ret: 67}, 46, `write(3, "Hello world, this is a rathe…") = 67`},
		{write, &sim.Result{Ret: 67}, 24, `write(3, "Hello …") = 67`},
		{write, &sim.Result{Ret: 67}, 17, "write(3, …) = 67"},
		{write, nil, 20, `write(3, "Hello w…")`},
		{connect, &sim.Result{Ret: -1, Errno: "ECONNREFUSED"}, 36, "connect(3, …:8088) = -1 ECONNREFUSED"},
		{connect, &sim.Result{Ret: -1, Errno: "ECONNREFUSED"}, 25, "connect(3): ECONNREFUSED"},
		{connect, &sim.Result{Ret: -1, Errno: "ECONNREFUSED"}, 23, "connect: ECONNREFUSED"},
		{connect, &sim.Result{Ret: -1, Errno: "ECONNREFUSED"}, 18, "con…: ECONNREFUSED"},
		{poll, &events, 33, "poll(4) = 1 RDHUP HUP ERR IN OUT"},
		{poll, &events, 29, "poll(4): RDHUP HUP ERR IN OUT"},
		{poll, &events, 26, "poll: RDHUP HUP ERR IN OUT"},
		{poll, &events, 23, "poll: RDHUP HUP ERR …"},
		{read, &sim.Result{Ret: 14, Data: "one more thing"}, 36, `read(4) = 14 "one more thing"`},
		{read, &sim.Result{Ret: 14, Data: "one more thing"}, 23, `read(4) = 14 "one mor…"`},
		{read, &sim.Result{Ret: 14, Data: "one more thing"}, 15, `read = 14 "on…"`},
		{read, &sim.Result{}, 23, "read(4) = 0 end of file"},
		{read, &sim.Result{}, 16, "read(4) = 0 EOF"},
		{timeout, &sim.Result{}, 26, "TCP_USER_TIMEOUT 30000 = 0"},
		{timeout, &sim.Result{}, 23, "USER_TIMEOUT 30000 = 0"},
		{soError, &sim.Result{Note: "[ECONNRESET]"}, 23, "SO_ERROR = ECONNRESET"},
		{soError, &sim.Result{Note: "[ECONNRESET]"}, 17, "error ECONNRESET"},
	} {
		if got := CallLine(test.call, test.result, test.width, Options{}).String(); got != test.want {
			t.Errorf("%d cells: %s, want %s", test.width, got, test.want)
		}
	}
}

// A parent's calls and its death keep the room of their line: the word for the parent stands
// on the other side of the lifeline, and no segment on that row.
func TestParentRows(t *testing.T) {
	s := newScript(sim.Captured).connected()
	s.step("client fork")
	s.start(client, 11, true)
	s.step("client parent read 10")
	parent := func(c sim.Call, r sim.Result) {
		s.add(sim.Event{At: client, Body: sim.CallEntered{PID: 10, Call: c}})
		s.add(sim.Event{At: client, Body: sim.CallReturned{PID: 10, Call: c, Result: r}})
	}
	parent(sim.Call{Name: sim.CallRead, FD: 3, Size: 10}, sim.Result{Ret: 10, Data: "for one of them"})
	parent(sim.Call{Name: sim.CallPoll, FD: 3}, sim.Result{Ret: 1, Note: "OUT"})
	parent(sim.Call{Name: sim.CallListen, FD: 3, Backlog: 5}, sim.Result{Ret: -1, Errno: "EADDRINUSE"})
	parent(sim.Call{Name: sim.CallWrite, FD: 3, Data: []byte("x")}, sim.Result{Ret: 1})
	s.seg(client, "PSH ACK", 1, 1, 1)
	s.add(sim.Event{At: client, Body: sim.SignalTaken{PID: 10, Signal: "SIGKILL", Action: sim.Killed}})
	s.add(sim.Event{At: client, Body: sim.ProcessExited{PID: 10, Signal: "SIGKILL", Status: 137}})
	drawn := picture(s.ladder(), 78, Options{Grow: 1})
	for _, want := range []string{
		`read(3) = 10 "for one…" ┃ parent `, "poll(3) = 1 OUT ┃ parent ", "listen(3): EADDRINUSE ┃ parent ", `write(3, "x") = 1 ┃ parent `,
		"┃━━ PSH ACK  seq 1 len 1 ━━━▶┃", "✝ SIGKILL, exit 137 ┃ parent ",
	} {
		if !strings.Contains(drawn, want) {
			t.Errorf("no %q in\n%s", want, drawn)
		}
	}
}
