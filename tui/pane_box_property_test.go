package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"finwait/sim"
	simulation "finwait/sim/model"
)

// TestBoxIsTheLog: after every step of a random lesson the box of either end names the listener if
// and only if the log has it in LISTEN, and the state of the newest connection where a process
// that was there then still acts.
func TestBoxIsTheLog(t *testing.T) {
	steps := []string{
		"server listen", "client connect", "client connect", "server accept", "server close", "client close", "server close listener",
		"server kill SIGKILL", "client kill SIGKILL", "server start", "client start", "server fork", "server parent close", "server parent kill SIGKILL",
		`client write "hello"`, `server write "hello"`, "client read 9", "server read 9", "server shutdown wr", "server linger 0", "wait 61s",
	}
	rapid.Check(t, func(t *rapid.T) {
		lab, log := simulation.Open(simulation.Options{})
		p := testPicture()
		listener, states, conn := map[sim.End]sim.State{}, map[sim.End]sim.State{}, 0
		for n, text := range rapid.SliceOfN(rapid.SampledFrom(steps), 1, 20).Draw(t, "steps") {
			for _, e := range lab.Do(n+1, sim.MustParseStep(text)) {
				log = append(log, e)
				if e.Conn() > conn {
					conn, states = e.Conn(), map[sim.End]sim.State{}
				}
				switch b := e.Body.(type) {
				case sim.StateChanged:
					switch b.Conn {
					case 0:
						listener[e.At] = b.To
					case conn:
						states[e.At] = b.To
					}
				}
			}
			p.fold.goTo(log)
			for _, at := range []sim.End{sim.Client, sim.Server} {
				box := ansi.Strip(boxPane{at}.render(p, size{60, 5}))
				if got := strings.Contains(box, "LISTEN"); got != (listener[at] == sim.Listen) {
					t.Fatalf("after %q the log has the listener in %s\n%s", text, listener[at], box)
				}
				if state := states[at]; (state.Connected() || !p.fold.scene.End(at).Left) && !strings.Contains(box, state.String()) {
					t.Fatalf("after %q the log has the %s in %s\n%s", text, at, state, box)
				}
			}
		}
	})
}
