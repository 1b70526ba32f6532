package tui

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"finwait/sim"
	"finwait/sim/text"
)

// TestModelIsQuiet: where the model agrees, only the title differs from a screen without a model,
// cell by cell, at every size.
func TestModelIsQuiet(t *testing.T) {
	for _, size := range []struct{ w, h int }{{60, 16}, {61, 19}, {80, 24}, {100, 30}, {160, 50}, {200, 60}} {
		var without, with []string
		drive(t, size.w, size.h, lessonConfig(), func(d *driver) {
			d.press(presses(3)...)
			without = d.rows()
		})
		c, _ := modelConfig(judged(storyScript()))
		drive(t, size.w, size.h, c, func(d *driver) {
			d.press(presses(3)...)
			with = d.rows()
		})
		for y := range with {
			if y == 0 && !strings.Contains(with[y], "= model") {
				t.Errorf("%s: the title is %s", sizeName(size.w, size.h), with[y])
			}
			if y > 0 && with[y] != without[y] {
				t.Errorf("%s: row %d is\n%s, was\n%s", sizeName(size.w, size.h), y, with[y], without[y])
			}
		}
	}
}

// TestNoModel: without verdicts neither the screen nor the help mentions a model.
func TestNoModel(t *testing.T) {
	for _, size := range sizes {
		drive(t, size.w, size.h, lessonConfig(), func(d *driver) {
			for range 6 {
				d.hides("model")
				d.press("space")
			}
			d.press("?", "G", "down", "down", "down", "down", "down", "down", "down", "down", "down", "down")
			d.hides("kernel = model")
		})
	}
}

// TestModelHelp: the help explains the signs of verdicts.
func TestModelHelp(t *testing.T) {
	c, _ := modelConfig(judged(storyScript()))
	drive(t, 100, 90, c, func(d *driver) {
		d.press("?")
		d.shows("kernel = model", "≠")
	})
	drive(t, 100, 90, menuConfig(), func(d *driver) {
		d.press("?")
		d.shows("kernel = model", "≠")
	})
}

// TestModelStandsByItsStep: verdicts are on the screen with their step, gone with the next, and
// there again when the screen shows the past.
func TestModelStandsByItsStep(t *testing.T) {
	const both = "kernel: CLOSED ≠ model: FIN_WAIT2"
	c, labs := modelConfig(unlike(judged(storyScript()), inState()...))
	drive(t, 80, 24, c, func(d *driver) {
		d.shows(" = model ")
		d.press(presses(3)...)
		d.shows(both, "kernel: CLOSED   ≠ model: FIN_WAIT2", " ≠ model   step")
		(*labs)[0].hold = true
		d.press("space")
		d.hides(both, " ≠ model   step") // the step has no verdict yet
		(*labs)[0].tell(5.5, 4, sim.Event{Body: sim.StepSettled{}})
		d.drain()
		d.hides(both)
		d.shows("kernel: CLOSED   ≠ model: FIN_WAIT2")
		d.press("left")
		d.shows("looking back", both)
		d.press("left")
		d.shows("CLOSE", " = model ")
		d.hides("≠") // the step has no verdict yet
		d.press("right")
		d.shows(both)
	})
}

// TestModelIsOneMoment: all verdicts on a step are one moment.
func TestModelIsOneMoment(t *testing.T) {
	script := unlike(judged(storyScript()), inMuch()...)
	c, _ := modelConfig(script)
	drive(t, 100, 30, c, func(d *driver) {
		d.press(presses(4)...)
		d.press("left")
		d.shows("kernel: CLOSED ≠ model: FIN_WAIT2, orphan, …", "kernel: CLOSE ≠ model: CLOSE_WAIT")
		d.press("left")
		d.hides("≠")
		d.shows("RST")
		d.press("left")
		d.hides("RST")
	})
}

// TestModelSilent: where the model falls silent the ladder says once why, and from then on the
// boxes say that it is silent.
func TestModelSilent(t *testing.T) {
	const why = "model: no verdicts from here on: a disagreement"
	c, _ := modelConfig(unlike(judged(storyScript()), append(inState(), sim.Event{Body: sim.ModelSilent{Why: "a disagreement"}})...))
	drive(t, 80, 24, c, func(d *driver) {
		d.press(presses(2)...)
		d.hides("silent", why)
		d.press("space")
		d.shows(why, "kernel: CLOSED ≠ model: FIN_WAIT2")
		(*d.m.play.fold).apply(sim.Event{Step: 4, Body: sim.StepBegun{}}) // a step without a verdict
		d.m.refresh()
		d.shows("model silent")
		d.press("left")
		d.hides("silent", why)
		d.shows("RST")
	})
}

// TestVerdictIsWhole: no verdict on a step is shown before all of them are there.
func TestVerdictIsWhole(t *testing.T) {
	script := judged(storyScript())
	script[firstWrite] = storyScript()[firstWrite]
	c, labs := modelConfig(script)
	drive(t, 80, 24, c, func(d *driver) {
		d.press(presses(2)...)
		(*labs)[0].hold = true
		d.press("space")
		lab := (*labs)[0]
		lab.tell(5.5, 3, agrees(sim.Client, sim.WhatState, "CLOSED"))
		d.drain()
		d.hides("≠")
		lab.tell(5.5, 3, differs(sim.Client, sim.WhatSegment, "", "RST seq 2"))
		lab.tell(5.5, 3, sim.Event{Body: sim.StepSettled{}})
		d.drain()
		d.shows("≠ model: no segment", " ≠ model   step")
	})
}

