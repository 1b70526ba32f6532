package tui

import (
	"context"
	"testing"
	"time"

	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/sim/virtual"
)

// simulated is a lesson played on the model.
func simulated(l *lesson.Lesson) Config {
	dark := true
	return Config{First: l, Dark: &dark, Open: func(_ context.Context, l *lesson.Lesson) (sim.Lab, error) {
		return virtual.Open(virtual.Options{Lesson: l.Name, Title: l.Title, Wire: l.Net == sim.Wire}), nil
	}}
}

// passing is a lesson on the wire in which time goes by.
func passing() *lesson.Lesson {
	l, err := lesson.Parse("waiting.md", []byte("---\ntitle: Waiting\nnet: wire\n---\n\nNobody answers.\n\n```finwait\nclient close\nwait 3s\ndeliver all\nserver close\ndeliver all\n```\n"))
	if err != nil {
		panic(err)
	}
	return l
}

// TestModelClockStands: the model's time goes by in steps, and nothing counts down
// between them.
func TestModelClockStands(t *testing.T) {
	drive(t, 100, 30, simulated(passing()), func(d *driver) {
		stands := func(texts ...string) {
			t.Helper()
			d.shows(texts...)
			before := d.text()
			d.wait(3 * time.Minute)
			if got := d.text(); got != before {
				t.Errorf("time has changed the screen:\n%s\nbefore:\n%s", got, before)
			}
			d.hides("any moment", " in 0.", "gone in", "resent in")
		}
		d.press("space")
		stands("resent after 0.2 s", "held 0 s")
		d.press("space")
		stands("orphan · sent x5, again +0.3 s", "held 3 s")
		d.press("space", "space", "space")
		stands("TIME_WAIT    gone after 60 s")
	})
}

// TestHelpOfModel: the help explains the signs that the model draws, and no others; on a
// kernel, those of the kernel.
func TestHelpOfModel(t *testing.T) {
	ascii := simulated(passing())
	ascii.ASCII = true
	for _, c := range []struct {
		name        string
		c           Config
		shows, lack []string
	}{
		{"model", simulated(passing()), []string{"··▶  ·", "··▷ #7", "··┤ again x3"}, []string{"━", "╌", "~", "captured", "kernel = model", "≠"}},
		{"ASCII", ascii, []string{"..>  .", "..> #7", "..] again x3"}, []string{"-->", "==>", "~"}},
		{"kernel", wireConfig(), []string{"━━▶", "╌╌▶  ~", "━━▷ #7", "━━┤ again x3"}, []string{"··▶"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			drive(t, 160, 50, c.c, func(d *driver) {
				d.press("?")
				d.shows(c.shows...)
				d.hides(c.lack...)
				for _, s := range []sim.State{sim.SynSent, sim.SynRecv, sim.Established, sim.FinWait1, sim.FinWait2, sim.CloseWait, sim.LastAck, sim.Closing, sim.TimeWait, sim.Closed} {
					d.shows(s.String() + " ")
				}
			})
		})
	}
}

// TestMenuOfModel: the menu says that its lessons are played on the model.
func TestMenuOfModel(t *testing.T) {
	c := menuConfig()
	for _, size := range sizes {
		c.Model = false
		drive(t, size.w, size.h, c, func(d *driver) { d.hides("model") })
		c.Model = true
		drive(t, size.w, size.h, c, func(d *driver) {
			d.shows("on the model: no real sockets")
			if size.w >= twoColumnsFrom {
				d.press("?")
				d.shows("··▶  ·")
			}
		})
	}
}
