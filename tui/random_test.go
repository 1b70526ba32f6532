package tui

import (
	"context"
	"math/rand/v2"
	"regexp"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"finwait/internal/lab"
	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
	simulation "finwait/sim/model"
)

// randomKeys are what somebody presses who does not know the program.
func randomKeys() []string {
	keys := []string{
		"space", "space", "space", "space", "enter", "enter", "left", "left", "right", "home", "end", "up", "down", "pgup", "pgdown", "esc",
		":", ":", "u", "s", "1", "2", "3", "p", "f", "F", "L", "z", "P", "v", "w", "m", "d", "x", "c", "D", "r", "n", "i", "?", "tab", "[", "]", "/",
		"l", "o", "a", "e", "k", "h", "j", "g", "G", "K", "J", "ctrl+u", "ctrl+w", "q",
	}
	return keys
}

// randomLines are what somebody types.
var randomLines = []string{
	"server poll", "client close", `server write "x"`, "client write 70000", "server read 5", "wait 1s", "client kill SIGKILL", "server start", "server listen",
	"client connect", "server accept", "deliver all", "drop client", "cut", "mend", "server fork", "server parent close", "3", "99", "1", "save x.md", "save", "zzz", `server write "`,
}

// TestRandomPlayer: whatever is pressed, typed, pasted and resized, in whatever look, the screen is
// drawn whole, shows no event and no state that is not in the log, and every lab is closed in the
// end.
func TestRandomPlayer(t *testing.T) {
	presses := 2500 // in each of four lessons
	switch {
	case *long:
		presses = 25_000
	case testing.Short():
		presses = 400
	}
	w := lang.English()
	opened, ways := 0, 0 // labs, and the most ways taken in one lesson
	for i, l := range []*lesson.Lesson{found(t, "client-gone"), endings(t), found(t, "simultaneous"), lesson.Sandbox(sim.Loopback, w.SandboxTitle, w.SandboxStory), lesson.Sandbox(sim.Wire, w.SandboxTitle, w.SandboxStory)} {
		r := rand.New(rand.NewPCG(uint64(i), 1))
		var labs []*watchedLab
		c := simulated(l)
		saves(&c)
		c.Open = func(_ context.Context, l *lesson.Lesson) (sim.Lab, error) {
			labs = append(labs, &watchedLab{Lab: lab.Simulated(simulation.Options{Lesson: l.Name, Title: l.Title, Wire: l.HasWire()})})
			return labs[len(labs)-1], nil
		}
		keys, modes := randomKeys(), map[mode]int{}
		drive(t, 100, 30, c, func(d *driver) {
			for range presses {
				switch n := r.IntN(60); {
				case n == 0:
					look := looks[r.IntN(len(looks))]
					d.send(tea.WindowSizeMsg{Width: 1 + r.IntN(mostColumns), Height: 1 + r.IntN(mostRows)},
						tea.ColorProfileMsg{Profile: look.profile}, tea.BackgroundColorMsg{Color: look.background})
				case n == 1:
					d.send(tea.PasteMsg{Content: randomLines[r.IntN(len(randomLines))] + "\n\x1b[31m"})
				case n < 4:
					d.types(randomLines[r.IntN(len(randomLines))])
					d.press("enter")
				case n == 4:
					d.wait(time.Duration(r.IntN(500)) * time.Millisecond)
				default:
					key := keys[r.IntN(len(keys))]
					if key == "q" && d.m.mode == modeLesson {
						continue // it would end the program
					}
					d.press(key)
				}
				modes[d.m.mode]++
				if p := d.m.play; p != nil {
					ways = max(ways, len(p.tree.Ways()))
				}
				d.statesAreTold()
			}
		})
		for _, m := range []mode{modeLesson, modeLine, modeActs, modePlaces, modeHelp} {
			if modes[m] == 0 && !testing.Short() {
				t.Errorf("never in %v: %v", m, modes)
			}
		}
		opened += len(labs)
		for i, l := range labs {
			if !l.closed {
				t.Errorf("lab %d of %d is open", i+1, len(labs))
			}
		}
	}
	if !testing.Short() && (opened < 50 || ways < 2) {
		t.Errorf("%d labs, %d ways", opened, ways)
	}
}

// stateName matches the name of a state on the screen.
var stateName = regexp.MustCompile(`\b(SYN_SENT|SYN_RECV|ESTABLISHED|FIN_WAIT1|FIN_WAIT2|CLOSE_WAIT|LAST_ACK|CLOSING|TIME_WAIT|LISTEN)\b`)

// statesAreTold fails the test if the box of an end, or the ladder, has a state of which the log
// does not tell up to the moment on the screen.
func (d *driver) statesAreTold() {
	d.t.Helper()
	p := &d.m.picture
	if !p.mode.onLesson() || p.layout.tooSmall() {
		return
	}
	log := d.m.play.seen().player.Log().All()
	if p.fold.k > len(log) {
		d.t.Fatalf("the screen shows %d events of %d", p.fold.k, len(log))
	}
	told := map[sim.End]map[string]bool{sim.Client: {}, sim.Server: {}, "": {}}
	for _, e := range log[:p.fold.k] {
		if b, ok := e.Body.(sim.StateChanged); ok {
			told[e.At][b.To.String()], told[""][b.To.String()] = true, true
		}
	}
	for pane, at := range map[paneIndex]sim.End{paneClient: sim.Client, paneServer: sim.Server, paneLadder: ""} {
		if p.layout[pane].w == 0 {
			continue
		}
		drawn := ansi.Strip(d.m.panes[pane].render(p, p.layout[pane].size()))
		for _, state := range stateName.FindAllString(drawn, -1) {
			if !told[at][state] {
				d.t.Fatalf("the log of %d events does not tell of %s:\n%s", p.fold.k, state, drawn)
			}
		}
	}
}

// TestRandomMenu: the same from the menu, where lessons are searched, opened and left.
func TestRandomMenu(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	c := simulated(nil)
	c.Lessons = lesson.Embedded
	keys, modes := randomKeys(), map[mode]int{}
	drive(t, 80, 24, c, func(d *driver) {
		for range 1500 {
			switch n := r.IntN(40); {
			case n == 0:
				d.send(tea.WindowSizeMsg{Width: 1 + r.IntN(220), Height: 1 + r.IntN(70)})
			case n == 1 && d.m.mode == modeSearch:
				d.types([]string{"sig", "closing ", "zzz", "内"}[r.IntN(4)])
			case n < 6 && d.m.mode == modeLesson:
				d.press("esc")
			default:
				if key := keys[r.IntN(len(keys))]; key != "q" || d.m.mode == modeSearch {
					d.press(key)
				}
			}
			modes[d.m.mode]++
		}
	})
	for _, m := range []mode{modeMenu, modeSearch, modeLesson, modeHelp} {
		if modes[m] == 0 {
			t.Errorf("never in %v: %v", m, modes)
		}
	}
}

// watchedLab is a lab that remembers that it was closed.
type watchedLab struct {
	sim.Lab
	closed bool
}

func (c *watchedLab) Close() error {
	c.closed = true
	return c.Lab.Close()
}
