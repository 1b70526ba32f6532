package cli

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"finwait/sim"
	"finwait/sim/lesson"
)

// The README's tables are what the program says of itself. To renew them, copy
// what a failure prints.
func TestREADME(t *testing.T) {
	src, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	readme := string(src)
	var verbs strings.Builder
	for _, u := range sim.Usages() {
		fmt.Fprintf(&verbs, "| `%s` | %s |\n", strings.ReplaceAll(u.Syntax(), "|", `\|`), u.Help)
	}
	for name, table := range map[string]string{"steps": verbs.String(), "what walks leave out": leftOut("| %s | %s |\n")} {
		if !strings.Contains(readme, table) {
			t.Errorf("README.md does not have the table of %s:\n%s", name, table)
		}
	}
	for _, l := range lesson.Embedded() {
		if !strings.Contains(readme, "| `"+l.Name+"` |") {
			t.Errorf("README.md does not name the lesson %s", l.Name)
		}
	}
}
