package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"finwait/internal/testkit/livetest"
	"finwait/netlab"
	"finwait/sim/lesson"
)

// TestCheckOfEmbedded: every lesson of finwait holds on every network that fits it.
func TestCheckOfEmbedded(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		if !netlab.Live {
			t.Skip("live sockets need Linux")
		}
		if netlab.Wire() != nil {
			t.Skip("there is no wire here")
		}
		r := finwait(t, "check", "--net", "all", "--ascii=false")
		var want strings.Builder
		for _, l := range lesson.Embedded() {
			nets := "wire, sim"
			if !l.HasWire() {
				nets = "loopback, wire, sim"
			}
			want.WriteString("✓ " + l.Name + strings.Repeat(" ", 21-len(l.Name)) + "  " + nets + "\n")
		}
		if r.status != exitOK || r.stdout != want.String() {
			t.Errorf("exit status %d, %s\n%s\nwant\n%s", r.status, r.stderr, r.stdout, want.String())
		}
	})
}

// TestCheckOfDirectory: one line for each file with steps, and below it what does not hold.
func TestCheckOfDirectory(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"README.md":         "No lesson.\n\n```go\n```\n",
		"notes.txt":         steps("client close"),
		"a.md":              twoRuns,
		"b.md":              steps("client close", "expect returns 0"),
		"further/broken.md": steps("client clsoe", "expect fails EPIP"),
		"further/wire.md":   "---\nnet: wire\n---\n" + steps("client close", "deliver 9"),
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{"DIR", "--net", "sim"}, exitExpectation, `✗ DIR/a.md               sim fell short
DIR/a.md:12:8: expected returns 1, got returned -1 EPIPE (sim)
✓ DIR/b.md               sim
✗ DIR/further/broken.md
DIR/further/broken.md:4:8: "clsoe" is not a verb; did you mean "close"?
DIR/further/broken.md:5:14: "EPIP" is not the name of an error; did you mean "EPIPE"?
✗ DIR/further/wire.md    sim fell short
DIR/further/wire.md:8:1: refused: segment 9 is not on the wire (sim)
`},
		{[]string{"DIR/b.md", "four-way", "--net", "sim"}, exitOK, "✓ DIR/b.md  sim\n✓ four-way  sim\n"},
		{[]string{"DIR/b.md", "DIR/further/broken.md", "--net", "sim", "--ascii"}, exitUsage, `ok     DIR/b.md               sim
FAILED DIR/further/broken.md
DIR/further/broken.md:4:8: "clsoe" is not a verb; did you mean "close"?
DIR/further/broken.md:5:14: "EPIP" is not the name of an error; did you mean "EPIPE"?
`},
		{[]string{"DIR/further/wire.md", "--net", "loopback"}, exitUnavailable, "- DIR/further/wire.md  does not play on loopback\n"},
	} {
		args := []string{"check", "--ascii=false"}
		for _, arg := range test.args {
			args = append(args, strings.ReplaceAll(arg, "DIR", dir))
		}
		r := finwait(t, args...)
		if got := strings.ReplaceAll(r.stdout, dir, "DIR"); r.status != test.status || unpadded(got) != unpadded(test.want) || r.stderr != "" {
			t.Errorf("%v: exit status %d, want %d, %s\n%s\nwant\n%s", test.args, r.status, test.status, r.stderr, got, test.want)
		}
	}
}

// unpadded returns a text without the spaces that align its columns.
func unpadded(text string) string {
	var lines []string
	for _, line := range strings.Split(text, "\n") {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(lines, "\n")
}

// TestNew: the lesson that new writes explains itself and holds, and no file is overwritten.
func TestNew(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "my-first_lesson")
	r := finwait(t, "new", name)
	if r.status != exitOK || !strings.Contains(r.stdout, name+".md is written") {
		t.Fatalf("exit status %d, %s%s", r.status, r.stdout, r.stderr)
	}
	text, err := os.ReadFile(name + ".md")
	if err != nil || !strings.Contains(string(text), "\n# My first lesson\n") {
		t.Errorf("%v\n%s", err, text)
	}
	for _, form := range []string{"\nsay ", "\nask ", "\nexpect ", "\n## ", "\n# ", "**Take home:**"} {
		if !strings.Contains(string(text), form) {
			t.Errorf("the lesson does not show %q", form)
		}
	}
	if r := finwait(t, "check", "--net", "sim", name+".md"); r.status != exitOK {
		t.Errorf("exit status %d: %s", r.status, r.stdout)
	}
	if r := finwait(t, "new", name); r.status != exitUsage || !strings.Contains(r.stderr, "is there already") {
		t.Errorf("again: exit status %d, %s", r.status, r.stderr)
	}
	if again, err := os.ReadFile(name + ".md"); err != nil || string(again) != string(text) {
		t.Errorf("the file is another one, %v", err)
	}
}

// TestNewHolds: the lesson that new writes is true on this kernel.
func TestNewHolds(t *testing.T) {
	t.Parallel()
	livetest.Play(t, func(t testing.TB) {
		name := filepath.Join(t.TempDir(), "new.md")
		finwait(t, "new", name)
		r := finwait(t, "run", "--port", "0", name)
		unavailable(t, r)
		if r.status != exitOK {
			t.Errorf("exit status %d\n%s", r.status, r.stdout)
		}
	})
}

// TestShow: show prints a lesson as the file it is.
func TestShow(t *testing.T) {
	t.Parallel()
	for _, l := range lesson.Embedded() {
		if r := finwait(t, "show", l.Name); r.status != exitOK || r.stdout != l.Source {
			t.Errorf("%s: exit status %d, %s", l.Name, r.status, r.stderr)
		}
	}
}
