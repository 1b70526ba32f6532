package cli

import (
	"strings"
	"testing"
)

// TestPart: a part of a lesson begins at one step, of which the transcript is the first, and ends
// with another.
func TestPart(t *testing.T) {
	t.Parallel()
	r := finwait(t, "run", "--net", "sim", "--from", "4", "--until", "5", "client-gone")
	if r.status != exitOK {
		t.Errorf("exit status %d: %s", r.status, r.stderr)
	}
	for _, want := range []string{"The client goes away\n", "▸ wait 1s", `▸ server write "second message"`, "client 127.0.0.2", "✝ SIGPIPE", "5 steps"} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("there is no %q in\n%s", want, r.stdout)
		}
	}
	for _, lack := range []string{"SIGINT", "RST", "server start", "ESTABLISHED"} {
		if strings.Contains(r.stdout, lack) {
			t.Errorf("there is %q in\n%s", lack, r.stdout)
		}
	}
}
