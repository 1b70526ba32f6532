package way

import (
	"fmt"
	"testing"

	"finwait/sim"
)

// numbered returns the events as those of step n.
func numbered(n int, events []sim.Event) []sim.Event {
	list := make([]sim.Event, len(events))
	for i, e := range events {
		e.Step = n
		list[i] = e
	}
	return list
}

// TestComparison: two logs are compared step by step, as soon as a step is whole in both, in
// whichever order their events come.
func TestComparison(t *testing.T) {
	setUp := append(happened("server listen", returns(sim.Server, 7, "listen", sim.Result{})), happened("client connect", state(sim.Client, sim.Established))...)
	closed := happened("client close", returns(sim.Client, 7, "close", sim.Result{}), sent(sim.Client, sim.FIN|sim.ACK, 1, 0))
	killed := happened("client kill SIGINT", sim.Event{At: sim.Client, Body: sim.ProcessExited{Signal: "SIGINT", Status: 130}}, sent(sim.Client, sim.FIN|sim.ACK, 1, 0))
	nothing := happened("wait 5s")
	for name, c := range map[string]struct {
		logs [2][][]sim.Event
		want string // while the logs grow, and when they are over
	}{
		"nothing":           {[2][][]sim.Event{{}, {}}, "the same; the same"},
		"the same":          {[2][][]sim.Event{{setUp, closed}, {setUp, closed}}, "the same; the same"},
		"the second step":   {[2][][]sim.Event{{setUp, closed, closed, closed}, {setUp, closed, killed, closed}}, "2 client return; 2 client return"},
		"the set-up":        {[2][][]sim.Event{{setUp, closed}, {nil, closed}}, "0 server return; 0 server return"},
		"a step more":       {[2][][]sim.Event{{setUp, closed}, {setUp, closed, killed}}, "the same; 2 client exit"},
		"a step less":       {[2][][]sim.Event{{setUp, closed, killed}, {setUp, closed}}, "the same; 2 client exit"},
		"a quiet step more": {[2][][]sim.Event{{setUp, closed, nothing}, {setUp, closed}}, "the same; the same"},
	} {
		for order := range 3 {
			var cmp Comparison
			var both [2][]sim.Event
			for log, steps := range c.logs {
				for n, events := range steps {
					both[log] = append(both[log], numbered(n, events)...)
				}
			}
			switch order {
			case 0, 1:
				for _, log := range []int{order, 1 - order} {
					for _, e := range both[log] {
						cmp.Apply(log, e)
					}
				}
			case 2:
				for i := range max(len(both[0]), len(both[1])) {
					for log := range both {
						if i < len(both[log]) {
							cmp.Apply(log, both[log][i])
						}
					}
				}
			}
			got := first(&cmp)
			cmp.End(0)
			cmp.End(1)
			if got += "; " + first(&cmp); got != c.want {
				t.Errorf("%s, order %d: got %q, want %q", name, order, got, c.want)
			}
		}
	}
}

// TestSame: the set-up is no step.
func TestSame(t *testing.T) {
	var c Comparison
	for n, want := range []int{0, 1, 2} {
		for log := range 2 {
			for _, e := range numbered(n, happened("client close", state(sim.Client, sim.FinWait1))) {
				c.Apply(log, e)
			}
		}
		if got := c.Same(); got != want {
			t.Errorf("after step %d %d are the same", n, got)
		}
	}
}

func first(c *Comparison) string {
	step, facts, ok := c.First()
	if !ok {
		return "the same"
	}
	return fmt.Sprint(step, " ", facts[0].At, " ", facts[0].What)
}
