package netlab

import (
	"encoding/json"
	"os"
	"slices"
	"sync"
	"testing"

	"finwait/netlab/host"
	"finwait/sim"
	"finwait/sim/check"
)

// beside is a model beside a laboratory of a test, and the log of that.
type beside struct {
	model *check.Checker
	log   []sim.Event
}

// besides are those of the laboratories of the tests.
var besides sync.Map // of *Lab to *beside, or to nil

// besideModel has the model beside a laboratory take one more event, and fails the test where
// it says something else, with the whole log. So every test on live sockets is one of the
// model, too.
func besideModel(t testing.TB, l *Lab, e sim.Event) {
	t.Helper()
	value, _ := besides.LoadOrStore(l, &beside{model: check.New()})
	if value == nil {
		return
	}
	b := value.(*beside)
	b.log = append(b.log, e)
	disagree := slices.DeleteFunc(b.model.Observe(e), func(v sim.Event) bool { return sim.Of[sim.Verdict](v).Agree })
	for _, v := range disagree {
		t.Errorf("step %d: %v", v.Step, v)
	}
	if why := b.model.Silent(); why != "" && len(b.log) == 1 {
		t.Logf("the model says nothing: %s", why)
	}
	for i := 0; i < len(b.log) && len(disagree) > 0; i++ {
		line, err := json.Marshal(b.log[i])
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s", line)
	}
}

// withoutModel says that a test does to its laboratory what no log tells the model.
func withoutModel(l *Lab) { besides.Store(l, nil) }

// Settings of the machine that are not the kernel's are in the log.
func TestMachineSysctls(t *testing.T) {
	t.Parallel()
	list := slices.DeleteFunc(defaults(), func(s host.Sysctl) bool { // an older kernel has fewer
		_, err := os.Stat("/proc/sys/net/ipv4/" + s.Name)
		return err != nil
	})
	for _, s := range machineSysctls(list) {
		t.Logf("%s is %s on this machine, not %s", s.Name, s.Value, s.Default)
	}
	for i := range list {
		list[i].Default = "never"
	}
	if got := machineSysctls(list); len(got) != len(list) || got[0].Value == "" {
		t.Errorf("they differ, and are not told: %v", got)
	}
}
