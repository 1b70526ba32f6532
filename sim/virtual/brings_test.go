package virtual

import (
	"testing"

	"finwait/sim"
	"finwait/sim/tcp"
)

// What a call would return is compared as a whole: 5 is not the beginning of 50, and whose
// data are others' is none that a read brings.
func TestBringsTheWholeResult(t *testing.T) {
	s := NewShadow()
	for _, e := range asLive(logOf(t, Options{Wire: true}, handshake("server read 99", `client write "hello"`)...)) {
		s.Observe(e)
	}
	for _, h := range s.world.Flight(nil) {
		s.does(tcp.Input{Op: tcp.OpDeliver, ID: int(h.ID)})
	}
	reader := s.sleepers()[0]
	try := s.world
	fx := try.Do(tcp.Input{Op: tcp.OpRecheck, Proc: reader.number}, nil)
	for key, want := range map[string]bool{
		`read = 5 "hello"`: true, `read = 5 "jello"`: false, `read = 50 "hello"`: false, "read = 5": false, "read = 0": false,
	} {
		if got := s.brings(fx, outcome{what: sim.WhatReturn, at: sim.Server, pid: reader.pid, key: key}); got != want {
			t.Errorf("%s: %v", key, got)
		}
	}
}
