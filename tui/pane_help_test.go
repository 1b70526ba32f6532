package tui

import (
	"testing"

	"finwait/sim"
)

// TestSettings: i shows the settings of the hosts that differ from the defaults.
func TestSettings(t *testing.T) {
	for _, size := range sizes {
		drive(t, size.w, size.h, wireConfig(), func(d *driver) {
			d.press("i")
			d.shows("tcp_fin_timeout       3600   by default 60", "tcp_orphan_retries    255    by default 0")
			d.hides("Keys", "Reading the ladder")
			for _, key := range []string{"esc", "?", "q", "i"} {
				d.press(key)
				d.shows("▸ the client closes")
				d.press("i")
				d.shows("tcp_fin_timeout")
			}
			for _, key := range []string{"space", "d", "c", "r"} {
				d.press(key)
				d.shows("tcp_fin_timeout", "esc close", "close this first")
				d.press("down")
				d.hides("close this first")
			}
			d.press("d", "i")
			d.hides("close this first")
			d.press("?", "i")
			d.shows("tcp_fin_timeout")
			d.press("i")
			d.shows("▸ the client closes")
		})
	}
	drive(t, 100, 30, lessonConfig(), func(d *driver) {
		d.press("i")
		d.shows("▸ SIGINT to the client")
		d.press("?")
		d.hides("on the wire:", "tcp_fin_timeout")
	})
}

// TestHelpOfModel: the help of a lesson on the model explains the signs of the model, that of a
// lesson on a kernel the signs of the kernel.
func TestHelpOfModel(t *testing.T) {
	ascii := simulated(passing())
	ascii.ASCII = true
	for _, c := range []struct {
		name        string
		c           Config
		shows, lack []string
	}{
		{"model", simulated(passing()), []string{"··▶  ·", "#7 ··▷", "sent x3 ··▶"}, []string{"━", "╌", "~", "captured", "kernel = model", "≠"}},
		{"ASCII", ascii, []string{"..>  .", "#7 ..>", "sent x3 ..>"}, []string{"-->", "==>", "~"}},
		{"kernel", wireConfig(), []string{"━━▶", "╌╌▶  ~", "#7 ━━▷", "sent x3 ━━▶"}, []string{"··▶"}},
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

// TestHelpOfLeaving: the help says what esc and q do where it was opened.
func TestHelpOfLeaving(t *testing.T) {
	opened := menuConfig()
	drive(t, 100, 45, lessonConfig(), func(d *driver) {
		d.press("?")
		d.shows("q             quit")
		d.hides("menu")
	})
	drive(t, 100, 45, opened, func(d *driver) {
		d.press("?")
		d.shows("esc q         from a lesson back to the menu", "q             quit, in the menu and in `finwait play`")
		d.press("?", "enter", "?")
		d.shows("esc q         back to the menu")
		d.hides("q             quit")
	})
}
