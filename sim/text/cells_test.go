package text

import (
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// The short way gives what the long one would.
func TestCells(t *testing.T) {
	for r := ' '; r < 0x3000; r++ {
		if got, want := Cells(string(r)), ansi.StringWidth(string(r)); got != want {
			t.Errorf("%U %q is %d cells wide, want %d", r, r, got, want)
		}
	}
	for s, want := range map[string]int{"": 0, "FIN": 3, "你好": 4, "e\u0301": 1, "👩‍💻": 2, "▶\ufe0f": 2, "می\u200cرود": 5} {
		if got := Cells(s); got != want {
			t.Errorf("%q is %d cells wide, want %d", s, got, want)
		}
	}
}
