package check

import (
	"testing"

	"finwait/internal/testkit/script"
	"finwait/sim"
	"finwait/sim/model"
	"finwait/sim/tcp"
)

// What a call would return is compared as a whole: 5 is not the beginning of 50, and a read of
// other data is another read.
func TestProducesTheWholeResult(t *testing.T) {
	s := New()
	for _, e := range script.AsLive(logOf(t, model.Options{Wire: true}, handshake("server read 99", `client write "hello"`)...)) {
		s.Observe(e)
	}
	for _, h := range s.model.hosts.World.Flight(nil) {
		s.model.apply(tcp.Input{Op: tcp.OpDeliver, ID: int(h.ID)})
	}
	reader := s.model.blocked()[0]
	try := s.model.hosts.World
	fx := try.Do(tcp.Input{Op: tcp.OpRecheck, Proc: reader.Number}, nil)
	for key, want := range map[string]bool{
		`read = 5 "hello"`: true, `read = 5 "jello"`: false, `read = 50 "hello"`: false, "read = 5": false, "read = 0": false,
	} {
		if got := s.explain.produces(fx, outcome{what: sim.WhatReturn, at: sim.Server, pid: reader.PID, key: key}); got != want {
			t.Errorf("%s: %v", key, got)
		}
	}
}
