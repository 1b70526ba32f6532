package cli

import (
	"strings"
	"testing"
)

// TestCompare: the status is that of diff; what differs is printed, and where.
func TestCompare(t *testing.T) {
	t.Parallel()
	two, one := write(t, "two.md", twoRuns), write(t, "one.md", steps("client close", "server write 1", "server close"))
	for name, test := range map[string]struct {
		args   []string
		status int
		stdout []string
		stderr string
	}{
		"two runs":      {[]string{two}, exitExpectation, []string{"── A: default ─", "── B: ignored ─", "≠ 3", "The first difference is in step 3.", "B: ignored  server: rt_sigaction = 0"}, ""},
		"two lessons":   {[]string{two, one}, exitExpectation, []string{"── two ─", "── one ─", "The first difference is in step 3."}, ""},
		"the same":      {[]string{"four-way", "four-way"}, exitOK, []string{"= No difference in 12 steps."}, ""},
		"ASCII":         {[]string{two, "--ascii"}, exitExpectation, []string{"-- A: default -", "!= 3"}, ""},
		"nothing":       {[]string{one}, exitUsage, nil, "has no runs"},
		"no lesson":     {[]string{"none"}, exitUsage, nil, "no lesson"},
		"too narrow":    {[]string{two, "--width", "20"}, exitUsage, nil, "--width 20: it is a number of columns from 87 to 400"},
		"three lessons": {[]string{one, two, one}, exitUsage, nil, "one lesson or two"},
	} {
		r := finwait(t, append([]string{"compare", "--net", "sim", "--ascii=false"}, test.args...)...)
		if r.status != test.status || !strings.Contains(r.stderr, test.stderr) || test.stderr == "" && r.stderr != "" {
			t.Errorf("%s: exit status %d\n%s%s", name, r.status, r.stdout, r.stderr)
		}
		for _, text := range test.stdout {
			if !strings.Contains(r.stdout, text) {
				t.Errorf("%s: no %q in\n%s", name, text, r.stdout)
			}
		}
	}
}
