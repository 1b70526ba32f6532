package puppet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"finwait/netlab/host"
	"finwait/netlab/ipc"
	"finwait/sim"

	"golang.org/x/sys/unix"
)

// Process is the laboratory's handle on the process of a puppet. It is not safe for concurrent
// use.
type Process struct {
	PID     int
	channel *ipc.Channel
	pidfd   int
	stat    int  // descriptor of /proc/PID/stat
	syscall int  // descriptor of /proc/PID/syscall, -1 where reading that is not permitted
	dead    bool // wait(2) has returned the status
}

// Start starts a program on a host, under a name for ps(1), bound to one CPU, and waits until it
// is ready.
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

// abandon ends the child of a fork whose parent has died before it said the child's pid. The
// child, if there is one, says the pid itself. channel is the laboratory's end of the pair; it
// is closed.
func abandon(channel *ipc.Channel) error {
	var first Reply
	_, err := channel.Recv(&first)
	if errors.Is(err, io.EOF) { // both who had the other end are gone
		return channel.Close()
	}
	if err != nil {
		return errors.Join(err, channel.Close())
	}
	p := &Process{PID: first.Ret, channel: channel, pidfd: -1, stat: -1, syscall: -1}
	return p.Close()
}

// adopt takes a process that was just started, or forked, and waits for its first reply.
// channel is the laboratory's end of the pair whose other end the process has. adopt opens all
// that the laboratory will need to watch it, so that no descriptor can be missing later.
func adopt(pid int, channel *ipc.Channel) (*Process, error) {
	p := &Process{PID: pid, channel: channel, pidfd: -1, stat: -1, syscall: -1}
	if err := p.watch(); err != nil {
		return nil, errors.Join(err, p.Close())
	}
	var first Reply
	if _, err := channel.Recv(&first); err != nil {
		return nil, errors.Join(fmt.Errorf("program %d did not start: %w", pid, err), p.Close())
	}
	return p, nil
}

// watch opens the descriptors through which the process is seen.
func (p *Process) watch() error {
	var err error
	if p.pidfd, err = unix.PidfdOpen(p.PID, 0); err != nil {
		p.pidfd = -1
		return fmt.Errorf("pidfd_open: %w", err)
	}
	if p.stat, err = p.openProc("stat"); err != nil {
		return err
	}
	p.syscall, err = p.openProc("syscall")
	if errors.Is(err, unix.EACCES) || errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOENT) {
		return nil
	}
	return err
}

// openProc opens a file of the process in /proc; the descriptor is -1 without.
func (p *Process) openProc(name string) (int, error) {
	name = "/proc/" + strconv.Itoa(p.PID) + "/" + name
	fd, err := unix.Open(name, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("open %s: %w", name, err)
	}
	return fd, nil
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
func (p *Process) Asleep(c sim.Call) bool {
	var buf [512]byte
	if line := readAll(p.syscall, buf[:]); len(line) > 0 {
		number, _, _ := bytes.Cut(line, []byte(" "))
		if n, err := strconv.Atoi(string(number)); err != nil || n != numberOf(c.Name) {
			return false
		}
	}
	return sleeps(readAll(p.stat, buf[:]))
}

// Resting reports whether the program's thread sleeps, in whatever call. A program that is told
// nothing rests, unless it is dying.
func (p *Process) Resting() bool {
	var buf [512]byte
	return sleeps(readAll(p.stat, buf[:]))
}

// sleeps reports whether a line of proc_pid_stat(5) tells of a thread that sleeps
// or is stopped. The state follows the name, which stands in parentheses and may
// hold any character.
func sleeps(stat []byte) bool {
	name := bytes.LastIndexByte(stat, ')')
	if name < 0 || len(stat) < name+3 {
		return false
	}
	state := stat[name+2]
	return state == 'S' || state == 'T'
}

// readAll reads a file of /proc anew. It returns nothing without a descriptor, or once the
// process is gone.
func readAll(fd int, buf []byte) []byte {
	if fd < 0 {
		return nil
	}
	n, err := unix.Pread(fd, buf, 0)
	if err != nil {
		return nil
	}
	return buf[:n]
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
	errs = append(errs, p.channel.Close())
	for _, fd := range []int{p.pidfd, p.stat, p.syscall} {
		if fd >= 0 {
			errs = append(errs, unix.Close(fd))
		}
	}
	return errors.Join(errs...)
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
