package cli

import (
	"path/filepath"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/sim"
	"finwait/sim/lesson"
)

// typed opens the line, types a text and enters it.
func (p *person) typed(text string) { p.types(":" + text + "\r") }

// loses waits until the screen shows none of the texts, and all of the others.
func (p *person) loses(text string, shows ...string) {
	p.t.Helper()
	p.until("the screen to lose "+text, func() bool { return !p.shows(text) && p.shows(shows...) })
}

// netFlags returns the flags for each net on which a lesson of loopback plays.
func netFlags() map[string][]string {
	return map[string][]string{"loopback": {"--port", "0"}, "wire": {"--net", "wire"}, "sim": {"--net", "sim"}}
}

// TestTeacher is what a teacher does in front of a class: steps of their own in the middle of a
// lesson, undo, the lesson again, another way from its beginning, back to the lesson; and what was
// done is a lesson that holds.
func TestTeacher(t *testing.T) {
	t.Parallel()
	for net, flags := range netFlags() {
		t.Run(net, func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				l, err := lesson.Find("client-gone")
				if err != nil {
					t.Fatal(err)
				}
				if net == "wire" {
					available(t, &lesson.Lesson{Net: sim.Wire})
				}
				file := filepath.Join(t.TempDir(), "mine.md")
				p := sit(t, append([]string{"play", l.Name, "--no-animation"}, flags...)...)
				p.opens(l)
				p.steps(l, 0, 3)
				p.typed("server poll")
				p.sees("‹yours›", "poll", title(l, 3))
				p.typed(`server write "once more"`)
				p.sees("killed by SIGPIPE, exit 141", title(l, 3))
				p.types("u")
				p.loses("SIGPIPE,", "‹yours›", "poll", title(l, 3), "space next")
				p.steps(l, 3, 5)
				p.sees("killed by SIGPIPE, exit 141")

				p.types("\x1b[H")
				p.sees("before step 1", "enter: another way from here")
				p.types("\r")
				p.loses("looking back", title(l, 0), next(l, 0))
				p.typed("client close")
				p.sees("close(3) = 0", "FIN_WAIT2", "‹yours›")

				p.types("s")
				p.sees("enter goes there")
				p.types("G")
				p.sees("ways you took", "▸ ● client close", "1–3, server poll, 4–5")
				p.types("k\r")
				p.sees("killed by SIGPIPE, exit 141", "‹yours›", title(l, 5))
				p.typed("save " + file)
				p.sees("saved as ")
				p.types("q")
				p.left(exitOK)

				if r := finwait(t, append([]string{"run", file}, flags...)...); r.status != exitOK {
					t.Errorf("what was saved does not hold:\n%s%s", r.stdout, r.stderr)
				}
			})
		})
	}
}

// TestSandbox: finwait lab is two ends and a line.
func TestSandbox(t *testing.T) {
	t.Parallel()
	for net, flags := range netFlags() {
		t.Run(net, func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				if net == "wire" {
					available(t, &lesson.Lesson{Net: sim.Wire})
				}
				file := filepath.Join(t.TempDir(), "mine.md")
				p := sit(t, append([]string{"lab", "--no-animation"}, flags...)...)
				p.sees("The lab", "0 steps", " :")
				p.types("server listen\r")
				p.sees("1 step", "LISTEN")
				p.types("client conn\t\r")
				if net == "wire" {
					p.sees("1 in flight", "SYN_SENT")
					p.types("deliver all\r")
				}
				p.sees("ESTABLISHED")
				p.types("save " + file + "\r")
				p.sees("saved as ")
				p.types("\x1b")
				p.sees(": types the next step")
				p.types("q")
				p.left(exitOK)
				if r := finwait(t, append([]string{"run", file}, flags...)...); r.status != exitOK {
					t.Errorf("what was saved does not hold:\n%s%s", r.stdout, r.stderr)
				}
			})
		})
	}
}
