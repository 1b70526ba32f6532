package lesson

import (
	"strings"
	"testing"

	"finwait/sim"
)

// A lesson on the model alone has a wire, too: its set-up delivers by itself, and the first
// step finds a connection.
func TestSetUpOnWire(t *testing.T) {
	for net, want := range map[string]string{
		"loopback": "server listen",
		"wire":     "auto deliver on",
		"sim":      "auto deliver on",
	} {
		p := NewPlayer(mustParse(t, "---\nnet: "+net+"\n---\n"+lessonOf("client close")))
		if _, first, _ := p.Next(); first.Step.String() != want {
			t.Errorf("net: %s begins with %q, want %q", net, first.Step, want)
		}
	}
}

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
