package virtual

import (
	"fmt"

	"finwait/sim"
	"finwait/sim/tcp"
)

// endpoint is one end of the laboratory: its programs.
type endpoint struct {
	side   tcp.Side
	acting *process // makes the calls
	parent *process // the one that forked the acting one, nil without a fork
	all    []*process
}

// process is a program and what the laboratory knows of it.
type process struct {
	number   int // in the model
	pid      int
	at       sim.End
	fds      map[int]descriptor
	opened   int
	last     int // the newest descriptor of the request that runs
	calls    []sim.Call
	stop     bool       // the rest of the calls is left out after one that failed
	busy     bool       // in the first of calls
	call     sim.Call   // that, or the one that has returned last
	reported bool       // it was told to be blocked
	base     int        // how much its connection's stream had before a write
	dying    tcp.Signal // what kills it, in a shadow: when it closes what it has is the kernel's to say
	dead     bool
	status   int
}

// descriptor is what a descriptor of a program refers to.
type descriptor struct {
	conn     int // 0 for none
	listener bool
	order    int
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

// refusal says why a step cannot be done as things are.
type refusal struct{ text string }

// Error returns the sentence.
func (r *refusal) Error() string { return r.text }

func refuse(format string, args ...any) error { return &refusal{fmt.Sprintf(format, args...)} }

// end returns an end of the laboratory.
func (h *hosts) end(at sim.End) *endpoint { return &h.ends[tcp.SideOf(at)] }

// newest returns the newest open descriptor that ok accepts, -1 when there is none.
func (p *process) newest(ok func(descriptor) bool) int {
	best := -1
	for fd, d := range p.fds {
		if ok(d) && (best < 0 || d.order > p.fds[best].order) {
			best = fd
		}
	}
	return best
}

func isListener(d descriptor) bool { return d.listener }

func isConnection(d descriptor) bool { return d.conn != 0 }

// open notes a new descriptor.
func (p *process) open(fd int, d descriptor) {
	p.opened++
	d.order = p.opened
	p.fds[fd] = d
	p.last = fd
}

// process returns the living process that a step is for.
func (e *endpoint) process(parent bool) (*process, error) {
	at := e.side.End()
	p, name := e.acting, string(at)
	if parent {
		if p, name = e.parent, string(at)+"'s parent"; p == nil {
			return nil, refuse("the %s has no parent: it has not forked", at)
		}
	}
	switch {
	case !p.dead:
		return p, nil
	case parent:
		return nil, refuse("the %s is dead (exit status %d)", name, p.status)
	}
	return nil, refuse("the %s is dead (exit status %d); %q gives it a new process", name, p.status, string(at)+" start")
}

// byNumber returns the process that the model knows under a number: the newest.
func (h *hosts) byNumber(side tcp.Side, number int) *process {
	all := h.ends[side].all
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].number == number && !all[i].dead {
			return all[i]
		}
	}
	return nil
}

// started takes a new process into the laboratory. A child goes on in the place of the
// one that forked it.
func (h *hosts) started(fx tcp.Effect) {
	e := &h.ends[fx.Side]
	h.pids++
	p := &process{number: int(fx.Proc), pid: firstPID + h.pids, at: fx.Side.End(), fds: map[int]descriptor{}}
	forked := fx.Ret == 1
	if forked {
		for fd, d := range e.acting.fds {
			p.fds[fd] = d
		}
		p.opened = e.acting.opened
		e.parent = e.acting
	} else {
		e.parent = nil
	}
	e.acting = p
	e.all = append(e.all, p)
	h.tell(sim.Event{Kind: sim.KindStart, At: p.at, PID: p.pid, Forked: forked})
}

// firstPID is one less than the process id of the first program.
const firstPID = 1000

// exited takes in a death. In the place of a dead child its parent goes on.
func (h *hosts) exited(fx tcp.Effect) {
	e, p := &h.ends[fx.Side], h.byNumber(fx.Side, int(fx.Proc))
	if p.busy {
		h.unwrite(p, int(fx.Ret))
	}
	p.dead, p.busy, p.calls = true, false, nil
	p.status = 128 + int(fx.Signal)
	h.tell(sim.Event{Kind: sim.KindExit, At: p.at, PID: p.pid, Status: p.status, Signal: fx.Signal.String()})
	if p == e.acting && e.parent != nil && !e.parent.dead {
		e.acting, e.parent = e.parent, nil
	}
}
