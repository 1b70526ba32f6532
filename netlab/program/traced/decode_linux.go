package traced

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"

	"finwait/sim"

	"golang.org/x/sys/unix"
)

// rawCall is a system call as the kernel has it at its entry.
type rawCall struct {
	number int
	kind   kindOfCall
	args   [6]uint64
}

// fd returns an argument as a descriptor, or as any other int of C.
func (c rawCall) fd(arg int) int { return int(int32(c.args[arg])) }

// reader reads the memory of a program.
type reader interface {
	read(addr uint64, n int) []byte
}

// The longest data that the log gets whole; what is longer it gets the beginning of.
const (
	maxWritten = 4096
	maxRead    = 4096
)

// names are the names of the calls as the log spells them.
var names = map[kindOfCall]sim.CallName{
	callSocket: sim.CallSocket, callBind: sim.CallBind, callListen: sim.CallListen, callConnect: sim.CallConnect, callAccept: sim.CallAccept,
	callRead: sim.CallRead, callReadv: sim.CallReadv, callRecvfrom: sim.CallRecv, callRecvmsg: sim.CallRecvmsg,
	callWrite: sim.CallWrite, callWritev: sim.CallWritev, callSendto: sim.CallSend, callSendmsg: sim.CallSendmsg,
	callSendfile: sim.CallSendfile, callSplice: sim.CallSplice,
	callShutdown: sim.CallShutdown, callClose: sim.CallClose, callCloseRange: sim.CallCloseRange,
	callSetsockopt: sim.CallSetsockopt, callGetsockopt: sim.CallGetsockopt, callDup: sim.CallDup, callFcntl: sim.CallFcntl,
	callPoll: sim.CallPoll, callSelect: sim.CallSelect, callEpoll: sim.CallEpollWait,
	callSleep: sim.CallSleep, callClockSleep: sim.CallSleep, callExitGroup: sim.CallExitGroup, callSigaction: sim.CallSigaction,
}

// decode returns a call on a descriptor as the log has it.
func decode(c rawCall, m reader) sim.Call {
	call := sim.Call{Name: names[c.kind], FD: c.fd(0)}
	a := c.args
	switch c.kind {
	case callSocket:
		call.FD = sim.NoFD
		call.Text = []string{family(a[0]), socketType(a[1]), strconv.Itoa(c.fd(2))}
		return sim.ReadCall(call.Name, call.FD, call.Text)
	case callBind, callConnect:
		call.Addr = readAddress(m.read(a[1], int(min(a[2], 28))))
	case callListen:
		call.Backlog = c.fd(1)
	case callRead:
		call.Size = int(a[2])
	case callRecvfrom:
		return withFlags(call, []string{strconv.Itoa(int(a[2]))}, a[3])
	case callReadv:
		_, n := vector(m, a[1], a[2])
		call.Text = []string{strconv.Itoa(n)}
	case callWrite:
		return written(call, m.read(a[1], int(min(a[2], maxWritten))), int(a[2]), 0, false)
	case callSendto:
		return written(call, m.read(a[1], int(min(a[2], maxWritten))), int(a[2]), a[3], true)
	case callWritev:
		data, n := vector(m, a[1], a[2])
		call.Text = spell(data, n)
	case callSendmsg, callRecvmsg:
		return message(call, m, c)
	case callShutdown:
		if a[1] > 2 {
			call.Text = []string{strconv.Itoa(c.fd(1))}
		} else {
			call.How = []sim.ShutdownHow{sim.ShutRD, sim.ShutWR, sim.ShutRDWR}[a[1]]
		}
	case callSetsockopt, callGetsockopt:
		return option(call, m, c)
	}
	return more(call, c)
}

// more is decode for the calls of which little is told.
func more(call sim.Call, c rawCall) sim.Call {
	a := c.args
	switch c.kind {
	case callCloseRange:
		call.FD, call.Text = sim.NoFD, []string{strconv.FormatUint(a[0], 10), strconv.Itoa(c.fd(1))}
	case callFcntl:
		switch {
		case a[1] != unix.F_SETFL:
			call.Name = sim.CallDup
		case a[2]&unix.O_NONBLOCK != 0:
			call.Text = []string{"F_SETFL", "O_NONBLOCK"}
		default:
			call.Text = []string{"F_SETFL", "0"}
		}
	case callSendfile:
		call.Text = []string{strconv.Itoa(c.fd(1)), strconv.FormatUint(a[3], 10)}
	case callSplice:
		call.FD, call.Text = sim.NoFD, []string{strconv.Itoa(c.fd(0)), strconv.Itoa(c.fd(2)), strconv.FormatUint(a[4], 10)}
	case callExitGroup:
		call.FD, call.Text = sim.NoFD, []string{strconv.Itoa(c.fd(0))}
	}
	return call
}

