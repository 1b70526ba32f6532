package tui

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
)

// TestWireTells: the screen says what is on the wire, from whom, and for how long.
func TestWireTells(t *testing.T) {
	drive(t, 100, 30, wireConfig(), func(d *driver) {
		d.shows("wire · captured · 0 in flight", "─ on the wire ─", "nothing")
		d.press("space")
		d.shows("1 in flight", "▸ #4  client → server  FIN ACK  seq 1 ack 1", "held 0 s", "FIN_WAIT1    orphan · resent in 0.4 s")
		d.wait(3100 * time.Millisecond)
		d.shows("held 3 s")
		d.press("space")
		d.shows("2 in flight", "  #5  server → client  FIN ACK  seq 1 ack 1")
		d.wait(4*time.Minute + time.Second)
		d.shows("held 4 min")
	})
}

// TestWireIsLive: a retransmission between steps shows without a key, and moves
// nothing else.
func TestWireIsLive(t *testing.T) {
	drive(t, 100, 30, wireConfig(), func(d *driver) {
		d.press("space")
		d.shows("FIN ACK  seq 1  #4 ━━", "━▷")
		before := d.rows()
		d.lab.tell(1, 1, onWire(clientFIN(), 4, sim.Retransmitted, 2))
		d.lab.tell(1, 1, timer(sim.Client, sim.TimerRetransmit, 0.8, 1))
		d.drain()
		d.shows("FIN ACK  seq 1  #4 sent x2 ━━", "held 0 s, sent 2 times", "orphan · sent x2, again in 0.8 s")
		changed := 0
		for y, row := range d.rows() {
			if row != before[y] {
				changed++
			}
		}
		if changed != 3 { // the box, the ladder, the wire
			t.Errorf("%d rows have changed:\n%s", changed, d.text())
		}
	})
}

// TestWireKeys: each key makes a person's own step, on the chosen segment, and the lesson does
// not move.
func TestWireKeys(t *testing.T) {
	for _, c := range []struct {
		keys    []string
		step    string
		shows   []string
		flight  int
		chooses string
	}{
		{[]string{"d"}, "deliver 4", []string{"CLOSING", "FIN ACK #4 ▷"}, 2, "▸ #5"},
		{[]string{"down", "d"}, "deliver 5", []string{"CLOSING"}, 2, "▸ #7"},
		{[]string{"j", "k", "x"}, "drop 4", []string{"FIN ACK #4 ✗"}, 1, "▸ #5"},
		{[]string{"down", "down", "x"}, "drop 5", []string{"✗━━"}, 1, "▸ #4"},
		{[]string{"c"}, "duplicate 4", []string{"FIN ACK copy", "CLOSE_WAIT"}, 3, "▸ #4"},
		{[]string{"D"}, "deliver all", nil, 2, "▸ #4"},
	} {
		for _, size := range sizes {
			drive(t, size.w, size.h, wireConfig(), func(d *driver) {
				d.press("space", "space")
				story := d.m.picture.position.telling.now
				d.press(c.keys...)
				if got := d.lab.started[len(d.lab.started)-1]; got != c.step {
					t.Errorf("%v started %s", c.keys, got)
				}
				d.shows(c.chooses, "step 2/5", "▸ deliver the client's segment")
				if size.h > MinHeight {
					d.shows(c.shows...)
				}
				if n := len(d.m.play.fold.scene.Flight); n != c.flight {
					t.Errorf("%v: %d on the wire", c.keys, n)
				}
				if d.m.picture.position.telling.now != story || d.m.play.player.Busy() {
					t.Errorf("%v: the lesson has moved", c.keys)
				}
			})
		}
	}
}

// TestWireKeysRest: the keys of the wire do nothing while nothing is on it, while the screen
// shows the past, and after the lab has ended.
func TestWireKeysRest(t *testing.T) {
	drive(t, 100, 30, wireConfig(), func(d *driver) {
		press := func(why string) {
			t.Helper()
			n := len(d.lab.started)
			d.press("d", "x", "c", "D", "up", "down")
			if len(d.lab.started) != n {
				t.Errorf("%s: started %v", why, d.lab.started[n:])
			}
		}
		press("nothing on the wire")
		footer := d.rows()[29]
		d.press("space")
		if got := d.rows()[29]; !strings.HasPrefix(got, " space next  ← back  : own step  u undo  p predict  f diagram  d deliver  x drop  ? help  q quit") ||
			!strings.HasPrefix(footer, " space next  ← back  : own step  ") {
			t.Errorf("the last row:\n%s\n%s", footer, got)
		}
		d.press("left")
		press("looking back")
		d.hides("▸ #4")
		d.press("end")
		d.shows("▸ #4")
		d.lab.fail(nil)
		d.drain()
		press("no lab")
	})
}

