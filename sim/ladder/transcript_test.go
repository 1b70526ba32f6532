package ladder_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/exp/golden"

	"finwait/sim"
	. "finwait/sim/ladder"
)

const prose = `# A test

The client goes away; the server does not notice, or does not care, and goes on sending what it has to say.

- A FIN says one thing: *I will send no more.* It does not say that nobody is listening: half-closed is legal.
- ` + "`write`" + ` only puts bytes into the send buffer.

| a | table |

    code stays
`

// transcript plays a log: the prose stands before the first step.
func transcript(t Transcript, log []sim.Event) string {
	var lines []string
	told := false
	for _, e := range log {
		if e.Kind == sim.KindStep && e.Step == 1 && !told {
			told = true
			lines = append(lines, t.Story(prose)...)
		}
		lines = append(lines, t.Apply(e)...)
	}
	return strings.Join(append(lines, t.Flush()...), "\n") + "\n"
}

func failing() []sim.Event {
	s := refusedStep()
	s.settled()
	return append(clientKilled().log, s.log[len(s.log)-6:]...)
}

func TestTranscript(t *testing.T) {
	for name, tr := range map[string]Transcript{
		"usual": {}, "wide": {Width: 98}, "ascii": {ASCII: true}, "plain": {Plain: true},
	} {
		t.Run(name, func(t *testing.T) { golden.RequireEqual(t, transcript(tr, failing())) })
	}
	for name, tr := range map[string]Transcript{"wire": {}, "wire-plain": {Plain: true}} {
		t.Run(name, func(t *testing.T) {
			golden.RequireEqual(t, transcript(tr, append(wireLostFIN().log, sim.Event{Kind: sim.KindSettled})))
		})
	}
	t.Run("met", func(t *testing.T) {
		s := fourWay()
		s.expect("client CLOSED", "")
		golden.RequireEqual(t, transcript(Transcript{}, s.log))
	})
}
