package conform

import (
	"fmt"
	"slices"
	"strings"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
)

// mostListed is how many walks a list of the report names.
const mostListed = 10

// String returns the report: two lines of figures, and what was seen once, when the kernel and
// the model agree; else a lesson that replays the shortest walk in which they do not.
func (r *Report) String() string {
	if r.Shortest == nil {
		return r.figures() + "\n" + r.seenOnce()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "---\ntitle: Where the model and this kernel disagree\nnet: %s\n", r.Net)
	if r.Net == sim.Wire {
		fmt.Fprintf(&b, "timers: %s\n", r.Shortest.Timers)
	}
	fmt.Fprintf(&b, "begin: %s\n---\n\n# Where the model and this kernel disagree\n\n%s\n\n", lesson.BeginNothing, r.figures())
	b.WriteString(r.Shortest.story())
	b.WriteString("\n" + r.Shortest.block(r.expectations()))
	b.WriteString("\n" + r.outro() + r.seenOnce())
	return b.String()
}

// figures says what was compared, with what, and how that went.
func (r *Report) figures() string {
	where := "on the wire"
	switch {
	case r.Net == sim.Loopback && r.Private:
		where = "on the lo of a private namespace"
	case r.Net == sim.Loopback:
		where = "on this machine's lo"
	}
	if r.Capture == sim.Inferred {
		where += ", segments inferred"
	}
	rest := ""
	for _, walks := range []struct {
		n    int
		were string
	}{{len(r.SeenOnce), "seen once"}, {r.NotReplayed, "not played again"}, {r.Short, "cut short"}} {
		if walks.n > 0 {
			rest += fmt.Sprintf(", %d %s", walks.n, walks.were)
		}
	}
	return fmt.Sprintf("Linux %s %s: %s (seed %d), %s, %s compared, %s%s.\n%.0f steps a second, %.1f s.",
		r.Kernel, where, count(r.Walks, "walk"), r.Seed, count(r.Steps, "step"), count(r.Compared, "thing"),
		count(len(r.Disagreements), "disagreement"), rest, float64(r.Steps)/r.Took.Seconds(), r.Took.Seconds())
}

func count(n int, of string) string {
	switch n {
	case 0:
		return "no " + of
	case 1:
		return "1 " + of
	}
	return fmt.Sprintf("%d %ss", n, of)
}

// story says which walk it is, and what differs.
func (s *Shortest) story() string {
	return fmt.Sprintf("The shortest of the walks that disagree, number %d, was made shorter as long as it came again: %d steps of %d are left.\n", s.Walk, len(s.Steps), s.Of) +
		"After the last step:\n\n" + differences(s.Verdicts)
}

// differences lists verdicts.
func differences(verdicts []sim.Event) string {
	var b strings.Builder
	for _, v := range verdicts {
		fmt.Fprintf(&b, "- %s\n", difference(v))
	}
	return b.String()
}

// difference says in which the model and the kernel differ, in Markdown.
func difference(v sim.Event) string {
	b := sim.Of[sim.Verdict](v)
	who := string(v.At)
	if who == "" {
		who = "the lab"
	}
	return fmt.Sprintf("%s, %s: kernel: %s, model: %s", who, b.What, code(b.What, b.Kernel), code(b.What, b.Model))
}

// code quotes what one side of a verdict says as code; that it says nothing is told in words.
func code(what sim.What, text string) string {
	if text == "" {
		return lang.English().Value(what, "")
	}
	return "`" + strings.ReplaceAll(text, "`", "'") + "`"
}

// block returns the walk as a block of steps. A step that was refused has changed
// nothing, and would be a failure of the lesson: it is a comment, unless it is the last.
func (s *Shortest) block(expectations []string) string {
	lines := []string{"```finwait"}
	for i, step := range s.Steps {
		if text := step.String(); s.refused[i] && i < len(s.Steps)-1 {
			lines = append(lines, "# "+text+" (refused)")
		} else {
			lines = append(lines, text)
		}
	}
	for _, x := range expectations {
		lines = append(lines, "expect "+x)
	}
	return strings.Join(append(lines, "```"), "\n") + "\n"
}

// outro says how to read the block, and what else there is.
func (r *Report) outro() string {
	text := "The expectation is what the model says: `finwait run` of this file ends with exit status 1 while the kernel does otherwise.\n"
	if len(r.expectations()) == 0 {
		text = "A lesson has no word for this difference, so that `finwait run` of this file only shows what the kernel does.\n"
	}
	others := slices.DeleteFunc(slices.Clone(r.Disagreements), func(d Disagreement) bool { return d.Walk == r.Shortest.Walk })
	if len(others) == 0 {
		return text
	}
	return text + "\nThe other walks that disagree:\n\n" + listed(others)
}

// seenOnce lists the walks that did not disagree again, "" if there is none.
func (r *Report) seenOnce() string {
	if len(r.SeenOnce) == 0 {
		return ""
	}
	return fmt.Sprintf("\nSeen once, and not again when the walk was played %d times with nothing beside it:\n\n%s", replays, listed(r.SeenOnce))
}

// listed lists walks, one a line, with the first difference of each.
func listed(walks []Disagreement) string {
	var b strings.Builder
	for _, d := range walks[:min(len(walks), mostListed)] {
		last := len(d.Steps) - 1
		fmt.Fprintf(&b, "- walk %d, step %d, `%s`: %s\n", d.Walk, len(d.Steps), d.Steps[last], difference(d.Verdicts[0]))
	}
	if more := len(walks) - mostListed; more > 0 {
		fmt.Fprintf(&b, "- and %d more\n", more)
	}
	return b.String()
}

// expectations returns what the model says of the last step and the kernel does not do,
// as far as a lesson can say it.
func (r *Report) expectations() []string {
	s := r.Shortest
	var said []string
	for _, v := range s.Verdicts {
		for _, x := range candidates(v) {
			if !slices.Contains(said, x) && s.fallsShort(r.Net, x) {
				said = append(said, x)
			}
		}
	}
	return said
}

// fallsShort reports whether an expectation is one, and did not hold after the last step.
func (s *Shortest) fallsShort(net sim.Net, expectation string) bool {
	last := s.Steps[len(s.Steps)-1].String()
	src := fmt.Sprintf("---\nnet: %s\n---\n```finwait\n%s\nexpect %s\n```\n", net, last, expectation)
	l, err := lesson.Parse("", []byte(src))
	if err != nil {
		return false
	}
	ok, _ := l.Steps[0].Expect[0].Check(s.Log)
	return !ok
}
