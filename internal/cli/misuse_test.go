package cli

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/sim/lesson"
)

// misuse is a call that finwait refuses, and what it says on standard error.
type misuse struct {
	name   string
	args   []string
	status int
	says   []string
}

// check runs it: one sentence on standard error, perhaps a hint, nothing on
// standard output.
func (m misuse) check(t testing.TB) {
	t.Helper()
	r := finwait(t, m.args...)
	if r.status != m.status {
		t.Errorf("exit status %d, want %d", r.status, m.status)
	}
	if r.stdout != "" {
		t.Errorf("on standard output: %q", r.stdout)
	}
	oneSentence(t, r.stderr)
	for _, want := range m.says {
		if !strings.Contains(r.stderr, want) {
			t.Errorf("standard error %q does not say %q", r.stderr, want)
		}
	}
}

// inFile is how a complaint begins that is about a place in a file.
var inFile = regexp.MustCompile(`^[^:]+:[0-9]+:[0-9]+: `)

// oneSentence checks that a complaint is one line, with at most a hint below. Of a file there is a
// line for each mistake, at most 20.
func oneSentence(t testing.TB, stderr string) {
	t.Helper()
	sentence, hint, _ := strings.Cut(stderr, "\n")
	for n := 1; n < 20 && inFile.MatchString(sentence) && inFile.MatchString(hint); n++ {
		sentence, hint, _ = strings.Cut(hint, "\n")
	}
	if !strings.HasPrefix(sentence, "finwait: ") && !inFile.MatchString(sentence) || len(sentence) > 500 || hint != "" && hint != "Try: finwait --help\n" {
		t.Errorf("not one sentence: %.600q", stderr)
	}
}

