package traced

import (
	"encoding/binary"
	"testing"

	"finwait/sim"

	"golang.org/x/sys/unix"
)

// pages is the memory of a program, by address.
type pages map[uint64][]byte

func (p pages) read(addr uint64, n int) []byte {
	b := p[addr]
	return b[:min(len(b), n)]
}

func words(list ...uint64) []byte {
	var b []byte
	for _, w := range list {
		b = binary.NativeEndian.AppendUint64(b, w)
	}
	return b
}

func TestDecode(t *testing.T) {
	long := make([]byte, 9000)
	m := pages{
		0x10: {unix.AF_INET, 0, 0x1f, 0x98, 127, 0, 0, 1},
		0x20: append([]byte{unix.AF_INET6, 0, 0x1f, 0x98, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 127, 0, 0, 1, 0, 0, 0, 0),
		0x30: []byte("hello"),
		0x40: long,
		0x50: words(0x30, 5, 0x30, 5),
		0x60: words(0, 0, 0x50, 2),
		0x70: {1, 0, 0, 0, 0, 0, 0, 0},
		0x80: {1, 0, 0, 0},
	}
	for _, c := range []struct {
		kind kindOfCall
		args [6]uint64
		want string
	}{
		{callSocket, [6]uint64{unix.AF_INET, unix.SOCK_STREAM}, "socket(AF_INET, SOCK_STREAM, 0)"},
		{callSocket, [6]uint64{unix.AF_INET6, unix.SOCK_STREAM | unix.SOCK_CLOEXEC, 6}, "socket(AF_INET6, SOCK_STREAM|SOCK_CLOEXEC, 6)"},
		{callBind, [6]uint64{3, 0x10, 16}, "bind(3, 127.0.0.1:8088)"},
		{callConnect, [6]uint64{3, 0x20, 28}, "connect(3, 127.0.0.1:8088)"},
		{callListen, [6]uint64{3, 5}, "listen(3, 5)"},
		{callAccept, [6]uint64{3}, "accept(3)"},
		{callRead, [6]uint64{4, 0, 99}, "read(4, 99)"},
		{callRecvfrom, [6]uint64{4, 0, 99, unix.MSG_PEEK}, "recv(4, 99, MSG_PEEK)"},
		{callRecvfrom, [6]uint64{4, 0, 99, unix.MSG_DONTWAIT | unix.MSG_PEEK}, "recv(4, 99, MSG_DONTWAIT|MSG_PEEK)"},
		{callReadv, [6]uint64{4, 0x50, 2}, "readv(4, 10)"},
		{callWrite, [6]uint64{4, 0x30, 5}, `write(4, "hello")`},
		{callSendto, [6]uint64{4, 0x30, 5, unix.MSG_NOSIGNAL}, `send(4, "hello", MSG_NOSIGNAL)`},
		{callSendto, [6]uint64{4, 0x30, 5, unix.MSG_MORE}, `send(4, "hello", 5, MSG_MORE)`},
		{callWritev, [6]uint64{4, 0x50, 2}, `writev(4, "hellohello", 10)`},
		{callSendmsg, [6]uint64{4, 0x60, 0}, `sendmsg(4, "hellohello", 10, 0)`},
		{callSendfile, [6]uint64{4, 5, 0, 1000}, "sendfile(4, 5, 1000)"},
		{callSplice, [6]uint64{4, 0, 5, 0, 1000}, "splice(4, 5, 1000)"},
		{callShutdown, [6]uint64{4, 1}, "shutdown(4, SHUT_WR)"},
		{callShutdown, [6]uint64{4, 9}, "shutdown(4, 9)"},
		{callClose, [6]uint64{4}, "close(4)"},
		{callCloseRange, [6]uint64{3, 0xffffffff}, "close_range(3, -1)"},
		{callSetsockopt, [6]uint64{4, unix.SOL_SOCKET, unix.SO_LINGER, 0x70, 8}, "setsockopt(4, SOL_SOCKET, SO_LINGER, {1, 0})"},
		{callSetsockopt, [6]uint64{4, unix.SOL_SOCKET, unix.SO_REUSEADDR, 0x80, 4}, "setsockopt(4, SOL_SOCKET, SO_REUSEADDR, 1)"},
		{callSetsockopt, [6]uint64{4, unix.IPPROTO_TCP, unix.TCP_NODELAY, 0x80, 4}, "setsockopt(4, 6, 1, 1)"},
		{callGetsockopt, [6]uint64{4, unix.SOL_SOCKET, unix.SO_ERROR}, "getsockopt(4, SOL_SOCKET, SO_ERROR)"},
		{callDup, [6]uint64{4, 9}, "dup(4)"},
		{callFcntl, [6]uint64{4, unix.F_DUPFD, 9}, "dup(4)"},
		{callFcntl, [6]uint64{4, unix.F_SETFL, unix.O_NONBLOCK}, "fcntl(4, F_SETFL, O_NONBLOCK)"},
		{callExitGroup, [6]uint64{1}, "exit_group(1)"},
	} {
		call := decode(rawCall{kind: c.kind, args: c.args}, m)
		if got := call.String(); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
		if again := sim.ReadCall(call.Name, call.FD, call.Args()); again.String() != c.want {
			t.Errorf("%s is read as %s", c.want, again)
		}
	}
	big := decode(rawCall{kind: callWrite, args: [6]uint64{4, 0x40, 9000}}, m)
	if big.Data != nil || len(big.Text) != 2 || big.Text[1] != "9000" {
		t.Errorf("a long write: %+v", big)
	}
	for name, c := range map[string]rawCall{
		"nothing there": {kind: callWrite, args: [6]uint64{4, 0x999, 5}},
		"no vector":     {kind: callWritev, args: [6]uint64{4, 0x999, 1 << 60}},
		"no message":    {kind: callSendmsg, args: [6]uint64{4, 0x999}},
		"no address":    {kind: callBind, args: [6]uint64{4, 0x999, 1 << 63}},
		"huge":          {kind: callWrite, args: [6]uint64{4, 0x30, 1 << 63}},
	} {
		if got := decode(c, m); got.Name == "" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestBrought(t *testing.T) {
	m := pages{
		0x10: []byte("hello, world"),
		0x20: {4, 0, 0, 0, 1, 0, 0x11, 0x20},
		0x30: {32, 0, 0, 0},
	}
	for _, c := range []struct {
		call       rawCall
		ret        int64
		data, note string
	}{
		{rawCall{kind: callRead, args: [6]uint64{4, 0x10, 99}}, 5, "hello", ""},
		{rawCall{kind: callPoll, args: [6]uint64{0x20, 1}}, 1, "", "IN HUP RDHUP"},
		{rawCall{kind: callGetsockopt, args: [6]uint64{4, unix.SOL_SOCKET, unix.SO_ERROR, 0x30}}, 0, "", "[EPIPE]"},
		{rawCall{kind: callClose, args: [6]uint64{4}}, 0, "", ""},
	} {
		data, note := brought(c.call, m, c.ret)
		if data != c.data || note != c.note {
			t.Errorf("%v: %q %q", c.call, data, note)
		}
	}
}
