package lesson

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"finwait/sim"
)

// Markdown returns the lesson, with all its runs, as a file that Parse reads as the same
// lesson; a part of one run is a lesson without runs there. It is made of the fields of the lesson, not of its Source, so that it serves a
// lesson that was put together by a program as well. Of an expectation it takes the Text.
func (l *Lesson) Markdown() string {
	w := &fileWriter{}
	w.head(l)
	if heading := escapedHeading(l.Title); headingText(heading) == l.Title {
		w.paragraph("# " + heading)
	}
	if len(l.runs) == 0 {
		w.steps(l.Steps)
	} else {
		w.steps(l.Steps[:l.common])
	}
	for _, run := range l.runs {
		w.run(run.Run, run.Steps[run.common])
		w.steps(run.Steps[run.common:])
	}
	w.endBlock()
	w.paragraph(l.Outro)
	return w.String()
}

// fileWriter writes the file of a lesson.
type fileWriter struct {
	strings.Builder
	open  bool   // a block has begun
	story string // the prose before the newest block
	begun bool   // a run has begun and has no step yet
}

// head writes the settings that differ from what holds without them, and the network.
func (w *fileWriter) head(l *Lesson) {
	w.line(fence)
	w.setting("title", l.Title)
	w.setting("summary", l.Summary)
	w.setting("net", string(l.Net))
	if l.Minutes > 0 {
		w.setting("minutes", strconv.Itoa(l.Minutes))
	}
	w.setting("begin", l.Begin)
	if l.HasWire() && l.Timers == TimersKernel {
		w.setting(timers, l.Timers)
	}
	w.line(fence)
}

// setting writes a line of the head, unless its value is empty.
func (w *fileWriter) setting(key, value string) {
	if value == "" {
		return
	}
	if strings.HasPrefix(value, `"`) || strings.TrimSpace(value) != value {
		value = strconv.Quote(value)
	}
	w.line(key + ": " + value)
}

// steps writes steps. Those that begin a new story begin a block.
func (w *fileWriter) steps(steps []Step) {
	for _, s := range steps {
		if !w.open || s.First && !w.begun {
			w.block(s.Story)
		}
		w.begun = false
		for _, q := range s.Ask {
			w.question(q)
		}
		w.line(s.String())
		if s.Say != "" {
			w.line(wordSay + " " + s.Say)
		}
		for _, x := range s.Expect {
			w.line(wordExpect + " " + x.Text)
		}
	}
}

// run writes the line with which a run begins, in a block of its own if its first step has
// another story than the newest block.
func (w *fileWriter) run(run Run, first Step) {
	if !w.open || first.First && first.Story != w.story {
		w.block(first.Story)
	} else {
		w.line("")
	}
	w.line(wordRun + " " + run.String())
	w.begun = true
}

// question writes a question and its answers, the reasons below each other.
func (w *fileWriter) question(q Question) {
	w.line(wordAsk + " " + q.Text)
	width := 0
	for _, a := range q.Answers {
		width = max(width, len([]rune(a.Text)))
	}
	for _, a := range q.Answers {
		mark := wrongMark
		if a.Right {
			mark = rightMark
		}
		line := fmt.Sprintf("%c %s", mark, a.Text)
		if a.Reason != "" {
			line = fmt.Sprintf("%c %-*s  %c %s", mark, width, a.Text, reasonMark, a.Reason)
		}
		w.line(line)
	}
}

// block begins a block below a story, which may be empty.
func (w *fileWriter) block(story string) {
	w.endBlock()
	w.paragraph(story)
	w.line("")
	w.line("```" + language)
	w.open, w.story = true, story
}

func (w *fileWriter) endBlock() {
	if w.open {
		w.line("```")
	}
	w.open = false
}

// paragraph writes prose after an empty line.
func (w *fileWriter) paragraph(md string) {
	if md != "" {
		w.line("")
		w.line(md)
	}
}

func (w *fileWriter) line(s string) { w.WriteString(s + "\n") }

// escapedHeading returns a plain text as the Markdown of a heading.
func escapedHeading(text string) string {
	var b strings.Builder
	for _, r := range text {
		if slices.Contains([]rune("\\`*_[]<>&#!"), r) {
			b.WriteRune('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// ParseExpectation reads an expectation as a lesson has it, without the word expect: "server
// CLOSED". Wire says that the lesson has a wire. The error is a *sim.SyntaxError whose column
// is that of the text.
func ParseExpectation(text string, wire bool) (Expectation, error) {
	words, err := sim.Words(text)
	if err != nil {
		return Expectation{}, err
	}
	if len(words) == 0 {
		return Expectation{}, &sim.SyntaxError{Col: 1, Msg: "there is no expectation"}
	}
	return parseExpectation(append([]sim.Word{{Text: wordExpect, Col: 1}}, words...), wire)
}
