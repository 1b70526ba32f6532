package netlab

import (
	"os"
	"slices"
	"testing"

	"finwait/netlab/host"
)

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
