package model

import (
	"testing"

	"finwait/sim"
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
