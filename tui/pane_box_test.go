package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"finwait/sim"
	"finwait/sim/lang"
)

// TestSentTimes: the box counts each sending of a segment, whether it was lost or not.
func TestSentTimes(t *testing.T) {
	drive(t, 100, 30, wireConfig(), func(d *driver) {
		d.press("space")
		d.lab.tell(1, 1, onWire(clientFIN(), 4, sim.Retransmitted, 2))
		d.lab.tell(1, 1, onWire(clientFIN(), 4, sim.Dropped, 2))
		d.lab.tell(2, 1, onWire(clientFIN(), 5, sim.Held, 1))
		d.lab.tell(2, 1, onWire(clientFIN(), 5, sim.Dropped, 1))
		d.lab.tell(3, 1, timer(sim.Client, sim.TimerRetransmit, 0.8, 1))
		d.drain()
		d.shows("sent x3, again in 0.8 s")
		d.lab.tell(3, 1, timer(sim.Client, sim.TimerRetransmit, 0.8, 5))
		d.drain()
		d.shows("sent x6, again")
	})
}

// TestCountdownMovesNothing: the details behind a countdown do not come and go while it counts.
func TestCountdownMovesNothing(t *testing.T) {
	end := boxEnd{sim.Endpoint{
		State: sim.FinWait1, By: sim.ByKernel, Orphan: true, Timer: sim.TimerRetransmit, Expires: 119.5, Retransmits: 4,
	}, sim.Process{PID: 7}}
	for w := 30; w < 90; w++ {
		words := func(now sim.Seconds) string {
			text := drawBox(end, now, w, 3)
			return strings.Join([]string{"sent 5 times"[:12*strings.Count(text, "sent 5 times")], "orphan"[:6*strings.Count(text, "orphan")]}, "|")
		}
		want := words(0)
		for _, now := range []sim.Seconds{60, 112, 118, 119, 119.2} {
			if got := words(now); got != want {
				t.Errorf("%d cells, %v s: %s, before %s", w, float64(now), got, want)
			}
		}
	}
}

// TestFinWait2Lasts: an orphan's FIN_WAIT2 with a long tcp_fin_timeout says when it
// is over, and does not name the keepalive timer.
func TestFinWait2Lasts(t *testing.T) {
	drive(t, 100, 30, wireConfig(), func(d *driver) {
		d.press("space")
		d.lab.tell(1, 1, state(sim.Client, 1, sim.FinWait1, sim.FinWait2, true, sim.ByKernel))
		d.lab.tell(1, 1, timer(sim.Client, sim.TimerKeepalive, 3540, 0))
		d.drain()
		d.shows("FIN_WAIT2    orphan · gone in 118 min")
		d.hides("keepalive")
		d.lab.tell(3541, 1, timer(sim.Client, sim.TimerTimewait, 3540, 0))
		d.drain()
		d.shows("gone in 59 min")
	})
	drive(t, 80, 24, wireConfig(), func(d *driver) {
		d.press("space")
		d.lab.tell(1, 1, state(sim.Client, 1, sim.FinWait1, sim.FinWait2, true, sim.ByKernel))
		d.lab.tell(1, 1, timer(sim.Client, sim.TimerKeepalive, 3540, 0))
		d.drain()
		d.shows("FIN_WAIT2    gone in 118 min")
	})
}

// testPicture returns the picture of a lesson in which nothing has happened.
func testPicture() *picture {
	w := lang.English()
	return &picture{words: w, style: newStyles(look{dark: true}), keys: newKeys(w.Keys), lesson: testLesson(), fold: newFold(), growth: 1}
}

// boxEnd is an end as its box shows it: its end of the connection, and its process.
type boxEnd struct {
	sim.Endpoint
	sim.Process
}

// boxOf returns the client's box of w by h cells for an end.
func boxOf(p *picture, end boxEnd, w, h int) *box {
	return &box{frame{p, size{w, h}}, sim.Client, 0, end.Endpoint, end.Process, end.Alive()}
}

