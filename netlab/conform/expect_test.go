package conform

import (
	"slices"
	"testing"

	"finwait/sim"
	"finwait/sim/lesson"
)

// What the model says of a step is said in a lesson's words.
func TestCandidates(t *testing.T) {
	for _, c := range []struct {
		what          sim.What
		model, kernel string
		want          []string
	}{
		{sim.WhatState, "FIN_WAIT2, orphan", "CLOSED", []string{"server FIN_WAIT2"}},
		{sim.WhatReturn, "write = -1 EPIPE", "write = 5", []string{"server fails EPIPE"}},
		{sim.WhatReturn, "write = 5", "write = -1 EPIPE", []string{"server returns 5"}},
		{sim.WhatReturn, `write = 5; read = 2 "ab"`, "write = 5; read = 0", []string{`server reads "ab"`}},
		{sim.WhatReturn, "poll = 2 IN OUT", "poll = 1 OUT", []string{"server returns 2"}},
		{sim.WhatReturn, "getsockopt = 0 [EPIPE]", "getsockopt = 0 [0]", []string{"server error EPIPE"}},
		{sim.WhatReturn, "getsockopt = 0 [0]", "getsockopt = 0 [EPIPE]", []string{"server error 0"}},
		{sim.WhatReturn, "fork = child", "", nil},
		{sim.WhatReturn, "", "write = 5", nil},
		{sim.WhatSegment, "FIN ACK seq 1 ack 1", "", []string{`segment "FIN ACK" from server`}},
		{sim.WhatSegment, "", "RST seq 5", []string{`no segment "RST" from server`}},
		{sim.WhatSegment, "ACK ack 2; FIN PSH ACK seq 1 ack 2 len 3", "ACK ack 2; RST ACK seq 1 ack 2", []string{
			`segment "ACK" from server`, `segment "FIN PSH ACK" from server`, `no segment "RST ACK" from server`,
		}},
		{sim.WhatSegment, "SYN seq 0 again", "SYN seq 0 again; SYN seq 0 again", nil},
		{sim.WhatSignal, "SIGPIPE killed", "", []string{"server signal SIGPIPE killed"}},
		{sim.WhatSignal, "", "SIGPIPE handled", []string{"no signal SIGPIPE"}},
		{sim.WhatExit, "141", "", []string{"server exit 141"}},
		{sim.WhatExit, "", "141", []string{"server alive"}},
		{sim.WhatBlocked, "read", "", []string{"server blocked"}},
		{sim.WhatBlocked, "", "read", nil},
	} {
		v := sim.Event{At: sim.Server, Body: sim.Verdict{What: c.what, Model: c.model, Kernel: c.kernel}}
		got := candidates(v)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q becomes %q, want %q", c.what, c.model, got, c.want)
		}
		for _, x := range got {
			if _, err := lesson.Parse("", []byte("```finwait\nserver accept\nexpect "+x+"\n```\n")); err != nil {
				t.Errorf("expect %s: %v", x, err)
			}
		}
	}
}
