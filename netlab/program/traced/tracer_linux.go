package traced

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"finwait/netlab/host"
	"finwait/netlab/ipc"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// init ties the tracer and the shim to their main threads: a ptrace request works only from the
// thread that has attached, and what is attached to is the main thread.
func init() {
	if r := host.Role(); r == host.RoleTracer || r == host.RoleShim {
		runtime.LockOSThread()
	}
}

// portEnv is the lab's port, in the environment of the tracer.
const portEnv = "FINWAIT_TRACED_PORT"

// Run is the main function of a tracer and of a shim: call it first thing in main. It returns at
// once unless this process was started as one of them; then it never returns.
func Run() {
	switch host.Role() {
	case host.RoleShim:
		runShim()
	case host.RoleTracer:
		if err := runTracer(); err != nil {
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// tracer is the process that traces every program of a host. One thread makes every ptrace
// request.
type tracer struct {
	channel *ipc.Channel
	port    uint16
	threads map[int]*thread
	sockets map[uint64]*knownSocket
	pidfds  map[int]int
	sigpipe map[int]sim.Disposition // by process, as it was told last
	failed  error                   // of the channel: the laboratory is gone
}

func runTracer() error {
	runtime.GOMAXPROCS(2)
	debug.SetGCPercent(100)
	if err := host.DieWithParent(); err != nil {
		return err
	}
	if err := host.CloseInherited(); err != nil {
		return err
	}
	unix.CloseOnExec(host.ControlFD)
	port, err := strconv.ParseUint(os.Getenv(portEnv), 10, 16)
	if err != nil {
		return fmt.Errorf("port: %w", err)
	}
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("prctl PR_SET_CHILD_SUBREAPER: %w", err)
	}
	t := &tracer{
		channel: ipc.New(host.ControlFD), port: uint16(port), threads: map[int]*thread{}, sockets: map[uint64]*knownSocket{},
		pidfds: map[int]int{}, sigpipe: map[int]sim.Disposition{},
	}
	t.tell(notice{Kind: noticeReady, At: now()})
	return errors.Join(t.serve(), t.end())
}

// serve carries out commands, and takes in every stop of every thread, until the laboratory is
// gone.
func (t *tracer) serve() error {
	stops := make(chan os.Signal, 1) // every stop of a thread is a SIGCHLD
	signal.Notify(stops, unix.SIGCHLD)
	commands, ended := make(chan command), make(chan error, 1)
	go func() {
		channel := ipc.New(host.ControlFD) // the other direction has its own buffers
		for {
			var c command
			if _, err := channel.Recv(&c); err != nil {
				ended <- err
				return
			}
			commands <- c
		}
	}()
	for t.failed == nil {
		select {
		case err := <-ended:
			if errors.Is(err, io.EOF) {
				return nil
			}
			return err
		case c := <-commands:
			t.do(c)
		case <-stops:
		}
		t.drain()
	}
	return nil
}

// drain takes in every news of wait4(2).
func (t *tracer) drain() {
	for {
		var status unix.WaitStatus
		tid, err := unix.Wait4(-1, &status, unix.WNOHANG|unix.WALL, nil)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || tid <= 0 {
			return
		}
		t.news(tid, status)
	}
}

// end kills every program, and waits until none is left: also of those that have made
// themselves daemons.
func (t *tracer) end() error {
	for {
		for pid := range t.processes() {
			_ = unix.Kill(pid, unix.SIGKILL) // it is dead already, else
		}
		tid, err := unix.Wait4(-1, nil, unix.WALL, nil)
		switch {
		case errors.Is(err, unix.ECHILD):
			return nil
		case err != nil && !errors.Is(err, unix.EINTR):
			return fmt.Errorf("wait4: %w", err)
		case tid > 0:
			delete(t.threads, tid)
		}
	}
}

// processes returns the processes that have a thread.
func (t *tracer) processes() map[int]bool {
	pids := map[int]bool{}
	for _, k := range t.threads {
		pids[k.pid] = true
	}
	return pids
}

// tell tells the laboratory something.
func (t *tracer) tell(n notice, fds ...int) {
	if t.failed == nil {
		t.failed = t.channel.Send(n, fds...)
	}
}

func now() int64 { return time.Now().UnixNano() }

// do carries out a command.
func (t *tracer) do(c command) {
	k := t.threads[c.TID]
	switch c.Kind {
	case commandStart:
		if err := t.start(c); err != nil {
			t.tell(notice{Kind: noticeFailed, At: now(), Text: err.Error()})
		}
	case commandRelease:
		if k != nil && k.holds {
			k.enter()
		}
	case commandSkip:
		if k != nil && k.holds {
			k.skip()
		}
	case commandSignal:
		t.signal(c.TID, unix.Signal(c.Signal))
	}
}

// signal sends a signal to a process. Its calls that are held give way to it.
func (t *tracer) signal(pid int, sig unix.Signal) {
	if err := unix.Kill(pid, sig); err != nil || sig == unix.SIGKILL {
		return
	}
	for _, k := range t.threads {
		if k.pid == pid && k.holds {
			k.giveWay()
		}
	}
}

// start starts a program under the tracer, on a terminal of its own.
func (t *tracer) start(c command) error {
	path, err := lookUp(c.Argv[0], c.Dir, c.Env)
	if err != nil {
		return err
	}
	master, slave, err := openTerminal()
	if err != nil {
		return err
	}
	defer unix.Close(master)
	defer unix.Close(slave)
	ours, theirs, err := ipc.Pair()
	if err != nil {
		return err
	}
	defer ours.Close()
	pid, err := syscall.ForkExec("/proc/self/exe", []string{c.Argv[0]}, &syscall.ProcAttr{
		Env:   host.Environ(host.RoleShim),
		Files: []uintptr{uintptr(slave), uintptr(slave), uintptr(slave), uintptr(theirs)},
		Dir:   c.Dir,
		Sys:   &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0},
	})
	unix.Close(theirs)
	if err != nil {
		return fmt.Errorf("start %s: %w", c.Argv[0], err)
	}
	if err := seize(pid); err != nil {
		t.abandon(pid)
		return &notPermittedError{err}
	}
	t.threads[pid] = &thread{tracer: t, tid: pid, pid: pid}
	t.sigpipe[pid] = sim.SigDfl
	if err := ours.Send(startMessage{Path: path, Argv: c.Argv, Env: c.Env}); err != nil {
		t.abandon(pid)
		return err
	}
	if err := t.started(ours, pid); err != nil {
		return err
	}
	t.tell(notice{Kind: noticeStarted, At: now(), PID: pid, TID: pid}, master)
	return nil
}

// lookUp returns the file of a program: in the directories of PATH where its name has no slash.
func lookUp(name, dir string, env []string) (string, error) {
	if strings.Contains(name, "/") {
		if !filepath.IsAbs(name) {
			name = filepath.Join(dir, name)
		}
		return exec.LookPath(name)
	}
	for _, entry := range slices.Backward(env) {
		path, is := strings.CutPrefix(entry, "PATH=")
		if !is {
			continue
		}
		for _, d := range filepath.SplitList(path) {
			if found, err := exec.LookPath(filepath.Join(cmp.Or(d, dir), name)); err == nil {
				return found, nil
			}
		}
		break
	}
	return "", fmt.Errorf("%q is not a program in PATH", name)
}

// started waits until the shim has become the program.
func (t *tracer) started(shim *ipc.Channel, pid int) error {
	for {
		t.drain() // the stops of the shim, that of its exec(2) among them
		var why string
		_, err := shim.TryRecv(&why)
		switch {
		case errors.Is(err, unix.EAGAIN):
			fds := []unix.PollFd{{Fd: int32(shim.FD()), Events: unix.POLLIN}}
			_, _ = unix.Poll(fds, 1) // a stop makes nothing readable
			continue
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		t.abandon(pid)
		return errors.New(why)
	}
}

// abandon kills a process that has not become a program, and waits for it.
func (t *tracer) abandon(pid int) {
	delete(t.threads, pid)
	_ = unix.Kill(pid, unix.SIGKILL) // it is dead already, else
	for {
		var status unix.WaitStatus
		_, err := unix.Wait4(pid, &status, unix.WALL, nil)
		if err != nil && !errors.Is(err, unix.EINTR) || status.Exited() || status.Signaled() {
			return
		}
	}
}

// thread returns a thread, which is new if it has not been heard of.
func (t *tracer) thread(tid int) *thread {
	k := t.threads[tid]
	if k == nil {
		k = &thread{tracer: t, tid: tid, pid: tid}
		if pid := readStatus(tid).number("Tgid"); pid > 0 {
			k.pid = pid
		}
		t.threads[tid] = k
	}
	return k
}

// news takes in what wait4(2) says of a thread.
func (t *tracer) news(tid int, status unix.WaitStatus) {
	if status.Exited() || status.Signaled() {
		t.gone(tid, status)
		return
	}
	if !status.Stopped() {
		return
	}
	k := t.thread(tid)
	k.stopped = true
	sig := status.StopSignal()
	switch event := int(status) >> 16; {
	case event == unix.PTRACE_EVENT_SECCOMP:
		k.enters()
	case event == unix.PTRACE_EVENT_EXEC:
		t.executed(k)
	case event == unix.PTRACE_EVENT_FORK, event == unix.PTRACE_EVENT_VFORK, event == unix.PTRACE_EVENT_CLONE:
		t.forked(k)
	case event == unix.PTRACE_EVENT_STOP:
		switch sig {
		case unix.SIGSTOP, unix.SIGTSTP, unix.SIGTTIN, unix.SIGTTOU:
			listen(tid) // a group-stop
		default:
			k.resume(0) // a new thread
		}
	case sig == unix.SIGTRAP|0x80:
		if info, err := getSyscallInfo(tid); err == nil && info.Op == opEntry {
			k.resume(0) // it was stopped there before, by the filter
			return
		}
		k.exits()
	default:
		k.signals(sig)
	}
}

// forked takes in that a thread has made a thread or a process.
func (t *tracer) forked(k *thread) {
	number, err := unix.PtraceGetEventMsg(k.tid)
	if err == nil {
		child := t.thread(int(number))
		if child.pid != k.pid {
			t.sigpipe[child.pid] = t.sigpipe[k.pid]
			n := k.notice(noticeForked)
			n.Child, n.Quiet = child.pid, len(t.descriptors(k)) == 0
			t.tell(n)
		}
	}
	k.resume(0)
}

// executed takes in that a process has become another program. Its other threads are gone, and
// its disposition of SIGPIPE is the default one unless it was to ignore it (execve(2)).
func (t *tracer) executed(k *thread) {
	for tid, o := range t.threads {
		if o.pid == k.pid && tid != k.tid {
			delete(t.threads, tid)
		}
	}
	if t.sigpipe[k.pid] == sim.SigHandler {
		t.sigpipe[k.pid] = sim.SigDfl
	}
	*k = thread{tracer: t, tid: k.tid, pid: k.pid, stopped: true}
	k.resume(0)
}

// gone takes in the end of a thread. That of the last thread of a process is the process's.
func (t *tracer) gone(tid int, status unix.WaitStatus) {
	k := t.threads[tid]
	delete(t.threads, tid)
	if k == nil || k.tid != k.pid {
		return
	}
	n := notice{Kind: noticeGone, At: now(), PID: k.pid, TID: k.pid, Exit: status.ExitStatus()}
	if status.Signaled() {
		n.Exit, n.Text = 128+int(status.Signal()), unix.SignalName(status.Signal())
	}
	if fd, ok := t.pidfds[k.pid]; ok {
		unix.Close(fd)
		delete(t.pidfds, k.pid)
	}
	delete(t.sigpipe, k.pid)
	t.tell(n)
}
