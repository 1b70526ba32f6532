package tui

import (
	"slices"
	"strings"

	"finwait/sim"
	"finwait/sim/lang"
	"finwait/sim/lesson"
	"finwait/sim/predict"
	"finwait/sim/text"
)

// quiz asks what the lesson's next step will do: what the lesson itself asks and, where a person
// wants to predict, what the model proposes. It is a fold over the log of a play that keeps the
// answers given. These are the person's, and stand in no log.
type quiz struct {
	asker *predict.Asker
	k     int      // how many events of the log were taken in
	begun int      // index of the event that began the lesson's newest step
	step  int      // number of that step while it runs, else 0
	own   bool     // a person has made a step of their own
	asked []*asked // in the order in which they were asked
	asks  asking   // for what the questions about the next step were made
	idle  idling   // whether nothing will happen in the next step
}

// idling is whether nothing will happen in a step that comes after the first k events of the log.
type idling struct {
	step, k int // the number of the step, the length of the log
	idle    bool
}

// asking is what the questions about the next step depend on.
type asking struct {
	step, k int // the number of the step, the length of the log
	predict bool
}

// asked is a question that was asked, and what became of it.
type asked struct {
	step    int // number of the step that the question is about
	text    string
	about   string // stands before an answer where the question does not; may be empty
	lessons bool   // the lesson itself asks
	answers []answer
	given   int // index of the answer that was given, -1 for none
	settled int // how many events the log had when the step had settled; 0 before
	right   int // index of the right answer, once it has settled; -1 where none was right
	truth   string
	// judge returns which answer is right after a step. log ends with the event that settles it,
	// and from is the index of the one that begins it.
	judge func(log []sim.Event, from int) (right int, truth string)
}

// answer is one answer that is offered, and why it is right or wrong.
type answer struct{ text, why string }

func newQuiz(l *lesson.Lesson) *quiz { return &quiz{asker: predict.New(!l.HasWire())} }

// keep takes over what was answered in another quiz about the first n steps, which are made once
// more.
func (z *quiz) keep(before *quiz, n int) {
	for _, a := range before.asked {
		if a.step <= n && a.given >= 0 {
			again := *a
			again.settled = 0
			z.asked = append(z.asked, &again)
		}
	}
}

// advance takes in what has been added to the log, and judges the questions about a step that
// has settled.
func (z *quiz) advance(log []sim.Event) {
	for i := z.k; i < len(log); i++ {
		z.asker.Observe(log[i]) // 3 µs: later they would add up to a key that is slow
		switch b := log[i].Body.(type) {
		case sim.StepBegun:
			if b.Own {
				z.leaveLesson()
			} else {
				z.begun, z.step = i, log[i].Step
			}
		case sim.StepSettled:
			if z.step > 0 {
				z.settle(log[:i+1])
			}
			z.step = 0
		}
	}
	z.k = len(log)
}

// leaveLesson takes in that a person has made a step of their own. The lesson asks no more: its
// answers are about the steps that stand in its file.
func (z *quiz) leaveLesson() {
	z.own = true
	z.asked = slices.DeleteFunc(z.asked, func(a *asked) bool { return a.lessons && a.given < 0 && a.settled == 0 })
}

// settle judges the questions about the step that has settled.
func (z *quiz) settle(log []sim.Event) {
	for _, a := range z.asked {
		if a.step == z.step && a.settled == 0 {
			a.right, a.truth = a.judge(log, z.begun)
			a.settled = len(log)
		}
	}
}

// prepare makes the questions about the lesson's next step, whose number is n: those of the
// lesson or, if a person wants to predict, the most telling one of the model that they have not
// answered yet. The newest step has settled.
func (z *quiz) prepare(w *lang.Catalogue, n int, step lesson.Step, predicts bool) {
	now := asking{n, z.k, predicts}
	if z.asks == now {
		return
	}
	z.asks = now
	if slices.ContainsFunc(z.asked, func(a *asked) bool { return a.step == n && (a.lessons || a.given >= 0) }) {
		return
	}
	z.asked = slices.DeleteFunc(z.asked, func(a *asked) bool { return a.step == n })
	if !z.own {
		for _, q := range step.Ask {
			z.asked = append(z.asked, askedByLesson(n, q))
		}
	}
	if len(step.Ask) > 0 && !z.own || !predicts {
		return
	}
	for _, q := range z.asker.Questions(step.Step) {
		if a := askedByModel(w, n, &q); !z.knows(a) {
			z.asked = append(z.asked, a)
			return
		}
	}
}

