package sim

import "slices"

// Table is what is known of the programs of both ends after the events that were applied to
// it: the processes, their descriptors, and the sockets that these refer to. It is a value:
// copying it keeps a moment.
//
// Everything it knows stands in the log. Which connection a socket belongs to is said by the
// call of connect(2) and by the return of accept(2), as Refers.
type Table struct {
	// What the slices hold is never written to, only replaced.
	processes []Process
	sockets   []Socket // by their number, which begins with 1
	acting    [2]int   // by end: index in processes of the process that acts, plus one; 0 before the first
	parent    [2]int   // by end: index of the process that forked the acting one, plus one; 0 for none
	survives  [2]bool  // by end: the acting process is the parent of the newest one, which is dead
	latest    [2]int   // by end: index of the process that the newest event is about, plus one; 0 before the first
	opened    int      // how many descriptors were opened
}

// Socket is what descriptors refer to. Those that dup(2) and fork(2) have made refer to the
// same one.
type Socket struct {
	Number    int
	Conn      int    // number of its connection, 0 for none
	Address   string // local address, empty before bind(2)
	Listening bool
}

// IsListener reports whether a socket listens.
func IsListener(s Socket) bool { return s.Listening }

// IsConnection reports whether a socket is an end of a connection, be it over or not.
func IsConnection(s Socket) bool { return s.Conn != 0 }

// index returns the place of an end.
func index(at End) int {
	if at == Server {
		return 1
	}
	return 0
}

// Apply takes in the next event of the log.
func (t *Table) Apply(e Event) {
	switch b := e.Body.(type) {
	case ProcessStarted:
		t.started(e.At, b)
	case CallEntered:
		t.change(b.PID, func(p *Process) {
			p.entered(b.Call)
			if b.Call.Name == CallConnect {
				t.set(p.socket(b.Call.FD), func(s *Socket) { s.Conn = b.Refers })
			}
		})
	case CallBlocked:
		t.change(b.PID, func(p *Process) { p.Blocked = p.InCall })
	case CallReturned:
		t.change(b.PID, func(p *Process) {
			p.returned(b.Call, b.Result)
			if b.Result.Errno == "" {
				t.returned(p, b)
			}
		})
	case ProcessExited:
		t.change(b.PID, func(p *Process) { p.exited(b) })
		t.replace(e.At)
	}
}

// started takes in a new process of an end. The child of a fork has the descriptors, and the
// disposition of SIGPIPE, of the process that forked, which becomes the parent.
func (t *Table) started(at End, b ProcessStarted) {
	p, k := Process{At: at, PID: b.PID, Sigpipe: SigpipeDefault}, index(at)
	t.parent[k], t.survives[k] = 0, false
	forker := t.acting[k]
	for i := range slices.Backward(t.processes) {
		if b.Parent != 0 && t.processes[i].PID == b.Parent {
			forker = i + 1
			break
		}
	}
	if from := t.process(forker); b.Forked && from != nil {
		p.Descriptors, p.Sigpipe, t.parent[k] = from.Descriptors, from.Sigpipe, forker
	}
	t.processes = append(slices.Clip(t.processes), p)
	t.acting[k], t.latest[k] = len(t.processes), len(t.processes)
}

// replace lets the parent of a dead child act in its place.
func (t *Table) replace(at End) {
	k := index(at)
	acting, parent := t.Acting(at), t.Parent(at)
	if acting != nil && acting.Dead && parent != nil && !parent.Dead {
		t.acting[k], t.parent[k], t.survives[k] = t.parent[k], 0, true
	}
}

// returned takes in what a call that has succeeded did to the descriptors of its process.
func (t *Table) returned(p *Process, b CallReturned) {
	switch b.Call.Name {
	case CallSocket:
		t.open(p, b.Result.Ret, t.create(0))
	case CallAccept:
		t.open(p, b.Result.Ret, t.create(b.Refers))
	case CallDup:
		if s := p.socket(b.Call.FD); s != 0 {
			t.open(p, b.Result.Ret, s)
		}
	case CallBind:
		if b.Call.Addr.IsValid() {
			t.set(p.socket(b.Call.FD), func(s *Socket) { s.Address = b.Call.Addr.String() })
		}
	case CallListen:
		t.set(p.socket(b.Call.FD), func(s *Socket) { s.Listening = true })
	case CallClose:
		p.close(b.Call.FD)
	}
}

// create returns the number of a new socket.
func (t *Table) create(conn int) int {
	n := len(t.sockets) + 1
	t.sockets = append(slices.Clip(t.sockets), Socket{Number: n, Conn: conn})
	return n
}

