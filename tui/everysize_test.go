package tui

import (
	"context"
	"errors"
	"flag"
	"image/color"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"finwait/sim"
	"finwait/sim/lesson"
)

// long is for what takes minutes.
var long = flag.Bool("long", false, "draw every view at every size, and press 100,000 keys at random")

// The largest screen of TestEverySize.
const (
	mostColumns = 220
	mostRows    = 70
)

// moment is one moment of one view.
type moment struct {
	name  string
	c     Config
	reach func(d *driver)
	// tells are the texts that are on each screen of 80×24 cells and more: the states, the result of
	// the step, the next step, the keys that leave.
	tells []string
}

// press returns how a moment is reached by pressing keys.
func press(names ...string) func(d *driver) {
	return func(d *driver) { d.press(names...) }
}

// moments returns a moment of each view.
func moments(t *testing.T) []moment {
	gone, waiting := func() Config { return simulated(found(t, "client-gone")) }, func() Config { return simulated(found(t, "simultaneous")) }
	menu := simulated(nil)
	menu.Lessons = lesson.Embedded
	unopened := lessonConfig()
	unopened.Open = func(context.Context, *lesson.Lesson) (sim.Lab, error) { return nil, errors.New("no such device") }
	differs, _ := modelConfig(unlike(judged(storyScript()), inMuch()...))
	both, _ := compared(t, endings(t))
	beside, _ := compared(t, endings(t))
	last := len(lesson.Embedded()[len(lesson.Embedded())-1].Steps)

	first := []string{"FIN_WAIT2", "CLOSE_WAIT", "SIGINT", "▸ ", "? help", "q quit"}
	written := []string{"CLOSED", "CLOSED", "= 13", "▸ ", "q quit"}
	return []moment{
		{"menu", menu, press("down", "down"), []string{"▸ ", "enter open", "q quit"}},
		{"search", menu, func(d *driver) { d.press("/"); d.types("FIN") }, []string{" / FIN", "▸ ", "enter open", "esc all lessons"}},
		{"last card", menu, func(d *driver) { d.press(slices.Concat([]string{"end", "enter"}, presses(last), []string{"n"})...) }, []string{"finwait conform", "esc close"}},
		{"begin", gone(), nil, []string{"ESTABLISHED", "▸ SIGINT to the client", "q quit"}},
		{"first step", gone(), press("space"), first},
		{"result", gone(), press(presses(3)...), written},
		{"story's end", gone(), press(presses(len(found(t, "client-gone").Steps))...), []string{"step 27/27", "q quit"}},
		{"looking back", gone(), press("space", "space", "space", "left", "left", "left"), []string{"FIN_WAIT2", "CLOSE_WAIT", "looking back", "another way", "q quit"}},
		{"own step", gone(), func(d *driver) { d.press(presses(3)...); d.enters("server poll") }, []string{"CLOSED", "RDHUP HUP ERR", "▸ ", "q quit"}},
		{"refused", gone(), func(d *driver) { d.press("space"); d.enters("client close") }, []string{"FIN_WAIT2", "CLOSE_WAIT", "▸ ", "q quit"}},
		{"line", gone(), func(d *driver) { d.press(presses(3)...); d.press(":"); d.types("server wr") }, []string{"= 13", " : server wr", "esc"}},
		{"acts", gone(), press("space", "2"), []string{"FIN_WAIT2", "CLOSE_WAIT", " server", "esc"}},
		{"places", gone(), func(d *driver) {
			d.press(presses(4)...)
			d.press("home", "enter")
			d.enters("client close")
			d.press("s")
		}, []string{"▸ ", "enter", "esc"}},
		{"question", gone(), press("p", "space", "space"), []string{"FIN_WAIT2", "CLOSE_WAIT", "1-4 answer", "▸ ", "q quit"}},
		{"answered", gone(), press("p", "1", "space"), []string{"FIN_WAIT2", "CLOSE_WAIT", "server CLOSE_WAIT", "▸ ", "q quit"}},
		{"diagram", gone(), press("space", "f"), append([]string{"● client"}, first...)},
		{"names", gone(), press("space", "f", "F"), append([]string{"FIN-WAIT-2"}, first...)},
		{"larger", gone(), press("space", "L"), first},
		{"larger, on a wire", waiting(), press("space", "space", "L"), []string{"FIN_WAIT1", "2 in flight", "▸ ", "q quit"}},
		{"help", gone(), press("space", "?"), []string{"space", "esc close"}},
		{"wire", waiting(), press("space", "space"), []string{"FIN_WAIT1", "2 in flight", "▸ ", "q quit"}},
		{"settings", waiting(), press("space", "i"), []string{"tcp_", "esc close"}},
		{"diagram of a wire", waiting(), press("space", "space", "f"), []string{"FIN_WAIT1", "2 in flight", "▸ ", "q quit"}},
		{"older connection", simulated(threeConnections(sim.Wire)), press(append(presses(9), "[")...), []string{"conn 2: ", "q quit"}},
		{"sandbox", sandbox(sim.Loopback), func(d *driver) { d.enters("server listen"); d.press("esc") }, []string{"LISTEN", "q quit"}},
		{"model differs", differs, press(presses(3)...), []string{"≠", "= 13", "▸ ", "q quit"}},
		{"compare", both, press(presses(4)...), []string{"≠ 4", "✝ SIGPIPE", "EPIPE", "▸ the server closes", "step 4/", "q quit"}},
		{"compare", beside, press(presses(4)...), []string{"A: default", "≠", "q quit"}},
		{"no lab", unopened, nil, []string{"no such device", "q quit"}},
	}
}

