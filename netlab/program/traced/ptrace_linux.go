package traced

import (
	"errors"
	"os"
	"runtime"
	"strconv"
	"unsafe"

	"golang.org/x/sys/unix"
)

// traceOptions are given with PTRACE_SEIZE; every child and thread inherits them.
const traceOptions = unix.PTRACE_O_TRACESYSGOOD | unix.PTRACE_O_TRACESECCOMP | unix.PTRACE_O_TRACEFORK |
	unix.PTRACE_O_TRACEVFORK | unix.PTRACE_O_TRACECLONE | unix.PTRACE_O_TRACEEXEC | unix.PTRACE_O_EXITKILL

// The ops of a syscallInfo (linux/ptrace.h).
const (
	opEntry   = 1
	opExit    = 2
	opSeccomp = 3
)

// syscallInfo is struct ptrace_syscall_info (linux/ptrace.h): the same on every architecture.
type syscallInfo struct {
	Op   uint8
	_    [3]byte
	Arch uint32
	IP   uint64
	SP   uint64
	NR   uint64 // at an exit: the value that the call returns
	Args [6]uint64
	_    [2]uint32
}

// number returns the number of the call at its entry.
func (i *syscallInfo) number() int { return int(i.NR) }

// returned returns what the call returns, at its exit: the negative errno where it has failed.
func (i *syscallInfo) returned() int64 { return int64(i.NR) }

func getSyscallInfo(tid int) (syscallInfo, error) {
	var i syscallInfo
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_GET_SYSCALL_INFO, uintptr(tid), unsafe.Sizeof(i), uintptr(unsafe.Pointer(&i)), 0, 0)
	runtime.KeepAlive(&i)
	if errno != 0 {
		return i, errno
	}
	return i, nil
}

// seize attaches to a thread without stopping it.
func seize(tid int) error {
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SEIZE, uintptr(tid), 0, traceOptions, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// listen lets a thread stay in its group-stop, as it would untraced (ptrace(2), PTRACE_LISTEN).
func listen(tid int) {
	_, _, _ = unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_LISTEN, uintptr(tid), 0, 0, 0, 0)
}

// memory reads the memory of a stopped thread.
type memory struct{ tid int }

// read returns up to n bytes at an address; fewer, or none, where there are not so many.
func (m memory) read(addr uint64, n int) []byte {
	if addr == 0 || n <= 0 {
		return nil
	}
	buf := make([]byte, n)
	local := []unix.Iovec{{Base: &buf[0]}}
	local[0].SetLen(n)
	got, err := unix.ProcessVMReadv(m.tid, local, []unix.RemoteIovec{{Base: uintptr(addr), Len: n}}, 0)
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOSYS) { // Docker's profile before 23
		got = m.readFile(buf, int64(addr))
	}
	return buf[:max(0, got)]
}

// readFile reads by proc_pid_mem(5).
func (m memory) readFile(buf []byte, at int64) int {
	f, err := os.Open("/proc/" + strconv.Itoa(m.tid) + "/mem")
	if err != nil {
		return 0
	}
	defer f.Close()
	n, _ := f.ReadAt(buf, at) // what could be read is what there is
	return n
}
