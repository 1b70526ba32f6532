package predict

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"
	"pgregory.net/rapid"

	"finwait/internal/testkit/script"
	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
	"finwait/sim/model"
)

// played is a log of the model, step by step.
type played struct {
	begun []sim.Event
	steps []playedStep
}

// playedStep is one step of a log, with everything that it did.
type playedStep struct {
	sim.Step
	events []sim.Event
}

// playSteps plays steps on the model.
func playSteps(o model.Options, steps []sim.Step) played {
	l, begun := model.Open(o)
	p := played{begun: begun}
	for i, s := range steps {
		p.steps = append(p.steps, playedStep{s, l.Do(i+1, s)})
	}
	return p
}

// live returns the same as the log of sockets.
func (p played) live() played {
	out := played{begun: script.AsLive(p.begun)}
	for _, s := range p.steps {
		out.steps = append(out.steps, playedStep{s.Step, script.AsLive(s.events)})
	}
	return out
}

// ask returns what is asked before each step.
func (p played) ask() (questions [][]Question) {
	a := New(false)
	for _, e := range p.begun {
		a.Observe(e)
	}
	for _, s := range p.steps {
		questions = append(questions, a.Questions(s.Step))
		for _, e := range s.events {
			a.Observe(e)
		}
	}
	return questions
}

// lessonSteps returns the steps of a lesson, those of its set-up included.
func lessonSteps(l *lesson.Lesson) (steps []sim.Step) {
	p := lesson.NewPlayer(l)
	for {
		_, s, ok := p.Next()
		if !ok {
			return steps
		}
		p.Started()
		p.Observe(sim.Event{Body: sim.StepSettled{}})
		steps = append(steps, s.Step)
	}
}

// optionsFor returns on what a lesson is played.
func optionsFor(l *lesson.Lesson) model.Options {
	return model.Options{Wire: l.HasWire(), KernelTimers: l.Timers == lesson.TimersKernel}
}

// everything returns every lesson and every script, played.
func everything(t *testing.T) map[string]played {
	t.Helper()
	all := map[string]played{}
	for _, l := range lesson.Embedded() {
		all[l.Name] = playSteps(optionsFor(l), lessonSteps(l))
	}
	scripts, err := script.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scripts {
		var steps []sim.Step
		for _, text := range s.Steps {
			steps = append(steps, sim.MustParseStep(text))
		}
		all[s.Name] = playSteps(model.Options{Wire: s.Wire, KernelTimers: s.Slow}, steps)
	}
	return all
}

// In every lesson and every script the answer that the model gives is what then happens, and the
// other answers are wrong: in the log of the model, and in that of sockets.
func TestAnswers(t *testing.T) {
	asked := 0
	for name, p := range everything(t) {
		inModel, inLive := p.ask(), p.live().ask()
		for i, s := range p.steps {
			for _, q := range inModel[i] {
				asked++
				if err := sound(&q, s.events); err != nil {
					t.Errorf("%s: step %d, %s: %v", name, i+1, s.Step, err)
				}
			}
			for _, q := range inLive[i] {
				if err := sound(&q, s.events); err != nil {
					t.Errorf("%s, live: step %d, %s: %v", name, i+1, s.Step, err)
				}
			}
		}
	}
	if asked < 1000 {
		t.Errorf("%d questions were asked", asked)
	}
	t.Logf("%d questions", asked)
}

// sound returns what is wrong with a question, after the step has happened.
func sound(q *Question, events []sim.Event) error {
	w := lang.English()
	right, truth := q.Judge(events)
	if right != q.Right {
		return fmt.Errorf("%s the right answer is %d, and %v happened", q.Text(w), q.Right, truth)
	}
	if n := len(q.Answers); n <= minMistakes || n > maxMistakes+1 {
		return fmt.Errorf("%s there are %d answers", q.Text(w), n)
	}
	claims, texts := map[Claim]bool{}, map[string]bool{}
	for _, a := range q.Answers {
		text := q.Says(a.Claim, w)
		if claims[a.Claim] || texts[text] || text == "" || strings.Contains(text, "%!") {
			return fmt.Errorf("%s the answer %q is offered twice", q.Text(w), text)
		}
		if w.Predict.Why[a.Why] == "" {
			return fmt.Errorf("%s nothing is said of the answer %q", q.Text(w), text)
		}
		claims[a.Claim], texts[text] = true, true
	}
	return nil
}

