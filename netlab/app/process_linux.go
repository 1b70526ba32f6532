package app

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"

	"finwait/netlab/host"
	"finwait/netlab/ipc"

	"golang.org/x/sys/unix"
)

// Process is the lab's handle on a program under test. It is not safe for
// concurrent use.
type Process struct {
	PID     int
	channel *ipc.Channel
	pidfd   int
	dead    bool
}

// Start starts a program on a host, under a name for ps(1), bound to one CPU, and
// waits until it is ready.
func Start(h *host.Host, name string, cpu int) (*Process, error) {
	channel, theirs, err := ipc.Pair()
	if err != nil {
		return nil, err
	}
	pid, err := h.Spawn(name, host.RoleProgram, theirs, cpuEnv+"="+strconv.Itoa(cpu))
	unix.Close(theirs)
	if err != nil {
		return nil, errors.Join(err, channel.Close())
	}
	return adopt(pid, channel)
}

// Forked returns the handle on the child of a fork, once its parent has said its
// pid; channel is the lab's end of the pair whose other end went with the request.
func Forked(pid int, channel *ipc.Channel) (*Process, error) { return adopt(pid, channel) }

// adopt takes a process that was just started and waits for its first reply.
func adopt(pid int, channel *ipc.Channel) (*Process, error) {
	pidfd, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		unix.Kill(pid, unix.SIGKILL)
		unix.Wait4(pid, nil, 0, nil)
		return nil, errors.Join(fmt.Errorf("pidfd_open: %w", err), channel.Close())
	}
	p := &Process{PID: pid, channel: channel, pidfd: pidfd}
	var first Reply
	if _, err := channel.Recv(&first); err != nil {
		return nil, errors.Join(fmt.Errorf("program %d did not start: %w", pid, err), p.Close())
	}
	return p, nil
}

// Send tells the program to make calls, and gives it copies of the descriptors.
func (p *Process) Send(ask Request, fds ...int) error { return p.channel.Send(ask, fds...) }

// TryRecv returns the next reply, if one is there. The error is unix.EAGAIN when
// none is, io.EOF when the program is gone.
func (p *Process) TryRecv() (Reply, error) {
	var r Reply
	fds, err := p.channel.TryRecv(&r)
	for _, fd := range fds {
		unix.Close(fd)
	}
	return r, err
}

// FD returns the descriptor on which replies arrive, for poll(2).
func (p *Process) FD() int { return p.channel.FD() }

// PidFD returns a descriptor that becomes readable when the program is dead, for
// poll(2).
func (p *Process) PidFD() int { return p.pidfd }

// Kill sends a signal.
func (p *Process) Kill(sig unix.Signal) error {
	if p.dead {
		return unix.ESRCH
	}
	return unix.Kill(p.PID, sig)
}

// Reap returns the wait status if the program is dead. It waits for nothing.
func (p *Process) Reap() (status unix.WaitStatus, dead bool, err error) {
	for {
		pid, err := unix.Wait4(p.PID, &status, unix.WNOHANG, nil)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return 0, false, fmt.Errorf("wait4: %w", err)
		}
		p.dead = pid == p.PID
		return status, p.dead, nil
	}
}

// Asleep reports whether the program's thread sleeps in the given call: it is in
// that system call (proc_pid_syscall(5), where reading it is permitted) and does
// not run (the state in proc_pid_stat(5)). A stopped thread counts as asleep.
func (p *Process) Asleep(c Call) bool {
	var buf [512]byte
	if line, ok := p.procFile("syscall", buf[:]); ok {
		number, _, _ := bytes.Cut(line, []byte(" "))
		if n, err := strconv.Atoi(string(number)); err != nil || n != c.Number() {
			return false
		}
	}
	line, ok := p.procFile("stat", buf[:])
	if !ok {
		return false
	}
	// The state follows the name, which stands in parentheses and may hold any.
	_, after, found := bytes.Cut(line[bytes.LastIndexByte(line, ')'):], []byte(" "))
	return found && len(after) > 0 && bytes.IndexByte([]byte("ST"), after[0]) >= 0
}

// procFile reads a file of the program in /proc into buf.
func (p *Process) procFile(name string, buf []byte) ([]byte, bool) {
	fd, err := unix.Open("/proc/"+strconv.Itoa(p.PID)+"/"+name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, false
	}
	defer unix.Close(fd)
	n, err := unix.Read(fd, buf)
	return buf[:max(n, 0)], err == nil && n > 0
}

// Close ends the program if it lives, waits for it, and closes the descriptors.
func (p *Process) Close() error {
	var errs []error
	if !p.dead {
		if err := p.Kill(unix.SIGKILL); err != nil {
			errs = append(errs, fmt.Errorf("kill: %w", err))
		}
		errs = append(errs, p.wait())
	}
	return errors.Join(append(errs, p.channel.Close(), unix.Close(p.pidfd))...)
}

func (p *Process) wait() error {
	for {
		_, err := unix.Wait4(p.PID, nil, 0, nil)
		if !errors.Is(err, unix.EINTR) {
			p.dead = err == nil
			return os.NewSyscallError("wait4", err)
		}
	}
}
