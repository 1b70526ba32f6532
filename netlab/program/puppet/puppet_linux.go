package puppet

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"syscall"

	"finwait/netlab/host"
	"finwait/netlab/ipc"
	"finwait/netlab/program"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// Puppet is a Process behind the boundary that every program has. It is not safe for concurrent
// use.
type Puppet struct {
	process *Process
	calls   []sim.Call     // of the request that runs; nil if the process is idle
	index   int            // of the call that is being made, or comes next
	entered bool           // the program has said that the call at index is made
	bound   netip.AddrPort // address of the newest socket; invalid if it is not bound
	killed  bool           // the laboratory has sent a signal
	ended   bool           // the channel has ended: the process is dying, or dead
	forked  *ipc.Channel   // the laboratory's end for the child that is being forked
}

var _ program.Program = (*Puppet)(nil)

// New starts a puppet on a host, under a name for ps(1), bound to one CPU, and waits until it
// is ready.
func New(h *host.Host, name string, cpu int) (*Puppet, error) {
	process, err := Start(h, name, cpu)
	if err != nil {
		return nil, err
	}
	return &Puppet{process: process}, nil
}

// PID returns the number of the process.
func (p *Puppet) PID() int { return p.process.PID }

// Tell has the process make calls, or sends it a signal.
func (p *Puppet) Tell(r program.Request) error {
	switch r := r.(type) {
	case program.Signal:
		p.killed = true
		err := p.process.Kill(unix.SignalNum(string(r)))
		if errors.Is(err, unix.ESRCH) {
			return program.ErrGone
		}
		return err
	case program.Calls:
		if r.Calls[0].Name == sim.CallFork {
			return p.fork(r)
		}
		return p.ask(r)
	}
	return fmt.Errorf("puppet: no such request: %T", r)
}

// ask sends the process a request, and copies of descriptors with it.
func (p *Puppet) ask(r program.Calls, fds ...int) error {
	err := p.process.Send(Request{Calls: r.Calls, Stop: r.Stop}, fds...)
	if errors.Is(err, unix.EPIPE) || errors.Is(err, unix.ECONNRESET) {
		return program.ErrGone
	}
	if err != nil {
		return err
	}
	p.calls, p.index, p.entered = r.Calls, 0, false
	return nil
}

// fork has the process fork. The child's end of a new channel goes with the request.
func (p *Puppet) fork(r program.Calls) error {
	channel, theirs, err := ipc.Pair()
	if err != nil {
		return err
	}
	defer unix.Close(theirs)
	p.forked = channel
	return p.ask(r, theirs)
}

// Next returns the next event: what the process has said, or its end.
func (p *Puppet) Next() (program.Event, error) {
	if p.process.dead {
		return nil, nil
	}
	if !p.ended {
		r, err := p.process.TryRecv()
		switch {
		case err == nil:
			return p.replied(r)
		case errors.Is(err, unix.EAGAIN):
			return nil, nil
		case !errors.Is(err, io.EOF):
			return nil, err
		}
		p.ended = true
	}
	status, dead, err := p.process.Reap()
	if err != nil || !dead {
		return nil, err
	}
	p.calls = nil
	gone := program.Gone{At: now(), Status: status.ExitStatus()}
	if status.Signaled() {
		gone.Status, gone.Signal = 128+int(status.Signal()), unix.SignalName(status.Signal())
	}
	return gone, nil
}

// replied returns the event that a reply means.
func (p *Puppet) replied(r Reply) (program.Event, error) {
	if p.calls == nil || r.Index != p.index {
		return nil, fmt.Errorf("process %d says %s of call %d, which it was not told to make", p.PID(), r.Kind, r.Index)
	}
	call := p.calls[p.index]
	call.FD = r.FD // where it was sim.LastFD
	switch r.Kind {
	case ReplyCall:
		p.entered = true
		e := program.Entered{At: r.At, Call: call}
		if call.Name == sim.CallConnect {
			e.Local = p.bound
		}
		return e, nil
	case ReplySignal:
		return program.Handled{At: r.At, Signal: r.Note}, nil
	}
	return p.returned(call, r)
}

// returned returns the event of a return, and moves on to the next call.
func (p *Puppet) returned(call sim.Call, r Reply) (program.Event, error) {
	p.entered = false
	p.index++
	if r.Last {
		p.calls = nil
	}
	e := program.Returned{
		At: r.At, Call: call,
		Result: sim.Result{Ret: r.Ret, Errno: errnoName(r.Errno), Data: string(r.Data), Note: r.Note},
	}
	var err error
	switch {
	case call.Name == sim.CallSocket:
		p.bound = netip.AddrPort{}
	case call.Name == sim.CallBind && r.Ret >= 0:
		p.bound = call.Addr
	case call.Name == sim.CallAccept && r.Ret >= 0:
		e.Peer, err = netip.ParseAddrPort(r.Peer)
	case call.Name == sim.CallFork:
		e.Child, err = p.child(r)
	}
	return e, err
}

// child returns the process that a fork has made, nil if it has failed.
func (p *Puppet) child(r Reply) (program.Program, error) {
	channel := p.forked
	p.forked = nil
	if r.Ret < 0 {
		return nil, channel.Close()
	}
	process, err := adopt(r.Ret, channel)
	if err != nil {
		return nil, err
	}
	return &Puppet{process: process}, nil
}

// FD returns the descriptor on which the process speaks; after the end of that, the one that
// tells its death.
func (p *Puppet) FD() int {
	if p.ended {
		return p.process.PidFD()
	}
	return p.process.FD()
}

// Running reports whether the process makes calls and does not sleep in one, or is dying,
// which closes its sockets.
func (p *Puppet) Running() bool {
	switch {
	case p.process.dead:
		return false
	case p.ended, p.killed:
		return true
	}
	return p.calls != nil && !(p.entered && p.process.Asleep(p.calls[p.index]))
}

// Stirring reports whether the process is idle and does not sleep.
func (p *Puppet) Stirring() bool {
	return !p.process.dead && !p.ended && p.calls == nil && !p.process.Resting()
}

// Close ends the process, and the child that it was forking.
func (p *Puppet) Close() error {
	err := p.process.Close()
	if p.forked == nil {
		return err
	}
	channel := p.forked
	p.forked = nil
	return errors.Join(err, abandon(channel))
}

// errnoName returns the name of an errno, empty for none.
func errnoName(errno int) string {
	if errno == 0 {
		return ""
	}
	if name := unix.ErrnoName(syscall.Errno(errno)); name != "" {
		return name
	}
	return "errno " + strconv.Itoa(errno)
}
