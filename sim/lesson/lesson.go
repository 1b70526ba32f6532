package lesson

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"finwait/sim"
)

// Lesson is a lesson as its file describes it. It is read-only after Parse and may be
// shared.
type Lesson struct {
	Name    string // the file's name without directory and extension
	File    string // the name that Parse was given
	Title   string // from the front matter, else the first heading, else Name
	Net     sim.Net
	Timers  string // TimersPatient or TimersKernel
	Minutes int    // how long the lesson takes; 0 when the file does not say
	Summary string // one sentence for the menu
	Begin   string // BeginConnected or BeginNothing
	Steps   []Step // at least one, but in a sandbox
	Outro   string // the prose after the last block, as Markdown
	Source  string // the whole file

	// The run that the steps belong to; the zero Run in a lesson without runs.
	Run  Run
	runs []*Lesson // one for each run; empty in a lesson without runs
	// How many of the steps are the common beginning of the runs; 0 in a lesson without runs.
	common int

	// The second-level headings that have a step below them, in the order of the file.
	Chapters []Chapter
}

// Chapter is a part of a lesson, up to the next chapter.
type Chapter struct {
	Title string // the heading, as plain text
	First int    // the index in Lesson.Steps of the chapter's first step
}

// How a lesson begins: with an established connection, or with two processes that have
// made no call.
const (
	BeginConnected = "connected"
	BeginNothing   = "nothing"
)

// The timers of the hosts on a wire: long enough for a connection to live through an hour
// of talk while its segments are held, or the kernel's defaults.
const (
	TimersPatient = "patient"
	TimersKernel  = "kernel"
)

// Step is one step of a lesson, with the prose before it and the expectations that are
// checked when it has settled.
type Step struct {
	sim.Step
	Line   int    // the line in the file; 0 for a set-up step
	Story  string // the prose before the block of the step, as Markdown
	First  bool   // the step is the first of its block: the story is new
	Expect []Expectation

	// The sentence that is shown with the step, from when it starts: Markdown of one line,
	// empty if the file has none.
	Say string
	// The questions that are asked before the step starts.
	Ask []Question
}

// Question is a question about the step below it.
type Question struct {
	Text    string // Markdown of one line
	Line    int    // the line in the file
	Answers []Answer
}

// Right returns the index of the right answer in Answers.
func (q Question) Right() int {
	return slices.IndexFunc(q.Answers, func(a Answer) bool { return a.Right })
}

// Answer is an answer to a question: an expectation, which Check compares with what the
// step did. A question has from 2 to MaxAnswers of them, in the order of the file. Exactly
// one is right.
type Answer struct {
	Expectation
	Right  bool
	Reason string // why the answer is right or wrong: Markdown of one line, may be empty
}

// MaxAnswers is the number of answers that a question may have: each has a key.
const MaxAnswers = 9

// Until returns the lesson as far as its first n steps, of which there are so many. Of a lesson
// with runs it is a part of this run alone.
func (l *Lesson) Until(n int) *Lesson {
	part := *l
	part.Steps, part.Outro = l.Steps[:n:n], ""
	part.runs, part.common = nil, 0
	part.Chapters = slices.DeleteFunc(slices.Clone(l.Chapters), func(c Chapter) bool { return c.First >= n })
	return &part
}

// Sandbox returns the lesson without steps: two processes that have made no call, on a network,
// and a person who makes steps of their own. The story is Markdown.
func Sandbox(net sim.Net, title, story string) *Lesson {
	return &Lesson{Title: title, Net: net, Timers: TimersPatient, Begin: BeginNothing, Outro: story}
}

// Sandbox reports whether the lesson is a sandbox.
func (l *Lesson) Sandbox() bool { return len(l.Steps) == 0 }

// HasWire reports whether the lesson is about two hosts and a wire that holds their segments,
// live or on the model alone.
func (l *Lesson) HasWire() bool { return l.Net != sim.Loopback }

// setup returns the steps that establish the connection with which a lesson begins. The
// wire does not hold their segments.
func (l *Lesson) setup() []Step {
	if l.Begin != BeginConnected {
		return nil
	}
	steps := []Step{
		{Step: sim.Step{At: sim.Server, Verb: sim.VerbListen}},
		{Step: sim.Step{At: sim.Client, Verb: sim.VerbConnect}},
		{Step: sim.Step{At: sim.Server, Verb: sim.VerbAccept}},
	}
	if l.HasWire() {
		auto := func(how string) Step { return Step{Step: sim.Step{Verb: sim.VerbAuto, How: how}} }
		steps = slices.Concat([]Step{auto("on")}, steps, []Step{auto("off")})
	}
	for i := range steps {
		steps[i].Story = l.Steps[0].Story
	}
	return steps
}

//go:embed lessons/*.md
var files embed.FS

// names returns the embedded lessons in the order they are taught.
func names() []string {
	return []string{
		"client-gone", "four-way", "server-first", "keep-writing",
		"states", "simultaneous-open", "simultaneous", "lost-fin", "lost-last-ack", "cable-cut", "refused-and-half-open",
	}
}

// Embedded returns the lessons that come with finwait, in the order they are
// taught. The caller owns them.
func Embedded() []*Lesson {
	var all []*Lesson
	for _, name := range names() {
		all = append(all, embedded(name))
	}
	return all
}

// Find returns the embedded lesson of that name. The error names the nearest one.
func Find(name string) (*Lesson, error) {
	for _, known := range names() {
		if known == name {
			return embedded(name), nil
		}
	}
	if near := sim.Nearest(name, names()); near != "" {
		return nil, fmt.Errorf("there is no lesson %+q; did you mean %q?", name, near)
	}
	return nil, fmt.Errorf("there is no lesson %+q; there are %s", name, strings.Join(names(), ", "))
}

func embedded(name string) *Lesson {
	file := name + ".md"
	src, err := files.ReadFile("lessons/" + file)
	if err != nil { // the tests read them all
		panic(err)
	}
	l, err := Parse(file, src)
	if err != nil {
		panic(err)
	}
	return l
}
