package virtual

import (
	"finwait/sim"
	"finwait/sim/tcp"
)

// process is a program in the model, and what is known of it beside.
type process struct {
	number   int // in the model
	pid      int
	at       sim.End
	todo     []sim.Call // the calls that a step has it make, and that it has not made yet
	stop     bool       // todo is left out after a call that has failed
	last     int        // the newest descriptor that a call has opened
	busy     bool       // in call
	call     sim.Call   // that, or the one that has returned last
	reported bool       // it was told to be blocked
	conn     int        // the connection that its call writes to, 0 for none
	base     int        // how much the stream of conn had before the write
	dying    tcp.Signal // what kills it, in a shadow: when it closes what it has is the kernel's to say
	dead     bool
}

// conn is one connection: what is known of its ends, and the bytes that each has sent.
type conn struct {
	n      int
	ends   [2]watched
	stream [2][]byte
	// crossed: the server has sent a SYN, too.
	crossed bool
}

// watched is one end of a connection as it was last told.
type watched struct {
	state        sim.State
	was          bool // it was told at all
	timer        string
	retransmits  int
	recvq, sendq int
}

// byNumber returns the process that the model knows under a number: the newest.
func (h *hosts) byNumber(side tcp.Side, number int) *process {
	all := h.programs[side]
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].number == number && !all[i].dead {
			return all[i]
		}
	}
	return nil
}

// byPID returns a process that lives in the model.
func (h *hosts) byPID(pid int) *process {
	for _, all := range h.programs {
		for _, p := range all {
			if p.pid == pid && !p.dead {
				return p
			}
		}
	}
	return nil
}

// started takes in a new process.
func (h *hosts) started(fx tcp.Effect) {
	h.pids++
	p := &process{number: int(fx.Proc), pid: firstPID + h.pids, at: fx.Side.End()}
	h.programs[fx.Side] = append(h.programs[fx.Side], p)
	h.tell(sim.Event{Kind: sim.KindStart, At: p.at, PID: p.pid, Forked: fx.Ret == 1})
}

// firstPID is one less than the process id of the first program.
const firstPID = 1000

// exited takes in a death.
func (h *hosts) exited(fx tcp.Effect) {
	p := h.byNumber(fx.Side, int(fx.Proc))
	if p.busy {
		h.unwrite(p, int(fx.Ret))
	}
	p.dead, p.busy, p.todo = true, false, nil
	h.tell(sim.Event{Kind: sim.KindExit, At: p.at, PID: p.pid, Status: 128 + int(fx.Signal), Signal: fx.Signal.String()})
}
