package netlab

import (
	"slices"
	"sync/atomic"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
	"finwait/sim/predict"
)

// What the model would have a person predict is what the kernel does: each question about each
// step of each lesson, on every kind of lab.
func TestPredictions(t *testing.T) {
	if testing.Short() {
		t.Skip("a lesson on one kind of lab is enough for the loop")
	}
	t.Parallel()
	for name, lab := range map[string]struct {
		net  sim.Net
		open func(t testing.TB, l *lesson.Lesson) *Lab
	}{
		"loopback": {sim.Loopback, func(t testing.TB, _ *lesson.Lesson) *Lab { return openOnOwnPort(t, Options{Host: HostMachine}) }},
		"private":  {sim.Loopback, func(t testing.TB, _ *lesson.Lesson) *Lab { return openLab(t, Options{Host: HostPrivate}) }},
		"inferred": {sim.Loopback, func(t testing.TB, _ *lesson.Lesson) *Lab {
			return openOnOwnPort(t, Options{Host: HostMachine, blind: true})
		}},
		"wire": {sim.Wire, openLessonWire},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int64
			t.Cleanup(func() { t.Logf("%d questions", asked.Load()) })
			for _, what := range lessonsOn(lab.net) {
				t.Run(what.Name, func(t *testing.T) {
					t.Parallel()
					livetest.Play(t, func(t testing.TB) {
						p := predicted{asker: predict.New(false)}
						playLessonWith(t, lab.open(t, what), what, func(player *lesson.Player) { p.next(t, player) })
						if p.asked < 3 {
							t.Errorf("%d questions were asked", p.asked)
						}
						asked.Add(int64(p.asked))
					})
				})
			}
		})
	}
}

// So it is in every script: the facts about the kernel.
func TestScriptPredictions(t *testing.T) {
	if testing.Short() {
		t.Skip("the lessons are enough for the loop")
	}
	t.Parallel()
	var asked atomic.Int64
	t.Cleanup(func() { t.Logf("%d questions", asked.Load()) })
	for _, s := range scripts(t) {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			if s.Slow && !*slow {
				t.Skip("it takes minutes: -slow")
			}
			livetest.Play(t, func(t testing.TB) {
				open := func() *Lab { return openOnOwnPort(t, Options{Host: HostMachine}) }
				if s.Wire {
					open = func() *Lab { return openLab(t, Options{Net: sim.Wire, KernelTimers: s.Slow}) }
				}
				p, l, log := predicted{asker: predict.New(false)}, open(), sim.Log{}
				for i, text := range s.Steps {
					p.ask(sim.MustParseStep(text))
					log.Append(play(t, l, i+1, text)...)
					p.judge(t, log.All())
				}
				asked.Add(int64(p.asked))
			})
		})
	}
}

// predicted asks before each step of a lesson, and judges after it.
type predicted struct {
	asker     *predict.Asker
	k         int // how many events of the log the asker knows
	questions []predict.Question
	asked     int
}

// next judges the questions about the step that has settled, and asks about the next one.
func (p *predicted) next(t testing.TB, player *lesson.Player) {
	t.Helper()
	p.judge(t, player.Log().All())
	if _, s, ok := player.Next(); ok {
		p.ask(s.Step)
	}
}

// ask asks about the next step.
func (p *predicted) ask(step sim.Step) { p.questions = p.asker.Questions(step) }

// judge judges what was asked, after the step that the log ends with.
func (p *predicted) judge(t testing.TB, log []sim.Event) {
	t.Helper()
	did := log[p.k:]
	if i := slices.IndexFunc(did, func(e sim.Event) bool { return e.Kind() == sim.KindSettled }); i >= 0 {
		did = did[:i+1]
	}
	w := lang.English()
	for _, q := range p.questions {
		p.asked++
		if right, truth := q.Judge(did); right != q.Right {
			t.Errorf("%s: %s the model says %s, the kernel did %s", q.Step, q.Text(w), q.Says(q.Answers[q.Right].Claim, w), q.Says(truth, w))
		}
	}
	for ; p.k < len(log); p.k++ {
		p.asker.Observe(log[p.k])
	}
	p.questions = nil
}
