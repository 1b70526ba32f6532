package tui

import (
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"finwait/sim"
)

// testPicture returns a picture with nothing in it.
func testPicture() *picture {
	w := english()
	return &picture{words: w, style: newStyles(look{dark: true}), keys: newKeys(w.keys), lesson: testLesson(), fold: newFold(), growth: 1}
}

// drawBox draws an endpoint in a box with n lines for its contents.
func drawBox(end sim.Endpoint, now sim.Seconds, w, n int) string {
	p := testPicture()
	p.fold.scene.Client, p.now = end, now
	p.fold.scene.Client.Local = "127.0.0.2:40112"
	return ansi.Strip(boxPane{sim.Client}.render(p, size{w, n + 2}))
}

// boxCase is an endpoint, and what its box says of it.
type boxCase struct {
	end  sim.Endpoint
	want []string
}

func boxCases() map[string]boxCase {
	alive := sim.Endpoint{At: sim.Client, PID: 7, Alive: true, Sigpipe: "ignore", State: sim.Established, By: sim.ByKernel}
	with := func(change func(e *sim.Endpoint)) sim.Endpoint {
		e := alive
		change(&e)
		return e
	}
	return map[string]boxCase{
		"not started": {sim.Endpoint{At: sim.Client}, []string{"not started"}},
		"alive":       {alive, []string{"pid 7 · SIGPIPE ignore", "ESTABLISHED"}},
		"exited":      {with(func(e *sim.Endpoint) { e.Alive, e.Status = false, 1 }), []string{"✝ exited, status 1"}},
		"killed": {
			with(func(e *sim.Endpoint) { e.Alive, e.Signal, e.Status = false, "SIGKILL", 137 }),
			[]string{"✝ killed by SIGKILL, exit 137"},
		},
		"resent": {
			with(func(e *sim.Endpoint) {
				e.State, e.Timer, e.TimerAt, e.Expires, e.Retransmits, e.SendQ = sim.FinWait1, sim.TimerRetransmit, 9.9, 0.5, 2, 1
			}),
			[]string{"FIN_WAIT1    resent in 0.4 s · sent 3 times · Send-Q 1"},
		},
		"the FIN": {
			with(func(e *sim.Endpoint) { e.State, e.QueuedIn, e.RecvQ = sim.CloseWait, sim.CloseWait, 1 }),
			[]string{"CLOSE_WAIT   Recv-Q 1 (the FIN)"},
		},
		"data and the FIN": {
			with(func(e *sim.Endpoint) { e.State, e.QueuedIn, e.RecvQ = sim.Closing, sim.CloseWait, 8 }),
			[]string{"CLOSING      Recv-Q 8 (7 + FIN)"},
		},
		"perhaps a FIN": {
			with(func(e *sim.Endpoint) { e.State, e.QueuedIn, e.RecvQ = sim.CloseWait, sim.Established, 7 }),
			[]string{"CLOSE_WAIT   Recv-Q 7 "},
		},
		"last call": {
			with(func(e *sim.Endpoint) {
				e.Alive, e.Signal, e.Called, e.Call = false, "SIGKILL", true, sim.Call{Name: "accept", FD: 3}
				e.Result = sim.Result{Ret: 4}
			}),
			[]string{"accept(3) = 4"},
		},
		"died in it": {
			with(func(e *sim.Endpoint) {
				e.Alive, e.Signal, e.Called, e.Unfinished = false, "SIGPIPE", true, true
				e.Call = sim.Call{Name: "write", FD: 4, Data: []byte("x")}
			}),
			[]string{`write(4, "x") never returned`},
		},
		"time wait": {
			with(func(e *sim.Endpoint) { e.State, e.Timer, e.TimerAt, e.Expires = sim.TimeWait, sim.TimerTimewait, 5, 60 }),
			[]string{"TIME_WAIT    gone in 55 s"},
		},
		"run out": {
			with(func(e *sim.Endpoint) { e.State, e.Timer, e.TimerAt, e.Expires = sim.TimeWait, sim.TimerTimewait, 0, 5 }),
			[]string{"TIME_WAIT    any moment now"},
		},
		"keepalive": {
			with(func(e *sim.Endpoint) { e.Timer, e.TimerAt, e.Expires = sim.TimerKeepalive, 10, 7200 }),
			[]string{"keepalive in 120 min"},
		},
		"orphan's keepalive": {
			with(func(e *sim.Endpoint) {
				e.State, e.Orphan, e.Timer, e.TimerAt, e.Expires = sim.FinWait2, true, sim.TimerKeepalive, 10, 30
			}),
			[]string{"FIN_WAIT2    orphan · waits 30 s more"},
		},
		"persist":  {with(func(e *sim.Endpoint) { e.Timer, e.TimerAt, e.Expires = sim.TimerPersist, 10, 3 }), []string{"window probe in 3 s"}},
		"inferred": {with(func(e *sim.Endpoint) { e.By = sim.ByInference }), []string{"inferred"}},
		"failed": {
			with(func(e *sim.Endpoint) {
				e.Called, e.Call, e.Result = true, sim.Call{Name: "write", FD: 4, Data: []byte("x")}, sim.Result{Ret: -1, Errno: "EPIPE"}
			}),
			[]string{`write(4, "x") = -1 EPIPE`},
		},
		"the error that waited": {
			with(func(e *sim.Endpoint) {
				e.Called, e.Call, e.Result = true, sim.Call{Name: "getsockopt", FD: 3, Option: sim.Option{Name: sim.OptError}}, sim.Result{Note: "[ECONNRESET]"}
			}),
			[]string{"getsockopt(3, SOL_SOCKET, SO_ERROR) = 0 [ECONNRESET]"},
		},
		"polled": {
			with(func(e *sim.Endpoint) {
				e.Called, e.Call, e.Poll = true, sim.Call{Name: "close", FD: 4}, "IN HUP"
			}),
			[]string{"close(4) = 0 · poll IN HUP"},
		},
	}
}

