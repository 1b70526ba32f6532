package lesson

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"finwait/sim"
	"finwait/sim/text"
)

func FuzzParse(f *testing.F) {
	f.Add([]byte(lessonOf("client close", "expect returns 0")))
	f.Add([]byte("---\ntitle: \"a\\tb\"\nminutes: 3\n---\n# A\n===\n- x\n\n  ```finwait\n"))
	f.Add([]byte("> ```finwait\n> wait 1s\n"))
	f.Add([]byte("```finwait\nserver read 1 then close # x\nexpect no segment \"FIN ACK\" from server\n```"))
	f.Add([]byte("\t```finwait\n\twait 1s\n\t```\n"))
	f.Add([]byte(onWire("deliver client", `expect flight "FIN ACK" from server again sent 2`, "swap server", "expect no flight", "expect segment RST dropped")))
	f.Add([]byte("---\ntimers: kernel\n---\n```finwait\ncut\n```\n"))
	f.Add([]byte("a\r\n~~~ finwait\r\nwait 1s\r\n~~~\r\n&#27; <b> ![x](y)"))
	f.Add([]byte(lessonOf("ask What?", `* returns "5" > b`, "-killed by SIGINT>", "client close", "say *a*")))
	f.Add([]byte(lessonOf("client close", "run A: a", "server close", "run B: b", "ask What?", "* blocked", "- returns 0", "client read 1")))
	f.Add([]byte("## A\n" + lessonOf("ask What?", "* returns 0", "- blocked > `no`", "client close", "say <b>&#27;") + "B\n--\n" + lessonOf("client close")))
	for _, name := range names() {
		src, err := files.ReadFile("lessons/" + name + ".md")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		l, err := Parse("f.md", src)
		if err != nil {
			checkPosition(t, src, err)
			return
		}
		if len(l.Steps) == 0 || l.Title == "" {
			t.Fatalf("an empty lesson: %+v", l)
		}
		var steps []Step
		for _, run := range l.Runs() {
			steps = append(steps, run.Steps...)
		}
		for _, s := range steps {
			again, err := sim.ParseStep(s.String())
			if err != nil || again.String() != s.String() {
				t.Errorf("step %q reads as %q, %v", s, again, err)
			}
			checkPlain(t, s.Story)
			checkPlain(t, s.Say)
			checkQuestions(t, s.Ask)
		}
		checkPlain(t, l.Outro)
		sameWritten(t, l)
	})
}

// checkQuestions fails if a question is not what its type promises.
func checkQuestions(t *testing.T, questions []Question) {
	t.Helper()
	for _, q := range questions {
		checkPlain(t, q.Text)
		right := 0
		for _, a := range q.Answers {
			checkPlain(t, a.Reason)
			if a.Right {
				right++
			}
		}
		if n := len(q.Answers); q.Text == "" || n < 2 || n > MaxAnswers || right != 1 || !q.Answers[q.Right()].Right {
			t.Errorf("question %+v", q)
		}
	}
}

// checkPosition fails unless the error is about a place in the file.
func checkPosition(t *testing.T, src []byte, err error) {
	t.Helper()
	var all Errors
	if !errors.As(err, &all) || len(all) == 0 || len(all) > MaxErrors {
		t.Fatalf("%T is not an Errors: %v", err, err)
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(src), "\ufeff"), "\r\n", "\n")
	lines := strings.Split(text, "\n")
	for _, e := range all {
		checkError(t, lines, e)
	}
}

// checkError fails unless the error is about a place in the lines.
func checkError(t *testing.T, lines []string, e *Error) {
	t.Helper()
	if e.Msg == "" || !utf8.ValidString(e.Msg) || strings.ContainsFunc(e.Msg, func(r rune) bool { return r < ' ' }) {
		t.Errorf("message %q", e.Msg)
	}
	if e.Line < 1 || e.Line > len(lines) {
		t.Fatalf("line %d of %d: %v", e.Line, len(lines), e)
	}
	if e.Column < 1 || e.Column > utf8.RuneCountInString(lines[e.Line-1])+1 {
		t.Fatalf("column %d of %q: %v", e.Column, lines[e.Line-1], e)
	}
}

// checkPlain fails if prose could reach a terminal as something other than text.
func checkPlain(t *testing.T, md string) {
	t.Helper()
	for _, line := range Plain(md, 40, text.GlyphsFor(false)) {
		if strings.ContainsFunc(line, func(r rune) bool { return !safe(r) || r == '\t' }) {
			t.Errorf("%q becomes %q", md, line)
		}
	}
}