// What is asked first in some scripts stands in files, to be read.
func TestQuestions(t *testing.T) {
	w := lang.English()
	all := everything(t)
	for _, name := range []string{
		"01-client-closes-first", "04-default", "04-handler", "06-unread-data", "22-refused", "23-fork", "28-poll",
		"wire/00-eleven-states", "wire/14-simultaneous", "wire/15-lost-last-ack", "wire/17-keepalive",
	} {
		t.Run(path.Base(name), func(t *testing.T) {
			p := all[name]
			var b strings.Builder
			for i, questions := range p.ask() {
				fmt.Fprintf(&b, "> %s\n", p.steps[i].Step)
				if len(questions) == 0 {
					continue
				}
				q := questions[0]
				fmt.Fprintf(&b, "%s\n", q.Text(w))
				for i, a := range q.Answers {
					mark := "-"
					if i == q.Right {
						mark = "*"
					}
					fmt.Fprintf(&b, "%s %-23s > %s\n", mark, q.Says(a.Claim, w), w.Predict.Why[a.Why])
				}
			}
			golden.RequireEqual(t, []byte(b.String()))
		})
	}
}

// Every reason has its sentence, and no sentence is there that nobody says.
func TestReasons(t *testing.T) {
	why := lang.English().Predict.Why
	said := map[lang.Reason]bool{}
	for _, all := range bank {
		for _, m := range all {
			said[m.why] = true
		}
	}
	for _, all := range explanations {
		for _, x := range all {
			said[x.why] = true
		}
	}
	for r := range said {
		if why[r] == "" {
			t.Errorf("%s has no sentence", r)
		}
	}
	for r := range why {
		if !said[r] {
			t.Errorf("%s is never said", r)
		}
	}
}

// Whatever is done in whatever order, the model's answer is what happens in the model, and no two
// answers are the same.
func TestRandomLessons(t *testing.T) {
	verbs := []string{
		"listen", "connect", "accept", `write "hello"`, `write "hello" nosignal`, "read 100", "read 3", "shutdown wr", "shutdown rd", "shutdown rdwr",
		"close", "dup", "fork", "sigpipe ignore", "sigpipe handler", "linger 0", "linger off", "poll", "error", "kill SIGKILL", "start", "close listener",
		`write "a" then close`, "keepalive 1s 1s 2", "usertimeout 2s",
	}
	whole := []string{
		"wait 1s", "wait 100s", "deliver", "deliver client", "deliver server", "deliver all", "drop", "duplicate client", "swap client",
		"cut", "mend", "auto deliver on", "auto deliver off",
	}
	rapid.Check(t, func(rt *rapid.T) {
		o := model.Options{Wire: rapid.Bool().Draw(rt, "wire")}
		steps := []sim.Step{sim.MustParseStep("server listen"), sim.MustParseStep("client connect")}
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			text := rapid.SampledFrom(whole).Draw(rt, "whole")
			if rapid.IntRange(0, 2).Draw(rt, "end") > 0 {
				text = rapid.SampledFrom([]string{"client ", "server ", "server parent "}).Draw(rt, "end") + rapid.SampledFrom(verbs).Draw(rt, "verb")
			}
			if step, err := sim.ParseStep(text); err == nil {
				steps = append(steps, step)
			}
		}
		p := playSteps(o, steps)
		for _, asked := range [][][]Question{p.ask(), p.live().ask()} {
			for i, questions := range asked {
				for _, q := range questions {
					if err := sound(&q, p.steps[i].events); err != nil {
						rt.Errorf("step %d, %s: %v", i+1, p.steps[i].Step, err)
					}
				}
			}
		}
	})
}

