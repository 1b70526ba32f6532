package ladder_test

import (
	"strconv"
	"strings"
	"testing"

	"finwait/sim"
	. "finwait/sim/ladder"
	"finwait/sim/text"
)

// tail returns the last n rows at 78 columns, without repeated spaces.
func tail(t *testing.T, s *script, n int) string {
	t.Helper()
	l := fold(s.log)
	if l.Len() < n {
		t.Fatalf("only %d rows:\n%s", l.Len(), picture(l, 78, Options{Grow: 1}))
	}
	var rows []string
	for _, line := range l.Draw(l.Len()-n, l.Len(), 78, Options{Grow: 1}) {
		rows = append(rows, strings.Join(strings.Fields(line.String()), " "))
	}
	return strings.Join(rows, "\n")
}

func want(t *testing.T, s *script, rows ...string) {
	t.Helper()
	if got, want := tail(t, s, len(rows)), strings.Join(rows, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A state begins beside the segment that caused it, or on a row of its own.
func TestStatePlacement(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(s *script)
		want []string
	}{
		{"no segment was seen", func(s *script) {
			s.orphan(client, sim.Established, sim.FinWait1)
			s.became(server, sim.Established, sim.CloseWait)
		}, []string{"FIN_WAIT1 ╎ ┃", "╎ ┃ CLOSE_WAIT"}},
		{"the ACK of the FIN rides on data", func(s *script) {
			s.seg(client, "FIN ACK", 1, 1, 0)
			s.seg(server, "PSH ACK", 1, 2, 5)
			s.orphan(client, sim.Established, sim.FinWait1)
			s.orphan(client, sim.FinWait1, sim.FinWait2)
		}, []string{"FIN_WAIT1 ╎━━ FIN ACK seq 1 ━━━━━━━━━▶┃", "FIN_WAIT2 ╎◀━━━ PSH ACK ack 2 len 5 ━━┃"}},
		{"an ACK of earlier data does not end FIN_WAIT1", func(s *script) {
			s.seg(client, "FIN ACK", 6, 1, 0)
			s.seg(server, "ACK", 1, 6, 0)
			s.seg(server, "ACK", 1, 7, 0)
			s.orphan(client, sim.Established, sim.FinWait1)
			s.orphan(client, sim.FinWait1, sim.FinWait2)
		}, []string{"╎◀━━━━━━━━━━━━━ ACK ack 6 ━━┃", "FIN_WAIT2 ╎◀━━━━━━━━━━━━━ ACK ack 7 ━━┃"}},
		{"FIN_WAIT2 in passing leaves TIME_WAIT the answer", func(s *script) {
			s.seg(client, "FIN ACK", 1, 1, 0)
			s.seg(server, "FIN ACK", 1, 2, 0)
			s.seg(client, "ACK", 2, 2, 0)
			s.orphan(client, sim.Established, sim.FinWait1)
			s.state(client, sim.FinWait1, sim.FinWait2, sim.ByInference, true)
			s.orphan(client, sim.FinWait2, sim.TimeWait)
		}, []string{"FIN_WAIT2 ~ ╎◀━━━ FIN ACK seq 1 ack 2 ━━┃", "TIME_WAIT ╎━━ ACK ack 2 ━━━━━━━━━━━━━▶┃"}},
		{"SYN_RECV was too short to be seen", func(s *script) {
			s.conn = 2
			s.seg(client, "SYN", 0, 0, 0)
			s.seg(server, "SYN ACK", 0, 1, 0)
			s.seg(client, "ACK", 1, 1, 0)
			s.became(server, sim.Listen, sim.Established)
		}, []string{"━━ SYN ━━━━━━━━━━━━━━━━━━━━▶┃", "◀━━━━━━━━━ SYN ACK ack 1 ━━┃", "━━ ACK ack 1 ━━━━━━━━━━━━━▶╎ ESTABLISHED"}},
		{"the kernel gives up waiting", func(s *script) {
			s.clientCloses(1, 1)
			s.settled()
			s.sleep(60)
			s.orphan(client, sim.FinWait2, sim.Closed)
		}, []string{"╎ ⋯ 60 s ┃", "CLOSED ┃"}},
		{"a reset of a descriptor that is still open", func(s *script) {
			s.seg(server, "RST ACK", 1, 1, 0)
			s.became(client, sim.Established, sim.Closed)
			s.orphan(server, sim.Established, sim.Closed)
			s.does(client, 0, "close", 3)
		}, []string{"CLOSED ┃◀━━━━━━━━━ RST ACK seq 1 ━━ CLOSED", "close(3) = 0 ┃"}},
		{"only its holder changes", func(s *script) {
			s.seg(client, "FIN ACK", 1, 1, 0)
			s.became(client, sim.Established, sim.FinWait1)
			s.orphan(client, sim.FinWait1, sim.FinWait1)
			s.seg(server, "ACK", 1, 2, 0)
		}, []string{"FIN_WAIT1 ┃━━ FIN ACK seq 1 ━━━━━━━━━▶┃", "╎◀━━━━━━━━━━━━━ ACK ack 2 ━━┃"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScript(sim.Captured).connected()
			s.step("client poll")
			c.do(s)
			want(t, s, c.want...)
		})
	}
}

// The result of a call stands on the row of the call unless something came in between.
func TestCallRows(t *testing.T) {
	for _, c := range []struct {
		name string
		do   func(s *script)
		want []string
	}{
		{"blocked, then at once", func(s *script) {
			c := s.call(server, "read", 4, "10")
			s.blocked(server, c)
			s.ret(server, c, sim.Result{Ret: 2, Data: "\x1b["})
		}, []string{`┃ ┃ read(4) = 2 "\x1b["`}},
		{"blocked, and then rows", func(s *script) {
			c := s.call(server, "read", 4, "10")
			s.blocked(server, c)
			s.does(client, 0, "dup", 3)
			s.ret(server, c, sim.Result{})
		}, []string{"┃ ┃ read(4) …", "dup(3) = 0 ┃ ┃", "┃ ┃ read(4) = 0 end of file"}},
		{"blocked in a step before", func(s *script) {
			c := s.call(server, "read", 4, "10")
			s.blocked(server, c)
			s.settled()
			s.ret(server, c, sim.Result{Ret: -1, Errno: "ECONNRESET"})
		}, []string{"┃ ┃ read(4) …", "┃ ┃ read(4) = -1 ECONNRESET"}},
		{"SO_ERROR is what is asked for", func(s *script) {
			s.ret(client, s.call(client, "getsockopt", 3, "SOL_SOCKET", "SO_ERROR"), sim.Result{Note: "[ECONNRESET]"})
			s.ret(server, s.call(server, "getsockopt", 4, "SOL_SOCKET", "SO_ERROR"), sim.Result{Note: "[0]"})
		}, []string{"SO_ERROR = ECONNRESET ┃ ┃", "┃ ┃ SO_ERROR = 0"}},
		{"a result without a call", func(s *script) {
			s.ret(client, sim.Call{Name: "read", FD: 3}, sim.Result{Ret: 5, Data: "hello"})
		}, []string{`read(3) = 5 "hello" ┃ ┃`}},
		{"preparation that fails", func(s *script) {
			s.does(server, 5, "socket", sim.NoFD)
			s.fails(server, "EADDRINUSE", "bind", 5, addr)
			s.does(server, 0, "listen", 5)
		}, []string{"┃ ┃ bind(5) = -1 EADDRINUSE", "┃ ┃ listen(5) = 0"}},
		{"options", func(s *script) {
			s.does(server, 0, "setsockopt", 4, "SOL_SOCKET", "SO_KEEPALIVE", "1")
			s.does(server, 0, "setsockopt", 4, "IPPROTO_TCP", "TCP_USER_TIMEOUT", "1000")
		}, []string{"┃ ┃ SO_KEEPALIVE 1 = 0", "┃ ┃ USER_TIMEOUT 1000 = 0"}},
		{"two calls in one step", func(s *script) {
			s.does(server, 0, "read", 4)
			s.does(server, 0, "shutdown", 4, "SHUT_WR")
		}, []string{"┃ ┃ read(4) = 0 end of file", "┃ ┃ shutdown(4, WR) = 0"}},
		{"an exit that no signal announced", func(s *script) {
			s.exit(client, 3, "")
		}, []string{"✝ exit 3 ┃ ┃"}},
		{"an exit in a later step", func(s *script) {
			s.signal(client, "SIGKILL", sim.Killed)
			s.settled()
			s.exit(client, 137, "SIGKILL")
		}, []string{"✝ SIGKILL ┃ ┃", "✝ SIGKILL, exit 137 ╎ ┃"}},
		{"one of two descriptors closed", func(s *script) {
			s.does(client, 4, "dup", 3)
			s.does(client, 0, "close", 3)
			s.does(client, 0, "close", 4)
			s.seg(client, "FIN ACK", 1, 1, 0)
		}, []string{"close(3) = 0 ┃ ┃", "close(4) = 0 ┃ ┃", "╎━━ FIN ACK seq 1 ━━━━━━━━━▶┃"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newScript(sim.Captured).connected()
			s.step("client poll")
			c.do(s)
			want(t, s, c.want...)
		})
	}
}

// A pause inside a step or before an event of a timer has a row; the time between two steps
// has none.
func TestGaps(t *testing.T) {
	s := newScript(sim.Captured).connected()
	s.settled()
	s.sleep(300)
	s.step("client dup")
	s.does(client, 4, "dup", 3)
	want(t, s, "┃ ┃ accept(3) = 4", "dup(3) = 4 ┃ ┃")
	s.step("wait 2s")
	s.sleep(2)
	s.settled()
	want(t, s, "dup(3) = 4 ┃ ┃", "┃ ⋯ 2.0 s ┃")
	s.step("wait 500ms")
	s.sleep(0.5)
	s.settled()
	want(t, s, "┃ ⋯ 2.0 s ┃")
}

func TestSecondConnectionWithoutAnAnnouncement(t *testing.T) {
	s := newScript(sim.Captured).connected()
	s.conn = 2
	s.seg(client, "SYN", 0, 0, 0)
	s.conn = 1
	s.seg(client, "RST", 7, 0, 0)
	want(t, s, strings.Repeat("─", 32)+" connection 2 "+strings.Repeat("─", 32), "━━ SYN ━━━━━━━━━━━━━━━━━━━━▶┃", "conn 1 client: RST seq 7 ┃")
}

// The heading of an announced connection takes the number that its events have.
func TestConnectionNumbers(t *testing.T) {
	for _, conn := range []int{2, 7} {
		s := newScript(sim.Captured).connected()
		s.conn = conn
		s.connect(40113)
		l := s.ladder()
		got := l.Draw(l.Len()-5, l.Len(), 78, Options{Grow: 1})
		if heading := "connection " + strconv.Itoa(conn) + " from 127.0.0.2:40113"; !strings.Contains(got[0].String(), heading) {
			t.Errorf("no %q in %q", heading, got[0])
		}
		if last := got[4].String(); !strings.HasSuffix(last, "▶╎ ESTABLISHED") {
			t.Errorf("connection %d ends with %q", conn, last)
		}
	}
}

func TestListenerCloses(t *testing.T) {
	s := newScript(sim.Captured)
	s.listen()
	s.step("server close listener")
	s.does(server, 0, "close", 3)
	s.add(sim.Event{At: server, Body: sim.StateChanged{From: sim.Listen, To: sim.Closed}})
	want(t, s, "listen(3) = 0", "┃ LISTEN", "┃ close(3) = 0", "CLOSED")
}

func TestKilledWhileListening(t *testing.T) {
	s := newScript(sim.Captured)
	s.listen()
	s.step("server kill SIGKILL")
	s.signal(server, "SIGKILL", sim.Killed)
	s.add(sim.Event{At: server, Body: sim.StateChanged{From: sim.Listen, To: sim.Closed}})
	s.exit(server, 137, "SIGKILL")
	want(t, s, "┃ LISTEN", "✝ SIGKILL, exit 137")
}

// The newest arrow grows from its sender. The state that it causes appears with all of it.
func TestGrow(t *testing.T) {
	s := newScript(sim.Captured).connected()
	s.clientCloses(1, 1)
	l := fold(s.log)
	for _, c := range []struct {
		grow float64
		want string
	}{
		{0, "                        ╎                            ┃"},
		{0.04, "                        ╎                           ◀┃"},
		{0.5, "                        ╎              ◀ACK  ack 2 ━━┃"},
		{1, "              FIN_WAIT2 ╎◀━━━━━━━━━━━━━ ACK  ack 2 ━━┃"},
	} {
		got := l.Draw(l.Len()-1, l.Len(), 78, Options{Grow: c.grow})[0].String()
		if got != c.want {
			t.Errorf("%v: got\n%s, want\n%s", c.grow, got, c.want)
		}
	}
	before := l.Draw(0, l.Len()-1, 78, Options{})
	for i, line := range l.Draw(0, l.Len()-1, 78, Options{Grow: 1}) {
		if line.String() != before[i].String() {
			t.Errorf("row %d is not the newest and moves", i)
		}
	}
}

func TestHead(t *testing.T) {
	lab := &sim.Setting{Client: "127.0.0.2", Server: addr}
	for _, c := range []struct {
		width int
		want  string
	}{
		{78, "                client 127.0.0.2           server 127.0.0.1:8088"},
		{44, "          client           server"},
	} {
		if got := Head(lab, c.width, Options{}).String(); got != c.want {
			t.Errorf("%d: got %q, want %q", c.width, got, c.want)
		}
	}
}

// Roles are what a screen colours by: a state and the lifeline below it have the same.
func TestRoles(t *testing.T) {
	l := clientKilled().ladder()
	seen := map[text.Role]string{}
	for _, line := range l.Draw(0, l.Len(), 98, Options{Grow: 1}) {
		for _, span := range line {
			seen[span.Role] += span.Text + "|"
		}
	}
	for role, parts := range map[text.Role][]string{
		text.RoleCall: {"write(4, "}, text.RoleOK: {" = 13"}, text.RoleDeath: {"✝ SIGINT, exit 130"}, text.RoleClient: {"FIN ACK"},
		text.RoleServer: {"PSH ACK"}, text.RoleReset: {"RST"}, text.RoleGap: {"⋯ 5.0 s"},
		text.RoleOpen: {"ESTABLISHED|", "┃|"}, text.RoleActiveClose: {"FIN_WAIT1|", "FIN_WAIT2|", "╎|"},
		text.RolePassiveClose: {"CLOSE_WAIT|", "┃|"}, text.RoleOver: {"CLOSED|"},
	} {
		for _, part := range parts {
			if !strings.Contains(seen[role], part) {
				t.Errorf("role %d does not have %q but %q", role, part, seen[role])
			}
		}
	}
}

// Wide characters take two cells each, in calls, remarks, refusals and names.
func TestWideCharacters(t *testing.T) {
	s := newScript(sim.Captured).connected()
	s.step(`server write "你好"`)
	s.does(server, 12, "write", 4, `"你好世界你好世界"`)
	s.step("client read 12")
	s.fails(client, "错误", "read", 3, "12")
	s.add(sim.Event{Body: sim.StepRefused{Why: "进程不存在"}})
	s.ret(client, s.call(client, "getsockopt", 3, "SOL_SOCKET", "SO_ERROR"), sim.Result{Note: "[错误]"})
	s.add(sim.Event{At: server, Body: sim.Verdict{Conn: 1, What: sim.WhatState, Kernel: "你好", Model: "世界"}})
	l := s.ladder()
	for width, want := range map[int][]string{
		40: {"┃ write = 12", "read: 错误 ┃", "✗ 进程不存在", "kernel: 你好 ≠ model: 世界"},
		78: {`┃ write(4, "你好…") = 12`, "read(3) = -1 错误 ┃", "✗ 进程不存在", "kernel: 你好 ≠ ┃ model: 世界"},
		98: {`┃ write(4, "你好世界你好…") = 12`, "read(3) = -1 错误 ┃"},
	} {
		drawn := picture(l, width, Options{Grow: 1})
		for _, part := range want {
			if !strings.Contains(drawn, part) {
				t.Errorf("%d: no %q in\n%s", width, part, drawn)
			}
		}
	}
	for width := 40; width < 160; width++ {
		for _, line := range l.Draw(0, l.Len(), width, Options{Grow: 1}) {
			if line.Width() != width {
				t.Errorf("%d cells, not %d: %q", line.Width(), width, line)
			}
		}
	}
	lab := &sim.Setting{Client: "客户端", Server: "服务器"}
	if got, want := Head(lab, 78, Options{}).String(), "                  client 客户端                server 服务器"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
