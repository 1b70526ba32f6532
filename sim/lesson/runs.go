package lesson

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"finwait/sim"
)

// MaxRuns is the number of runs that a lesson may have.
const MaxRuns = 9

// maxRunName is how many characters the name of a run may have.
const maxRunName = 20

// Run is one of the ways in which a lesson goes on after a common beginning.
type Run struct {
	Name  string // one word, as the lesson has it: "A"
	About string // what is different in it, one line of plain text: "ignored"
}

// String returns "A: ignored", empty for the zero Run.
func (r Run) String() string {
	if r == (Run{}) {
		return ""
	}
	return r.Name + ": " + r.About
}

// Heading returns the title and, in a lesson with runs, which of them it is: "SIGPIPE · A:
// default".
func (l *Lesson) Heading() string {
	if l.Run == (Run{}) {
		return l.Title
	}
	return l.Title + " · " + l.Run.String()
}

// FindRun returns the lesson of the run with that name; the first one for an empty name.
// The error names the runs that there are.
func (l *Lesson) FindRun(name string) (*Lesson, error) {
	var names []string
	for _, run := range l.Runs() {
		if run.Run.Name == name || name == "" {
			return run, nil
		}
		names = append(names, run.Run.Name)
	}
	if l.Run == (Run{}) {
		return nil, fmt.Errorf("the lesson %s has no runs", l.Name)
	}
	return nil, fmt.Errorf("the lesson %s has no run %+q; it has %s", l.Name, name, strings.Join(names, ", "))
}

// Runs returns the lesson of each run, in the order of the file: the common beginning and
// what the run adds to it. A lesson without runs is its own and only one. The lessons are
// shared, and each of them returns the same ones.
func (l *Lesson) Runs() []*Lesson {
	if len(l.runs) == 0 {
		return []*Lesson{l}
	}
	return slices.Clone(l.runs)
}

// stepsReader reads the blocks of a file into steps.
type stepsReader struct {
	*source
	lesson *Lesson
	usages []sim.Usage // the grammar of the steps
	blocks []block
	steps  []readStep // of all runs
	runs   []readRun
	full   bool // there are too many steps, and that has been reported
}

// readStep is a step with its place among the blocks and runs.
type readStep struct {
	Step
	block int // index in blocks
	run   int // number of the run, 0 for the common beginning
}

// readRun is a run with its place in the file.
type readRun struct {
	Run
	line, col int
	steps     int // how many it has
}

// run reads a line that begins a run.
func (r *blockReader) run(n int, first sim.Word) {
	r.noQuestion()
	r.newest = nil
	rest := []rune(r.lines[n-1])[first.Col-1+utf8.RuneCountInString(first.Text):]
	name, about, _ := strings.Cut(string(rest), ":")
	run := readRun{Run{strings.TrimSpace(name), strings.TrimSpace(about)}, n, first.Col, 0}
	col := first.Col + utf8.RuneCountInString(first.Text) + 1
	switch {
	case run.Name == "" || run.About == "":
		r.report(r.errorf(n, first.Col, "after %s something is missing; it is written run A: what is different in it", sim.Quote(first.Text)))
	case !isRunName(run.Name):
		r.report(r.errorf(n, col, "%s is not the name of a run; it is one word of at most %d letters and digits", sim.Quote(run.Name), maxRunName))
	case utf8.RuneCountInString(run.About) > maxSentence:
		r.report(r.errorf(n, col, "what is said about the run has %d characters; at most %d are read there", utf8.RuneCountInString(run.About), maxSentence))
	case slices.ContainsFunc(r.runs, func(other readRun) bool { return other.Name == run.Name }):
		r.report(r.errorf(n, col, "the run %s is there twice; each has a name of its own", run.Name))
	case len(r.runs) == MaxRuns:
		r.report(r.errorf(n, first.Col, "this is run %d; a lesson has at most %d", MaxRuns+1, MaxRuns))
	}
	r.runs = append(r.runs, run)
}

