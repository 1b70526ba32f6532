package traced

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"unsafe"

	"golang.org/x/sys/unix"
)

// What the filter decides (seccomp(2)), and where struct seccomp_data has what it looks at.
const (
	retAllow = 0x7fff0000
	retTrace = 0x7ff00000
	retErrno = 0x00050000

	offsetNumber = 0
	offsetArch   = 4
	offsetArgs   = 16 // 8 bytes each; the low half first
)

// protoMPTCP is IPPROTO_MPTCP. A socket of it has another cookie than the TCP socket in it, so
// it is refused, as by a kernel without: programs then take TCP.
const protoMPTCP = 262

func load(offset uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, K: offset}
}

func jumpEqual(k uint32, yes, no int) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, K: k, Jt: uint8(yes), Jf: uint8(no)}
}

func decide(k uint32) unix.SockFilter {
	return unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: k}
}

// filter returns the filter of a program. A call of another architecture passes.
func filter() []unix.SockFilter {
	f := []unix.SockFilter{load(offsetArch), jumpEqual(auditArch, 1, 0), decide(retAllow), load(offsetNumber)}
	f = append(f, jumpEqual(unix.SYS_SOCKET, 0, 4), load(offsetArgs+8*2), jumpEqual(protoMPTCP, 0, 1),
		decide(retErrno|uint32(unix.EPROTONOSUPPORT)), decide(retTrace))
	for _, number := range slices.Sorted(maps.Keys(tracedCalls)) {
		only, narrow := narrowed[tracedCalls[number]]
		if !narrow {
			f = append(f, jumpEqual(uint32(number), 0, 1), decide(retTrace))
			continue
		}
		n := len(only.values)
		f = append(f, jumpEqual(uint32(number), 0, n+3), load(offsetArgs+8*only.arg))
		for i, v := range only.values {
			f = append(f, jumpEqual(v, n-i, 0))
		}
		f = append(f, decide(retAllow), decide(retTrace))
	}
	return append(f, decide(retAllow))
}

// installFilter gives the calling thread the filter, which execve(2) keeps and nothing takes
// away. Without CAP_SYS_ADMIN that takes no_new_privs: a setuid program then has no privilege.
func installFilter() error {
	f := filter()
	prog := unix.SockFprog{Len: uint16(len(f)), Filter: &f[0]}
	install := func() unix.Errno {
		_, _, errno := unix.RawSyscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER, 0, uintptr(unsafe.Pointer(&prog)))
		runtime.KeepAlive(f)
		return errno
	}
	errno := install()
	if errno == unix.EACCES {
		if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
			return fmt.Errorf("no_new_privs: %w", err)
		}
		errno = install()
	}
	if errno != 0 {
		return fmt.Errorf("seccomp: %w", errno)
	}
	return nil
}
