package lesson

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"finwait/sim"
)

// lessonOf returns the text of a lesson with one block of those lines. The block's
// first line is line 4 of the file.
func lessonOf(lines ...string) string {
	return "prose\n\n```finwait\n" + strings.Join(lines, "\n") + "\n```\n"
}

// onWire returns the text of a lesson on the wire. The block's first line is line 7.
func onWire(lines ...string) string { return "---\nnet: wire\n---\n" + lessonOf(lines...) }

func mustParse(t *testing.T, src string) *Lesson {
	t.Helper()
	l, err := Parse("dir/test.md", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

const halfAClose = `---
# a comment
title: Half a close
summary: "What \"shutdown\" does."
net: sim
minutes: 4
---

# Half a close

Some *prose*.

` + "```finwait" + `
client shutdown wr   # a comment
expect client FIN_WAIT2

server read 100
` + "```" + `

` + "``` finwait some words" + `
server close
` + "```" + `

More prose.

` + "~~~~finwait" + `
client close
expect returns 0
expect no segment
` + "~~~~" + `

**Take home:** it is over.
`

func TestParse(t *testing.T) {
	l := mustParse(t, halfAClose)
	if l.Name != "test" || l.Title != "Half a close" || l.Summary != `What "shutdown" does.` || l.Net != sim.Model || l.Minutes != 4 {
		t.Errorf("front matter: %+v", l)
	}
	if l.Begin != BeginConnected {
		t.Errorf("begins with %s", l.Begin)
	}
	if l.Outro != "**Take home:** it is over." {
		t.Errorf("outro %q", l.Outro)
	}
	var got []string
	for _, s := range l.Steps {
		text := fmt.Sprintf("%d %s first=%t story=%q", s.Line, s, s.First, s.Story)
		for _, x := range s.Expect {
			text += fmt.Sprintf(" [%d %s]", x.Line, x.Text)
		}
		got = append(got, text)
	}
	want := []string{
		`14 client shutdown wr first=true story="Some *prose*." [15 client FIN_WAIT2]`,
		`17 server read 100 first=false story="Some *prose*."`,
		`21 server close first=false story="Some *prose*."`,
		`27 client close first=true story="More prose." [28 returns 0] [29 no segment]`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestParseTitle(t *testing.T) {
	block := "\n```finwait\nclient close\n```\n"
	tests := []struct{ name, src, title, story string }{
		{"from the front matter", "---\ntitle: A\n---\nprose\n" + block, "A", "prose"},
		{"the heading repeats it", "---\ntitle: A\n---\n\n# A\n\nprose\n" + block, "A", "prose"},
		{"the heading says more", "---\ntitle: A\n---\n# B\n\nprose\n" + block, "A", "# B\n\nprose"},
		{"from the heading", "# The *first* `write`\nprose\n" + block, "The first `write`", "prose"},
		{"underlined", "The first\nwrite\n=====\nprose\n" + block, "The first write", "prose"},
		{"a later heading", "prose\n\n# A\n\nmore\n" + block, "A", "prose\n\n# A\n\nmore"},
		{"a small heading", "## A\nprose\n" + block, "A", "## A\nprose"},
		{"from the file", "prose\n" + block, "test", "prose"},
		{"an empty heading", "#\n\nprose\n" + block, "test", "#\n\nprose"},
		{"no prose", block, "test", ""},
		{"tabs", "---\ntitle:\tA\tB\n---\n" + block, "A B", ""},
		{"escaped escape", "---\ntitle: \"A\\x1bB\"\n---\n" + block, `A\x1bB`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := mustParse(t, test.src)
			if l.Title != test.title || l.Steps[0].Story != test.story {
				t.Errorf("title %q, story %q", l.Title, l.Steps[0].Story)
			}
		})
	}
}

func TestParseFirstStepIsFirstWithoutProse(t *testing.T) {
	if l := mustParse(t, "```finwait\nclient close\n```\n"); !l.Steps[0].First {
		t.Error("the first step of the lesson begins no block")
	}
}

func TestParseBegin(t *testing.T) {
	tests := []struct{ name, front, step, want string }{
		{"no listen", "", "client close", BeginConnected},
		{"listen", "", "server listen", BeginNothing},
		{"the server connects", "---\nnet: wire\n---\n", "server connect", BeginNothing},
		{"no listen, nothing", "---\nbegin: nothing\n---\n", "client close", BeginNothing},
		{"listen, connected", "---\nbegin: connected\n---\n", "server listen", BeginConnected},
		{"listen again after a close", "", "server close\nserver kill SIGTERM\nserver start\nserver listen noreuse", BeginConnected},
		{"a write before listen", "", "client write 1\nserver listen", BeginConnected},
		{"an option of the connection before listen", "", "client linger 0\nserver listen", BeginConnected},
		{"a process before listen", "", "server fork\nclient sigpipe ignore\nwait 1s\nserver listen\nserver linger 0 listener", BeginNothing},
		{"a client that meets no listener", "", "client connect\nclient error\nserver listen", BeginNothing},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if l := mustParse(t, test.front+lessonOf(test.step)); l.Begin != test.want {
				t.Errorf("begins with %s, want %s", l.Begin, test.want)
			}
		})
	}
}

func TestParseName(t *testing.T) {
	for file, want := range map[string]string{
		"a.md":                 "a",
		"/x/y.z/b.markdown":    "b",
		`c:\lessons\four.md`:   "four",
		"none":                 "none",
		".md":                  ".md",
		"dir.md/05-fin.txt":    "05-fin.txt",
		"x/\x1b]0;evil\a.md":   `\x1b]0;evil\a`,
		"x/broken\xff\xfe.md":  `broken\xff\xfe`,
		"服务器.md":               "服务器",
		"/work/with space.md":  "with space",
		"trailing/slash/":      "",
		"double.markdown.md":   "double.markdown",
		"right\u202eleft.md":   `right\u202eleft`,
		"not\ufffdquite.md":    "not\ufffdquite",
		"lessons/four-way.md":  "four-way",
		"lessons/FOUR-WAY.MD":  "FOUR-WAY.MD",
		"relative/../other.md": "other",
	} {
		l, err := Parse(file, []byte(lessonOf("client close")))
		if err != nil {
			t.Fatal(err)
		}
		if l.Name != want {
			t.Errorf("%q is called %q, want %q", file, l.Name, want)
		}
	}
}

func TestParseForeignLineEnds(t *testing.T) {
	src := "---\ntitle: A\nnet: sim\n---\nprose\n\n```finwait\nclient close\nexpect returns 0\n```\n"
	want := mustParse(t, src)
	got := mustParse(t, "\ufeff"+strings.ReplaceAll(src, "\n", "\r\n"))
	if got.Title != want.Title || got.Net != want.Net || got.Steps[0].Story != want.Steps[0].Story ||
		got.Steps[0].Line != want.Steps[0].Line || len(got.Steps[0].Expect) != 1 {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestParseChainedStep(t *testing.T) {
	l := mustParse(t, lessonOf("server read 100 then close"))
	if got := l.Steps[0].Step; got.Then == nil || got.Then.Verb != sim.VerbClose {
		t.Errorf("got %v", got)
	}
}

// TestParseQuestion: questions and sentences belong to their steps. Their text is Markdown, in
// which quotes and # mean nothing.
func TestParseQuestion(t *testing.T) {
	l := mustParse(t, lessonOf(
		`ask What will "write" #1 do?`,
		`*returns 5   # as always`,
		`- reads ">" > It doesn't read. # "`,
		`-  killed by SIGPIPE`,
		"",
		"ask And the server?",
		"- server CLOSED",
		"* server CLOSE_WAIT >It was told.",
		`client write "hello" then close`,
		"expect returns 0",
		`  say  The kernel *keeps* "hello" # and sends it.  `,
		"server close",
	))
	var got []string
	for _, s := range l.Steps {
		got = append(got, fmt.Sprintf("%s say=%q", s, s.Say))
		for _, q := range s.Ask {
			got = append(got, fmt.Sprintf("  %d %s, %d is right", q.Line, q.Text, q.Right()))
			for _, a := range q.Answers {
				got = append(got, fmt.Sprintf("    %d %s > %s", a.Line, a.Text, a.Reason))
			}
		}
	}
	want := `client write "hello" then close say="The kernel *keeps* \"hello\" # and sends it."
  4 What will "write" #1 do?, 0 is right
    5 returns 5 > ` + `
    6 reads ">" > It doesn't read. # "
    7 killed by SIGPIPE > ` + `
  9 And the server?, 1 is right
    10 server CLOSED > ` + `
    11 server CLOSE_WAIT > It was told.
server close say=""`
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

// TestParseChapters: a second-level heading with a step below it is a chapter.
func TestParseChapters(t *testing.T) {
	block := "\n```finwait\nclient read 1\nserver read 1\n```\n"
	l := mustParse(t, "# Title\n\n## Nothing here\n## The *first* `one`\n"+block+"### no chapter\n"+block+
		"> ## in a quotation\n\nThe second\n----------\n"+block+"## Further reading\n")
	want := []Chapter{{"The first `one`", 0}, {"The second", 4}}
	if !slices.Equal(l.Chapters, want) {
		t.Errorf("got %+v, want %+v", l.Chapters, want)
	}
	if !strings.Contains(l.Steps[0].Story, "## The *first* `one`") {
		t.Errorf("the heading is not in the story: %q", l.Steps[0].Story)
	}
}

// TestParseRuns: each run is a lesson, of the common beginning and of its own steps, with the
// expectations of its own.
func TestParseRuns(t *testing.T) {
	l := mustParse(t, "# T\n\nBoth.\n\n```finwait\nclient close\nexpect client FIN_WAIT2\n\n run A: default\nserver write 1\nexpect returns 1\n"+
		"run B : it is *ignored* # so\nask What?\n* returns 2\n- blocked\nserver write 2\nsay B.\n```\n\n## More of B\n\n```finwait\nserver close\n```\n"+
		"\nOf C.\n\n```finwait\nrun 3: neither\nwait 1s\n```\nEnd.\n")
	if l != l.Runs()[0] {
		t.Error("the first run is not the lesson")
	}
	var got []string
	for _, run := range l.Runs() {
		if len(run.Runs()) != 3 || run.Runs()[1] != l.Runs()[1] {
			t.Errorf("run %s knows others than its own", run.Run)
		}
		got = append(got, fmt.Sprintf("%s %v, %s", run.Run, run.Chapters, run.Outro))
		for _, s := range run.Steps {
			text := fmt.Sprintf("  %d %s first=%t %q %s", s.Line, s, s.First, s.Story, s.Say)
			for _, x := range s.Expect {
				text += " [" + x.Text + "]"
			}
			for _, q := range s.Ask {
				text += " ?" + q.Answers[q.Right()].Text
			}
			got = append(got, text)
		}
	}
	want := `A: default [], End.
  6 client close first=true "Both."  [client FIN_WAIT2]
  10 server write 1 first=false "Both."  [returns 1]
B: it is *ignored* # so [{More of B 2}], End.
  6 client close first=true "Both."  [client FIN_WAIT2]
  16 server write 2 first=false "Both." B. ?returns 2
  23 server close first=true "## More of B" ` + `
3: neither [], End.
  6 client close first=true "Both."  [client FIN_WAIT2]
  30 wait 1s first=true "Of C." `
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	if l := mustParse(t, lessonOf("client close")); len(l.Runs()) != 1 || l.Runs()[0] != l || l.Run.String() != "" {
		t.Errorf("a lesson without runs has %v", l.Runs())
	}
}
