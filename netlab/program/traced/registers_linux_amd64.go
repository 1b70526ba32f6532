package traced

import "golang.org/x/sys/unix"

// syscallLength is how long the instruction is that makes a call, in bytes.
const syscallLength = 2

// skipCall has the call at whose entry a thread is stopped not be made: it returns a value
// (seccomp(2), SECCOMP_RET_TRACE: the number -1).
func skipCall(tid int, ret int64) error {
	var r unix.PtraceRegs
	if err := unix.PtraceGetRegs(tid, &r); err != nil {
		return err
	}
	r.Orig_rax, r.Rax = ^uint64(0), uint64(ret)
	return unix.PtraceSetRegs(tid, &r)
}

// remakeCall has a thread make a call anew at whose exit it is stopped, after the handlers of
// pending signals, as the kernel does it for ERESTARTNOINTR.
func remakeCall(tid, number int, _ uint64) error {
	var r unix.PtraceRegs
	if err := unix.PtraceGetRegs(tid, &r); err != nil {
		return err
	}
	r.Orig_rax, r.Rax = ^uint64(0), uint64(number)
	r.Rip -= syscallLength
	return unix.PtraceSetRegs(tid, &r)
}
