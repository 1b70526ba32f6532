package netlab

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"

	"finwait/sim"
	"finwait/sim/check"
)

// checked is the log of a laboratory of a test, and the checker that has observed it.
type checked struct {
	checker *check.Checker
	log     []sim.Event
}

// checks are the logs of the laboratories of all tests.
var checks sync.Map // of *Lab to *checked, or to nil

// compareWithModel has the checker of a laboratory observe one more event. It fails the test
// where the model says something else, and prints the whole log: every test on live sockets is
// one of the model, too.
func compareWithModel(t testing.TB, l *Lab, e sim.Event) {
	t.Helper()
	value, _ := checks.LoadOrStore(l, &checked{checker: check.New()})
	if value == nil {
		return
	}
	c := value.(*checked)
	c.log = append(c.log, e)
	disagree := slices.DeleteFunc(c.checker.Observe(e), func(v sim.Event) bool { return sim.Of[sim.Verdict](v).Agree })
	for _, v := range disagree {
		t.Errorf("step %d: %v", v.Step, v)
	}
	if why := c.checker.Silent(); why != "" && len(c.log) == 1 {
		t.Logf("the model says nothing: %s", why)
	}
	for i := 0; i < len(c.log) && len(disagree) > 0; i++ {
		line, err := json.Marshal(c.log[i])
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s", line)
	}
}

// withoutModel turns off the comparison: the test does to its laboratory what no log tells the
// model.
func withoutModel(l *Lab) { checks.Store(l, nil) }
