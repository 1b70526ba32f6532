package cli

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/netlab"
	"finwait/sim/lesson"
)

// TestHelp: usage and examples come before the details, on standard output.
func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"help"}, {"run", "--help"}, {"play", "-h"}, {"conform", "--help"}} {
		r := finwait(t, args...)
		usage, examples, details := strings.Index(r.stdout, "Usage:"), strings.Index(r.stdout, "Examples:"), strings.Index(r.stdout, "\nFlags:")
		if r.status != exitOK || r.stderr != "" || usage < 0 || examples < usage || details < examples {
			t.Errorf("%v: exit status %d, %q:\n%s", args, r.status, r.stderr, r.stdout)
		}
	}
	if r := finwait(t, "--version"); r.status != exitOK || !strings.HasPrefix(r.stdout, "finwait version ") || strings.Count(r.stdout, "\n") != 1 {
		t.Errorf("--version: %d %q", r.status, r.stdout)
	}
}

// TestWithoutTerminal: what would be a screen is a list or a transcript.
func TestWithoutTerminal(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		list := finwait(t)
		if same := finwait(t, "lessons"); list != same || list.status != exitOK || list.stderr != "" {
			t.Errorf("finwait is %+v, finwait lessons %+v", list, same)
		}
		for _, name := range allLessons() {
			if !strings.Contains(list.stdout, name) {
				t.Errorf("the list does not have %s:\n%s", name, list.stdout)
			}
		}
		played, ran := finwait(t, "play", "four-way", "--port", "0"), finwait(t, "run", "four-way", "--port", "0")
		if played.status != exitOK || played.stderr != "" || ran.status != exitOK {
			t.Errorf("exit status %d and %d, %q", played.status, ran.status, played.stderr)
		}
		if a, b := script(played.stdout), script(ran.stdout); a != b {
			t.Errorf("play prints\n%s\nrun prints\n%s", a, b)
		}
		const title = "Four segments, or three"
		if !strings.HasPrefix(played.stdout, title+"\n") || !strings.Contains(played.stdout, "expectations met") {
			t.Errorf("the transcript does not begin with %q and end with the verdict:\n%s", title, played.stdout)
		}
	})
}

// script returns the lines of a transcript that are the same in every run: the
// steps and the verdicts.
func script(transcript string) string {
	var lines []string
	for line := range strings.Lines(transcript) {
		if strings.HasPrefix(line, "▸ ") || strings.HasPrefix(line, "✓ ") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// TestNoEscapes: what is piped is plain text, whatever the environment wants.
func TestNoEscapes(t *testing.T) {
	t.Parallel()
	for _, env := range []string{"NO_COLOR=yes", "CLICOLOR_FORCE=1", "TERM=dumb"} {
		for _, args := range [][]string{
			nil, {"lessons"}, {"--help"}, {"doctor"}, {"nosuch"}, {"play", "four-way", "--port", "0"}, {"run", "--plain", "four-way", "--port", "0"},
		} {
			t.Run(fmt.Sprint(env, args), func(t *testing.T) {
				t.Parallel()
				livetest.Play(t, func(t testing.TB) {
					cmd := command(t, args...)
					cmd.Env = environment(env)
					r := finish(t, cmd)
					if strings.Contains(r.stdout+r.stderr, "\x1b") {
						t.Errorf("escape sequences:\n%q\n%q", r.stdout, r.stderr)
					}
				})
			})
		}
	}
}

// TestASCII: where the locale has no more than ASCII, so has the transcript.
func TestASCII(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		cmd := command(t, "run", "client-gone", "--port", "0")
		cmd.Env = append(environment(), "LANG=C", "LC_ALL=POSIX")
		r := finish(t, cmd)
		for n, line := range strings.Split(r.stdout, "\n") {
			if i := strings.IndexFunc(line, func(c rune) bool { return c > '~' }); i >= 0 {
				t.Errorf("line %d: %q", n+1, line)
			}
		}
	})
}

// TestDoctor says what works here, and agrees with what a lesson then does.
func TestDoctor(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		r := finwait(t, "doctor")
		if r.status != exitOK || r.stderr != "" {
			t.Fatalf("exit status %d: %s", r.status, r.stderr)
		}
		if !netlab.Live {
			if !strings.Contains(r.stdout, "--net sim") {
				t.Errorf("it does not name the model: %q", r.stdout)
			}
			return
		}
		lab := runJSON(t, write(t, "one.md", steps("server listen")))[0]
		for text, holds := range map[string]bool{
			lab.Kernel:                      true,
			"on the lo of a private":        lab.Private,
			"on this machine's lo; every":   !lab.Private && lab.Capture == "captured",
			"segments are inferred":         lab.Capture == "inferred",
			fmt.Sprint("uid ", os.Getuid()): true,
		} {
			if strings.Contains(r.stdout, text) != holds {
				t.Errorf("doctor says %q: %v, the lab is %+v", text, !holds, lab)
			}
		}
	})
}

// Every lesson plays on the model, on any system.
func TestRunOnModel(t *testing.T) {
	for _, l := range lesson.Embedded() {
		r := finwait(t, "run", "--net", "sim", l.Name)
		if r.status != 0 || r.stderr != "" {
			t.Errorf("%s: exit status %d, %s", l.Name, r.status, r.stderr)
		}
		if !strings.Contains(r.stdout, "sim · segments model") {
			t.Errorf("%s does not say that it is the model:\n%s", l.Name, r.stdout)
		}
	}
}
