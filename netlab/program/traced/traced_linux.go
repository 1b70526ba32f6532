package traced

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"finwait/netlab/host"
	"finwait/netlab/ipc"
	"finwait/netlab/program"

	"golang.org/x/sys/unix"
)

// Tracer is the laboratory's handle on the tracer of a host. It is not safe for concurrent use.
type Tracer struct {
	pid       int
	channel   *ipc.Channel
	processes map[int]*Process
	orphaned  map[int][]notice // of processes that no fork has told yet
	ended     error            // the channel has ended, and why
}

// Command is a program to start.
type Command struct {
	Argv []string
	Env  []string // whole
	Dir  string
}

// StartTracer starts the tracer of a host for programs that use a port, and waits until it is
// ready. The caller closes it.
func StartTracer(h *host.Host, port uint16) (*Tracer, error) {
	channel, theirs, err := ipc.Pair()
	if err != nil {
		return nil, err
	}
	pid, err := h.Spawn("finwait-tracer", host.RoleTracer, theirs, portEnv+"="+strconv.Itoa(int(port)))
	unix.Close(theirs)
	if err != nil {
		return nil, errors.Join(err, channel.Close())
	}
	t := &Tracer{pid: pid, channel: channel, processes: map[int]*Process{}, orphaned: map[int][]notice{}}
	var first notice
	if _, err := channel.Recv(&first); err != nil {
		return nil, errors.Join(fmt.Errorf("tracer: %w", err), t.Close())
	}
	return t, nil
}

// StartError says that a program could not be started, in the words of the system.
type StartError struct{ Why string }

// Error returns the words.
func (e *StartError) Error() string { return e.Why }

// Start starts a program. The error is a *StartError where there is no such program.
func (t *Tracer) Start(c Command) (*Process, error) {
	if err := t.channel.Send(command{Kind: commandStart, Argv: c.Argv, Env: c.Env, Dir: c.Dir}); err != nil {
		return nil, err
	}
	for {
		var n notice
		fds, err := t.channel.Recv(&n)
		switch {
		case err != nil:
			return nil, fmt.Errorf("tracer: %w", err)
		case n.Kind == noticeFailed:
			return nil, &StartError{n.Text}
		case n.Kind == noticeStarted && len(fds) == 1:
			p := t.adopt(n.PID, &terminal{fd: fds[0]})
			p.terminal.owner = p
			return p, nil
		}
		t.take(n)
	}
}

// adopt makes the handle of a process that is new.
func (t *Tracer) adopt(pid int, on *terminal) *Process {
	p := &Process{tracer: t, pid: pid, terminal: on}
	on.users++
	t.processes[pid] = p
	early := t.orphaned[pid]
	delete(t.orphaned, pid)
	for _, n := range early {
		p.take(n)
	}
	return p
}

// drain takes in every notice that is there.
func (t *Tracer) drain() error {
	for t.ended == nil {
		var n notice
		fds, err := t.channel.TryRecv(&n)
		for _, fd := range fds {
			unix.Close(fd)
		}
		if errors.Is(err, unix.EAGAIN) {
			return nil
		}
		if err != nil {
			t.ended = fmt.Errorf("the tracer has ended: %w", err)
			break
		}
		t.take(n)
	}
	return t.ended
}

// take gives a notice to the process that it is about.
func (t *Tracer) take(n notice) {
	if p := t.processes[n.PID]; p != nil {
		p.take(n)
		return
	}
	t.orphaned[n.PID] = append(t.orphaned[n.PID], n)
}

// Close ends every program and the tracer, and waits for them.
func (t *Tracer) Close() error {
	errs := []error{t.channel.Close()}
	for _, p := range t.processes {
		errs = append(errs, p.terminal.close())
	}
	for {
		_, err := unix.Wait4(t.pid, nil, 0, nil)
		if !errors.Is(err, unix.EINTR) {
			return errors.Join(append(errs, os.NewSyscallError("wait4", err))...)
		}
	}
}