// A wait that is skipped in the log of the model takes no time.
func TestSkipped(t *testing.T) {
	steps := []sim.Step{
		sim.MustParseStep("server listen"), sim.MustParseStep("client connect"), sim.MustParseStep("server accept"), sim.MustParseStep("client close"),
	}
	p := playSteps(model.Options{}, steps)
	a := New(false)
	observe := func(events ...sim.Event) {
		for _, e := range events {
			a.Observe(e)
		}
	}
	observe(p.begun...)
	for _, s := range p.steps {
		observe(s.events...)
	}
	wait := sim.MustParseStep("wait 50s")
	if questions := a.Questions(wait); len(questions) != 0 {
		t.Errorf("after 50 s: %v", questions)
	}
	observe(sim.Event{Step: 5, Body: sim.StepBegun{Step: wait, Skipped: true}}, sim.Event{Step: 5, Body: sim.StepSettled{}})
	if questions := a.Questions(wait); len(questions) != 0 {
		t.Errorf("after 50 s more, the first skipped: %v", questions)
	}
	if questions := a.Questions(sim.MustParseStep("wait 70s")); len(questions) != 1 || questions[0].Topic != TopicState {
		t.Errorf("after 70 s: %v", questions)
	}
}

// A wait is idle if in it nothing happens but that time goes by.
func TestIdle(t *testing.T) {
	steps := []sim.Step{
		sim.MustParseStep("server listen"), sim.MustParseStep("client connect"), sim.MustParseStep("server accept"), sim.MustParseStep("client close"),
		sim.MustParseStep("server close"),
	}
	for _, p := range []played{playSteps(model.Options{}, steps), playSteps(model.Options{}, steps).live()} {
		a := New(false)
		for _, e := range p.begun {
			a.Observe(e)
		}
		for _, s := range p.steps {
			for _, e := range s.events {
				a.Observe(e)
			}
		}
		for step, want := range map[string]bool{"wait 50s": true, "wait 70s": false, "wait until client CLOSED": false, "server poll": false} {
			if got := a.Idle(sim.MustParseStep(step)); got != want {
				t.Errorf("%s: %v", step, got)
			}
		}
	}
}

// What the kernel did decides, also where the model has said something else: another answer is
// right then, or none.
func TestJudge(t *testing.T) {
	steps := []sim.Step{
		sim.MustParseStep("server listen"), sim.MustParseStep("client connect"), sim.MustParseStep("server accept"), sim.MustParseStep("client close"),
		sim.MustParseStep("server read 10"),
	}
	p := playSteps(model.Options{}, steps)
	q, events := p.ask()[4][0], p.steps[4].events
	returns := func(r sim.Result) []sim.Event {
		changed := slices.Clone(events)
		for i := range changed {
			sim.Edit(&changed[i], func(b *sim.CallReturned) { b.Result = r })
		}
		return changed
	}
	for _, test := range []struct {
		events []sim.Event
		truth  Claim
		right  int
	}{
		{events, Outcome{}, q.Right},
		{returns(sim.Result{Ret: -1, Errno: "ECONNRESET"}), Outcome{Errno: "ECONNRESET"}, slices.IndexFunc(q.Answers, func(a Answer) bool { return a.Claim == Outcome{Errno: "ECONNRESET"} })},
		{returns(sim.Result{Ret: 3}), Outcome{Ret: 3}, -1},
		{nil, nil, -1},
	} {
		if right, truth := q.Judge(test.events); right != test.right || truth != test.truth {
			t.Errorf("%v: %d %v, want %d %v", q.Text(lang.English()), right, truth, test.right, test.truth)
		}
	}
	if text := q.Says(nil, lang.English()); text != lang.English().Predict.SomeOther {
		t.Errorf("nothing is called %q", text)
	}
}
