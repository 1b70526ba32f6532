package ladder_test

import (
	"testing"

	"pgregory.net/rapid"

	"finwait/sim"
	. "finwait/sim/ladder"
	"finwait/sim/model"
)

// somewhere are steps of which random lessons are made. What makes no sense is refused.
var somewhere = []string{
	"server listen", "client connect", "client connect", "server accept", "server accept", "server connect",
	"client write \"hello\"", "server write \"hello\"", "client read 9", "server read 9",
	"client close", "server close", "client close 3", "server close 4", "server close 5", "server close listener",
	"client shutdown wr", "server shutdown wr", "client linger 0", "server linger 0", "client dup", "server dup",
	"client kill SIGKILL", "server kill SIGKILL", "client start", "server start",
	"client fork", "server fork", "server parent close", "server parent kill SIGKILL", "wait 1s", "wait 61s",
	"deliver all", "deliver client", "deliver server", "drop client", "drop server", "duplicate client", "swap client",
	"auto deliver on", "auto deliver off", "cut", "mend",
}

// randomLesson plays a random lesson on the model and returns its log. Most have a connection.
func randomLesson(t *rapid.T) []sim.Event {
	wire := rapid.Bool().Draw(t, "wire")
	lab, log := model.Open(model.Options{Wire: wire, AutoDeliver: rapid.Bool().Draw(t, "auto")})
	var steps []string
	if rapid.IntRange(0, 3).Draw(t, "connected") > 0 {
		steps = []string{"server listen", "client connect"}
		if wire {
			steps = append(steps, "deliver all")
		}
		steps = append(steps, "server accept")
	}
	steps = append(steps, rapid.SliceOfN(rapid.SampledFrom(somewhere), 0, 15).Draw(t, "steps")...)
	for n, step := range steps {
		log = append(log, lab.Do(n+1, sim.MustParseStep(step))...)
	}
	return log
}

// keeper says who keeps the sockets of the connections, as the signs of their lifelines, by what
// the log has told.
type keeper struct {
	table    sim.Table
	newest   int
	states   map[socket]sim.State // none before the log has told one
	waited   map[socket]bool      // the end has been in TIME_WAIT
	listener map[sim.End]sim.State
}

// socket is one end of a connection.
type socket struct {
	conn int
	at   sim.End
}

func newKeeper() *keeper {
	return &keeper{states: map[socket]sim.State{}, waited: map[socket]bool{}, listener: map[sim.End]sim.State{}}
}

func (k *keeper) apply(e sim.Event) {
	k.table.Apply(e)
	k.newest = max(k.newest, e.Conn(), sim.Of[sim.CallEntered](e).Refers)
	if b, ok := e.Body.(sim.StateChanged); ok {
		if b.Conn == 0 {
			k.listener[e.At] = b.To
			return
		}
		of := socket{b.Conn, e.At}
		k.states[of] = b.To
		k.waited[of] = k.waited[of] || b.To == sim.TimeWait
	}
}

// sign returns the lifeline of an end of a connection.
func (k *keeper) sign(conn int, at sim.End) string {
	state, told := k.states[socket{conn, at}]
	switch {
	case conn > 0 && !k.waited[socket{conn, at}] && k.table.Holds(at, conn):
		return "┃"
	case state.Connected():
		return "╎"
	case !told && k.listener[at] == sim.Listen && k.table.Listens(at):
		return "┃"
	}
	return " "
}

// The lifeline is drawn while a process has the socket, dotted while the kernel alone keeps it,
// and not at all once it is gone: after every step of a random lesson, at either end of every
// connection, be it the newest or one that has the focus.
func TestLifelineIsTheLog(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		log := randomLesson(t)
		k := newKeeper()
		for i, e := range log {
			k.apply(e)
			if e.Kind() != sim.KindSettled {
				continue
			}
			for focus := range k.newest + 1 {
				l := focused(focus, append(log[:i+1:i+1], sim.Event{T: e.T, Step: e.Step, Body: sim.StepRefused{Why: "no"}}))
				conn := focus
				if focus == 0 {
					conn = k.newest
				}
				drawn := append([]rune(lines(l, l.Len(), 78)[l.Len()-1]), make([]rune, 78)...)
				for at, column := range map[sim.End]int{client: 24, server: 53} {
					if got := string(drawn[column]); got != k.sign(conn, at) && !(got == "\x00" && k.sign(conn, at) == " ") {
						t.Fatalf("step %d: the %s's lifeline of connection %d is %q, not %q\n%s", e.Step, at, conn, got, k.sign(conn, at), picture(l, 78, Options{Grow: 1}))
					}
				}
			}
		}
	})
}