func TestMisuse(t *testing.T) {
	wrong := write(t, "wrong.md", "# Wrong\n\n```finwait\nserver listen\n  client clsoe\n```\n")
	for _, m := range []misuse{
		{"unknown lesson", []string{"run", "nosuch"}, 2, []string{`no lesson "nosuch"`, "client-gone", "four-way"}},
		{"near miss", []string{"run", "client-gnoe"}, 2, []string{`did you mean "client-gone"?`}},
		{"unknown lesson to play", []string{"play", "fourway"}, 2, []string{`did you mean "four-way"?`}},
		{"unknown command", []string{"plya", "four-way"}, 2, []string{`"plya" is not a command; did you mean "play"?`}},
		{"lesson as command", []string{"four-way"}, 2, []string{"finwait play four-way"}},
		{"nothing like a command", []string{"xyzzy"}, 2, []string{`"xyzzy" is not a command`}},
		{"unknown flag", []string{"run", "--jsno", "four-way"}, 2, []string{"unknown flag: --jsno"}},
		{"flag of another command", []string{"run", "--theme", "dark", "four-way"}, 2, []string{"unknown flag: --theme; finwait compare, finwait lab and finwait play have it"}},
		{"flag of run", []string{"play", "--plain", "four-way"}, 2, []string{"unknown flag: --plain; finwait exec and finwait run have it"}},
		{"flag of several", []string{"doctor", "--port", "1"}, 2, []string{"unknown flag: --port; finwait compare, finwait exec, finwait lab, finwait play and finwait run have it"}},
		{"a step beyond the last", []string{"run", "--net", "sim", "--from", "28", "client-gone"}, 2, []string{"--from 28: the lesson client-gone has the steps 1 to 27"}},
		{"an end before the beginning", []string{"run", "--net", "sim", "--from", "3", "--until", "2", "client-gone"}, 2, []string{"--until 2 comes before --from 3"}},
		{"a part of the log", []string{"run", "--net", "sim", "--from", "3", "--json", "client-gone"}, 2, []string{"--json prints the whole log"}},
		{"a lab without a terminal", []string{"lab"}, 2, []string{"lab needs a terminal"}},
		{"two forms", []string{"run", "--json", "--plain", "four-way"}, 2, []string{"json", "plain"}},
		{"a run that there is not", []string{"run", "--net", "sim", "--run", "C", write(t, "two.md", twoRuns)}, 2, []string{`no run "C"; it has A, B`}},
		{"a run of a lesson without runs", []string{"play", "--net", "sim", "--run", "A", "four-way"}, 2, []string{"four-way has no runs"}},
		{"show nothing", []string{"show"}, 2, []string{"show needs one name"}},
		{"show a file", []string{"show", "nosuch.md"}, 2, []string{`no lesson "nosuch.md"`}},
		{"new without a name", []string{"new"}, 2, []string{"new needs one name"}},
		{"new in a directory that there is not", []string{"new", "/nonexistent/a"}, 2, []string{"/nonexistent/a.md", "no such file"}},
		{"check what there is not", []string{"check", "nosuch"}, 2, []string{`no lesson "nosuch"`}},
		{"check a directory without lessons", []string{"check", t.TempDir()}, 2, []string{"has no lesson"}},
		{"check on an unknown network", []string{"check", "--net", "ether"}, 2, []string{`"ether"`, "loopback, wire, sim or all"}},
		{"no lesson", []string{"run"}, 2, []string{"run needs one lesson"}},
		{"two lessons", []string{"play", "four-way", "client-gone"}, 2, []string{"play needs one lesson"}},
		{"argument to lessons", []string{"lessons", "all"}, 2, []string{`takes no argument, got "all"`}},
		{"argument to doctor", []string{"doctor", "me"}, 2, []string{`takes no argument, got "me"`}},
		{"missing file", []string{"run", "/nonexistent/lesson.md"}, 2, []string{"/nonexistent/lesson.md", "no such file"}},
		{"directory", []string{"run", t.TempDir()}, 2, []string{"is a directory"}},
		{"wrong word", []string{"run", wrong}, 2, []string{wrong + `:5:10: "clsoe" is not a verb; did you mean "close"?`}},
		{"unknown network", []string{"run", "--net", "ether", "four-way"}, 2, []string{`"ether"`, "loopback, wire or sim"}},
		{"too narrow", []string{"run", "--width", "39", "four-way"}, 2, []string{"--width 39", "from 40 to 400"}},
		{"no width", []string{"run", "--width", "wide", "four-way"}, 2, []string{`--width "wide"`, "from 40 to 400"}},
		{"port too high", []string{"run", "--port", "65536", "four-way"}, 2, []string{"65536", "0 to 65535"}},
		{"port too low", []string{"run", "--port", "-1", "four-way"}, 2, []string{"-1", "0 to 65535"}},
		{"port of a lesson to play", []string{"play", "--port", "70000", "four-way"}, 2, []string{"70000", "0 to 65535"}},
		{"port of the menu", []string{"--port", "70000"}, 2, []string{"70000", "0 to 65535"}},
		{"no pause", []string{"play", "--auto", "3", "four-way"}, 2, []string{`--auto "3"`, "such as 3s"}},
		{"negative pause", []string{"play", "--auto", "-1s", "four-way"}, 2, []string{"--auto -1s", "such as 3s"}},
		{"no size", []string{"play", "--size", "big", "four-way"}, 2, []string{`--size "big"`, "such as 100x30"}},
		{"too small a size", []string{"play", "--size", "59x30", "four-way"}, 2, []string{"60x16", "500x200"}},
		{"half a size", []string{"play", "--size", "100x", "four-way"}, 2, []string{`--size "100x"`}},
		{"unknown colour", []string{"play", "--color", "blue", "four-way"}, 2, []string{`"blue"`, "auto, always or never"}},
		{"unknown theme", []string{"--theme", "blue"}, 2, []string{`"blue"`, "auto, dark or light"}},
		{"conform on the model", []string{"conform", "--net", "sim"}, 2, []string{"with itself", "wire or loopback"}},
		{"conform on nothing", []string{"conform", "--net", "ether"}, 2, []string{`"ether"`, "wire or loopback"}},
		{"no walks", []string{"conform", "--walks", "0"}, 2, []string{"--walks 0", "from 1 to"}},
		{"no steps", []string{"conform", "--steps", "-1"}, 2, []string{"--steps -1", "from 1 to"}},
		{"too many steps", []string{"conform", "--steps", "100000"}, 2, []string{"--steps 100000", "from 1 to"}},
		{"seed of letters", []string{"conform", "--seed", "x"}, 2, []string{`--seed "x"`, "a number from 0 to 18446744073709551615"}},
		{"walks of letters", []string{"conform", "--walks", "many"}, 2, []string{`--walks "many"`, "a number from 1 to"}},
		{"neither true nor false", []string{"run", "--json=maybe", "four-way"}, 2, []string{`--json "maybe"`, "true or false"}},
		{"logs where there can be none", []string{"conform", "--logs", "/dev/null/logs"}, 2, []string{"cannot keep the logs", "/dev/null"}},
		{"argument to conform", []string{"conform", "all"}, 2, []string{`takes no argument, got "all"`}},
		{"port of letters", []string{"run", "--port", "http", "four-way"}, 2, []string{`--port "http"`, "0 to 65535"}},
		{"port too long", []string{"run", "--port", "99999999999999999999", "four-way"}, 2, []string{`--port "99999999999999999999"`, "0 to 65535"}},
	} {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, m.check)
		})
	}
}

