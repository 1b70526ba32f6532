package model

import (
	"finwait/sim"
	"finwait/sim/tcp"
)

// Process is a process of a host in the model.
type Process struct {
	Number int        // number by which the model knows it; the child of a fork takes that of a dead process
	PID    int        // process id in the log; 0 until a live log has given it
	At     sim.End    // its host
	Call   sim.Call   // the call that it is in, or the one that has returned last
	Busy   bool       // a call has not returned
	Dying  tcp.Signal // the signal that kills it, while the model waits for the kernel to close its descriptors; else 0
	Dead   bool

	todo     []sim.Call // calls of the step that it has not made yet
	stop     bool       // todo is left out after a call that has failed
	last     int        // the newest descriptor that a call has opened
	reported bool       // the log has the call as blocked
	conn     int        // the connection that its call writes to, 0 for none
	base     int        // length of the stream of conn before the write
}

// conn is one connection: what is known of its ends, and the bytes that each has sent.
type conn struct {
	n       int
	ends    [2]watched
	stream  [2][]byte // by the side that writes
	crossed bool      // the server has sent a SYN, too
}

// watched is one end of a connection as it was last told.
type watched struct {
	state        sim.State
	was          bool // the log has a state of it
	timer        string
	retransmits  int
	recvq, sendq int
}

// Process returns the process that the model knows under a number: the newest.
func (h *Hosts) Process(side tcp.Side, number int) *Process {
	all := h.programs[side]
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].Number == number && !all[i].Dead {
			return all[i]
		}
	}
	return nil
}

// ByPID returns a process that lives in the model.
func (h *Hosts) ByPID(pid int) *Process {
	for _, all := range h.programs {
		for _, p := range all {
			if p.PID == pid && !p.Dead {
				return p
			}
		}
	}
	return nil
}

// Living returns the processes that are alive in the model and satisfy ok.
func (h *Hosts) Living(ok func(*Process) bool) (all []*Process) {
	for _, processes := range h.programs {
		for _, p := range processes {
			if !p.Dead && ok(p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// started takes in a new process.
func (h *Hosts) started(fx tcp.Effect) {
	h.pids++
	p := &Process{Number: int(fx.Proc), PID: firstPID + h.pids, At: fx.Side.End()}
	h.programs[fx.Side] = append(h.programs[fx.Side], p)
	h.tell(sim.Event{At: p.At, Body: sim.ProcessStarted{PID: p.PID, Forked: fx.Ret == 1}})
}

// firstPID is one less than the process id of the first program.
const firstPID = 1000

// exited takes in a death.
func (h *Hosts) exited(fx tcp.Effect) {
	p := h.Process(fx.Side, int(fx.Proc))
	if p.Busy {
		h.unwrite(p, int(fx.Ret))
	}
	p.Dead, p.Busy, p.todo = true, false, nil
	h.tell(sim.Event{At: p.At, Body: sim.ProcessExited{PID: p.PID, Status: 128 + int(fx.Signal), Signal: fx.Signal.String()}})
}