func isRunName(name string) bool {
	return utf8.RuneCountInString(name) <= maxRunName &&
		!strings.ContainsFunc(name, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
}

// checkRuns reports runs that are none.
func (r *stepsReader) checkRuns() {
	for _, run := range r.runs {
		if run.steps == 0 {
			r.report(r.errorf(run.line, run.col, "the run has no step; it needs one below it, before the next run"))
		}
	}
	if len(r.runs) == 1 && len(r.errs) == 0 {
		r.report(r.errorf(r.runs[0].line, r.runs[0].col, "there is only one run; a lesson has two or more of them, or none"))
	}
}

// finish puts the steps into the lesson. It returns the lesson, or that of the first run.
func (r *stepsReader) finish(headings []heading) *Lesson {
	l := r.lesson
	if l.Begin == "" {
		l.Begin = begin(r.steps)
	}
	if len(r.runs) == 0 {
		l.Steps = r.stepsOf(0)
		l.Chapters = chapters(l.Steps, headings)
		return l
	}
	var list []*Lesson
	for i, run := range r.runs {
		one := *l
		one.Run, one.Steps = run.Run, r.stepsOf(i+1)
		one.common = len(r.stepsOf(0))
		one.Chapters = chapters(one.Steps, r.headingsOf(i+1, headings))
		list = append(list, &one)
	}
	for _, one := range list {
		one.runs = list
	}
	return list[0]
}

// headingsOf returns the headings that stand in the common beginning or in one run.
func (r *stepsReader) headingsOf(run int, headings []heading) []heading {
	return slices.DeleteFunc(slices.Clone(headings), func(h heading) bool {
		in := 0 // the number of the run in which it stands
		for in < len(r.runs) && r.runs[in].line < h.line {
			in++
		}
		return in != 0 && in != run
	})
}

// stepsOf returns the steps of the common beginning and of one run.
func (r *stepsReader) stepsOf(run int) []Step {
	var list []Step
	before := -1 // the block of the step before
	for _, s := range r.steps {
		if s.run != 0 && s.run != run {
			continue
		}
		b := r.blocks[s.block]
		s.Story = b.story
		s.First = before < 0 || s.block != before && (b.hasProse || b.story != list[len(list)-1].Story)
		before = s.block
		list = append(list, s.Step)
	}
	return list
}

// begin returns how a lesson begins whose front matter does not say so: a lesson with a
// step listen or connect of the server makes its own connection, unless an earlier step
// needs one.
func begin(steps []readStep) string {
	needed, connects := false, false
	for _, step := range steps {
		switch {
		case step.At == sim.Server && (step.Verb == sim.VerbListen || step.Verb == sim.VerbConnect):
			if needed {
				return BeginConnected
			}
			return BeginNothing
		case step.Verb == sim.VerbConnect:
			connects = true
		case !connects && needsConnection(step.Step.Step):
			needed = true
		}
	}
	return BeginConnected
}

// needsConnection reports whether a step is refused at an end without a connection.
func needsConnection(s sim.Step) bool {
	switch s.Verb {
	case sim.VerbWrite, sim.VerbRead, sim.VerbShutdown, sim.VerbDup, sim.VerbPoll, sim.VerbError:
		return true
	case sim.VerbClose, sim.VerbLinger, sim.VerbLinger2, sim.VerbKeepalive, sim.VerbUserTimeout:
		return s.How != sim.OfListener
	}
	return false
}

// chapters returns the chapters with the first step of each. A heading without a step
// below it is no chapter.
func chapters(steps []Step, headings []heading) []Chapter {
	var list []Chapter
	for i, h := range headings {
		first := slices.IndexFunc(steps, func(s Step) bool { return s.Line > h.line })
		last := i == len(headings)-1
		if first < 0 || !last && steps[first].Line > headings[i+1].line {
			continue
		}
		list = append(list, Chapter{Title: headingText(h.text), First: first})
	}
	return list
}
