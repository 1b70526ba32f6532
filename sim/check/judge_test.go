package check

import (
	"fmt"
	"strings"
	"testing"

	"finwait/sim"
)

// What a program saw comes first. Where a death is the difference, what follows from it is left
// out.
func TestArrange(t *testing.T) {
	v := func(at sim.End, what sim.What, model, kernel string) verdict {
		return verdict{at, sim.Verdict{What: what, Model: model, Kernel: kernel, Agree: model == kernel}}
	}
	for _, c := range []struct {
		name     string
		verdicts []verdict
		want     string
	}{
		{"a death", []verdict{
			v(sim.Server, sim.WhatState, "LISTEN", "CLOSED"), v(sim.Client, sim.WhatState, "CLOSED", "CLOSED"),
			v(sim.Server, sim.WhatSegment, "", "RST seq 2"), v(sim.Client, sim.WhatSegment, "ACK ack 2", ""),
			v(sim.Server, sim.WhatReturn, "write = -1 ECONNRESET", ""), v(sim.Server, sim.WhatSignal, "", "SIGPIPE killed"),
			v(sim.Server, sim.WhatExit, "", "141"), v(sim.Server, sim.WhatBlocked, "read", ""),
		}, "server return, server signal, server exit, client segments, client state"},
		{"two deaths", []verdict{v(sim.Server, sim.WhatState, "LISTEN", "CLOSED"), v(sim.Server, sim.WhatExit, "143", "141")}, "server exit, server state"},
		{"no death", []verdict{v(sim.Client, sim.WhatState, "A", "B"), v(sim.Client, sim.WhatSegment, "", "RST"), v(sim.Client, sim.WhatReturn, "a", "b")}, "client return, client segments, client state"},
		{"refused", []verdict{v(sim.Client, sim.WhatReturn, "a", ""), v(sim.Client, sim.WhatRefused, "", "why")}, "client refused, client return"},
	} {
		var got []string
		for _, v := range arrange(c.verdicts) {
			got = append(got, fmt.Sprint(v.at, " ", v.What))
		}
		if got := strings.Join(got, ", "); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}
