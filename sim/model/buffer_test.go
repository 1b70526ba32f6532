package model

import (
	"slices"
	"strings"
	"testing"

	"finwait/sim"
)

// A read makes room, and the peer learns of it: everything that was written can be read.
func TestReadEverything(t *testing.T) {
	l := openLab(t, Options{})
	steps := []string{"server listen", "client connect", "server accept", "client write 1000000"}
	for range 40 {
		steps = append(steps, "server read 65536")
	}
	read := 0
	for i, text := range steps {
		for _, e := range play(t, l, i+1, text) {
			switch {
			case e.Kind() == sim.KindReturn && e.Call().Name == sim.CallRead:
				read += sim.Of[sim.CallReturned](e).Result.Ret
			case e.Kind() == sim.KindBlocked && e.At == sim.Server && read != 1000000:
				t.Fatalf("it waits after %d bytes", read)
			case e.Kind() == sim.KindBlocked && e.At == sim.Server:
				return
			}
		}
	}
	t.Errorf("%d bytes", read)
}

// What a writer had written when it was killed is read, byte for byte, before what is written
// after it.
func TestKilledWriter(t *testing.T) {
	l := openLab(t, Options{})
	steps := []string{"server listen", "client connect", "server accept", "client fork", "client write 16777216", "client kill SIGKILL"}
	for range 200 {
		steps = append(steps, "server read 65536")
	}
	var data strings.Builder
	n := 0
	step := func(text string) (blocked bool) {
		n++
		for _, e := range play(t, l, n, text) {
			if e.Kind() == sim.KindReturn && e.Call().Name == sim.CallRead {
				data.WriteString(sim.Of[sim.CallReturned](e).Result.Data)
			}
			blocked = blocked || e.Kind() == sim.KindBlocked && e.At == sim.Server
		}
		return blocked
	}
	for _, text := range steps {
		if step(text) {
			break
		}
	}
	step(`client write "hello"`)
	if all := data.String(); !strings.HasSuffix(all, "hello") || strings.Trim(strings.TrimSuffix(all, "hello"), string(sim.Filler)) != "" {
		t.Errorf("it ends with %q", all[max(0, len(all)-20):])
	}
}

// When more has happened than the model covers, its own log says so, once.
func TestUnsupported(t *testing.T) {
	l := openLab(t, Options{})
	said, n := 0, 0
	for _, text := range append([]string{"server listen"}, slices.Repeat([]string{"client connect", "server accept", "client close", "server close"}, 40)...) {
		n++
		for _, e := range play(t, l, n, text) {
			if e.Kind() == sim.KindSilent {
				said++
			}
		}
	}
	if said != 1 {
		t.Errorf("it was said %d times", said)
	}
}
