package lesson

import (
	"strings"
	"testing"

	"finwait/sim"
)

func TestParseWire(t *testing.T) {
	tests := []struct {
		head   string
		net    sim.Net
		timers string
	}{
		{"", sim.Loopback, TimersPatient},
		{"net: wire\n", sim.Wire, TimersPatient},
		{"net: wire\ntimers: patient\n", sim.Wire, TimersPatient},
		{"timers: kernel\nnet: wire\n", sim.Wire, TimersKernel},
	}
	for _, test := range tests {
		l := mustParse(t, "---\n"+test.head+"---\n"+lessonOf("client close"))
		if l.Net != test.net || l.Timers != test.timers {
			t.Errorf("%q: net %s, timers %s", test.head, l.Net, l.Timers)
		}
	}
	for _, u := range sim.Usages() {
		if step := strings.NewReplacer("[", "", "|", " ").Replace(u.Syntax()); u.Wire {
			words := strings.Fields(step)
			mustParse(t, onWire(strings.Join(words[:min(2, len(words))], " ")+map[bool]string{true: " on"}[u.Verb == sim.VerbAuto]))
		}
	}
}
