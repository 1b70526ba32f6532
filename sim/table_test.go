package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// made returns the events of a call that returns ret, or fails if that is negative. conn is the
// connection that it makes.
func made(at End, pid int, name CallName, fd, ret, conn int) []Event {
	c, r := Call{Name: name, FD: fd}, Result{Ret: ret}
	if ret < 0 {
		r.Errno = "EBADF"
	}
	return []Event{
		{At: at, Body: CallEntered{PID: pid, Call: c, Refers: conn}},
		{At: at, Body: CallReturned{PID: pid, Call: c, Result: r, Refers: conn}},
	}
}

// established begins with both programs and one connection: the server listens with 3 and
// has accepted it with 4, the client has it as 3.
func established() []Event {
	return slices.Concat(
		[]Event{starts(Client, 11), starts(Server, 21)},
		made(Server, 21, CallSocket, NoFD, 3, 0), made(Server, 21, CallListen, 3, 0, 0),
		made(Client, 11, CallSocket, NoFD, 3, 0), made(Client, 11, CallConnect, 3, 0, 1),
		made(Server, 21, CallAccept, 3, 4, 1),
	)
}

// tabled returns the table after events.
func tabled(events ...[]Event) (t Table) {
	for _, e := range slices.Concat(events...) {
		t.Apply(e)
	}
	return t
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
		then []Event
		want string
	}{
		"established": {nil, "11: 3 connection 1\n21: 3 listens, 4 connection 1"},
		"dup": {slices.Concat(
			made(Client, 11, CallDup, 3, 4, 0),
			made(Client, 11, CallClose, 3, 0, 0),
		), "11: 4 connection 1\n21: 3 listens, 4 connection 1"},
		"dup before connect": {slices.Concat(
			made(Client, 11, CallSocket, NoFD, 4, 0),
			made(Client, 11, CallDup, 4, 5, 0),
			made(Client, 11, CallConnect, 4, -1, 2),
		), "11: 3 connection 1, 4 connection 2, 5 connection 2\n21: 3 listens, 4 connection 1"},
		"what fails opens nothing": {slices.Concat(
			made(Client, 11, CallSocket, NoFD, -1, 0),
			made(Client, 11, CallDup, 3, -1, 0),
			made(Client, 11, CallClose, 9, -1, 0),
			made(Server, 21, CallAccept, 3, -1, 0),
		), "11: 3 connection 1\n21: 3 listens, 4 connection 1"},
		"fork": {
			append([]Event{forks(Client, 12)}, made(Client, 12, CallClose, 3, 0, 0)...),
			"11: 3 connection 1\n21: 3 listens, 4 connection 1\n12: ",
		},
		"exit":                 {[]Event{exits(Server, 21, 137, "")}, "11: 3 connection 1\n21: "},
		"accept of a stranger": {made(Server, 21, CallAccept, 3, 5, 0), "11: 3 connection 1\n21: 3 listens, 4 connection 1, 5 socket"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := dump(tabled(established(), test.then)); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// A copy keeps its moment.
func TestTableIsAValue(t *testing.T) {
	now := tabled(established())
	before, was := now, dump(now)
	for _, e := range slices.Concat(
		made(Client, 11, CallDup, 3, 4, 0), made(Client, 11, CallListen, 3, 0, 0),
		[]Event{forks(Server, 22), exits(Server, 21, 1, "")},
	) {
		now.Apply(e)
	}
	if got := dump(before); got != was {
		t.Errorf("the copy has become\n%s\nwas\n%s", got, was)
	}
	if got := dump(now); got == was {
		t.Error("nothing has changed")
	}
}

// The child of a fork acts; when it is dead, its parent goes on. The latest is the process that
// the log has told of last.
func TestTableFork(t *testing.T) {
	log := established()
	for _, test := range []struct {
		then                   []Event
		acting, parent, latest int
	}{
		{nil, 11, 0, 11},
		{[]Event{forks(Client, 12)}, 12, 11, 12},
		{made(Client, 11, CallDup, 3, 4, 0), 12, 11, 11},
		{[]Event{exits(Client, 12, 9, "")}, 11, 0, 12},
		{made(Client, 11, CallClose, 3, 0, 0), 11, 0, 11},
		{[]Event{exits(Client, 11, 143, "SIGTERM")}, 11, 0, 11},
	} {
		log = append(log, test.then...)
		now := tabled(log)
		acting, parent, latest := now.Acting(Client), now.Parent(Client), now.Latest(Client)
		if acting.PID != test.acting || latest.PID != test.latest || (parent != nil) != (test.parent != 0) || parent != nil && parent.PID != test.parent {
			t.Errorf("after %v: %+v acts, its parent is %+v, the latest %+v", test.then, acting, parent, latest)
		}
	}
	now := tabled(log)
	if p := now.Acting(Client); p.Alive() || p.Status != 143 || p.Signal != "SIGTERM" {
		t.Errorf("%+v acts", p)
	}
}

// A socket is open as long as one descriptor refers to it.
func TestTableOpen(t *testing.T) {
	now := tabled(established(), made(Client, 11, CallDup, 3, 4, 0), []Event{forks(Client, 12)})
	socket := now.Socket(11, 3).Number
	for _, d := range []struct{ pid, fd int }{{11, 3}, {11, 4}, {12, 3}, {12, 4}} {
		if !now.Open(socket) || !now.Holds(Client, 1) {
			t.Fatalf("closed before %d of process %d", d.fd, d.pid)
		}
		now.Close(d.pid, d.fd)
	}
	if now.Open(socket) || now.Holds(Client, 1) || !now.Holds(Server, 1) {
		t.Errorf("still open:\n%s", dump(now))
	}
}
