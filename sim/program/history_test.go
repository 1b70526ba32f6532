package program

import "finwait/sim"

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

func (h history) table() (t sim.Table) {
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
