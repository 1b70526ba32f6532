package model

import (
	"finwait/sim"
	"finwait/sim/program"
	"finwait/sim/tcp"
)

// Process is a process of a host in the model.
type Process struct {
	Number int        // number by which the model knows it; the child of a fork takes that of a dead process
	PID    int        // process id in the log; 0 until a live log has given it
	At     sim.End    // host of the process
	Call   sim.Call   // the call that it is in, or the one that has returned last
	Busy   bool       // a call has not returned
	Dying  tcp.Signal // the signal that kills it, while the model waits for the kernel to close its descriptors; else 0
	Dead   bool

	todo     []sim.Call  // calls of the step that it has not made yet
	stop     bool        // todo is left out after a call that has failed
	last     int         // the newest descriptor that a call has opened
	reported bool        // the log has the call as blocked
	writesTo *connection // the connection that its call writes to, nil for none
	base     int         // length of the stream before that write
}

// Input returns a call of the process as the model takes it. conn is the number of the
// connection that a connect makes.
func (p *Process) Input(c sim.Call, conn int) tcp.Input {
	in := tcp.CallInput(c)
	in.Proc = p.Number
	if c.Name == sim.CallConnect {
		in.Conn = conn
	}
	return in
}

// Intend tells a process which calls it makes one after the other. Each is forgotten as soon as
// the process enters it.
func (p *Process) Intend(calls program.Calls) { p.todo, p.stop = calls.Calls, calls.Stop }

// write adds to the stream of a connection what the process begins to write.
func (p *Process) write(to *connection, data []byte) {
	stream := &to.stream[tcp.SideOf(p.At)]
	p.writesTo, p.base = to, len(*stream)
	*stream = append(*stream, data...)
}

// unwrite takes back what its call has not written.
func (p *Process) unwrite(written int) {
	if p.writesTo != nil {
		stream := &p.writesTo.stream[tcp.SideOf(p.At)]
		*stream = (*stream)[:p.base+max(0, written)]
	}
}

// connection is one connection: the bytes that its ends have written, and the sockets as the
// log of a Lab has them.
type connection struct {
	n       int       // number in the log, 1 and up
	stream  [2][]byte // by the side that writes
	ends    [2]socketView
	crossed bool // the server has sent a SYN, too
}

// socketView is one end of a connection as the log of a Lab has it.
type socketView struct {
	state        sim.State
	seen         bool // the end has had a state
	timer        string
	retransmits  int
	recvq, sendq int
}