// TestOwnWhileBusy: no step begins while another runs.
func TestOwnWhileBusy(t *testing.T) {
	drive(t, 100, 30, wireConfig(), func(d *driver) {
		d.press("space", "space")
		d.lab.hold = true
		d.press("d")
		d.shows("● deliver segment 4")
		n := len(d.lab.started)
		d.press("x", "space")
		d.shows("still running; space works again when it ends", "step 2/5", "Neither side has heard")
		if len(d.lab.started) != n {
			t.Errorf("started %v", d.lab.started[n:])
		}
		d.lab.tell(1, 2, sim.Event{Body: sim.StepSettled{}})
		d.drain()
		d.shows("▸ deliver the client's segment", "step 2/5")
	})
}

// TestDoneAlready: a step of the lesson that finds its work done is no failure.
func TestDoneAlready(t *testing.T) {
	for _, size := range sizes {
		drive(t, size.w, size.h, wireConfig(), func(d *driver) {
			d.press("space", "space", "d")
			d.lab.script["deliver client"] = refusal("the client has nothing on the wire")
			d.press("space")
			d.shows("· nothing was left for this step to do", "step 3/5 ✓", "▸ deliver the server's segment")
			d.hides("✗ ", "refused")
			d.press("space", "space")
			d.shows("-- end of lesson --", "step 5/5")
			d.hides("✗", "short")
		})
	}
}

// TestDoneOtherwise: after a person has left the script, what falls short is said quietly, and
// before that loudly.
func TestDoneOtherwise(t *testing.T) {
	drive(t, 100, 30, wireConfig(), func(d *driver) {
		d.press("space", "space", "x")
		d.lab.script["deliver client"] = refusal("the client has nothing on the wire")
		d.press("space")
		d.shows("· nothing was left", "· Your own steps have led elsewhere: the lesson expected server CLOSING, got", "step 3/5")
		d.hides("✗ refused", "✗ expected")
		d.press("d", "d")
		d.lab.script["drop 6"] = refusal("segment 6 is not on the wire")
		d.lab.script["deliver 6"] = refusal("segment 6 is not on the wire")
		d.press("d")
		d.hides("refused:")
	})
	drive(t, 100, 30, wireConfig(), func(d *driver) {
		d.lab.script["client close"] = refusal("the client has nothing on the wire")
		d.press("space")
		d.shows("✗ refused: the client has nothing on the wire", "step 1/5 ✗")
	})
}

// TestLedElsewhere: after a person's own step several expectations that fall short in one
// step are one sentence, and a step that goes well says nothing.
func TestLedElsewhere(t *testing.T) {
	const left = "Your own steps have led elsewhere: "
	drive(t, 100, 30, wireConfig(), func(d *driver) {
		d.press("space", "space", "c", "D")
		d.hides(left)
		d.lab.script["deliver client"] = refusal("the client has nothing on the wire")
		d.press("space")
		if n := strings.Count(d.text(), left); n > 1 {
			t.Errorf("said %d times:\n%s", n, d.text())
		}
		d.press("r")
		d.hides(left)
	})
	var p play
	p.fold = newFold()
	for range 3 {
		p.fold.problems = append(p.fold.problems, problem{sim.Event{Body: sim.ExpectationChecked{Text: "a", Got: "b"}}, true})
	}
	if got := p.remarks(lang.English()); len(got) != 1 || got[0] != (remark{left + "the lesson expected a, got b.", true}) {
		t.Errorf("got %v", got)
	}
}

// TestRefusedOwn: an own step that cannot be done says so quietly.
func TestRefusedOwn(t *testing.T) {
	drive(t, 100, 30, wireConfig(), func(d *driver) {
		d.press("space")
		d.lab.script["deliver 4"] = refusal("segment 4 is not on the wire")
		d.press("d")
		d.shows("· not done: segment 4 is not on the wire", "step 1/5")
		d.hides("✗ refused", "✗ expected")
	})
}