// disposition returns the rt_sigaction(2) of SIGPIPE as the log has it; ok is false where it
// only asks.
func disposition(c rawCall, m reader) (call sim.Call, ok bool) {
	handler := m.read(c.args[1], 8) // struct kernel_sigaction begins with it
	if len(handler) < 8 {
		return call, false
	}
	call = sim.Call{Name: sim.CallSigaction, FD: sim.NoFD}
	switch binary.NativeEndian.Uint64(handler) {
	case 0:
		call.Disposition = sim.SigDfl
	case 1:
		call.Disposition = sim.SigIgn
	default:
		call.Disposition = sim.SigHandler
	}
	return call, true
}

// sleepFor returns how long a nanosleep(2) or clock_nanosleep(2) sleeps.
func sleepFor(c rawCall, m reader) time.Duration {
	at, absolute := c.args[0], false
	if c.kind == callClockSleep {
		at, absolute = c.args[2], c.args[1]&1 != 0 // TIMER_ABSTIME
	}
	b := m.read(at, 16)
	if len(b) < 16 {
		return 0
	}
	d := time.Duration(binary.NativeEndian.Uint64(b))*time.Second + time.Duration(binary.NativeEndian.Uint64(b[8:]))
	if absolute {
		var now unix.Timespec
		if unix.ClockGettime(int32(c.args[0]), &now) != nil {
			return 0
		}
		d -= time.Duration(now.Nano())
	}
	return d
}

// sleepCall returns a sleep as the log has it.
func sleepCall(d time.Duration) sim.Call {
	return sim.Call{Name: sim.CallSleep, FD: sim.NoFD, Text: []string{d.Round(time.Millisecond).String()}}
}

// written returns a write of data, of which only the beginning is there if n is greater.
func written(call sim.Call, data []byte, n int, flags uint64, has bool) sim.Call {
	switch known, ok := messageFlags(flags); {
	case len(data) < n || has && !ok:
		call.Text = spell(data, n)
		if has {
			call.Text = append(call.Text, flagText(flags))
		}
	default:
		call.Data, call.Flags = data, known
	}
	return call
}

// spell returns the beginning of data, and how many they are, as strace(1) does.
func spell(data []byte, n int) []string {
	text := strconv.QuoteToASCII(string(data[:min(len(data), sim.ShownBytes)]))
	if n > sim.ShownBytes {
		text += "..."
	}
	return []string{text, strconv.Itoa(n)}
}

// message decodes sendmsg(2) and recvmsg(2).
func message(call sim.Call, m reader, c rawCall) sim.Call {
	var data []byte
	n := 0
	if h := m.read(c.args[1], 32); len(h) == 32 {
		data, n = vector(m, binary.NativeEndian.Uint64(h[16:]), binary.NativeEndian.Uint64(h[24:]))
	}
	if c.kind == callRecvmsg {
		call.Text = []string{strconv.Itoa(n)}
	} else {
		call.Text = spell(data, n)
	}
	call.Text = append(call.Text, flagText(c.args[2]))
	return call
}

// vector returns the beginning of the data of an array of struct iovec, and how many they are.
func vector(m reader, addr, count uint64) (data []byte, n int) {
	b := m.read(addr, int(min(count, 16))*16)
	for ; len(b) >= 16; b = b[16:] {
		size := int(min(binary.NativeEndian.Uint64(b[8:]), 1<<40))
		n += size
		if room := sim.ShownBytes - len(data); room > 0 {
			data = append(data, m.read(binary.NativeEndian.Uint64(b), min(size, room))...)
		}
	}
	return data, n
}

// brought returns what else than its value a call has brought that has not failed.
func brought(c rawCall, m reader, ret int64) (data, note string) {
	a := c.args
	switch c.kind {
	case callRead, callRecvfrom:
		return string(m.read(a[1], int(min(ret, maxRead)))), ""
	case callReadv:
		d, _ := vector(m, a[1], a[2])
		return string(d[:min(len(d), int(ret))]), ""
	case callRecvmsg:
		if h := m.read(a[1], 32); len(h) == 32 {
			d, _ := vector(m, binary.NativeEndian.Uint64(h[16:]), binary.NativeEndian.Uint64(h[24:]))
			return string(d[:min(len(d), int(ret))]), ""
		}
	case callGetsockopt:
		if b := m.read(a[3], 4); len(b) == 4 && a[1] == unix.SOL_SOCKET && a[2] == unix.SO_ERROR {
			if e := binary.NativeEndian.Uint32(b); e != 0 {
				return "", "[" + unix.ErrnoName(unix.Errno(e)) + "]"
			}
			return "", "[0]"
		}
	case callPoll:
		var got []string
		for b := m.read(a[0], int(min(a[1], 64))*8); len(b) >= 8; b = b[8:] {
			if r := binary.NativeEndian.Uint16(b[6:]); r != 0 {
				got = append(got, events(r))
			}
		}
		return "", strings.Join(got, ", ")
	}
	return "", ""
}

