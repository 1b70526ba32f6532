package cli

import (
	"strings"
	"testing"
)

// twoRuns is a lesson with two endings; that of run B falls short.
const twoRuns = "# Two\n\n```finwait\nclient close\nserver write 1\nrun A: default\nserver write 1\nexpect killed by SIGPIPE\n" +
	"run B: ignored\nserver sigpipe ignore\nserver write 1\nexpect returns 1\n```\n"

// TestRunsArePlayed: each run begins in a lab of its own, and what falls short in one of them
// is a failure of the lesson.
func TestRunsArePlayed(t *testing.T) {
	t.Parallel()
	file := write(t, "two.md", twoRuns)
	const failed = "two.md:12:8: expected returns 1, got returned -1 EPIPE"
	for _, test := range []struct {
		args   []string
		status int
		titles string
		failed bool
	}{
		{nil, exitExpectation, "Two · A: default, Two · B: ignored", true},
		{[]string{"--run", "A"}, exitOK, "Two · A: default", false},
		{[]string{"--run", "B"}, exitExpectation, "Two · B: ignored", true},
	} {
		r := finwait(t, append([]string{"run", "--net", "sim", "--ascii=false", file}, test.args...)...)
		var titles []string
		for _, line := range strings.Split(r.stdout, "\n") {
			if strings.HasPrefix(line, "Two") {
				titles = append(titles, line)
			}
		}
		joined := strings.Join(strings.Fields(r.stdout), " ") // the sentence may be broken into lines
		if r.status != test.status || strings.Join(titles, ", ") != test.titles || strings.Contains(joined, failed) != test.failed {
			t.Errorf("%v: exit status %d\n%s", test.args, r.status, r.stdout)
		}
	}
	log := finwait(t, "run", "--net", "sim", "--json", file).stdout
	for _, title := range []string{`"kind":"lab"`, `"title":"Two · A: default"`, `"title":"Two · B: ignored"`} {
		if !strings.Contains(log, title) {
			t.Errorf("the log has no %s:\n%s", title, log)
		}
	}
}