// TestNoIdleTick: nothing is drawn when nothing on the screen changes.
func TestNoIdleTick(t *testing.T) {
	drive(t, 100, 30, wireConfig(), func(d *driver) {
		ticks := func() (n int) {
			for range 10 {
				before := d.m.play.now
				d.wait(time.Second)
				if d.m.play.now != before {
					n++
				}
			}
			return n
		}
		if n := ticks(); n != 0 {
			t.Errorf("%d ticks with nothing on the wire", n)
		}
		d.press("space")
		d.wait(time.Second) // the retransmission timer runs out
		if n := ticks(); n != 10 {
			t.Errorf("%d ticks in 10 s with a segment on the wire", n)
		}
		for _, away := range [][2]string{{"?", "?"}, {"left", "end"}} {
			d.press(away[0])
			d.wait(2 * time.Second)
			if n := ticks(); n != 0 {
				t.Errorf("%d ticks behind %s", n, away[0])
			}
			d.press(away[1])
			if n := ticks(); n != 10 {
				t.Errorf("%d ticks in 10 s after %s", n, away[1])
			}
		}
		d.send(tea.WindowSizeMsg{Width: 20, Height: 5})
		d.wait(2 * time.Second)
		if n := ticks(); n != 0 {
			t.Errorf("%d ticks on a screen that is too small", n)
		}
		d.send(tea.WindowSizeMsg{Width: 100, Height: 30})
		d.wait(time.Second)
		d.shows("held 68 s")
		d.press("x")
		d.lab.tell(50, 1, timer(sim.Client, sim.TimerOff, 0, 0))
		d.drain()
		d.wait(time.Second)
		if n := ticks(); n != 0 {
			t.Errorf("%d ticks after it was dropped", n)
		}
	})
}

// TestFewerOnTheWireBefore: looking back from the last of many segments shows the wire when
// fewer segments were on it.
func TestFewerOnTheWireBefore(t *testing.T) {
	for _, size := range sizes {
		drive(t, size.w, size.h, wireConfig(), func(d *driver) {
			for id := 11; id < 21; id++ {
				d.lab.tell(1, 1, onWire(segment(sim.Client, sim.PSH|sim.ACK, sim.Seq(id), 1, 1), id, sim.Held, 1))
			}
			d.drain()
			d.press(slices.Repeat([]string{"down"}, 10)...)
			d.shows("▸ #20")
			for range 9 {
				d.press("left")
			}
			d.shows("#11")
			d.hides("▸ #", "#12", "#20")
			d.press("end")
			d.shows("▸ #20")
		})
	}
}

// TestCableCut: the wire and the title say that the cable is cut.
func TestCableCut(t *testing.T) {
	for _, size := range sizes {
		drive(t, size.w, size.h, wireConfig(), func(d *driver) {
			d.press("space")
			d.lab.tell(1, 1, sim.Event{Body: sim.CableChanged{Cable: sim.CableCut}})
			d.lab.tell(1, 1, onWire(clientFIN(), 4, sim.Dropped, 1))
			d.drain()
			d.shows("✗ the cable is cut")
			if size.w > MinWidth {
				d.shows("wire · captured · cable cut")
			}
			d.lab.tell(1, 1, sim.Event{Body: sim.CableChanged{Cable: sim.CableMended}})
			d.drain()
			d.hides("· cable cut")
			d.shows("nothing")
		})
	}
}

// TestWireStandsStill: no pane moves when a segment comes or goes.
func TestWireStandsStill(t *testing.T) {
	for _, size := range sizes {
		drive(t, size.w, size.h, wireConfig(), func(d *driver) {
			places := func() (at []int) {
				for y, row := range d.rows() {
					if strings.Contains(row, "on the wire") || strings.HasPrefix(row, "──────") || strings.Contains(row, "╭") {
						at = append(at, y)
					}
				}
				return at
			}
			want := places()
			for _, key := range []string{"space", "space", "d", "c", "x", "d", "space"} {
				d.press(key)
				if got := places(); !slices.Equal(got, want) {
					t.Errorf("%d×%d after %s: %v, before %v", size.w, size.h, key, got, want)
				}
			}
		})
	}
}

// TestDeliversByItself: while a step has the wire deliver by itself the title and the
// wire say so, on a kernel and on the model.
func TestDeliversByItself(t *testing.T) {
	l, err := lesson.Parse("auto.md", []byte("---\ntitle: Auto\nnet: wire\n---\n\n```finwait\nauto deliver on\nclient poll\nauto deliver off\n```\n"))
	if err != nil {
		t.Fatal(err)
	}
	live := wireConfig()
	live.First = l
	for name, c := range map[string]Config{"wire · captured": live, "sim · model": simulated(l)} {
		drive(t, 100, 30, c, func(d *driver) {
			d.shows(name + " · 0 in flight")
			d.hides("delivers by itself")
			for range 2 {
				d.press("space")
				d.shows(name+" · delivers by itself", "nothing: the wire delivers by itself", "─ the wire delivers by itself ─")
			}
			d.press("space")
			d.shows(name+" · 0 in flight", "─ the wire holds what is sent ─")
			d.hides("nothing: the wire")
		})
	}
}
