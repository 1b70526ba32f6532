package cli

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"finwait/sim"
	"finwait/sim/lesson"
)

// The manual's tables are what the program says of itself. To renew them, copy what a
// failure prints.
func TestManual(t *testing.T) {
	var verbs strings.Builder
	for _, u := range sim.Usages() {
		fmt.Fprintf(&verbs, "| `%s` | %s |\n", strings.ReplaceAll(u.Syntax(), "|", `\|`), u.Help)
	}
	var head strings.Builder
	for _, k := range lesson.HeadKeys() {
		fmt.Fprintf(&head, "| `%s` | %s | %s |\n", k.Key, k.Value, k.Without)
	}
	for _, table := range []struct{ file, rows string }{
		{"../../docs/lessons.md", "|---|---|---|\n" + head.String() + "\n"},
		{"../../docs/lessons.md", verbs.String()},
		{"../../docs/conform.md", leftOut("| %s | %s |\n")},
	} {
		if !strings.Contains(read(t, table.file), table.rows) {
			t.Errorf("%s does not have this table:\n%s", table.file, table.rows)
		}
	}
	readme := read(t, "../../README.md")
	for _, l := range lesson.Embedded() {
		if !strings.Contains(readme, "| `"+l.Name+"` |") {
			t.Errorf("README.md does not name the lesson %s", l.Name)
		}
	}
}

// Every command, and every flag of its own, is in the manual.
func TestManualHasCommands(t *testing.T) {
	manual := read(t, "../../docs/commands.md") + read(t, "../../docs/conform.md")
	for _, c := range newRoot().Commands() {
		if c.Hidden || c.Name() == "help" {
			continue
		}
		if !strings.Contains(manual, "`finwait "+c.Name()) {
			t.Errorf("the manual does not name finwait %s", c.Name())
		}
		c.LocalFlags().VisitAll(func(f *pflag.Flag) {
			if f.Name != "help" && !strings.Contains(manual, "`--"+f.Name) {
				t.Errorf("the manual does not name finwait %s --%s", c.Name(), f.Name)
			}
		})
	}
}

// read returns the text of a file.
func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