// drawBox draws an end in a box with n lines for its contents.
func drawBox(end boxEnd, now sim.Seconds, w, n int) string {
	p := testPicture()
	end.Address, p.now = "127.0.0.2:40112", now
	return ansi.Strip(boxOf(p, end, w, n+2).draw())
}

// boxCase is an endpoint, and texts that its box shows.
type boxCase struct {
	end  boxEnd
	want []string
}

func boxCases() map[string]boxCase {
	alive := boxEnd{sim.Endpoint{State: sim.Established, By: sim.ByKernel}, sim.Process{PID: 7, Sigpipe: "ignore"}}
	with := func(change func(e *boxEnd)) boxEnd {
		e := alive
		change(&e)
		return e
	}
	return map[string]boxCase{
		"not started": {boxEnd{}, []string{"not started"}},
		"alive":       {alive, []string{"pid 7 · SIGPIPE ignore", "ESTABLISHED"}},
		"exited":      {with(func(e *boxEnd) { e.Dead, e.Status = true, 1 }), []string{"✝ exited, status 1"}},
		"killed": {
			with(func(e *boxEnd) { e.Dead, e.Signal, e.Status = true, "SIGKILL", 137 }),
			[]string{"✝ killed by SIGKILL, exit 137"},
		},
		"resent": {
			with(func(e *boxEnd) {
				e.State, e.Timer, e.TimerAt, e.Expires, e.Retransmits, e.SendQ = sim.FinWait1, sim.TimerRetransmit, 9.9, 0.5, 2, 1
			}),
			[]string{"FIN_WAIT1    resent in 0.4 s · sent 3 times · Send-Q 1"},
		},
		"the FIN": {
			with(func(e *boxEnd) { e.State, e.QueuedIn, e.RecvQ = sim.CloseWait, sim.CloseWait, 1 }),
			[]string{"CLOSE_WAIT   Recv-Q 1 (the FIN)"},
		},
		"data and the FIN": {
			with(func(e *boxEnd) { e.State, e.QueuedIn, e.RecvQ = sim.Closing, sim.CloseWait, 8 }),
			[]string{"CLOSING      Recv-Q 8 (7 + FIN)"},
		},
		"perhaps a FIN": {
			with(func(e *boxEnd) { e.State, e.QueuedIn, e.RecvQ = sim.CloseWait, sim.Established, 7 }),
			[]string{"CLOSE_WAIT   Recv-Q 7 "},
		},
		"last call": {
			with(func(e *boxEnd) {
				e.Dead, e.Signal, e.Called, e.Call = true, "SIGKILL", true, sim.Call{Name: "accept", FD: 3}
				e.Result = sim.Result{Ret: 4}
			}),
			[]string{"accept(3) = 4"},
		},
		"died in it": {
			with(func(e *boxEnd) {
				e.Dead, e.Signal, e.Called, e.Unfinished = true, "SIGPIPE", true, true
				e.Call = sim.Call{Name: "write", FD: 4, Data: []byte("x")}
			}),
			[]string{`write(4, "x") never returned`},
		},
		"time wait": {
			with(func(e *boxEnd) { e.State, e.Timer, e.TimerAt, e.Expires = sim.TimeWait, sim.TimerTimewait, 5, 60 }),
			[]string{"TIME_WAIT    gone in 55 s"},
		},
		"run out": {
			with(func(e *boxEnd) { e.State, e.Timer, e.TimerAt, e.Expires = sim.TimeWait, sim.TimerTimewait, 0, 5 }),
			[]string{"TIME_WAIT    any moment now"},
		},
		"keepalive": {
			with(func(e *boxEnd) { e.Timer, e.TimerAt, e.Expires = sim.TimerKeepalive, 10, 7200 }),
			[]string{"keepalive in 120 min"},
		},
		"orphan's keepalive": {
			with(func(e *boxEnd) {
				e.State, e.Orphan, e.Timer, e.TimerAt, e.Expires = sim.FinWait2, true, sim.TimerKeepalive, 10, 30
			}),
			[]string{"FIN_WAIT2    orphan · waits 30 s more"},
		},
		"persist":  {with(func(e *boxEnd) { e.Timer, e.TimerAt, e.Expires = sim.TimerPersist, 10, 3 }), []string{"window probe in 3 s"}},
		"inferred": {with(func(e *boxEnd) { e.By = sim.ByInference }), []string{"inferred"}},
		"failed": {
			with(func(e *boxEnd) {
				e.Called, e.Call, e.Result = true, sim.Call{Name: "write", FD: 4, Data: []byte("x")}, sim.Result{Ret: -1, Errno: "EPIPE"}
			}),
			[]string{`write(4, "x") = -1 EPIPE`},
		},
		"the error that waited": {
			with(func(e *boxEnd) {
				e.Called, e.Call, e.Result = true, sim.Call{Name: "getsockopt", FD: 3, Option: sim.Option{Name: sim.OptError}}, sim.Result{Note: "[ECONNRESET]"}
			}),
			[]string{"getsockopt(3, SOL_SOCKET, SO_ERROR) = 0 [ECONNRESET]"},
		},
		"polled": {
			with(func(e *boxEnd) {
				e.Called, e.Call, e.Poll = true, sim.Call{Name: "close", FD: 4}, "IN HUP"
			}),
			[]string{"close(4) = 0 · poll HUP IN"},
		},
	}
}