// Process is a program that is traced, or a process that such a one has forked. It is not safe
// for concurrent use.
type Process struct {
	tracer   *Tracer
	pid      int
	terminal *terminal
	queue    []program.Event
	holds    []hold         // the oldest first
	waits    map[int]notice // the calls that are told only if they block, by thread
	deadly   notice         // the signal that kills it; zero without
	gone     *program.Gone  // the process has ended, and its output is not read to the end yet
	dead     bool           // Gone was returned
	idle     int            // how often in a row it was seen running without news
}

// hold is a thread that is held at a call.
type hold struct {
	tid   int
	sleep bool
}

var _ program.Program = (*Process)(nil)

// PID returns the number of the process.
func (p *Process) PID() int { return p.pid }

// Tell lets a held call go, skips one, types, or sends a signal.
func (p *Process) Tell(r program.Request) error {
	if p.dead || p.gone != nil {
		return program.ErrGone
	}
	p.idle = 0
	p.terminal.printed = 0
	switch r := r.(type) {
	case program.Release:
		return p.release(r)
	case program.Signal:
		p.holds = nil // they give way to it
		return p.tracer.channel.Send(command{Kind: commandSignal, TID: p.pid, Signal: int(unix.SignalNum(string(r)))})
	case program.Type:
		return p.terminal.write(string(r))
	}
	return program.ErrOwnCalls
}

// release lets the oldest held call go.
func (p *Process) release(r program.Release) error {
	for i, h := range p.holds {
		if r.Skip && !h.sleep {
			continue
		}
		p.holds = slices.Delete(p.holds, i, i+1)
		c := command{Kind: commandRelease, TID: h.tid}
		if r.Skip {
			c.Kind = commandSkip
		}
		return p.tracer.channel.Send(c)
	}
	return program.ErrNotHeld
}

// tidOf returns the number of a thread as an event has it: 0 for the main one.
func (p *Process) tidOf(tid int) int {
	if tid == p.pid {
		return 0
	}
	return tid
}

// take takes in a notice.
func (p *Process) take(n notice) {
	p.idle = 0
	tid := p.tidOf(n.TID)
	add := func(e program.Event) { p.queue = append(p.queue, e) }
	switch n.Kind {
	case noticeHeld:
		p.holds = append(p.holds, hold{n.TID, n.Sleep})
		add(program.Held{At: n.At, TID: tid, Call: n.Call, Sleep: n.Sleep})
	case noticeEntered:
		add(program.Entered{At: n.At, TID: tid, Call: n.Call, Local: n.Addr})
	case noticeWaiting:
		if p.waits == nil {
			p.waits = map[int]notice{}
		}
		p.waits[n.TID] = n
	case noticeReturned:
		if _, untold := p.waits[n.TID]; untold {
			delete(p.waits, n.TID)
			return
		}
		r := program.Returned{At: n.At, TID: tid, Call: n.Call, Result: n.Ret}
		switch n.Call.Name {
		case "accept":
			r.Peer = n.Addr
		case "connect":
			r.Local = n.Addr
		}
		add(r)
	case noticeForked:
		child := p.tracer.adopt(n.Child, p.terminal)
		add(program.Forked{At: n.At, Child: child, Quiet: n.Quiet})
	case noticeHandled:
		add(program.Handled{At: n.At, Signal: n.Text})
	case noticeIgnored:
		add(program.Ignored{At: n.At, Signal: n.Text})
	case noticeDeadly:
		p.deadly = n
	case noticeGone:
		p.ended(n)
	}
}

// ended takes in the end of the process.
func (p *Process) ended(n notice) {
	p.holds, p.waits = nil, nil
	p.gone = &program.Gone{At: n.At, Status: n.Exit, Signal: n.Text}
	if p.deadly.Text == n.Text {
		p.gone.Killed = p.deadly.At
	}
	p.terminal.users--
}