// looks are the ways to draw a screen: with many colours on a dark and on a light background, with
// 16, and with none.
var looks = []struct {
	profile    colorprofile.Profile
	background color.Color
}{
	{colorprofile.TrueColor, color.Black},
	{colorprofile.TrueColor, color.White},
	{colorprofile.ANSI, color.Black},
	{colorprofile.ASCII, color.Black},
}

// TestEverySize: each view fills the screen, and nothing more, at every size from 1×1 to 220×70, in
// every look, in ASCII, too. From 80×24 on it tells what is never left out. At the size that it had
// at first it is the same again. Without -long each size is drawn with one view.
func TestEverySize(t *testing.T) {
	const views = 53
	for i, v := range moments(t) {
		for _, ascii := range []bool{false, true} {
			if testing.Short() && ascii == (i%2 == 0) { // the race detector gains nothing from another size
				continue
			}
			name := v.name
			if ascii {
				name += " in ASCII"
				i += views / 2
			}
			t.Run(name, func(t *testing.T) {
				v.c.ASCII, v.c.Dark = ascii, nil
				drive(t, 100, 30, v.c, func(d *driver) {
					if v.reach != nil {
						v.reach(d)
					}
					before := d.text()
					for w := 1; w <= mostColumns; w++ {
						clear(d.widths)
						if look := looks[w/10%len(looks)]; w%10 == 0 {
							d.send(tea.ColorProfileMsg{Profile: look.profile}, tea.BackgroundColorMsg{Color: look.background})
						}
						for h := 1; h <= mostRows; h++ {
							if n := w + 3*h + i; *long || n%views == 0 && (!testing.Short() || n%(20*views) == 0) {
								d.send(tea.WindowSizeMsg{Width: w, Height: h}) // the driver checks the size
								d.tells(v.tells)
							}
						}
					}
					d.send(tea.WindowSizeMsg{Width: 100, Height: 30})
					if got := d.text(); got != before {
						t.Errorf("after resizing:\n%s\nbefore:\n%s", got, before)
					}
				})
			})
		}
	}
}

// tells fails the test unless a screen of 80×24 cells and more has all the texts, and a screen in
// ASCII has nothing else.
func (d *driver) tells(texts []string) {
	d.t.Helper()
	screen := ansi.Strip(d.m.draw())
	if d.m.look.ascii && strings.ContainsFunc(screen, func(r rune) bool { return r > '~' }) {
		d.t.Fatalf("%d×%d is not in ASCII:\n%s", d.m.w, d.m.h, screen)
	}
	if d.m.w < 80 || d.m.h < 24 {
		return
	}
	for _, text := range texts {
		if d.m.look.ascii {
			text = strings.TrimLeft(text, "▸✝✗≠● ")
		}
		if !strings.Contains(screen, text) {
			d.t.Fatalf("%d×%d does not tell %q:\n%s", d.m.w, d.m.h, text, screen)
		}
	}
}