// set changes a socket; there is none with the number 0.
func (t *Table) set(number int, to func(*Socket)) {
	if number == 0 {
		return
	}
	t.sockets = slices.Clone(t.sockets)
	to(&t.sockets[number-1])
}

// change changes the living process with a number, if there is one.
func (t *Table) change(pid int, to func(*Process)) {
	for i := range t.processes {
		if p := t.processes[i]; p.PID == pid && !p.Dead {
			t.processes = slices.Clone(t.processes)
			t.latest[index(p.At)] = i + 1
			to(&t.processes[i])
			return
		}
	}
}

// open gives a process a descriptor.
func (t *Table) open(p *Process, fd, socket int) {
	p.close(fd)
	t.opened++
	i, _ := slices.BinarySearchFunc(p.Descriptors, fd, func(d Descriptor, fd int) int { return d.FD - fd })
	p.Descriptors = slices.Insert(p.Descriptors, i, Descriptor{FD: fd, Socket: socket, order: t.opened})
}

// Acting returns the process of an end that makes the calls of its steps, nil before the
// first. The caller reads it only; so it is with every process that a Table returns.
func (t *Table) Acting(at End) *Process { return t.process(t.acting[index(at)]) }

// Parent returns the process that forked the acting one, nil where there is none.
func (t *Table) Parent(at End) *Process { return t.process(t.parent[index(at)]) }

// Latest returns the process of an end that the log has told of last: that it was started, made
// a call, died. It is the one that acts, or its parent, or dead; nil before the first.
func (t *Table) Latest(at End) *Process { return t.process(t.latest[index(at)]) }

// NamedParent returns the process that a step names the parent: the one that forked the acting
// one, or the acting one itself, if it lives on after its child; nil where there is neither.
func (t *Table) NamedParent(at End) *Process {
	if t.survives[index(at)] {
		return t.Acting(at)
	}
	return t.Parent(at)
}

// process returns a process by its index plus one, nil for 0.
func (t *Table) process(n int) *Process {
	if n == 0 {
		return nil
	}
	return &t.processes[n-1]
}

// Process returns the newest process with a number, nil where there is none.
func (t *Table) Process(pid int) *Process {
	for i := range slices.Backward(t.processes) {
		if t.processes[i].PID == pid {
			return &t.processes[i]
		}
	}
	return nil
}

// Socket returns what a descriptor of a process refers to; the zero Socket where it is not
// open.
func (t *Table) Socket(pid, fd int) Socket {
	if p := t.Process(pid); p != nil {
		if n := p.socket(fd); n != 0 {
			return t.sockets[n-1]
		}
	}
	return Socket{}
}

// Newest returns the descriptor of a process that was opened last among those whose socket
// ok accepts, -1 where there is none.
func (t *Table) Newest(p *Process, ok func(Socket) bool) int {
	fd, order := -1, 0
	for _, d := range p.Descriptors {
		if d.order > order && ok(t.sockets[d.Socket-1]) {
			fd, order = d.FD, d.order
		}
	}
	return fd
}

// Close takes a descriptor away from a process, as its death does with each.
func (t *Table) Close(pid, fd int) {
	t.change(pid, func(p *Process) { p.close(fd) })
}

// Open reports whether any process has a descriptor of a socket.
func (t *Table) Open(socket int) bool {
	for i := range t.processes {
		if slices.ContainsFunc(t.processes[i].Descriptors, func(d Descriptor) bool { return d.Socket == socket }) {
			return true
		}
	}
	return false
}

// Listens reports whether a process of an end has a descriptor of a listening socket.
func (t *Table) Listens(at End) bool { return t.listening(at).Listening }

// listensOn returns the address of the listening socket of an end.
func (t *Table) listensOn(at End) string { return t.listening(at).Address }

// listening returns the listening socket that a process of an end has, the zero Socket for none.
func (t *Table) listening(at End) Socket {
	for i := range t.processes {
		if t.processes[i].At != at {
			continue
		}
		for _, d := range t.processes[i].Descriptors {
			if s := t.sockets[d.Socket-1]; s.Listening {
				return s
			}
		}
	}
	return Socket{}
}

// Holds reports whether a process of an end has a descriptor of a connection.
func (t *Table) Holds(at End, conn int) bool { return len(t.Holders(at, conn)) > 0 }

// Holders returns the processes of an end that have a descriptor of a connection, by their
// numbers, the oldest first. The caller owns the slice.
func (t *Table) Holders(at End, conn int) []int {
	var list []int
	for i := range t.processes {
		p := &t.processes[i]
		if p.At == at && slices.ContainsFunc(p.Descriptors, func(d Descriptor) bool { return t.sockets[d.Socket-1].Conn == conn }) {
			list = append(list, p.PID)
		}
	}
	return list
}
