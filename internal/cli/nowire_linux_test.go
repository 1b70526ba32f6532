package cli

import (
	"strings"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/sim"
	"finwait/sim/lesson"
)

// TestNoWirePlay: where the wire is not permitted, one key plays the lesson on the model. Who leaves
// without pressing it gets the exit status, and the sentence, of run.
func TestNoWirePlay(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		l, err := lesson.Find("states")
		if err != nil {
			t.Fatal(err)
		}
		p := sitWith(t, withoutNamespaces(t, "play", l.Name, "--no-animation"))
		p.sees("The lab did not open: the wire is not available", "m plays it on the model, r tries again, q leaves.", "m on the model")
		p.types("m")
		p.opens(l)
		p.sees("sim · model", "The model plays this lesson: the wire is not available")
		p.steps(l, 0, 3)
		p.types("r")
		p.opens(l)
		p.steps(l, 0, len(l.Steps))
		p.types("q")
		p.left(exitOK)

		p = sitWith(t, withoutNamespaces(t, "play", l.Name))
		p.sees("The lab did not open: the wire is not available")
		p.types("q")
		said := p.leftSaying(exitUnavailable)
		oneSentence(t, said)
		if !strings.HasSuffix(said, "; finwait play states --net sim plays it on the model\n") {
			t.Errorf("on standard error: %q", said)
		}
	})
}

// TestNoWireMenu: the menu marks the lessons that can only be played on the model, and plays them
// there.
func TestNoWireMenu(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		all := lesson.Embedded()
		p := sitWith(t, withoutNamespaces(t, "--no-animation", "--port", "0"))
		p.sees(all[0].Title, "m on the model")
		p.types("G")
		last := all[len(all)-1]
		p.sees(last.Name + "  on the model ")
		p.types("\r")
		p.opens(last)
		p.sees("The model plays this lesson")
		p.types("q")
		p.sees(last.Name)
		p.types("gm") // the first lesson is live, unless one asks for the model
		p.opens(all[0])
		p.sees("sim · model")
		p.types("q")
		p.sees(all[0].Title, all[1].Title)
		p.types("\r")
		p.opens(all[0])
		p.sees("loopback · inferred")
		p.types("q")
		p.sees(all[0].Title, all[1].Title)
		p.types("q")
		p.left(exitOK)
	})
}

// TestNoWireRun: run says how the model plays the lesson, doctor which lessons those are.
func TestNoWireRun(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		r := finish(t, withoutNamespaces(t, "run", "states"))
		if r.status != exitUnavailable || r.stdout != "" || !strings.HasSuffix(r.stderr, "; finwait run states --net sim plays it on the model\n") {
			t.Errorf("exit status %d, %q, %q", r.status, r.stdout, r.stderr)
		}
		oneSentence(t, r.stderr)
		r = finish(t, withoutNamespaces(t, "doctor"))
		here, model, _ := strings.Cut(r.stdout, "On the model, with --net sim or m in the menu")
		if r.status != exitOK || !strings.Contains(here, "On lo: ") {
			t.Errorf("exit status %d:\n%s", r.status, r.stdout)
		}
		for _, name := range lessonNames(sim.Wire) {
			if !strings.Contains(model, name) {
				t.Errorf("doctor does not say how %s plays:\n%s", name, r.stdout)
			}
		}
	})
}

// TestNoWireCheck: a network that is not available is listed with its reason, and is an error
// where it was asked for by name.
func TestNoWireCheck(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		for args, status := range map[string]int{"check --net all four-way states": exitOK, "check four-way states": exitOK, "check --net wire four-way": exitUnavailable} {
			r := finish(t, withoutNamespaces(t, strings.Fields(args)...))
			if r.status != status || !strings.Contains(r.stdout, "wire not played\n") && !strings.Contains(r.stdout, "wire not played, sim\n") || !strings.Contains(r.stdout, "\nwire is not available here: ") || r.stderr != "" {
				t.Errorf("%s: exit status %d, want %d, %s\n%s", args, r.status, status, r.stderr, r.stdout)
			}
		}
	})
}

// TestPlayStatus: play ends with the status of run for what was played.
func TestPlayStatus(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		file := write(t, "short.md", steps("server listen", "expect returns 7", "client write 1"))
		for presses, status := range []int{exitOK, exitExpectation, exitExpectation} {
			p := sit(t, "play", file, "--net", "sim", "--no-animation")
			p.sees("step 0/2")
			for n := range presses {
				p.types(" ")
				p.sees([]string{"step 1/2 ✗", "step 2/2 ✗"}[n])
			}
			p.types("q")
			p.left(status)
		}
	})
}
