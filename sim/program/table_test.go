package program

import (
	"fmt"
	"strings"
	"testing"

	"finwait/sim"
)

// history builds the events that a table folds.
type history []sim.Event

func (h *history) start(at sim.End, pid int, forked bool) {
	*h = append(*h, sim.Event{At: at, Body: sim.ProcessStarted{PID: pid, Forked: forked}})
}

// enter has a process enter a call.
func (h *history) enter(at sim.End, pid int, c sim.Call, conn int) {
	*h = append(*h, sim.Event{At: at, Body: sim.CallEntered{PID: pid, Call: c, Refers: conn}})
}

// call has a process make a call that returns ret, or fails if that is negative. conn is the
// connection that it makes.
func (h *history) call(at sim.End, pid int, c sim.Call, ret, conn int) {
	r := sim.Result{Ret: ret}
	if ret < 0 {
		r.Errno = "EBADF"
	}
	h.enter(at, pid, c, conn)
	*h = append(*h, sim.Event{At: at, Body: sim.CallReturned{PID: pid, Call: c, Result: r, Refers: conn}})
}

func (h *history) exit(at sim.End, pid, status int) {
	*h = append(*h, sim.Event{At: at, Body: sim.ProcessExited{PID: pid, Status: status}})
}

func (h history) table() (t Table) {
	for _, e := range h {
		t.Apply(e)
	}
	return t
}

// on is a call on a descriptor.
func on(name sim.CallName, fd int) sim.Call { return sim.Call{Name: name, FD: fd} }

// established begins with both programs and one connection: the server listens with 3 and
// has accepted it with 4, the client has it as 3.
func established() *history {
	h := &history{}
	h.start(sim.Client, 11, false)
	h.start(sim.Server, 21, false)
	h.call(sim.Server, 21, on(sim.CallSocket, sim.NoFD), 3, 0)
	h.call(sim.Server, 21, on(sim.CallListen, 3), 0, 0)
	h.call(sim.Client, 11, on(sim.CallSocket, sim.NoFD), 3, 0)
	h.call(sim.Client, 11, on(sim.CallConnect, 3), 0, 1)
	h.call(sim.Server, 21, on(sim.CallAccept, 3), 4, 1)
	return h
}

// dump returns the descriptors of every process: "21: 3 listens, 4 connection 1".
func dump(t Table) string {
	var lines []string
	for _, p := range t.processes {
		var all []string
		for _, d := range p.Descriptors {
			what := "socket"
			switch s := t.Socket(p.PID, d.FD); {
			case s.Listening:
				what = "listens"
			case s.Conn != 0:
				what = fmt.Sprint("connection ", s.Conn)
			}
			all = append(all, fmt.Sprint(d.FD, " ", what))
		}
		lines = append(lines, fmt.Sprint(p.PID, ": ", strings.Join(all, ", ")))
	}
	return strings.Join(lines, "\n")
}

func TestTable(t *testing.T) {
	tests := map[string]struct {
		then func(*history)
		want string
	}{
		"established": {func(*history) {}, "11: 3 connection 1\n21: 3 listens, 4 connection 1"},
		"dup": {func(h *history) {
			h.call(sim.Client, 11, on(sim.CallDup, 3), 4, 0)
			h.call(sim.Client, 11, on(sim.CallClose, 3), 0, 0)
		}, "11: 4 connection 1\n21: 3 listens, 4 connection 1"},
		"dup before connect": {func(h *history) {
			h.call(sim.Client, 11, on(sim.CallSocket, sim.NoFD), 4, 0)
			h.call(sim.Client, 11, on(sim.CallDup, 4), 5, 0)
			h.call(sim.Client, 11, on(sim.CallConnect, 4), -1, 2)
		}, "11: 3 connection 1, 4 connection 2, 5 connection 2\n21: 3 listens, 4 connection 1"},
		"what fails opens nothing": {func(h *history) {
			h.call(sim.Client, 11, on(sim.CallSocket, sim.NoFD), -1, 0)
			h.call(sim.Client, 11, on(sim.CallDup, 3), -1, 0)
			h.call(sim.Client, 11, on(sim.CallClose, 9), -1, 0)
			h.call(sim.Server, 21, on(sim.CallAccept, 3), -1, 0)
		}, "11: 3 connection 1\n21: 3 listens, 4 connection 1"},
		"fork": {func(h *history) {
			h.start(sim.Client, 12, true)
			h.call(sim.Client, 12, on(sim.CallClose, 3), 0, 0)
		}, "11: 3 connection 1\n21: 3 listens, 4 connection 1\n12: "},
		"exit": {func(h *history) { h.exit(sim.Server, 21, 137) }, "11: 3 connection 1\n21: "},
		"accept of a stranger": {func(h *history) {
			h.call(sim.Server, 21, on(sim.CallAccept, 3), 5, 0)
		}, "11: 3 connection 1\n21: 3 listens, 4 connection 1, 5 socket"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			h := established()
			test.then(h)
			if got := dump(h.table()); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// A copy keeps its moment.
func TestTableIsAValue(t *testing.T) {
	h := established()
	now := h.table()
	before, was := now, dump(now)
	*h = (*h)[:0]
	h.call(sim.Client, 11, on(sim.CallDup, 3), 4, 0)
	h.call(sim.Client, 11, on(sim.CallListen, 3), 0, 0)
	h.start(sim.Server, 22, true)
	h.exit(sim.Server, 21, 1)
	for _, e := range *h {
		now.Apply(e)
	}
	if got := dump(before); got != was {
		t.Errorf("the copy has become\n%s\nwas\n%s", got, was)
	}
	if got := dump(now); got == was {
		t.Error("nothing has changed")
	}
}

// The child of a fork acts; when it is dead, its parent goes on.
func TestTableFork(t *testing.T) {
	h := established()
	h.start(sim.Client, 12, true)
	now := h.table()
	if now.Acting(sim.Client).PID != 12 || now.Parent(sim.Client).PID != 11 {
		t.Errorf("%d acts, its parent is %d", now.Acting(sim.Client).PID, now.Parent(sim.Client).PID)
	}
	h.exit(sim.Client, 12, 9)
	now = h.table()
	if now.Acting(sim.Client).PID != 11 || now.Parent(sim.Client) != nil || now.Acting(sim.Client).Dead {
		t.Errorf("%+v acts", now.Acting(sim.Client))
	}
	h.exit(sim.Client, 11, 143)
	now = h.table()
	if p := now.Acting(sim.Client); !p.Dead || p.Status != 143 {
		t.Errorf("%+v acts", p)
	}
}

// A socket is open as long as one descriptor refers to it.
func TestTableOpen(t *testing.T) {
	h := established()
	h.call(sim.Client, 11, on(sim.CallDup, 3), 4, 0)
	h.start(sim.Client, 12, true)
	now := h.table()
	socket := now.Socket(11, 3).Number
	for _, d := range []struct{ pid, fd int }{{11, 3}, {11, 4}, {12, 3}, {12, 4}} {
		if !now.Open(socket) || !now.Holds(sim.Client, 1) {
			t.Fatalf("closed before %d of process %d", d.fd, d.pid)
		}
		now.Close(d.pid, d.fd)
	}
	if now.Open(socket) || now.Holds(sim.Client, 1) || !now.Holds(sim.Server, 1) {
		t.Errorf("still open:\n%s", dump(now))
	}
}