// TestBox: a box shows its endpoint, ten seconds after the lab was opened.
func TestBox(t *testing.T) {
	for name, c := range boxCases() {
		text := drawBox(c.end, 10, 60, 3)
		for _, want := range c.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", name, want, text)
			}
		}
	}
}

// TestBoxNarrow: in a narrow box a call loses its middle but not its result, and a
// retransmission loses its count but not the word orphan.
func TestBoxNarrow(t *testing.T) {
	end := boxEnd{
		sim.Endpoint{
			State: sim.FinWait1, By: sim.ByKernel, Orphan: true,
			Timer: sim.TimerRetransmit, TimerAt: 9.9, Expires: 0.5, Retransmits: 5,
		},
		sim.Process{PID: 7, Called: true, Call: sim.Call{Name: "setsockopt", FD: 3, Option: sim.Option{Name: sim.OptUserTimeout, Value: 30000}}},
	}
	for w, want := range map[int][]string{
		70: {"setsockopt(3, IPPROTO_TCP, TCP_USER_TIMEOUT, 30000) = 0", "orphan · resent in 0.4 s · sent 6 times"},
		50: {"setsockopt(3, TCP_USER_TIMEOUT, 30000) = 0", "orphan · sent x6, again in 0.4 s"},
		40: {"TCP_USER_TIMEOUT 30000 = 0", "orphan · again in 0.4 s"},
		30: {"TCP_USER_TIMEOUT 30000 = 0", "orphan"},
	} {
		text := drawBox(end, 10, w, 3)
		for _, part := range want {
			if !strings.Contains(text, part) {
				t.Errorf("%d: no %q in\n%s", w, part, text)
			}
		}
	}
	for w, want := range map[int]string{40: `write(4, "first message of m…") = 13`, 24: `write(4, "fi…") = 13`, 21: "write(4, …) = 13"} {
		end.Call, end.Result = sim.Call{Name: "write", FD: 4, Data: []byte("first message of many")}, sim.Result{Ret: 13}
		if text := drawBox(end, 10, w, 3); !strings.Contains(text, want) {
			t.Errorf("%d: no %q in\n%s", w, want, text)
		}
	}
}

// TestBoxSocketError: in a narrow box SO_ERROR stands for the call that asked for it.
func TestBoxSocketError(t *testing.T) {
	end := boxCases()["the error that waited"].end
	for _, n := range []int{2, 3} {
		if text := drawBox(end, 10, 40, n); !strings.Contains(text, "SO_ERROR = ECONNRESET") {
			t.Errorf("%d lines: no SO_ERROR in\n%s", n, text)
		}
	}
}

