package cli

import (
	"os"
	"slices"
	"testing"

	"finwait/tui"
)

// TestSaveScreen: each screen has files of its own, and none is overwritten.
func TestSaveScreen(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name string) {
		if err := os.WriteFile(name, []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("finwait-four-way-01.svg")
	write("finwait-four-way-03.txt")
	save := func(s tui.Screen, want ...string) {
		t.Helper()
		if got, err := saveScreen(s); err != nil || !slices.Equal(got, want) {
			t.Errorf("saved as %q (%v), want %q", got, err, want)
		}
	}
	s := tui.Screen{Lesson: "four-way", Text: "a\n", SVG: "<svg/>"}
	save(s, "finwait-four-way-02.txt", "finwait-four-way-02.svg")
	save(s, "finwait-four-way-04.txt", "finwait-four-way-04.svg")
	save(tui.Screen{}, "finwait-menu-01.txt", "finwait-menu-01.svg")
	save(tui.Screen{Lesson: "../\x1b'$;內 b"}, "finwait-_________b-01.txt", "finwait-_________b-01.svg")
	for name, want := range map[string]string{
		"finwait-four-way-01.svg": "mine", "finwait-four-way-03.txt": "mine", "finwait-four-way-02.txt": "a\n", "finwait-four-way-02.svg": "<svg/>",
	} {
		if got, err := os.ReadFile(name); err != nil || string(got) != want {
			t.Errorf("%s has %q (%v), want %q", name, got, err, want)
		}
	}
	for _, name := range []string{"finwait-four-way-01.txt", "finwait-four-way-03.svg"} {
		if _, err := os.Stat(name); err == nil {
			t.Errorf("%s was left behind", name)
		}
	}
}

// TestSaveScreenNowhere: where no file can be written, that is the error.
func TestSaveScreenNowhere(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.Remove(dir); err != nil {
		t.Skip("a current directory cannot be removed here:", err)
	}
	if files, err := saveScreen(tui.Screen{}); err == nil {
		t.Errorf("saved as %q", files)
	}
}
