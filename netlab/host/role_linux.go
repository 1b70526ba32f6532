package host

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// The environment of a re-executed process.
const (
	roleEnv   = "FINWAIT_ROLE"
	parentEnv = "FINWAIT_PARENT" // pid of finwait, which must still be the parent
)

// The roles of a re-executed process.
const (
	RoleProgram = "program" // the program under test
	RoleTracer  = "tracer"  // traces programs that are not finwait
	RoleShim    = "shim"    // becomes such a program
	roleHelper  = "helper"  // lives in a private namespace and spawns there
)

// ControlFD is where a re-executed process finds its channel. Standard input, so
// that the first socket of a program is descriptor 3, as in a C program.
const ControlFD = 0

// Role returns the role of this process, "" for finwait itself.
func Role() string { return os.Getenv(roleEnv) }

// runtimeEnv makes a Go process as quiet as a C one: no descriptor on the
// cgroup's files, no SIGURG to preempt a thread (it would interrupt poll(2)), and
// no garbage collector, whose timers would open an epoll descriptor among the
// sockets one day. A call leaves a few kilobytes behind; only a program that has
// moved hundreds of megabytes begins to collect. It does one thing at a time, so it starts
// fewer threads.
func runtimeEnv() []string {
	return []string{
		"GODEBUG=containermaxprocs=0,updatemaxprocs=0,asyncpreemptoff=1", "GOGC=off", "GOMEMLIMIT=512MiB", "GOMAXPROCS=1",
	}
}

// environ returns the environment of a re-executed process.
func environ(role string, parent int, extra []string) []string {
	env := append(runtimeEnv(), roleEnv+"="+role, parentEnv+"="+strconv.Itoa(parent))
	return append(env, extra...)
}

// Environ returns the environment of a process that is re-executed by another one than finwait
// itself, in a role.
func Environ(role string) []string { return environ(role, os.Getpid(), nil) }

// DieWithParent asks the kernel to kill this process when finwait dies, and fails
// when finwait is dead already.
func DieWithParent() error { return signalAtParentsDeath(unix.SIGKILL) }

// signalAtParentsDeath asks the kernel to send this process a signal when finwait dies, and fails
// when finwait is dead already.
func signalAtParentsDeath(sig unix.Signal) error {
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(sig), 0, 0, 0); err != nil {
		return fmt.Errorf("prctl PR_SET_PDEATHSIG: %w", err)
	}
	if want := os.Getenv(parentEnv); strconv.Itoa(unix.Getppid()) != want {
		return fmt.Errorf("the parent is not %s any more", want)
	}
	return nil
}

// CloseInherited closes every descriptor above standard error that this process has
// inherited.
func CloseInherited() error {
	if err := unix.CloseRange(3, math.MaxInt32, 0); err != nil {
		return fmt.Errorf("close_range: %w", err)
	}
	return nil
}

// spawn re-executes finwait with control as its channel. The process is in a
// session of its own, so that no key of the terminal reaches it. It returns the
// pid; the caller keeps control.
func spawn(name, role string, parent, control int, extra []string, attr *syscall.SysProcAttr) (int, error) {
	null, err := unix.Open(os.DevNull, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return 0, fmt.Errorf("open %s: %w", os.DevNull, err)
	}
	defer unix.Close(null)
	attr.Setsid = true
	pid, err := syscall.ForkExec("/proc/self/exe", []string{name}, &syscall.ProcAttr{
		Dir:   "/",
		Env:   environ(role, parent, extra),
		Files: []uintptr{uintptr(control), uintptr(null), uintptr(null)},
		Sys:   attr,
	})
	if errors.Is(err, unix.EBADF) { // of dup3(2) in the child: the new number is above the limit of open files
		err = unix.EMFILE
	}
	if err != nil {
		return 0, fmt.Errorf("start %s: %w", name, err)
	}
	return pid, nil
}

// SpawnSibling re-executes finwait from a child of it, so that the new process is
// a child of finwait as well (CLONE_PARENT) and finwait reads its death.
func SpawnSibling(name, role string, control int, extra []string) (int, error) {
	return spawn(name, role, unix.Getppid(), control, extra, &syscall.SysProcAttr{Cloneflags: unix.CLONE_PARENT})
}
