package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"finwait/internal/testkit/livetest"
	"finwait/netlab"
	"finwait/sim"
	"finwait/sim/lesson"
)

// testMainEnv makes the test binary finwait itself, so that the tests run the
// program as a person does: its arguments, its streams, its exit status.
const testMainEnv = "FINWAIT_TEST_MAIN"

func TestMain(m *testing.M) {
	netlab.RunRole()
	if os.Getenv(testMainEnv) != "" {
		os.Exit(Main(os.Args[1:]))
	}
	livetest.TakeTurn()
	os.Exit(m.Run())
}

// patience is how long finwait may take for anything before a test calls it hung.
const patience = 60 * time.Second

// environment is what finwait gets to see, so that no test depends on who runs it.
func environment(extra ...string) []string {
	return append([]string{
		testMainEnv + "=1", "PATH=" + os.Getenv("PATH"), "TMPDIR=" + os.TempDir(), "HOME=/nonexistent", "XDG_STATE_HOME=/dev/null",
		"LANG=C.UTF-8", "TERM=xterm-256color", "GORACE=atexit_sleep_ms=0",
	}, extra...)
}

// executable is the file that is finwait when testMainEnv is set.
func executable(t testing.TB) string {
	t.Helper()
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// command returns finwait, ready to start with the given arguments. It is killed
// when it hangs, and when the test ends.
func command(t testing.TB, args ...string) *exec.Cmd {
	t.Helper()
	return commandOf(t, executable(t), args...)
}

// commandOf is command for another program that runs finwait.
func commandOf(t testing.TB, name string, args ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = environment()
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// result is what a run of finwait came to.
type result struct {
	stdout, stderr string
	status         int
}

// finwait runs finwait without a terminal.
func finwait(t testing.TB, args ...string) result {
	t.Helper()
	return finish(t, command(t, args...))
}

// finish runs a command to its end. Whatever happens, nobody is shown a stack
// trace, and a race is a failure.
func finish(t testing.TB, cmd *exec.Cmd) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if cmd.Stdout == nil {
		cmd.Stdout = &stdout
	}
	if cmd.Stderr == nil {
		cmd.Stderr = &stderr
	}
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("%s: %v", cmd, err)
	}
	r := result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
	noTrace(t, r.stderr)
	return r
}

// noTrace fails when a Go program has shown its inside.
func noTrace(t testing.TB, stderr string) {
	t.Helper()
	for _, sign := range []string{"goroutine ", "panic:", "DATA RACE", "fatal error:"} {
		if strings.Contains(stderr, sign) {
			livetest.Definite(t)
			t.Fatalf("a stack trace:\n%s", stderr)
		}
	}
}

// write writes a lesson into a file of the test's own and returns its name.
func write(t testing.TB, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// steps returns a lesson file with these steps in one block.
func steps(lines ...string) string {
	return "# A test\n\n```finwait\n" + strings.Join(lines, "\n") + "\n```\n"
}

// lessonNames returns the names of the embedded lessons that play on a network.
func lessonNames(net sim.Net) []string {
	var names []string
	for _, l := range lesson.Embedded() {
		if l.Net == net {
			names = append(names, l.Name)
		}
	}
	return names
}

// allLessons returns the names of all embedded lessons.
func allLessons() []string {
	return append(lessonNames(sim.Loopback), lessonNames(sim.Wire)...)
}

// unavailable skips the test when a run says that this machine does not have what
// was asked for.
func unavailable(t testing.TB, r result) {
	t.Helper()
	if r.status == exitUnavailable {
		t.Skip(strings.TrimSpace(r.stderr))
	}
}