// TestBoxKeepsTheCall: in the smallest box of two lines, what a call has brought stays, and so
// does a death; the process has what room is left.
func TestBoxKeepsTheCall(t *testing.T) {
	alive := boxCases()["alive"].end
	after := func(c sim.Call, r sim.Result) boxEnd {
		e := alive
		e.Called, e.Call, e.Result = true, c, r
		return e
	}
	poll := after(sim.Call{Name: sim.CallPoll, FD: 4}, sim.Result{Ret: 1, Note: "IN OUT RDHUP HUP ERR"})
	read := after(sim.Call{Name: sim.CallRead, FD: 4, Size: 100}, sim.Result{Ret: 14, Data: "one more thing"})
	connect := after(sim.ReadCall(sim.CallConnect, 3, []string{"127.0.0.1:8088"}), sim.Result{Ret: -1, Errno: "ECONNREFUSED"})
	write := after(sim.Call{Name: sim.CallWrite, FD: 3, Data: []byte("Hello world, this is a rather long message, more than 32 characters")}, sim.Result{Ret: 67})
	dead := boxCases()["killed"].end
	died := boxCases()["died in it"].end
	for _, test := range []struct {
		end  boxEnd
		w    int
		want string
	}{
		{poll, 40, "│ poll(4) = 1 RDHUP HUP ERR IN OUT     │"},
		{poll, 30, "│ poll: RDHUP HUP ERR IN OUT │"},
		{poll, 60, "│ poll(4) = 1 RDHUP HUP ERR IN OUT · pid 7                 │"},
		{read, 40, `│ read(4, 100) = 14 "one more thing"   │`},
		{connect, 40, "│ connect(3, …:8088) = -1 ECONNREFUSED │"},
		{connect, 30, "│ connect(3): ECONNREFUSED   │"},
		{write, 40, `│ write(3, "Hello world, this …") = 67 │`},
		{dead, 40, "│ ✝ killed by SIGKILL, exit 137        │"},
		{dead, 30, "│ ✝ SIGKILL, exit 137        │"},
		{died, 40, "│ ✝ killed by SIGPIPE"},
	} {
		if drawn := drawBox(test.end, 10, test.w, 2); !strings.Contains(drawn, test.want) {
			t.Errorf("no %q in\n%s", test.want, drawn)
		}
	}
}

// TestBoxIsSafe: text from outside stays in its box, as text.
func TestBoxIsSafe(t *testing.T) {
	end := boxEnd{
		sim.Endpoint{State: sim.State(99), Timer: "\x07", Expires: 1, Poll: "\u202e"},
		sim.Process{
			PID: 7, Sigpipe: "\x1b[2J", Called: true,
			Call: sim.Call{Name: "read", FD: 4, Text: []string{"\x1b]0;x\a\n\n"}}, Result: sim.Result{Errno: "\x1b[31m"},
		},
	}
	for n := 1; n <= 3; n++ {
		text := drawBox(end, 0, 40, n)
		if strings.ContainsAny(text, "\x1b\a\u202e") || strings.Count(text, "\n") != n+1 {
			t.Errorf("%d lines: %q", n, text)
		}
	}
}

// TestBoxData: data in any script are text in the box; in ASCII they are escaped.
func TestBoxData(t *testing.T) {
	end := boxCases()["alive"].end
	end.Called, end.Call, end.Result = true, sim.Call{Name: sim.CallWrite, FD: 3, Data: []byte("你好世界")}, sim.Result{Ret: 12}
	if drawn := drawBox(end, 10, 60, 3); !strings.Contains(drawn, `write(3, "你好世界") = 12`) {
		t.Error(drawn)
	}
	p := testPicture()
	p.style = newStyles(look{dark: true, ascii: true})
	if drawn := ansi.Strip(boxOf(p, end, 60, 5).draw()); !strings.Contains(drawn, `write(3, "\u4f60\u597d\u4e16\u754c") = 12`) {
		t.Error(drawn)
	}
}
