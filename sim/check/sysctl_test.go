package check

import (
	"testing"

	"finwait/sim"
	"finwait/sim/model"
)

// A log of hosts with settings that the model does not know has no verdicts.
func TestCheckerOfOtherSettings(t *testing.T) {
	truth := logOf(t, model.Options{Wire: true, KernelTimers: true}, handshake("client close", "deliver")...)
	for _, test := range []struct {
		name, value, normal string
		judges              bool
	}{
		{"tcp_fin_timeout", "30", "60", true},
		{"tcp_timestamps", "0", "1", false},
		{"tcp_sack", "0", "1", false},
		{"tcp_syncookies", "2", "1", false},
		{"tcp_tw_reuse", "1", "2", false},
		{"tcp_tw_reuse", "2", "2", true},
		{"tcp_orphan_retries", "few", "0", false},
	} {
		lab := *sim.Of[sim.LabOpened](truth[0]).Setting
		lab.Sysctls = []sim.Sysctl{{Name: test.name, Value: test.value, Default: test.normal}}
		first := truth[0]
		sim.Edit(&first, func(b *sim.LabOpened) { b.Setting = &lab })
		s, verdicts := New(), 0
		for _, e := range append([]sim.Event{first}, truth[1:]...) {
			verdicts += len(s.Observe(e))
		}
		if (s.Silent() == "") != test.judges || verdicts > 0 != test.judges {
			t.Errorf("%s %s: %d verdicts, silent: %q", test.name, test.value, verdicts, s.Silent())
		}
	}
}
