package virtual

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"finwait/sim/script"

	"github.com/aymanbagabas/go-udiff"
)

// The kernel's facts, as scripts that the live laboratory has written: the model must do
// the same.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("../../netlab/testdata/scripts/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if want, got := string(src), played(t, openLab(t, Options{}), string(src)); want != got {
				t.Errorf("-kernel +model\n%s", udiff.Unified("kernel", "model", want, got))
			}
		})
	}
}

// played plays a script and returns what the model makes of it.
func played(t *testing.T, l *Lab, src string) string {
	head, steps := script.Parse(src)
	var s script.Summary
	var got strings.Builder
	got.WriteString(head)
	for i, text := range steps {
		events := play(t, l, i+1, text)
		for len(events) > 0 && events[0].Step == 0 { // the processes start
			events = events[1:]
		}
		got.WriteString("\n" + s.Step(text, events))
	}
	return got.String()
}
