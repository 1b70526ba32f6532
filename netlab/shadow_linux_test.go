package netlab

import (
	"os"
	"slices"
	"sync"
	"testing"

	"finwait/netlab/host"
	"finwait/sim"
	"finwait/sim/virtual"
)

// shadows are the models beside the laboratories of the tests.
var shadows sync.Map // of *Lab to *virtual.Shadow

// besideModel has the model beside a laboratory take one more event, and fails the test where
// it says something else. So every test on live sockets is one of the model, too.
func besideModel(t testing.TB, l *Lab, e sim.Event) {
	t.Helper()
	s, _ := shadows.LoadOrStore(l, virtual.NewShadow())
	if s == nil {
		return
	}
	for _, v := range s.(*virtual.Shadow).Observe(e) {
		if !v.OK {
			t.Errorf("step %d: %v", v.Step, v)
		}
	}
}

// withoutModel says that a test does to its laboratory what no log tells the model.
func withoutModel(l *Lab) { shadows.Store(l, nil) }

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