// Next returns the next event.
func (p *Process) Next() (program.Event, error) {
	if p.dead {
		return nil, nil
	}
	if err := p.tracer.drain(); err != nil {
		return nil, err
	}
	if len(p.queue) > 0 {
		e := p.queue[0]
		p.queue = p.queue[1:]
		return e, nil
	}
	if p.terminal.owner == p {
		if out, ok := p.terminal.read(); ok {
			return out, nil
		}
	}
	if p.gone != nil && (p.terminal.owner != p || p.terminal.users > 0 || p.terminal.ended) {
		p.dead = true
		return *p.gone, nil
	}
	return nil, nil
}

// Blocked takes in that the program has settled: a call that is told only if it blocks is told
// now, as if it had just been entered.
func (p *Process) Blocked() {
	for _, tid := range slices.SortedFunc(keys(p.waits), cmp.Compare[int]) {
		n := p.waits[tid]
		delete(p.waits, tid)
		p.queue = append(p.queue, program.Entered{At: now(), TID: p.tidOf(tid), Call: n.Call})
	}
}

func keys(m map[int]notice) func(func(int) bool) {
	return func(yield func(int) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// Holds reports whether a thread of the process is held.
func (p *Process) Holds() bool { return len(p.holds) > 0 }

// FD returns the descriptor of the channel from the tracer.
func (p *Process) FD() int { return p.tracer.channel.FD() }

// OutputFD returns the descriptor of what the program prints, -1 where there is none.
func (p *Process) OutputFD() int {
	if p.terminal.owner != p || p.terminal.ended {
		return -1
	}
	return p.terminal.fd
}

// mostLooks is after how many looks without news a program that runs counts as one that does
// not settle: it computes. A look comes every half millisecond.
const mostLooks = 4000

// Running reports whether a thread is neither held, nor asleep, nor dead.
func (p *Process) Running() bool {
	if p.dead {
		return false
	}
	if p.gone != nil {
		return true // its output is still read
	}
	if !p.runs() {
		p.idle = 0
		return false
	}
	p.idle++
	return p.idle < mostLooks
}

// Spinning reports whether the process runs, but not in calls that are told.
func (p *Process) Spinning() bool { return p.idle >= mostLooks }

func (p *Process) runs() bool {
	dir := "/proc/" + strconv.Itoa(p.pid) + "/task"
	entries, err := os.ReadDir(dir)
	if err != nil {
		return true // it has ended, which will be told
	}
	for _, e := range entries {
		tid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		stat, err := os.ReadFile(dir + "/" + e.Name() + "/stat")
		if err != nil {
			return true
		}
		if !p.still(tid, string(stat), len(entries)) {
			return true
		}
	}
	return false
}

// still reports whether a thread does nothing by itself, by its line of proc_pid_stat(5).
func (p *Process) still(tid int, stat string, threads int) bool {
	i := strings.LastIndexByte(stat, ')')
	if i < 0 || len(stat) < i+3 {
		return false
	}
	switch stat[i+2] {
	case 'S', 'D', 'T':
		return true
	case 't':
		return slices.ContainsFunc(p.holds, func(h hold) bool { return h.tid == tid })
	case 'Z':
		return tid == p.pid && threads > 1 // others of the process live
	}
	return false
}

// Stirring returns false: a traced program tells of its death.
func (p *Process) Stirring() bool { return false }

// Close kills the process if it lives. Tracer.Close waits for it.
func (p *Process) Close() error {
	if p.dead || p.gone != nil {
		return nil
	}
	p.dead = true
	err := p.tracer.channel.Send(command{Kind: commandSignal, TID: p.pid, Signal: int(unix.SIGKILL)})
	if errors.Is(err, unix.EPIPE) || errors.Is(err, unix.ECONNRESET) {
		return nil // the tracer is dead, and the process with it
	}
	return err
}
