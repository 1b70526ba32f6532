package livetest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// outcome returns what becomes of a test that fails the plays of these numbers, 1 and up, and how
// often it was played.
func outcome(t *testing.T, fails ...int) (test *attempt, plays int) {
	t.Helper()
	return play(t, func(t testing.TB) {
		Play(t, func(t testing.TB) {
			plays++
			if slices.Contains(fails, plays) {
				t.Errorf("difference %d", plays)
			}
		})
	}), plays
}

// What fails again fails the test, however late it comes; what does not is logged and kept.
func TestPlay(t *testing.T) {
	for _, test := range []struct {
		name   string
		fails  []int
		failed bool
		plays  int
		says   []string
	}{
		{"never", nil, false, 1, nil},
		{"once", []int{1}, false, 1 + replays, []string{"seen once", "difference 1"}},
		{"twice", []int{1, 2}, true, 2, []string{"difference 1", "again", "difference 2"}},
		{"again in the end", []int{1, 1 + replays}, true, 1 + replays, []string{"difference 1", "again", "difference 6"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			kept := filepath.Join(t.TempDir(), "seen-once")
			t.Setenv(seenOnceEnv, kept)
			got, plays := outcome(t, test.fails...)
			if got.failed != test.failed || plays != test.plays {
				t.Errorf("failed: %v after %d plays", got.failed, plays)
			}
			for _, want := range test.says {
				if !strings.Contains(got.text(), want) {
					t.Errorf("%q is not in what it says:\n%s", want, got.text())
				}
			}
			if test.says == nil && got.text() != "" {
				t.Errorf("it says %q", got.text())
			}
			text, _ := os.ReadFile(kept)
			if once := len(test.fails) == 1; strings.Contains(string(text), t.Name()+": seen once") != once {
				t.Errorf("kept is %q", text)
			}
		})
	}
}

// A definite failure is not played again.
func TestPlayDefinite(t *testing.T) {
	plays := 0
	got := play(t, func(t testing.TB) {
		Play(t, func(t testing.TB) {
			plays++
			Definite(t)
			t.Error("a data race")
		})
	})
	if !got.failed || plays != 1 || !strings.Contains(got.text(), "a data race") {
		t.Errorf("failed: %v after %d plays\n%s", got.failed, plays, got.text())
	}
}

func TestPlaySkips(t *testing.T) {
	got := play(t, func(t testing.TB) {
		Play(t, func(t testing.TB) { t.Skipf("no %s here", "kernel") })
		t.Error("it goes on")
	})
	if !got.skipped || got.failed || !strings.Contains(got.text(), "no kernel here") {
		t.Errorf("skipped: %v, failed: %v\n%s", got.skipped, got.failed, got.text())
	}
}

// A body that ends early is closed like one that ends, the newest first.
func TestPlayCleansUp(t *testing.T) {
	for name, end := range map[string]func(testing.TB){
		"at its end": func(testing.TB) {},
		"fatal":      func(t testing.TB) { t.Fatal("over") },
		"skipped":    func(t testing.TB) { t.SkipNow() },
	} {
		var order []string
		a := play(t, func(t testing.TB) {
			t.Cleanup(func() { order = append(order, "first") })
			t.Cleanup(func() { t.Fatal("cannot be closed") })
			t.Cleanup(func() {
				if t.Context().Err() == nil {
					t.Error("the context lives")
				}
				order = append(order, "last")
			})
			if t.Context().Err() != nil {
				t.Error("the context is over")
			}
			end(t)
		})
		if !slices.Equal(order, []string{"last", "first"}) || !a.failed || strings.Contains(a.text(), "context") {
			t.Errorf("%s: %q\n%s", name, order, a.text())
		}
	}
}

// complain is a helper: the place of what it says is its caller's.
func complain(t testing.TB) {
	t.Helper()
	t.Error("a complaint")
}

func TestPlaceOfAHelper(t *testing.T) {
	a := play(t, func(t testing.TB) {
		complain(t)
		t.Log("a remark")
	})
	lines := strings.Split(a.text(), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "play_test.go:") || !strings.HasPrefix(lines[1], "play_test.go:") {
		t.Fatalf("it says %q", lines)
	}
	if first, second := lines[0], lines[1]; first >= second { // one line below the other
		t.Errorf("the helper's caller is at %q, the next line at %q", first, second)
	}
}