// idles reports whether the next step, whose number is n, is a wait in which by the model nothing
// will happen. The newest step has settled.
func (z *quiz) idles(n int, step sim.Step) bool {
	if z.idle.step != n || z.idle.k != z.k {
		z.idle = idling{n, z.k, z.asker.Idle(step)}
	}
	return z.idle.idle
}

// knows reports whether a question with the same answer for the same reason was answered right
// before: nothing new is to be learned from it.
func (z *quiz) knows(q *asked) bool {
	return slices.ContainsFunc(z.asked, func(a *asked) bool {
		return a.correct() && !a.lessons && a.text == q.text && a.answers[a.right].why == q.answers[q.right].why
	})
}

// askedByModel returns a question that the model proposes.
func askedByModel(w *lang.Catalogue, n int, q *predict.Question) *asked {
	a := &asked{step: n, text: q.Text(w), given: -1, right: q.Right}
	if q.Topic == predict.TopicTimeWait {
		a.about = sim.TimeWait.String() + ": "
	}
	for _, one := range q.Answers {
		a.answers = append(a.answers, answer{q.Says(one.Claim, w), w.Predict.Why[one.Why]})
	}
	a.judge = func(log []sim.Event, from int) (int, string) {
		right, truth := q.Judge(log[from:])
		return right, q.Says(truth, w)
	}
	return a
}

// askedByLesson returns a question of the lesson.
func askedByLesson(n int, q lesson.Question) *asked {
	a := &asked{step: n, text: plain(q.Text), lessons: true, given: -1, right: q.Right()}
	for _, one := range q.Answers {
		a.answers = append(a.answers, answer{one.Text, plain(one.Reason)})
	}
	a.judge = func(log []sim.Event, _ int) (right int, truth string) {
		holds := func(one lesson.Answer) bool { ok, _ := one.Check(log); return ok }
		if holds(q.Answers[q.Right()]) {
			return q.Right(), ""
		}
		_, truth = q.Answers[q.Right()].Check(log)
		return slices.IndexFunc(q.Answers, holds), truth
	}
	return a
}

// correct reports whether the right answer was given.
func (a *asked) correct() bool { return a.settled > 0 && a.given >= 0 && a.given == a.right }

// says returns an answer as it stands where the question does not.
func (a *asked) says(i int) string { return a.about + a.answers[i].text }

// open returns the first question about step n that nobody has answered, nil for none.
func (z *quiz) open(n int) *asked {
	for _, a := range z.asked {
		if a.step == n && a.settled == 0 && a.given < 0 {
			return a
		}
	}
	return nil
}

// about returns the questions about step n that were answered.
func (z *quiz) about(n int) (all []*asked) {
	for _, a := range z.asked {
		if a.step == n && a.given >= 0 {
			all = append(all, a)
		}
	}
	return all
}

// settledIn reports whether the step has settled within the first k events of the log.
func (a *asked) settledIn(k int) bool { return a.settled > 0 && a.settled <= k }

// score returns the questions that were answered right, and all that were answered, about steps
// that have settled within the first k events of the log.
func (z *quiz) score(k int) (right, all []*asked) {
	for _, a := range z.asked {
		if a.given >= 0 && a.settledIn(k) {
			all = append(all, a)
			if a.correct() {
				right = append(right, a)
			}
		}
	}
	return right, all
}

// quizView is what the picture shows of a quiz at one moment.
type quizView struct {
	made  []*asked // about the step that was made last, or that runs, and answered
	next  []*asked // about the next step, and answered
	open  *asked   // about the next step, and not answered; nil for none
	right int      // how many were answered right so far
	of    int      // how many were answered so far
	again []*asked // at the end of the lesson: those that were not answered right
	// answered has the questions that were answered before a step that has settled, by its number.
	answered map[int]*asked
	brief    bool // there is little room: no list of steps
}

// view returns what there is to see after the first k events of the log: step number made was
// made last, and next is the number of the next one, 0 for none.
func (z *quiz) view(k, made, next int, over bool) quizView {
	v := quizView{made: z.about(made), answered: map[int]*asked{}}
	if next > made {
		v.next, v.open = z.about(next), z.open(next)
	}
	right, all := z.score(k)
	v.right, v.of = len(right), len(all)
	for _, a := range all {
		v.answered[a.step] = a
	}
	if over {
		v.again = slices.DeleteFunc(all, (*asked).correct)
	}
	return v
}

// plain returns one line of Markdown without its marks.
func plain(md string) string {
	const unbroken = 1 << 16
	var words []string
	for _, l := range lesson.Styled(md, unbroken, text.GlyphsFor(false)) {
		words = append(words, l.String())
	}
	return strings.Join(words, " ")
}
