package check

import (
	"slices"
	"testing"

	"finwait/sim"
	"finwait/sim/model"
)

// What a timer must have done, and the kernel has not, is a disagreement.
func TestCheckerMissesWhatIsOverdue(t *testing.T) {
	for name, test := range map[string]struct {
		steps []string // the last is the one in which nothing happens
		what  sim.What
	}{
		"a retransmission":       {[]string{`client write "a"`, "wait 4s"}, sim.WhatSegment},
		"a FIN again":            {[]string{"client close", "wait 4s"}, sim.WhatSegment},
		"on a cable that is cut": {[]string{"cut", `client write "a"`, "wait 4s"}, sim.WhatSegment},
		"to give up":             {[]string{`client write "a"`, "client usertimeout 300ms", "wait 3s"}, sim.WhatState},
		"the end of TIME_WAIT":   {[]string{"client close", "deliver", "deliver", "server close", "deliver", "deliver", "wait 2m"}, sim.WhatState},
		"the end of FIN_WAIT2":   {[]string{"client linger2 1", "client close", "deliver", "deliver", "wait 3s"}, sim.WhatState},
		"a keepalive probe":      {[]string{"server keepalive 1s 1s 3", "wait 3s"}, sim.WhatSegment},
		"the end of a keepalive": {[]string{"server keepalive 1s 1s 1", "wait 1200ms", "wait 4s"}, sim.WhatSegment},
	} {
		t.Run(name, func(t *testing.T) {
			steps := handshake(test.steps...)
			truth := logOf(t, model.Options{Wire: true, KernelTimers: true}, steps...)
			forged := without(truth, len(steps), func(e sim.Event) bool {
				return e.Kind() == sim.KindState || e.Kind() == sim.KindSegment && test.what == sim.WhatSegment
			})
			accused(t, truth, forged, len(steps), test.what)
		})
	}
}

// So is a retransmission of a SYN or a SYN ACK that the kernel has left out.
func TestCheckerMissesOpenings(t *testing.T) {
	for _, steps := range [][]string{{"client connect", "wait 12s"}, {"server listen", "client connect", "deliver", "wait 12s"}} {
		truth := logOf(t, model.Options{Wire: true, KernelTimers: true}, steps...)
		accused(t, truth, without(truth, len(steps), func(e sim.Event) bool { return e.Kind() == sim.KindSegment }), len(steps), sim.WhatSegment)
	}
}

// What may still come is no disagreement: on a machine that is busy, from a kernel that has
// measured a long round trip.
func TestCheckerForgivesDelay(t *testing.T) {
	again := func(e sim.Event) bool { return e.Kind() == sim.KindSegment && e.Segment().Fate == sim.Retransmitted }
	for name, steps := range map[string][]string{
		"a retransmission":  {`client write "a"`, "wait 1900ms"},
		"less patience":     {"client shutdown wr", "wait 2s", "wait 2s", "client usertimeout 1s"},
		"a long round trip": {`client write "a"`, "wait 3s", "deliver client", "deliver server", `client write "b"`, "wait 6s"},
	} {
		steps = handshake(steps...)
		truth := logOf(t, model.Options{Wire: true, KernelTimers: true}, steps...)
		forged := without(truth, len(steps), again)
		if !slices.ContainsFunc(truth, again) {
			t.Errorf("%s: nothing is sent again", name)
		}
		for _, v := range disagreements(judged(forged)) {
			t.Errorf("%s: step %d: %v", name, v.Step, v)
		}
	}
}

// Nor is it one that a killed process dies late, on a machine that is busy: what its kernel then
// sends was sent then, and is not overdue to be sent again.
func TestCheckerForgivesLateDeath(t *testing.T) {
	truth := logOf(t, model.Options{Wire: true, KernelTimers: true}, handshake("client kill SIGKILL")...)
	death := first(t, truth, 7, func(e sim.Event) bool { return e.Kind() == sim.KindSignal })
	for i := range truth[death+1:] {
		truth[death+1+i].T += 17
	}
	for _, v := range disagreements(judged(truth)) {
		t.Errorf("step %d: %v", v.Step, v)
	}
}