// TestBox: what a box says of an endpoint, ten seconds after the lab was opened.
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

// TestBoxNarrow: what is left out where there is little room: the middle of a call and
// never its result; the count of what is resent, and never that there is no process.
func TestBoxNarrow(t *testing.T) {
	end := sim.Endpoint{
		At: sim.Client, PID: 7, Alive: true, State: sim.FinWait1, By: sim.ByKernel, Orphan: true, Called: true,
		Timer: sim.TimerRetransmit, TimerAt: 9.9, Expires: 0.5, Retransmits: 5,
		Call: sim.Call{Name: "setsockopt", FD: 3, Option: sim.Option{Name: sim.OptUserTimeout, Value: 30000}},
	}
	for w, want := range map[int][]string{
		70: {"setsockopt(3, IPPROTO_TCP, TCP_USER_TIMEOUT, 30000) = 0", "orphan · resent in 0.4 s · sent 6 times"},
		50: {"setsockopt(3, TCP_USER_TIMEOUT, 30000) = 0", "orphan · sent x6, again in 0.4 s"},
		40: {"setsockopt(3, TCP_USER…T, 30000) = 0", "orphan · again in 0.4 s"},
		30: {"setsockopt(3, …) = 0", "orphan"},
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

// TestBoxSocketError: where there is little room, SO_ERROR is what the call is about.
func TestBoxSocketError(t *testing.T) {
	end := boxCases()["the error that waited"].end
	for _, n := range []int{2, 3} {
		if text := drawBox(end, 10, 40, n); !strings.Contains(text, "SO_ERROR = ECONNRESET") {
			t.Errorf("%d lines: no SO_ERROR in\n%s", n, text)
		}
	}
}

// TestBoxIsSafe: text from outside stays in its box, as text.
func TestBoxIsSafe(t *testing.T) {
	end := sim.Endpoint{
		At: sim.Client, PID: 7, Alive: true, Sigpipe: "\x1b[2J", State: sim.State(99), Timer: "\x07", Expires: 1, Called: true,
		Call: sim.Call{Name: "read", FD: 4, Text: []string{"\x1b]0;x\a\n\n"}}, Result: sim.Result{Errno: "\x1b[31m"}, Poll: "\u202e",
	}
	for n := 1; n <= 3; n++ {
		text := drawBox(end, 0, 40, n)
		if strings.ContainsAny(text, "\x1b\a\u202e") || strings.Count(text, "\n") != n+1 {
			t.Errorf("%d lines: %q", n, text)
		}
	}
}

// TestWaitSaysItsLimit: a step that waits for something says how long it may, and what ends it.
func TestWaitSaysItsLimit(t *testing.T) {
	for step, want := range map[string]string{
		"wait until client TIME_WAIT":           "running, 12 s of 5 min, r gives up",
		"wait until flight from server for 20s": "running, 12 s of 20 s, r gives up",
		"wait 20s":                              "running, 12 s",
	} {
		for _, ignored := range []bool{false, true} {
			if ignored && step == "wait 20s" {
				want = "wait: this step is still running"
			}
			parsed, err := sim.ParseStep(step)
			if err != nil {
				t.Fatal(err)
			}
			p := testPicture()
			p.prompt = prompt{phase: phaseRunning, step: step, elapsed: 12.7, limit: parsed.Limit(), ignored: ignored}
			if got := (nextPane{}).line(frame{p, size{80, 1}}).String(); got != " ● "+step+"   "+want {
				t.Errorf("ignored %t: got %q, want %q", ignored, got, want)
			}
		}
	}
}

// TestStoryScrolls: a story that is longer than its place says so, and every line
// of it can be reached.
func TestStoryScrolls(t *testing.T) {
	var words []string
	for i := range 200 {
		words = append(words, fmt.Sprintf("word%03d", i))
	}
	c := lessonConfig()
	for i := range c.First.Steps {
		c.First.Steps[i].Story = strings.Join(words, " ")
	}
	for _, size := range sizes {
		drive(t, size.w, size.h, c, func(d *driver) {
			seen := d.text()
			if size.w < wideWidth {
				d.shows("↓ pgdn")
				d.hides("pgup")
			}
			for range 40 {
				d.press("pgdown")
				seen += d.text()
			}
			d.hides("pgdn")
			for _, w := range words {
				if !strings.Contains(seen, w) {
					t.Fatalf("%d×%d: %s was never shown", size.w, size.h, w)
				}
			}
			for range 40 {
				d.press("pgup")
			}
			d.shows("word000")
		})
	}
}

// TestLadderScrolls: the newest row is in view, and every other can be.
func TestLadderScrolls(t *testing.T) {
	drive(t, 60, 16, lessonConfig(), func(d *driver) {
		d.press("space", "space", "space")
		d.shows("RST", "↑ ", "above")
		d.hides("below")
		for range 30 {
			d.press("up")
		}
		d.shows("listen(3) = 0", "below")
		d.hides("above", "RST  seq")
		d.press("down", "j")
		d.shows("↑ 2 rows above")
		d.lab.tell(70, 3, sim.Event{Kind: sim.KindSegment, At: sim.Server, Conn: 1, By: sim.ByKernel, Segment: sim.Segment{Flags: sim.RST}})
		d.drain()
		d.shows("↑ 2 rows above")
		d.press("space")
		d.shows("poll(4)")
	})
}

// TestResize: at any size, in any mode, the screen fits, and nothing is forgotten.
func TestResize(t *testing.T) {
	drive(t, 100, 30, menuConfig(), func(d *driver) {
		for _, keys := range [][]string{{}, {"?"}, {"esc", "enter", "space", "space"}, {"left"}, {"?"}} {
			d.press(keys...)
			before := d.text()
			for w := 1; w < 200; w += 7 {
				for h := 1; h < 60; h += 3 {
					d.send(tea.WindowSizeMsg{Width: w, Height: h}) // the driver checks the size
				}
			}
			d.send(tea.WindowSizeMsg{Width: 100, Height: 30})
			if got := d.text(); got != before {
				t.Errorf("after resizing:\n%s\nbefore:\n%s", got, before)
			}
		}
	})
}

// TestCountdownText: whole seconds, tenths in the last one.
func TestCountdownText(t *testing.T) {
	for s, want := range map[sim.Seconds]string{7200: "120 min", 60: "60 s", 59.2: "60 s", 1: "1 s", 0.44: "0.4 s", 0: "0.0 s", -3: "0.0 s"} {
		if got := countdown(s); got != want {
			t.Errorf("countdown(%v) = %q, want %q", float64(s), got, want)
		}
	}
}

// TestRedraw: the clock is drawn when it reads differently, not more often.
func TestRedraw(t *testing.T) {
	for left, want := range map[sim.Seconds]sim.Seconds{0: 0, 0.5: 0.1, 1.4: 0.4, 60: 0.05, 59.9: 0.9, 119.5: 0.5, 150: 30, 7200.5: 0.5} {
		if got := countdownChangesIn(left); math.Abs(float64(got-want)) > 1e-9 {
			t.Errorf("countdownChangesIn(%v) = %v, want %v", left, got, want)
		}
	}
	for age, want := range map[sim.Seconds]sim.Seconds{-1: 1, 0: 1, 0.4: 0.6, 119.5: 0.5, 120: 60, 150: 30} {
		if got := ageChangesIn(age); math.Abs(float64(got-want)) > 1e-9 {
			t.Errorf("ageChangesIn(%v) = %v, want %v", age, got, want)
		}
	}
	if arrowTime > 250*time.Millisecond {
		t.Error("an arrow keeps one waiting")
	}
}

// TestContrast: every colour can be read on its background.
func TestContrast(t *testing.T) {
	for _, c := range []struct {
		name       string
		p          palette
		background string
	}{
		{"dark on black", darkPalette(), "#000000"},
		{"dark on dark gray", darkPalette(), "#1e1e1e"},
		{"light on white", lightPalette(), "#ffffff"},
		{"light on paper", lightPalette(), "#f6f6f4"},
	} {
		for i, fg := range []color.Color{c.p.faint, c.p.sky, c.p.orange, c.p.green, c.p.yellow, c.p.blue, c.p.vermillion, c.p.purple} {
			if got := contrast(fg, lipgloss.Color(c.background)); got < 4.5 {
				t.Errorf("%s: colour %d has a contrast of %.1f", c.name, i, got)
			}
		}
	}
}

// contrast returns the contrast ratio of two colours (WCAG 2.1, 1.4.3).
func contrast(a, b color.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	linear := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}
