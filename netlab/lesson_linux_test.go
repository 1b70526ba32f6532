package netlab

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/sim"
	"finwait/sim/lesson"
)

// The lab is what a lesson is played on.
var _ sim.Lab = (*Lab)(nil)

// playLesson plays a lesson and checks what it expects.
func playLesson(t testing.TB, l *Lab, what *lesson.Lesson) []sim.Event {
	t.Helper()
	return playLessonWith(t, l, what, func(*lesson.Player) {})
}

// playLessonWith plays a lesson and calls a function before each of its steps.
func playLessonWith(t testing.TB, l *Lab, what *lesson.Lesson, before func(*lesson.Player)) []sim.Event {
	t.Helper()
	p := lesson.NewPlayer(what)
	for {
		before(p)
		n, s, ok := p.Next()
		if !ok {
			return p.Log().All()
		}
		if err := l.Start(n, s.Step); err != nil {
			t.Fatal(err)
		}
		p.Started()
		for _, e := range settled(t, l, s.String()) {
			if e.Kind() == sim.KindRefused {
				t.Errorf("line %d: %s: %s", s.Line, s.Step, sim.Of[sim.StepRefused](e).Why)
			}
			for _, verdict := range p.Observe(e) {
				b := sim.Of[sim.ExpectationChecked](verdict)
				if !b.OK {
					t.Errorf("line %d: %s: expected %s, got %s", s.Line, s.Step, b.Text, b.Got)
				}
			}
		}
	}
}

// playLessons plays every lesson, each on a lab of its own, and says where its
// segments came from.
func playLessons(t *testing.T, o Options, capture sim.Capture, by sim.Source) {
	for _, what := range lessonsOn(sim.Loopback) {
		t.Run(what.Name, func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				log := playLesson(t, openOnOwnPort(t, o), what)
				if log[0].Kind() != sim.KindLab || sim.Of[sim.LabOpened](log[0]).Setting.Capture != capture {
					t.Errorf("the log begins with %v, want a lab with segments %s", log[0], capture)
				}
				for _, e := range log {
					if e.Kind() == sim.KindSegment && e.By() != by {
						t.Errorf("%v: by %s, want %s", e, e.By(), by)
					}
				}
			})
		})
	}
}

func TestLessonsCaptured(t *testing.T) {
	t.Parallel()
	openCaptured(t, Options{}) // skips the test where that is not permitted
	playLessons(t, Options{Host: HostMachine}, sim.Captured, sim.ByKernel)
}

func TestLessonsOnPrivateHost(t *testing.T) {
	if testing.Short() {
		t.Skip("a lesson on one kind of lab is enough for the loop")
	}
	t.Parallel()
	openLab(t, Options{Host: HostPrivate}) // skips the test where that is not permitted
	playLessons(t, Options{Host: HostPrivate}, sim.Captured, sim.ByKernel)
}

func TestLessonsInferred(t *testing.T) {
	if testing.Short() {
		t.Skip("a lesson on one kind of lab is enough for the loop")
	}
	t.Parallel()
	playLessons(t, Options{Host: HostMachine, blind: true}, sim.Inferred, sim.ByInference)
}

// An ordinary user without namespaces plays the same lessons on the same machine.
func TestLessonsAsOrdinaryUser(t *testing.T) {
	if testing.Short() {
		t.Skip("a lesson on one kind of lab is enough for the loop")
	}
	if os.Getuid() != 0 {
		t.Skip("this user is an ordinary one: TestLessonsInferred is the same test")
	}
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		out, err := asNobody("-test.run=^TestLessonsInferred$", "-test.v").CombinedOutput()
		if err != nil || strings.Contains(string(out), "--- SKIP") || !strings.Contains(string(out), "--- PASS: TestLessonsInferred/four-way") {
			t.Errorf("as uid 65534: %v\n%s", err, out)
		}
	})
}

// asNobody returns the command that runs this test binary again as an ordinary
// user.
func asNobody(args ...string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	cmd.Env = append(os.Environ(), "GOCOVERDIR=")
	return cmd
}
