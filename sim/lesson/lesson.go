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
	Title   string // from the front matter, else the first heading, else Name
	Net     sim.Net
	Timers  string // TimersPatient or TimersKernel
	Minutes int    // how long the lesson takes; 0 when the file does not say
	Summary string // one sentence for the menu
	Begin   string // BeginConnected or BeginNothing
	Steps   []Step // at least one
	Outro   string // the prose after the last block, as Markdown
	Source  string // the whole file
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
}

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
		"four-way", "server-first", "client-gone", "keep-writing",
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
	file := "lessons/" + name + ".md"
	src, err := files.ReadFile(file)
	if err != nil { // the tests read them all
		panic(err)
	}
	l, err := Parse(file, src)
	if err != nil {
		panic(err)
	}
	return l
}
