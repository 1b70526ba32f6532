package cli

import (
	"strings"
	"testing"

	"finwait/internal/testkit/livetest"
)

// TestCompareKernel: a lesson without runs is played on sockets and on the model, at the same time.
func TestCompareKernel(t *testing.T) {
	r := finwait(t, "compare", "--ascii=false", write(t, "one.md", steps("client close", "server write 1", "server write 1 nosignal")))
	if r.status != exitOK || !strings.Contains(r.stdout, "── kernel ─") || !strings.Contains(r.stdout, "── model ─") || !strings.Contains(r.stdout, "= No difference in 3 steps.") {
		t.Errorf("exit status %d\n%s%s", r.status, r.stdout, r.stderr)
	}
}

// TestCompareTwoLabs: two runs on sockets are played beside each other, each with a port of its own.
func TestCompareTwoLabs(t *testing.T) {
	r := finwait(t, "compare", "--ascii=false", write(t, "two.md", twoRuns))
	if r.status != exitExpectation || !strings.Contains(r.stdout, "The first difference is in step 3.") {
		t.Errorf("exit status %d\n%s%s", r.status, r.stdout, r.stderr)
	}
}

// TestCompareScreen: both runs on a terminal, the first difference, and nothing is left of them.
func TestCompareScreen(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		p := sit(t, "compare", "--no-animation", write(t, "two.md", twoRuns))
		p.sees("── A: default ─", "tab B: ignored, step 0", "▸ the client closes")
		p.types(" ")
		p.sees("step 1/3", "B: ignored, step 1", "No difference so far, in 1 step.", "CLOSE_WAIT")
		p.types(" ")
		p.sees("step 2/3", "B: ignored, step 2")
		p.types(" ")
		p.sees("≠ 3", "The first difference is in step 3.", "✝ SIGPIPE")
		p.types("\t")
		p.sees("── B: ignored ─", "tab A: default, step 3", "sigpipe ignore")
		p.types(" ")
		p.sees("step 4/4", "-- end of lesson --", "EPIPE")
		p.types("q")
		p.left(exitExpectation)
	})
}