// TestNoHint: what is wrong in a lesson is no question of usage.
func TestNoHint(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		file := write(t, "wrong.md", steps("client clsoe"))
		if r := finwait(t, "run", file); strings.Contains(r.stderr, "Try:") || strings.Contains(r.stderr, "strconv") {
			t.Errorf("standard error %q", r.stderr)
		}
	})
}

// TestNoise: files that are no lessons get one sentence each, and soon.
func TestNoise(t *testing.T) {
	t.Parallel()
	noise := make([]byte, 10<<20)
	random := rand.NewChaCha8([32]byte{1})
	if _, err := random.Read(noise); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"10 MB of noise":   string(noise),
		"1 MB of noise":    string(noise[:lesson.MaxSize]),
		"10 MB of letters": strings.Repeat("finwait ", 10<<17),
		"1 MB of fences":   strings.Repeat("```finwait\n", lesson.MaxSize/11),
		"nothing":          "",
		"escapes":          "# \x1b[2J\x1b]0;owned\a\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			livetest.Play(t, func(t testing.TB) {
				file := write(t, "noise.md", text)
				misuse{args: []string{"run", file}, status: 2, says: []string{file}}.check(t)
			})
		})
	}
}

// TestFellShort: an expectation that does not hold is named, with what there was
// instead, and is the exit status.
func TestFellShort(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		file := write(t, "short.md", steps("server listen", "expect server listening", "expect server ESTABLISHED", "client read 5"))
		r := finwait(t, "run", "--port", "0", file)
		if r.status != exitExpectation || r.stderr != "" {
			t.Errorf("exit status %d, standard error %q", r.status, r.stderr)
		}
		said := strings.Join(strings.Fields(r.stdout), " ") // in however many lines
		for _, want := range []string{"server listening", "expected server ESTABLISHED, got CLOSED", "the client holds no connection"} {
			if !strings.Contains(said, want) {
				t.Errorf("the transcript does not say %q:\n%s", want, r.stdout)
			}
		}
		r = finwait(t, "run", "--json", "--port", "0", file)
		if r.status != exitExpectation {
			t.Errorf("exit status %d with --json", r.status)
		}
		log := readLog(t, r.stdout)
		i := find(t, log, 0, "expectation that fell short", func(e entry) bool { return e.Kind == "expect" && !*e.OK })
		if log[i].Text != "server ESTABLISHED" || log[i].Got != "CLOSED" {
			t.Errorf("expected %q, got %q", log[i].Text, log[i].Got)
		}
		find(t, log, i, "refused step", func(e entry) bool { return e.Kind == "refused" && e.At == "client" })
	})
}

// TestShown: a message shows printable text in any script, and escapes it where the terminal
// may not have more than ASCII; nothing that a terminal obeys comes through.
func TestShown(t *testing.T) {
	const message = "\"\u4f60\u597d\" is not a verb\n\tnor \x1b[2J is"
	for ascii, want := range map[bool]string{
		false: "\"\u4f60\u597d\" is not a verb\n    nor \\x1b[2J is",
		true:  `"\u4f60\u597d" is not a verb` + "\n    nor \\x1b[2J is",
	} {
		if got := shown(message, ascii); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
