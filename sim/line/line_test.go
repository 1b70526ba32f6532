package line

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"finwait/sim"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"server poll":             "line.Step server poll",
		`:server write "a  b"`:    `line.Step server write "a  b"`,
		" : client close":         "line.Step client close",
		"save out.md":             "{out.md false}",
		"save! out.md":            "{out.md true}",
		`save "two words.md"`:     "{two words.md false}",
		"14":                      "{14}",
		"":                        "there is nothing to do",
		"save":                    `after "save" something is missing; it needs the name of a file, as in save NAME.md`,
		"save a b":                `"b" is too much; it is written save NAME.md`,
		"0":                       `"0" is not the number of a step; it is a number from 1 to 1048576`,
		"server dance":            `"dance" is not a verb`,
		"server":                  `after "server" something is missing; it needs a verb`,
		`server write "a`:         "a quoted text is broken",
		"server poll then close ": "line.Step server poll then close",
	} {
		c, err := Parse(text)
		got := fmt.Sprint(c)
		if s, ok := c.(Step); ok {
			got = fmt.Sprintf("%T %s", c, s.Step)
		}
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, want) {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}

// known is a lab on the wire with a few things in it.
func known() Known {
	return Known{Wire: true, Descriptors: map[sim.End][]int{sim.Server: {3, 4}}, Segments: []int{5, 7}}
}

// While a line can still become right, there is no error; then it says what may follow.
func TestLook(t *testing.T) {
	for _, c := range []struct {
		text, usage, choices, err string
	}{
		{"s", "", "server swap save", ""},
		{"server ", "", "listen connect accept write read shutdown close dup fork sigpipe linger linger2 poll error kill start keepalive usertimeout parent", ""},
		{"client acc", "", "", `"acc" is not a verb`},
		{"server wr", "", "write", ""},
		{"server write", `write "text"|BYTES [nosignal]`, "write", ""},
		{"server write ", `write "text"|BYTES [nosignal]`, `"`, ""},
		{`server write "on`, `write "text"|BYTES [nosignal]`, "", ""},
		{`server write "once" `, `write "text"|BYTES [nosignal]`, "then nosignal", ""},
		{"server write on", `write "text"|BYTES [nosignal]`, "", "the text to write is not in quotes"},
		{"server write on ", `write "text"|BYTES [nosignal]`, "", "the text to write is not in quotes"},
		{"server close ", "close [FD|listener]", "then listener 3 4", ""},
		{"server read 1", "read BYTES [peek]", "", ""},
		{"server read x", "read BYTES [peek]", "", ""},
		{"server read x ", "read BYTES [peek]", "", `"x" is not the number of bytes`},
		{"server poll ", "poll", "then", ""},
		{"server poll then cl", "poll", "close", ""},
		{"server poll x", "poll", "", `"x" is too much`},
		{"server listen ", "listen [noreuse]", "noreuse", ""},
		{"deliver ", "deliver [client|server|all|ID]", "client server all 5 7", ""},
		{"wait until client FIN", "wait TIME|until", "FIN_WAIT1 FIN_WAIT2", ""},
		{"wait 2", "wait TIME|until", "", ""},
		{"sav", "", "save", ""},
		{"save", "", "save", ""},
		{"save x", "save NAME.md", "", ""},
		{"save x y", "save NAME.md", "", `"y" is too much`},
		{"14", "", "", ""},
		{"zzz", "", "", `"zzz" is not the beginning of a step`},
	} {
		v := Look(c.text, known())
		got := ""
		if v.Err != nil {
			got = v.Err.Error()
		}
		if choices := strings.Join(v.Choices, " "); choices != c.choices || !strings.HasPrefix(v.Usage, c.usage) || c.usage == "" && v.Usage != "" {
			t.Errorf("%q: usage %q, choices %q, want %q, %q", c.text, v.Usage, choices, c.usage, c.choices)
		}
		if c.err == "" && got != "" || !strings.HasPrefix(got, c.err) {
			t.Errorf("%q: error %q, want %q", c.text, got, c.err)
		}
	}
	if v := Look("", Known{}); slices.Contains(v.Choices, "deliver") || !slices.Contains(v.Choices, "wait") {
		t.Errorf("without a wire: %q", v.Choices)
	}
}

