package cli

import (
	"strings"
	"testing"
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
