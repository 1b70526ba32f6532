package lesson

import (
	"fmt"
	"strings"
	"testing"

	"finwait/sim"
)

// TestMarkdown: what is written has the form in which lessons are written by hand.
func TestMarkdown(t *testing.T) {
	l := &Lesson{
		Title: "A `write` & more", Net: sim.Wire, Timers: TimersKernel, Begin: BeginNothing, Minutes: 2, Summary: `"Two" of them.`,
		Outro: "The end.",
		Steps: []Step{
			{Step: sim.MustParseStep("server listen"), First: true, Story: "First this.", Expect: []Expectation{{Text: "server listening"}, {Text: "returns 0"}}},
			{Step: sim.MustParseStep("client connect"), Story: "First this.", Say: "It goes out.", Ask: []Question{{Text: "What?", Answers: []Answer{
				{Expectation: Expectation{Text: "blocked"}, Right: true},
				{Expectation: Expectation{Text: "returns 0"}, Reason: "Not yet."},
			}}}},
			{Step: sim.MustParseStep("deliver"), First: true, Story: "Then that."},
		},
	}
	want := `---
title: A ` + "`write`" + ` & more
summary: "\"Two\" of them."
net: wire
minutes: 2
begin: nothing
timers: kernel
---

# A \` + "`write\\`" + ` \& more

First this.

` + "```finwait" + `
server listen
expect server listening
expect returns 0
ask What?
* blocked
- returns 0  > Not yet.
client connect
say It goes out.
` + "```" + `

Then that.

` + "```finwait" + `
deliver
` + "```" + `

The end.
`
	got := l.Markdown()
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	again := mustParse(t, got)
	if again.Title != l.Title || again.Summary != l.Summary || again.Steps[0].Story != "First this." {
		t.Errorf("it reads as %+v", again)
	}
}

// TestMarkdownOfEmbedded: each lesson that is written again is the same lesson.
func TestMarkdownOfEmbedded(t *testing.T) {
	for _, l := range Embedded() {
		sameWritten(t, l)
	}
	sameWritten(t, mustParse(t, lessonOf("client close", "run A: a", "server close", "run B: b", "server read 1")+"B\n"+lessonOf("wait 1s", "run C: c", "wait 1s")))
}

// TestMarkdownOfPart: a part of a run is written as the lesson that it is, without runs.
func TestMarkdownOfPart(t *testing.T) {
	l := mustParse(t, lessonOf("client close", "client read 1", "run A: a", "server close", "server read 1", "run B: b", "server dup", "wait 1s"))
	for n := 1; n <= 4; n++ {
		part := l.Runs()[1].Until(n)
		again := mustParse(t, part.Markdown())
		if len(part.Runs()) != 1 || len(again.Runs()) != 1 || len(again.Steps) != n || again.Steps[n-1].String() != l.Runs()[1].Steps[n-1].String() {
			t.Errorf("%d steps are written as\n%s", n, part.Markdown())
		}
	}
}

// sameWritten fails unless a lesson that is written reads as the same one.
func sameWritten(t *testing.T, l *Lesson) {
	t.Helper()
	text := l.Markdown()
	again, err := Parse(l.File, []byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if got, want := contents(again), contents(l); got != want {
		t.Errorf("got\n%s\nwant\n%s\nwritten\n%s", got, want, text)
	}
}

// contents returns what a lesson is, without the places in its file.
func contents(l *Lesson) string {
	var b strings.Builder
	for _, run := range l.Runs() {
		fmt.Fprintf(&b, "%q %s %s %d %q %s %s\n%q\n", run.Title, run.Net, run.Timers, run.Minutes, run.Summary, run.Begin, run.Run, run.Outro)
		fmt.Fprintln(&b, run.Chapters)
		for _, s := range run.Steps {
			fmt.Fprintf(&b, "%t %q %s %q\n", s.First, s.Story, s, s.Say)
			for _, q := range s.Ask {
				fmt.Fprintf(&b, "%q\n", q.Text)
				for _, a := range q.Answers {
					fmt.Fprintf(&b, "%s %t %q\n", a.Text, a.Right, a.Reason)
				}
			}
			for _, x := range s.Expect {
				fmt.Fprintln(&b, x.Text)
			}
		}
	}
	return b.String()
}

func TestParseExpectation(t *testing.T) {
	for text, want := range map[string]string{
		"server  CLOSED":  "server CLOSED",
		"flight FIN":      `flight needs "net: wire" in the lesson's head`,
		"":                "there is no expectation",
		`reads "`:         `a quoted text is broken; it ends with a " on the same line, and \n, \" and \x00 are its escapes`,
		"client  CLSOED ": `"CLSOED" is not something to expect of an end; did you mean "CLOSED"?`,
	} {
		x, err := ParseExpectation(text, false)
		if got := x.Text; err == nil && got != want || err != nil && err.Error() != want {
			t.Errorf("%q: %q, %v; want %s", text, got, err, want)
		}
	}
}
