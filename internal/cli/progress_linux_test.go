package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"finwait/sim/lesson"
)

// TestProgressFile: a lesson that was played to its end is in the file of the person's state, and is
// marked in the menu the next time; run and --auto write nothing.
func TestProgressFile(t *testing.T) {
	t.Parallel()
	state := t.TempDir()
	env := append(environment(), "XDG_STATE_HOME="+state)
	file := filepath.Join(state, "finwait", "progress.json")
	start := func(args ...string) *person {
		cmd := command(t, args...)
		cmd.Env = env
		return sitWith(t, cmd)
	}
	run := command(t, "run", "four-way", "--net", "sim")
	run.Env = env
	if r := finish(t, run); r.status != exitOK {
		t.Errorf("exit status %d: %s", r.status, r.stderr)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("run wrote the file")
	}

	p := start("play", "four-way", "--net", "sim", "--no-animation")
	l, err := lesson.Find("four-way")
	if err != nil {
		t.Fatal(err)
	}
	p.opens(l)
	p.steps(l, 0, len(l.Steps))
	p.types("q")
	p.left(exitOK)
	if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), `"four-way": "2`) {
		t.Errorf("the file has %s (%v)", text, err)
	}
	p = start("--net", "sim")
	p.sees("1 of ", l.Title+" ✓")
	p.types("q")
	p.left(exitOK)
}
