package lesson_test

import (
	"strings"
	"testing"

	"finwait/sim"
	"finwait/sim/lesson"
	"finwait/sim/model"
)

// play plays a lesson on the model. After each of the lesson's steps with that number own steps are
// made.
func play(l *lesson.Lesson, own map[int][]string) *lesson.Player {
	lab, begun := model.Open(model.Options{Lesson: l.Name, Title: l.Title, Source: l.Source, Wire: l.HasWire(), KernelTimers: l.Timers == lesson.TimersKernel})
	p := lesson.NewPlayer(l)
	observe := func(events []sim.Event) {
		for _, e := range events {
			p.Observe(e)
		}
	}
	observe(begun)
	made := func(n int) {
		for _, text := range own[n] {
			n, _ := p.Own()
			p.StartedOwn()
			observe(lab.Do(n, sim.MustParseStep(text)))
		}
	}
	for {
		n, s, ok := p.Next()
		if n == 1 || !ok && len(l.Steps) == 0 {
			made(0)
		}
		if !ok {
			return p
		}
		p.Started()
		observe(lab.Do(n, s.Step))
		if n > 0 {
			made(n)
		}
	}
}

// recorded records a play, and reads the file that is written.
func recorded(t *testing.T, p *lesson.Player) *lesson.Lesson {
	t.Helper()
	r := p.Lesson().Recorded(p.Log().All(), "mine", "What I did: “quoted” *and* so on", "Steps of the lesson.", "My own steps.")
	text := r.Markdown()
	read, err := lesson.Parse("mine.md", []byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if len(read.Steps) != len(r.Steps) {
		t.Fatalf("%d steps became %d:\n%s", len(r.Steps), len(read.Steps), text)
	}
	return read
}

// What was done is a lesson that holds: each embedded lesson, with a person's own steps.
func TestRecordedHolds(t *testing.T) {
	for _, l := range lesson.Embedded() {
		t.Run(l.Name, func(t *testing.T) {
			p := play(l, map[int][]string{0: {"client poll"}, 3: {"server poll", `server write "once more"`, "client close"}, len(l.Steps): {"server start", "client kill SIGTERM"}})
			r := recorded(t, p)
			again := play(r, nil)
			if n := again.Failures(); n > 0 {
				t.Errorf("%d fell short:\n%s", n, r.Source)
			}
			expects := 0
			for _, s := range r.Steps {
				expects += len(s.Expect)
			}
			if expects < len(r.Steps)/2 {
				t.Errorf("%d expectations in %d steps:\n%s", expects, len(r.Steps), r.Source)
			}
		})
	}
}

// The file names what happened, and whose steps they are.
func TestRecorded(t *testing.T) {
	l, err := lesson.Find("client-gone")
	if err != nil {
		t.Fatal(err)
	}
	l.Steps = l.Steps[:3]
	p := play(l, map[int][]string{3: {"server poll", `server write "once more"`, "server read 5"}})
	text := recorded(t, p).Source
	for _, want := range []string{
		"begin: connected", "Steps of the lesson.", "client kill SIGINT\nexpect client killed by SIGINT\nexpect exit 130\n",
		"expect segment FIN from client", "My own steps.\n\n```finwait\nserver poll\nexpect events only IN OUT", "RDHUP",
		"server write \"once more\"\nexpect server killed by SIGPIPE\nexpect exit 141\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "server read") {
		t.Errorf("a step that was refused is there:\n%s", text)
	}
}

// A segment that was chosen by its number is named after its end: another play numbers segments
// otherwise.
func TestRecordedSegments(t *testing.T) {
	l, err := lesson.Parse("x.md", []byte("---\nnet: wire\n---\n\n```finwait\nclient close\nserver close\n```\n"))
	if err != nil {
		t.Fatal(err)
	}
	text := recorded(t, play(l, map[int][]string{1: {"duplicate 4", "deliver 4"}})).Source
	for _, want := range []string{"duplicate client\n", "deliver client\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
}

// What has changed by itself between two steps is waited for: the step after it may need it.
func TestRecordedWaits(t *testing.T) {
	state := func(from, to sim.State) sim.Event {
		return sim.Event{At: sim.Client, Step: 1, Body: sim.StateChanged{Conn: 1, From: from, To: to, By: sim.ByKernel}}
	}
	begun := func(n int, text string) sim.Event {
		return sim.Event{Step: n, Body: sim.StepBegun{Step: sim.MustParseStep(text), Own: true}}
	}
	l := lesson.Sandbox(sim.Loopback, "The lab", "")
	r := l.Recorded([]sim.Event{
		begun(1, "client close"), state(sim.Established, sim.TimeWait),
		{Step: 1, Body: sim.StepSettled{}},
		state(sim.TimeWait, sim.Closed),
		begun(2, "client connect"),
		{Step: 2, Body: sim.StepSettled{}},
	}, "x.md", "x", "", "")
	var got []string
	for _, s := range r.Steps {
		got = append(got, s.String())
	}
	if want := "client close, wait until client CLOSED, client connect"; strings.Join(got, ", ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
