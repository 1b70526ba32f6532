package traced

import (
	"encoding/binary"
	"testing"

	"golang.org/x/sys/unix"
)

// run is the filter's machine (seccomp(2)), as far as the filter uses it.
func run(t *testing.T, f []unix.SockFilter, data []byte) uint32 {
	t.Helper()
	acc := uint32(0)
	for pc := 0; pc < len(f); pc++ {
		switch i := f[pc]; i.Code {
		case unix.BPF_LD | unix.BPF_W | unix.BPF_ABS:
			acc = binary.NativeEndian.Uint32(data[i.K:])
		case unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K:
			if acc == i.K {
				pc += int(i.Jt)
			} else {
				pc += int(i.Jf)
			}
		case unix.BPF_RET | unix.BPF_K:
			return i.K
		default:
			t.Fatalf("instruction %d: code %#x", pc, i.Code)
		}
	}
	t.Fatal("the filter has no end")
	return 0
}

func seccompData(arch uint32, number int, args ...uint64) []byte {
	data := make([]byte, 64)
	binary.NativeEndian.PutUint32(data[offsetNumber:], uint32(number))
	binary.NativeEndian.PutUint32(data[offsetArch:], arch)
	for i, a := range args {
		binary.NativeEndian.PutUint64(data[offsetArgs+8*i:], a)
	}
	return data
}

func TestFilter(t *testing.T) {
	f := filter()
	for number := range 600 {
		kind, traced := tracedCalls[number]
		want := uint32(retAllow)
		if _, narrow := narrowed[kind]; traced && !narrow {
			want = retTrace
		}
		if got := run(t, f, seccompData(auditArch, number, 77, 77, 77)); got != want {
			t.Errorf("call %d: %#x, want %#x", number, got, want)
		}
		if got := run(t, f, seccompData(auditArch+1, number)); got != retAllow {
			t.Errorf("call %d of another architecture: %#x", number, got)
		}
	}
	for name, c := range map[string]struct {
		data []byte
		want uint32
	}{
		"TCP":         {seccompData(auditArch, unix.SYS_SOCKET, unix.AF_INET, unix.SOCK_STREAM, 0), retTrace},
		"MPTCP":       {seccompData(auditArch, unix.SYS_SOCKET, unix.AF_INET, unix.SOCK_STREAM, protoMPTCP), retErrno | uint32(unix.EPROTONOSUPPORT)},
		"F_SETFL":     {seccompData(auditArch, unix.SYS_FCNTL, 3, unix.F_SETFL), retTrace},
		"F_DUPFD":     {seccompData(auditArch, unix.SYS_FCNTL, 3, unix.F_DUPFD), retTrace},
		"F_GETFL":     {seccompData(auditArch, unix.SYS_FCNTL, 3, unix.F_GETFL), retAllow},
		"a SIGPIPE":   {seccompData(auditArch, unix.SYS_RT_SIGACTION, uint64(unix.SIGPIPE)), retTrace},
		"another one": {seccompData(auditArch, unix.SYS_RT_SIGACTION, uint64(unix.SIGTERM)), retAllow},
	} {
		if got := run(t, f, c.data); got != c.want {
			t.Errorf("%s: %#x, want %#x", name, got, c.want)
		}
	}
}
