package cli

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/netlab"
	"finwait/sim/lesson"
)

// finwait on a real terminal.

// TestPlay goes through every lesson, one press of space a step, and leaves.
func TestPlay(t *testing.T) {
	t.Parallel()
	for _, l := range lesson.Embedded() {
		t.Run(l.Name, func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				available(t, l)
				p := sit(t, "play", l.Name, "--no-animation", "--port", "0")
				p.opens(l)
				p.steps(l, 0, len(l.Steps))
				status, _, _ := strings.Cut(p.text(), "\n")
				if text := p.text(); strings.Contains(status, "✗") || strings.Contains(text, "short") {
					t.Errorf("the lesson did not go well:\n%s", text)
				}
				p.types("q")
				p.left(exitOK)
			})
		})
	}
}

// available skips the test where this machine does not have what a lesson needs.
func available(t testing.TB, l *lesson.Lesson) {
	t.Helper()
	lab, err := netlab.Open(netlab.Options{Net: l.Net, Port: 0})
	var missing *netlab.UnavailableError
	switch {
	case errors.As(err, &missing):
		t.Skip(err)
	case err != nil:
		t.Fatal(err)
	}
	if err := lab.Close(); err != nil {
		t.Error(err)
	}
}

// TestPlayClientGone: the death of the server is there to be seen, and the arrows
// grow.
func TestPlayClientGone(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		l, err := lesson.Find("client-gone")
		if err != nil {
			t.Fatal(err)
		}
		p := sit(t, "play", l.Name, "--port", "0")
		p.opens(l)
		p.steps(l, 0, 1)
		p.sees("✝ killed by SIGINT, exit 130", "FIN_WAIT2", "orphan", "CLOSE_WAIT")
		p.steps(l, 1, 3)
		p.sees(`write(4, "first…") = 13`, "RST")
		p.steps(l, 3, 5)
		p.sees("✝ killed by SIGPIPE, exit 141", "✝ SIGPIPE, exit 141")
		p.types("q")
		p.left(exitOK)
	})
}

// TestMenu: finwait alone is the menu; a lesson is opened, left and opened again.
func TestMenu(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		all := lesson.Embedded()
		p := sit(t, "--no-animation", "--port", "0")
		for range 2 {
			p.sees(all[0].Title, all[1].Title)
			p.types("\r")
			p.opens(all[0])
			f := familyOf(t, p.cmd.Process.Pid)
			if len(f.pids) < 2 {
				t.Errorf("a lesson is open, and there are %d programs", len(f.pids))
			}
			p.steps(all[0], 0, 1)
			p.types("\x1b")
			p.sees(all[1].Title)
			f.gone(patience)
		}
		p.types("q")
		p.left(exitOK)
	})
}

// TestScreenEnds: whatever ends finwait, its status says so, the terminal is as it
// was, and nothing is left.
func TestScreenEnds(t *testing.T) {
	t.Parallel()
	l := lesson.Embedded()[2]
	for _, end := range []struct {
		name   string
		status int
		by     func(p *person) error
	}{
		{"q", 0, func(p *person) error { p.types("q"); return nil }},
		{"ctrl-c", 130, func(p *person) error { p.types("\x03"); return nil }},
		{"SIGINT", 130, func(p *person) error { return p.cmd.Process.Signal(syscall.SIGINT) }},
		{"SIGTERM", 143, func(p *person) error { return p.cmd.Process.Signal(syscall.SIGTERM) }},
		{"SIGHUP", 129, func(p *person) error { return p.cmd.Process.Signal(syscall.SIGHUP) }},
	} {
		for place, flags := range places() {
			t.Run(end.name+" "+place, func(t *testing.T) {
				t.Parallel()
				livetest.Play(t, func(t testing.TB) {
					p := sit(t, append([]string{"play", l.Name, "--port", "0"}, flags...)...)
					p.opens(l)
					p.steps(l, 0, 1)
					f := familyOf(t, p.cmd.Process.Pid)
					if err := end.by(p); err != nil {
						t.Fatal(err)
					}
					p.left(end.status)
					f.gone(0)
				})
			})
		}
	}
}

// TestScreenGone: when finwait is killed, or its terminal is closed, nothing is left
// of it.
func TestScreenGone(t *testing.T) {
	t.Parallel()
	l := lesson.Embedded()[1]
	for name, end := range map[string]func(p *person) error{
		"SIGKILL": func(p *person) error { return p.cmd.Process.Kill() },
		"closed window": func(p *person) error {
			_ = p.tty.Close()
			return p.ptmx.Close()
		},
	} {
		for place, flags := range places() {
			t.Run(name+" "+place, func(t *testing.T) {
				t.Parallel()
				livetest.Play(t, func(t testing.TB) {
					p := sit(t, append([]string{"play", l.Name, "--port", "0"}, flags...)...)
					p.opens(l)
					p.steps(l, 0, 4)
					f := familyOf(t, p.cmd.Process.Pid)
					if err := end(p); err != nil {
						t.Fatal(err)
					}
					_ = p.cmd.Wait()
					f.gone(patience)
					noTrace(t, p.stderr.String())
				})
			})
		}
	}
}

// TestNoScreen: where a screen cannot be drawn there is none, whatever of the
// streams is a terminal.
func TestNoScreen(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		dumb := command(t, "lessons")
		dumb.Args = dumb.Args[:1]
		dumb.Env = append(dumb.Env, "TERM=dumb")
		blind := command(t, "play", "four-way", "--port", "0")
		null, err := os.Open(os.DevNull)
		if err != nil {
			t.Fatal(err)
		}
		defer null.Close()
		blind.Stdin = null
		for _, cmd := range []struct {
			p    *person
			text string
		}{{sitWith(t, dumb), "finwait play NAME"}, {sitWith(t, blind), "expectations met"}} {
			cmd.p.sees(cmd.text)
			_ = cmd.p.cmd.Wait()
			if status := cmd.p.cmd.ProcessState.ExitCode(); status != exitOK || cmd.p.wasAlt {
				t.Errorf("exit status %d, the alternate screen: %v", status, cmd.p.wasAlt)
			}
		}
	})
}

// TestScreenWithoutColour: any value of NO_COLOR is heard.
func TestScreenWithoutColour(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		l := lesson.Embedded()[0]
		cmd := command(t, "play", l.Name, "--no-animation", "--port", "0")
		cmd.Env = append(cmd.Env, "NO_COLOR=yes", "COLORTERM=truecolor")
		p := sitWith(t, cmd)
		p.opens(l)
		p.steps(l, 0, 4)
		p.mu.Lock()
		for y := range 24 {
			for x := range 80 {
				if c := p.screen.CellAt(x, y); c != nil && (c.Style.Fg != nil || c.Style.Bg != nil) {
					t.Errorf("the cell %d,%d, %q, is coloured", x, y, c.Content)
				}
			}
		}
		p.mu.Unlock()
		p.types("q")
		p.left(exitOK)
	})
}
