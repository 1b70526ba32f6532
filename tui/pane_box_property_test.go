package tui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"finwait/sim"
	simulation "finwait/sim/model"
)

// TestBoxIsTheLog: after every step of a random lesson the box of either end names the listener, and
// how many connections wait there, if and only if the log has it in LISTEN; the process that the
// log has told of last, dead or alive; and of each connection that has the focus the state, where a
// process that was there then still acts, or the kernel still has the socket.
func TestBoxIsTheLog(t *testing.T) {
	steps := []string{
		"server listen", "client connect", "client connect", "server accept", "server close", "client close", "server close listener",
		"server kill SIGKILL", "client kill SIGKILL", "server start", "client start", "server fork", "server parent close", "server parent kill SIGKILL",
		`client write "hello"`, `server write "hello"`, "client read 9", "server read 9", "server shutdown wr", "server linger 0", "wait 61s",
	}
	rapid.Check(t, func(t *rapid.T) {
		lab, log := simulation.Open(simulation.Options{})
		p := testPicture()
		told := logTruth{
			listener: map[sim.End]sim.State{}, states: map[endOfConn]sim.State{}, waiting: map[int]bool{}, accepted: map[int]bool{},
			pid: map[sim.End]int{}, dead: map[sim.End]bool{},
		}
		for _, e := range log {
			told.apply(e)
		}
		for n, step := range rapid.SliceOfN(rapid.SampledFrom(steps), 1, 20).Draw(t, "steps") {
			for _, e := range lab.Do(n+1, sim.MustParseStep(step)) {
				log = append(log, e)
				told.apply(e)
			}
			for focus := range told.conns + 1 {
				p.fold.chosen = focus
				p.fold.goTo(log)
				for _, at := range []sim.End{sim.Client, sim.Server} {
					told.compare(t, p, step, at)
				}
			}
		}
	})
}

// logTruth is what a log has told of listeners and connections.
type logTruth struct {
	conns    int // number of the newest connection
	listener map[sim.End]sim.State
	states   map[endOfConn]sim.State
	waiting  map[int]bool    // the server's listener has made the connection
	accepted map[int]bool    // accept(2) has returned the connection
	pid      map[sim.End]int // of the process that was told of last
	dead     map[sim.End]bool
}

func (l *logTruth) apply(e sim.Event) {
	l.conns = max(l.conns, e.Conn())
	if e.PID() != 0 && e.Kind() != sim.KindSignal {
		l.pid[e.At], l.dead[e.At] = e.PID(), e.Kind() == sim.KindExit
	}
	switch b := e.Body.(type) {
	case sim.CallReturned:
		l.accepted[b.Refers] = true
	case sim.StateChanged:
		l.states[endOfConn{b.Conn, e.At}] = b.To
		switch {
		case b.Conn == 0 && b.To != sim.Listen:
			clear(l.waiting)
			fallthrough
		case b.Conn == 0:
			l.listener[e.At] = b.To
		case e.At == sim.Server && b.From == sim.SynRecv && b.To == sim.Established:
			l.waiting[b.Conn] = true
		}
	}
}

// compare compares the box of an end with what the log has told.
func (l *logTruth) compare(t *rapid.T, p *picture, step string, at sim.End) {
	box := ansi.Strip(boxPane{at}.render(p, size{100, 5}))
	waiting := 0
	for conn := range l.waiting {
		if at == sim.Server && !l.accepted[conn] {
			waiting++
		}
	}
	if says := fmt.Sprintf("LISTEN :8088 · %d waiting", waiting); l.listener[at] == sim.Listen && waiting > 0 && !strings.Contains(box, says) {
		t.Fatalf("after %q %d connections wait\n%s", step, waiting, box)
	}
	if strings.Contains(box, "✝") != l.dead[at] || !l.dead[at] && !strings.Contains(box, fmt.Sprintf("pid %d ", l.pid[at])) {
		t.Fatalf("after %q the log has told of process %d last, dead %v\n%s", step, l.pid[at], l.dead[at], box)
	}
	if got := strings.Contains(box, "LISTEN"); got != (l.listener[at] == sim.Listen) {
		t.Fatalf("after %q the log has the listener in %s\n%s", step, l.listener[at], box)
	}
	c := p.fold.scene.Connection(p.fold.focus())
	state := l.states[endOfConn{c.Number, at}]
	if c.Number > 0 && (state.Connected() || !c.End(at).Left) && !strings.Contains(box, state.String()) {
		t.Fatalf("after %q the log has the %s of connection %d in %s\n%s", step, at, c.Number, state, box)
	}
	if end := c.End(at); at == sim.Client && end.Left && end.Address != "" && strings.Contains(box, end.Address) {
		t.Fatalf("after %q a new process wears the address of a dead one\n%s", step, box)
	}
	if other := c.Number != l.conns; c.Number > 0 && other != strings.Contains(box, "conn ") && !c.End(at).Left {
		t.Fatalf("after %q, of %d connections: of which is the box?\n%s", step, l.conns, box)
	}
}
