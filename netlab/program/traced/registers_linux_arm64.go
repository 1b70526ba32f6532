package traced

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// syscallLength is how long the instruction is that makes a call, in bytes.
const syscallLength = 4

// ntSystemCall is NT_ARM_SYSTEM_CALL (linux/elf.h): the number of the call, which no register
// has once the call is entered.
const ntSystemCall = 0x404

// skipCall has the call at whose entry a thread is stopped not be made: it returns a value
// (seccomp(2), SECCOMP_RET_TRACE: the number -1).
func skipCall(tid int, ret int64) error {
	return setCall(tid, func(r *unix.PtraceRegs) { r.Regs[0] = uint64(ret) })
}

// remakeCall has a thread make a call anew at whose exit it is stopped, after the handlers of
// pending signals, as the kernel does it for ERESTARTNOINTR (arch/arm64/kernel/signal.c,
// do_signal). first is the call's first argument: its register has the value that it returned.
func remakeCall(tid, number int, first uint64) error {
	return setCall(tid, func(r *unix.PtraceRegs) {
		r.Regs[0], r.Regs[8] = first, uint64(number)
		r.Pc -= syscallLength
	})
}

// setCall changes the registers of a thread that is in no call any more.
func setCall(tid int, change func(*unix.PtraceRegs)) error {
	none := int32(-1)
	v := unix.Iovec{Base: (*byte)(unsafe.Pointer(&none)), Len: 4}
	_, _, errno := unix.Syscall6(unix.SYS_PTRACE, unix.PTRACE_SETREGSET, uintptr(tid), ntSystemCall, uintptr(unsafe.Pointer(&v)), 0, 0)
	if errno != 0 {
		return errno
	}
	var r unix.PtraceRegs
	if err := unix.PtraceGetRegs(tid, &r); err != nil {
		return err
	}
	change(&r)
	return unix.PtraceSetRegs(tid, &r)
}
