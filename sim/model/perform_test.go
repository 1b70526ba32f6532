package model

import (
	"testing"

	"finwait/sim"
	"finwait/sim/program"
	"finwait/sim/tcp"
)

// What follows accept in the same step is about the connection that it returns, not about one
// that was there.
func TestAcceptThenRead(t *testing.T) {
	l := openLab(t, Options{})
	read := ""
	for i, text := range []string{
		"server listen", "client connect", "server accept", `client write "old"`, "client connect", `client write "new"`, "server accept then read 9",
	} {
		for _, e := range play(t, l, i+1, text) {
			if e.Kind() == sim.KindReturn && e.Call().Name == sim.CallRead {
				read = sim.Of[sim.CallReturned](e).Result.Data
			}
		}
	}
	if read != "new" {
		t.Errorf("it reads %q", read)
	}
}

// Whatever call a step means, the model knows it.
func TestCallsOfEveryVerb(t *testing.T) {
	l := openLab(t, Options{})
	for i, text := range []string{"server listen", "client connect", "server accept"} {
		play(t, l, i+1, text)
	}
	for _, u := range sim.Usages() {
		action, _ := program.Plan(&l.table, sim.Step{At: sim.Server, Verb: u.Verb}, l.known())
		calls, _ := action.(program.Calls)
		for _, c := range calls.Calls {
			if tcp.CallInput(c).Op == tcp.OpNone {
				t.Errorf("%s: %s is not known", u.Verb, c)
			}
		}
	}
}