// option decodes setsockopt(2) and getsockopt(2).
func option(call sim.Call, m reader, c rawCall) sim.Call {
	a := c.args
	name := optionNames[[2]uint64{a[1], a[2]}]
	value := m.read(a[3], int(min(a[4], 8)))
	set := c.kind == callSetsockopt
	switch {
	case name == "":
		call.Text = []string{strconv.Itoa(c.fd(1)), strconv.Itoa(c.fd(2))}
		if set {
			call.Text = append(call.Text, ints(value))
		}
	case !set:
		call.Option.Name = name
	case name == sim.OptLinger && len(value) == 8:
		call.Option = sim.Option{Name: name, On: binary.NativeEndian.Uint32(value) != 0, Value: int(int32(binary.NativeEndian.Uint32(value[4:])))}
	case len(value) >= 4:
		call.Option = sim.Option{Name: name, Value: int(int32(binary.NativeEndian.Uint32(value)))}
	}
	return call
}

// optionNames are the names of the socket options that sim knows, by level and number.
var optionNames = map[[2]uint64]sim.OptionName{
	{unix.SOL_SOCKET, unix.SO_REUSEADDR}:      sim.OptReuseAddr,
	{unix.SOL_SOCKET, unix.SO_LINGER}:         sim.OptLinger,
	{unix.SOL_SOCKET, unix.SO_KEEPALIVE}:      sim.OptKeepalive,
	{unix.SOL_SOCKET, unix.SO_ERROR}:          sim.OptError,
	{unix.IPPROTO_TCP, unix.TCP_KEEPIDLE}:     sim.OptKeepIdle,
	{unix.IPPROTO_TCP, unix.TCP_KEEPINTVL}:    sim.OptKeepIntvl,
	{unix.IPPROTO_TCP, unix.TCP_KEEPCNT}:      sim.OptKeepCnt,
	{unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT}: sim.OptUserTimeout,
	{unix.IPPROTO_TCP, unix.TCP_LINGER2}:      sim.OptLinger2,
}

func ints(b []byte) string {
	var list []string
	for ; len(b) >= 4; b = b[4:] {
		list = append(list, strconv.Itoa(int(int32(binary.NativeEndian.Uint32(b)))))
	}
	return strings.Join(list, " ")
}

func family(f uint64) string {
	switch f {
	case unix.AF_INET:
		return "AF_INET"
	case unix.AF_INET6:
		return "AF_INET6"
	}
	return strconv.FormatUint(f, 10)
}

func socketType(t uint64) string {
	text := "SOCK_STREAM"
	if t&unix.SOCK_CLOEXEC != 0 {
		text += "|SOCK_CLOEXEC"
	}
	if t&unix.SOCK_NONBLOCK != 0 {
		text += "|SOCK_NONBLOCK"
	}
	return text
}

// messageFlags returns the flags of a send or recv; ok is false where sim has no such value.
func messageFlags(f uint64) (flags sim.MsgFlags, ok bool) {
	switch f {
	case 0:
		return 0, true
	case unix.MSG_NOSIGNAL:
		return sim.MsgNoSignal, true
	case unix.MSG_PEEK:
		return sim.MsgPeek, true
	}
	return 0, false
}

// flagText spells the flags of a send or recv as C does.
func flagText(f uint64) string {
	var list []string
	for _, n := range []struct {
		bit  uint64
		name string
	}{{unix.MSG_NOSIGNAL, "MSG_NOSIGNAL"}, {unix.MSG_DONTWAIT, "MSG_DONTWAIT"}, {unix.MSG_PEEK, "MSG_PEEK"}, {unix.MSG_MORE, "MSG_MORE"}, {unix.MSG_WAITALL, "MSG_WAITALL"}} {
		if f&n.bit != 0 {
			list, f = append(list, n.name), f&^n.bit
		}
	}
	if len(list) == 0 && f == 0 {
		return "0"
	}
	if f != 0 {
		list = append(list, fmt.Sprintf("%#x", f))
	}
	return strings.Join(list, "|")
}

// withFlags returns a receiving call with arguments and flags.
func withFlags(call sim.Call, args []string, flags uint64) sim.Call {
	return sim.ReadCall(call.Name, call.FD, append(args, flagText(flags)))
}

// events spells the events of poll(2), in the order of their bits.
func events(e uint16) string {
	var list []string
	for _, n := range []struct {
		bit  uint16
		name string
	}{
		{unix.POLLIN, "IN"},
		{unix.POLLPRI, "PRI"},
		{unix.POLLOUT, "OUT"},
		{unix.POLLERR, "ERR"},
		{unix.POLLHUP, "HUP"},
		{unix.POLLNVAL, "NVAL"},
		{unix.POLLRDHUP, "RDHUP"},
	} {
		if e&n.bit != 0 {
			list = append(list, n.name)
		}
	}
	return strings.Join(list, " ")
}