// TestVerdictWaitsForArrows: the verdicts on a step are shown after its arrows have arrived.
func TestVerdictWaitsForArrows(t *testing.T) {
	script := unlike(judged(storyScript()), inState()...)
	script[firstWrite] = slices.DeleteFunc(script[firstWrite], func(e sim.Event) bool {
		return e.Kind() == sim.KindState && e.At == sim.Server // so that the last segment and the verdict are of one end
	})
	c, _ := modelConfig(script)
	c.Animate = true
	drive(t, 80, 24, c, func(d *driver) {
		d.wait(3 * time.Second)
		for range 3 {
			d.press("space")
			for d.m.play.revealing() {
				if len(d.m.play.fold.scene.Verdicts(sim.Client)) > 0 {
					t.Fatalf("the model speaks before the arrow has arrived:\n%s", d.text())
				}
				d.wait(frameTime)
			}
		}
		d.shows("kernel: CLOSED ≠ model: FIN_WAIT2")
	})
}

// verdictBox draws the lowest border of a box of the given width.
func verdictBox(w int, k look, verdicts ...sim.Event) string {
	p := testPicture()
	p.style, p.fold.scene.Settled = newStyles(k), true
	for _, v := range verdicts {
		p.fold.scene.Apply(v)
	}
	b := boxOf(p, boxEnd{Process: sim.Process{PID: 7}}, w, 3)
	rows := b.withVerdict(b.boxed(nil, nil, text.RoleNormal))
	if len(rows) != 3 {
		return fmt.Sprint(len(rows), " rows")
	}
	return rows[2].String()
}

// TestVerdictForms: a difference shows in the narrowest box, and the border is whole.
func TestVerdictForms(t *testing.T) {
	state := differs(sim.Client, sim.WhatState, "FIN_WAIT2, orphan", "CLOSED")
	sent := differs(sim.Client, sim.WhatSegment, "", "RST seq 2")
	other := differs(sim.Client, "queues", "1", "2")
	agreed := agrees(sim.Client, sim.WhatExit, "141")
	for _, c := range []struct {
		w        int
		verdicts []sim.Event
		want     string
	}{
		{30, nil, "╰────────────────────────────╯"},
		{30, []sim.Event{agreed}, "╰────────────────────────────╯"},
		{50, []sim.Event{agreed, state}, "╰──── kernel: CLOSED ≠ model: FIN_WAIT2, orphan ─╯"},
		{40, []sim.Event{state, agreed}, "╰───────── ≠ model: FIN_WAIT2, orphan ─╯"},
		{30, []sim.Event{state}, "╰──── kernel ≠ model: state ─╯"},
		{40, []sim.Event{state, sent, agreed}, "╰────── ≠ model: FIN_WAIT2, orphan, … ─╯"},
		{30, []sim.Event{state, sent}, "╰─ kernel ≠ model: state, … ─╯"},
		{50, []sim.Event{sent, state}, "╰───── kernel: RST seq 2 ≠ model: no segment, … ─╯"},
		{30, []sim.Event{sent, state}, "╰─── ≠ model: no segment, … ─╯"},
		{25, []sim.Event{sent, state}, "╰────── kernel ≠ model ─╯"},
		{40, []sim.Event{other, other, state}, "╰──────────── kernel: 2 ≠ model: 1, … ─╯"},
		{20, []sim.Event{sent, state}, "╰─ kernel ≠ model ─╯"},
	} {
		if got := verdictBox(c.w, look{}, c.verdicts...); got != c.want {
			t.Errorf("%d: got\n%s, want\n%s", c.w, got, c.want)
		}
	}
	if got, want := verdictBox(30, look{ascii: true}, sent, state), "+---------- kernel != model -+"; got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}

// TestVerdictIsSafe: text from outside stays in its border, as text.
func TestVerdictIsSafe(t *testing.T) {
	bad := differs(sim.Client, sim.What("\x1b[2J\n"), "\x1b]0;x\a\n\u202e", "\x1b[31m")
	for w := 20; w < 100; w += 10 {
		for _, verdicts := range [][]sim.Event{{bad}, {bad, bad}} {
			row := verdictBox(w, look{}, verdicts...)
			if strings.ContainsAny(row, "\x1b\a\n\u202e") || text.Cells(row) != w {
				t.Errorf("%d cells of %d: %q", text.Cells(row), w, row)
			}
		}
	}
}

// TestAgreementStandsStill: what the title says of the model has one place, whatever it says.
func TestAgreementStandsStill(t *testing.T) {
	script := unlike(judged(storyScript()), append(inState(), sim.Event{Body: sim.ModelSilent{Why: "a disagreement"}})...)
	for _, size := range sizes {
		c, _ := modelConfig(script)
		drive(t, size.w, size.h, c, func(d *driver) {
			at := -1
			for step := range 5 {
				title := d.rows()[0]
				i := strings.Index(title, "step ")
				if i < 0 || at >= 0 && text.Cells(title[:i]) != at {
					t.Errorf("%s: after step %d: %s", sizeName(size.w, size.h), step, title)
				}
				at = text.Cells(title[:max(0, i)])
				d.press("space")
			}
		})
	}
}
