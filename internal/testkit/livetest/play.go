package livetest

import (
	"fmt"
	"os"
	"sync"
	"testing"
)

// replays is how often what has failed is played again.
const replays = 5

// alone is held for reading by what is played beside other tests, and for writing by what is
// played again.
var alone sync.RWMutex

// seenOnceEnv names a file to which everything is appended that was seen once: go test shows
// nothing of a package that passes.
const seenOnceEnv = "FINWAIT_SEEN_ONCE"

// Play plays the body of a live test. A failure is played again up to five times, while nothing
// else of this process plays: if it fails again, t fails, with what was said both times. If it
// does not, what was seen once is logged, and appended to the file that FINWAIT_SEEN_ONCE names.
//
// The body gets a testing.TB in the place of t: what it opens is closed (TB.Cleanup) when the
// body has ended, and a failure is not one of t yet. The body must not use t.
func Play(t testing.TB, body func(t testing.TB)) {
	t.Helper()
	alone.RLock()
	first := play(t, body)
	alone.RUnlock()
	switch {
	case first.skipped && !first.failed:
		t.Skip(first.text())
	case !first.failed:
		if text := first.text(); text != "" {
			t.Log(text)
		}
		return
	}
	if first.definite {
		t.Error(first.text())
		return
	}
	alone.Lock()
	defer alone.Unlock()
	for range replays {
		if again := play(t, body); again.failed {
			t.Errorf("it failed:\n%s\nand again, played alone:\n%s", first.text(), again.text())
			return
		}
	}
	SeenOnce(t, fmt.Sprintf("seen once, and not again when it was played %d times alone:\n%s", replays, first.text()))
}

// Definite says of a test that its failure counts the first time: what it has found, a data race,
// is no matter of time. The test t may be the body of Play, or any other.
func Definite(t testing.TB) {
	if a, ok := t.(*attempt); ok {
		a.lock.Lock()
		defer a.lock.Unlock()
		a.definite = true
	}
}

// SeenOnce logs what did not come again, and appends it to the file that FINWAIT_SEEN_ONCE names.
func SeenOnce(t testing.TB, text string) {
	t.Helper()
	t.Log(text)
	name := os.Getenv(seenOnceEnv)
	if name == "" {
		return
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		t.Error(err)
		return
	}
	_, err = fmt.Fprintf(file, "%s: %s\n", t.Name(), text)
	if closed := file.Close(); err != nil || closed != nil {
		t.Error(err, closed)
	}
}
