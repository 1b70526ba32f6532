package tui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"finwait/sim"
)

// TestBoxListener: the listener, the connection and what a dead process has left behind are told
// apart in a box of every height.
func TestBoxListener(t *testing.T) {
	started := sim.Event{At: sim.Server, Body: sim.ProcessStarted{PID: 20}}
	made := ret(call(sim.Server, "socket", sim.NoFD), sim.Result{Ret: 3})
	bound := ret(call(sim.Server, "bind", 3, "127.0.0.1:8088"), sim.Result{})
	listened := ret(call(sim.Server, "listen", 3, "5"), sim.Result{})
	for _, e := range []*sim.Event{&made, &bound, &listened} {
		sim.Edit(e, func(b *sim.CallReturned) { b.PID = 20 })
	}
	listening := []sim.Event{started, made, bound, listened, state(sim.Server, 0, sim.Closed, sim.Listen, false, sim.ByKernel)}
	waiting := append(
		listening[:5:5],
		state(sim.Server, 1, sim.Listen, sim.SynRecv, false, sim.ByKernel), state(sim.Server, 1, sim.SynRecv, sim.Established, false, sim.ByKernel),
	)
	left := append(
		waiting[:7:7],
		state(sim.Server, 1, sim.Established, sim.TimeWait, true, sim.ByKernel),
		sim.Event{At: sim.Server, Body: sim.TimerChanged{Conn: 1, Timer: sim.TimerTimewait, Expires: 57}},
		sim.Event{At: sim.Server, Body: sim.ProcessExited{PID: 20, Status: 137, Signal: "SIGKILL"}},
		state(sim.Server, 0, sim.Listen, sim.Closed, false, sim.ByKernel),
		sim.Event{At: sim.Server, Body: sim.ProcessStarted{PID: 21}},
	)
	gone := append(left[:12:12], state(sim.Server, 1, sim.TimeWait, sim.Closed, false, sim.ByKernel))
	for _, c := range []struct {
		name   string
		events []sim.Event
		h      int
		want   string
	}{
		{"no connection yet", listening, 4, "LISTEN :8088"},
		{"no connection yet", listening, 5, "LISTEN :8088"},
		{"one that waits", waiting, 4, "1 waiting"},
		{"one that waits", waiting, 4, "ESTABLISHED"},
		{"one that waits", waiting, 5, "LISTEN :8088 · 1 waiting"},
		{"one that waits", waiting, 5, "ESTABLISHED"},
		{"a new process", left, 4, "no socket  conn 1: TIME_WAIT, 57 s"},
		{"a new process", left, 5, "no socket  conn 1: TIME_WAIT, 57 s"},
		{"a new process, nothing left", gone, 4, "no socket"},
	} {
		p := testPicture()
		p.fold.goTo(c.events)
		got := ansi.Strip(boxPane{sim.Server}.render(p, size{40, c.h}))
		if !strings.Contains(got, c.want) {
			t.Errorf("%s, %d rows: no %q in\n%s", c.name, c.h, c.want, got)
		}
		if c.name == "a new process, nothing left" && strings.Contains(got, "TIME_WAIT") {
			t.Errorf("a new process wears the state of the dead one:\n%s", got)
		}
	}
}

// TestBoxHolders: after a fork the box names the processes that hold the connection, until it is
// the one that the box shows.
func TestBoxHolders(t *testing.T) {
	at := func(body sim.Body) sim.Event { return sim.Event{At: sim.Server, Body: body} }
	accept, closes := sim.ReadCall(sim.CallAccept, 3, nil), sim.ReadCall(sim.CallClose, 4, nil)
	events := []sim.Event{
		at(sim.ProcessStarted{PID: 20}),
		state(sim.Server, 1, sim.Listen, sim.SynRecv, false, sim.ByKernel), state(sim.Server, 1, sim.SynRecv, sim.Established, false, sim.ByKernel),
		at(sim.CallReturned{PID: 20, Call: accept, Result: sim.Result{Ret: 4}, Refers: 1}),
		at(sim.ProcessStarted{PID: 21, Forked: true}),
		at(sim.CallReturned{PID: 21, Call: closes}),
		at(sim.CallEntered{PID: 20, Call: sim.ReadCall(sim.CallRead, 4, nil)}),
	}
	for n, want := range map[int]string{4: "ESTABLISHED  was", 5: "ESTABLISHED  held by pid 20, 21", 6: "ESTABLISHED  held by pid 20 ", 7: "ESTABLISHED  was"} {
		p := testPicture()
		p.fold.goTo(events[:n])
		got := ansi.Strip(boxPane{sim.Server}.render(p, size{40, 4}))
		if !strings.Contains(got, want) {
			t.Errorf("after %d events:\n%s", n, got)
		}
	}
}