func TestComplete(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "",
		"ser":                   "server ",
		":ser":                  ":server ",
		"server wr":             "server write ",
		"server write ":         `server write "`,
		"server po":             "server poll ",
		"server k":              "server k",
		"server ke":             "server keepalive ",
		"server l":              "server li",
		"wait u":                "wait until ",
		"wait until cl":         "wait until client ",
		"wait until client FIN": "wait until client FIN_WAIT",
		"server dance":          "server dance",
		"sa":                    "save ",
	} {
		if got := Complete(text, known()); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// Whatever is completed word by word is a step in the end, and no beginning of a step that can be
// written is called wrong.
func TestEveryStepCanBeTyped(t *testing.T) {
	steps := []string{
		"server listen noreuse", "client connect", "server accept then read 5", `server write "é \" x" nosignal`, "client shutdown rdwr",
		"server parent close listener", "server linger 5 listener", "client linger2 none", "client keepalive 1s 500ms 3", "wait until flight from client for 2s",
		"wait until server CLOSE_WAIT", "auto deliver off", "swap client", "drop all", "duplicate 7", "client kill SIGTERM", "server sigpipe handler", "wait 500ms",
	}
	for _, step := range steps {
		for i := range step {
			if v := Look(step[:i], known()); v.Err != nil {
				t.Errorf("%q is called wrong: %v", step[:i], v.Err)
			}
		}
		if _, err := Parse(step); err != nil {
			t.Errorf("%q: %v", step, err)
		}
	}
}

// Nothing that is typed makes the line fail, and what completion adds is a continuation.
func TestAnythingTyped(t *testing.T) {
	words := rapid.SampledFrom([]string{"server", "client", "write", "close", "wait", "until", "then", "deliver", `"a`, `"a"`, "5", " ", "", ":", "save", "\x1b[2J", "内核", "#", `\`})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(words, 0, 8).Draw(t, "words"), " ")
		v := Look(text, known())
		done := Complete(text, known())
		if !strings.HasPrefix(done, text) {
			t.Fatalf("%q became %q", text, done)
		}
		if _, err := Parse(text); err == nil && v.Err != nil {
			t.Fatalf("%q is right and called wrong: %v", text, v.Err)
		}
	})
}

func TestEditor(t *testing.T) {
	e := Edit("server pol")
	e = e.Insert("l").Move(-4).Insert("x\x1b[").Backspace()
	if got := e.String(); got != "server xpoll" {
		t.Errorf("got %q", got)
	}
	if before, after := e.Cursor(); before != "server x" || after != "poll" {
		t.Errorf("cursor between %q and %q", before, after)
	}
	if got := e.Delete().DeleteWord().String(); got != "server oll" {
		t.Errorf("got %q", got)
	}
	if got := e.DeleteAfter().String() + "|" + e.DeleteBefore().String(); got != "server x|poll" {
		t.Errorf("got %q", got)
	}
	if got := Edit("a").Move(-9).Backspace().Move(9).Delete().String(); got != "a" {
		t.Errorf("got %q", got)
	}
	if got := Edit("server\rpoll\tnow").String(); got != "server poll now" {
		t.Errorf("got %q", got)
	}
	if n := len(Edit(strings.Repeat("é", 5000)).text); n != maxLength {
		t.Errorf("%d characters", n)
	}
}

func TestHistory(t *testing.T) {
	h := History{}.Enter("a").Enter("b").Enter("b")
	var got []string
	text := "draft"
	for _, older := range []bool{true, true, true, false, false, false} {
		if older {
			h, text = h.Older(text)
		} else {
			h, text = h.Newer(text)
		}
		got = append(got, text)
	}
	if want := []string{"b", "a", "a", "b", "draft", "draft"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
