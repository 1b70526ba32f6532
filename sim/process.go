package sim

import "slices"

// Process is one process of an end. The zero Process is none.
type Process struct {
	At      End
	PID     int
	Dead    bool
	Status  int    // of a dead process: its exit status, as a shell shows it
	Signal  string // of a dead process: what killed it; empty where it has exited
	Sigpipe string // default, ignore or handler

	Call       Call   // the call that it is in, or the newest
	Called     bool   // there was a call
	InCall     bool   // the call has not returned
	Blocked    bool   // the thread in the call is known to sleep
	Unfinished bool   // the process died in the call
	Result     Result // result of the newest call, once it has returned

	// Descriptors are those that are open, in the order of their numbers.
	Descriptors []Descriptor
}

// Descriptor is an open descriptor of a process.
type Descriptor struct {
	FD     int
	Socket int // number of the socket that it refers to
	order  int // counts the descriptors that were opened
}

// Alive reports whether there is such a process, and it lives.
func (p *Process) Alive() bool { return p.PID != 0 && !p.Dead }

// entered takes in that the process makes a call.
func (p *Process) entered(c Call) {
	p.Call, p.Result = c, Result{}
	p.Called, p.InCall, p.Blocked = true, true, false
}

// returned takes in that the newest call has returned.
func (p *Process) returned(c Call, r Result) {
	p.Call, p.Result = c, r
	p.Called, p.InCall, p.Blocked = true, false, false
	if c.Name == CallSigaction && r.Errno == "" {
		p.Sigpipe = c.Disposition.Word()
	}
}

// exited takes in the death of the process.
func (p *Process) exited(b ProcessExited) {
	p.Dead, p.Status, p.Signal = true, b.Status, b.Signal
	p.InCall, p.Blocked, p.Unfinished = false, false, p.InCall
	p.Descriptors = nil
}

// close takes a descriptor away from the process. The slice before is not written to.
func (p *Process) close(fd int) {
	p.Descriptors = slices.DeleteFunc(slices.Clone(p.Descriptors), func(d Descriptor) bool { return d.FD == fd })
}

// socket returns the number of the socket that a descriptor refers to, 0 where it is not
// open.
func (p *Process) socket(fd int) int {
	for _, d := range p.Descriptors {
		if d.FD == fd {
			return d.Socket
		}
	}
	return 0
}
