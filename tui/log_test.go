package tui

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"testing"

	"finwait/internal/lab"
	"finwait/internal/testkit/recording"
	"finwait/sim"
	"finwait/sim/ladder"
	"finwait/sim/lesson"
	simulation "finwait/sim/model"
)

// onModel opens a lesson on the model.
func onModel(l *lesson.Lesson) sim.Lab {
	return lab.Simulated(simulation.Options{
		Lesson: l.Name, Title: l.Title, Source: l.Source, Wire: l.HasWire(), KernelTimers: l.Timers == lesson.TimersKernel,
	})
}

// logOf plays a lesson on the model and returns its log.
func logOf(t *testing.T, l *lesson.Lesson) []sim.Event {
	t.Helper()
	on := onModel(l)
	defer on.Close() //nolint:errcheck // the model's never fails
	p := lesson.NewPlayer(l)
	for e := range on.Events() {
		p.Observe(e)
		if p.Busy() || len(p.Log().All()) < 3 {
			continue
		}
		n, step, more := p.Next()
		if !more {
			break
		}
		if err := on.Start(n, step.Step); err != nil {
			t.Fatal(err)
		}
		p.Started()
	}
	return p.Log().All()
}

// again writes a log as run --json does, and reads it.
func again(t *testing.T, log []sim.Event) []sim.Event {
	t.Helper()
	var file bytes.Buffer
	enc := json.NewEncoder(&file)
	for _, e := range log {
		if err := enc.Encode(e); err != nil {
			t.Fatal(err)
		}
	}
	read, err := recording.Read(&file)
	if err != nil {
		t.Fatal(err)
	}
	return read
}

// transcript returns the transcript of a log.
func transcript(log []sim.Event) (lines []string) {
	var t ladder.Transcript
	for _, e := range log {
		lines = append(lines, t.Apply(e)...)
	}
	return append(lines, t.Flush()...)
}

// screens plays a lesson on a lab and returns what is sent to a terminal before the first step,
// after each, and at every moment on the way back.
func screens(t *testing.T, w, h int, l *lesson.Lesson, on func() sim.Lab) (all []string) {
	t.Helper()
	dark := true
	c := Config{First: l, Dark: &dark, Open: func(context.Context, *lesson.Lesson) (sim.Lab, error) { return on(), nil }}
	drive(t, w, h, c, func(d *driver) {
		all = append(all, d.m.View().Content)
		for range l.Steps {
			d.press("space")
			all = append(all, d.m.View().Content)
		}
		for moment, _ := d.m.play.at(); moment > 0; moment-- {
			d.press("left")
			all = append(all, d.m.View().Content)
		}
	})
	return all
}

// A log alone is enough: what was written and is read again is the same events, the same
// transcript, and the same screen at every step, cell for cell.
func TestLogDrawsTheScreenAgain(t *testing.T) {
	sizes := []struct{ w, h int }{{80, 24}, {160, 50}}
	if testing.Short() { // the race detector gains nothing from another size
		sizes = sizes[:1]
	}
	for _, l := range lesson.Embedded() {
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			log := logOf(t, l)
			read := again(t, log)
			if !reflect.DeepEqual(read, log) {
				t.Fatal("the events that are read are others")
			}
			if got, want := transcript(read), transcript(log); !reflect.DeepEqual(got, want) {
				t.Errorf("transcript: got\n%q\nwant\n%q", got, want)
			}
			setting := sim.Of[sim.LabOpened](read[0]).Setting
			same, err := lesson.Parse(setting.Lesson, []byte(setting.Source))
			if err != nil {
				t.Fatal(err)
			}
			for _, size := range sizes {
				want := screens(t, size.w, size.h, l, func() sim.Lab { return onModel(l) })
				got := screens(t, size.w, size.h, same, func() sim.Lab { return recording.New(read) })
				if len(want) <= len(l.Steps) || len(got) != len(want) {
					t.Fatalf("%d screens, want %d", len(got), len(want))
				}
				for i := range want {
					compareCells(t, i, size.w, size.h, got[i], want[i])
				}
			}
		})
	}
}

// compareCells reports the first cell in which two screens differ.
func compareCells(t *testing.T, n, w, h int, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	gotCells, wantCells := cellsOf(got, w, h), cellsOf(want, w, h)
	for y := range h {
		for x := range w {
			if a, b := gotCells.CellAt(x, y), wantCells.CellAt(x, y); !reflect.DeepEqual(a, b) {
				t.Errorf("screen %d, row %d, column %d: %v, want %v", n, y, x, a, b)
				return
			}
		}
	}
}
