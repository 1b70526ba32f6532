package traced

import (
	"encoding/binary"
	"fmt"
	"os"
	"strconv"
	"strings"

	"finwait/sim"

	"golang.org/x/sys/unix"
)

// knownSocket is what the tracer remembers of a socket, by its inode.
type knownSocket struct {
	ours   bool     // the socket was bound or connected to the lab's port, or accepted there
	before []notice // calls on it that are told once it is ours
}

// describe says what the call is that the thread is about to make, and how it is told.
func (k *thread) describe() {
	c, m := k.raw, memory{k.tid}
	k.call, k.manner, k.inode = sim.Call{}, passing, 0
	switch c.kind {
	case callSocket:
		if (c.args[0] == unix.AF_INET || c.args[0] == unix.AF_INET6) && c.args[1]&0xf == unix.SOCK_STREAM {
			k.call, k.manner = decode(c, m), prelude
		}
	case callSleep, callClockSleep:
		if d := sleepFor(c, m); d >= shortestSleep {
			k.call, k.manner = sleepCall(d), held
		}
	case callPoll, callSelect, callEpoll:
		k.describeWait(c, m)
	case callExitGroup:
		if len(k.descriptors(k)) > 0 {
			k.call, k.manner = decode(c, m), held
		}
	case callCloseRange:
		for _, fd := range k.descriptors(k) {
			if uint64(fd) >= c.args[0] && uint64(fd) <= c.args[1] && c.args[2] == 0 {
				k.call, k.manner = decode(c, m), held
			}
		}
	case callSigaction:
		if call, ok := disposition(c, m); ok && k.sigpipe[k.pid] != call.Disposition {
			k.call, k.manner, k.sigpipe[k.pid] = call, shown, call.Disposition
		}
	case callSplice:
		for _, arg := range []int{0, 2} {
			k.describeOn(c.fd(arg), c, m)
			if k.manner != passing {
				return
			}
		}
	case callIOUring, callSigreturn, callRestart, callNone:
	default:
		k.describeOn(c.fd(0), c, m)
	}
}

// describeOn is describe for a call on a descriptor.
func (k *thread) describeOn(fd int, c rawCall, m memory) {
	s := k.socket(k, fd)
	if !s.stream {
		if c.kind == callRead && k.isTerminal(fd) {
			k.call, k.manner = decode(c, m), waiting
		}
		return
	}
	k.inode = s.inode
	known := k.sockets[s.inode]
	ours := s.concerns(k.port) || known != nil && known.ours
	switch c.kind {
	case callBind, callConnect:
		call := decode(c, m)
		if ours || call.Addr.Port() == k.port {
			k.call, k.manner = call, held
		}
	case callSetsockopt, callFcntl:
		k.call, k.manner = decode(c, m), prelude
		if ours {
			k.manner = shown
		}
	case callGetsockopt, callDup:
		if ours {
			k.call, k.manner = decode(c, m), shown
		}
	default:
		if ours {
			k.call, k.manner = decode(c, m), held
		}
	}
}

// describeWait is describe for a call that waits for descriptors.
func (k *thread) describeWait(c rawCall, m memory) {
	var what []string
	concerned := false
	on := func(fd int, events string) {
		s := k.socket(k, fd)
		known := k.sockets[s.inode]
		concerned = concerned || s.concerns(k.port) || s.stream && known != nil && known.ours
		what = append(what, strings.TrimSpace(strconv.Itoa(fd)+" "+events))
	}
	a := c.args
	switch c.kind {
	case callPoll:
		for b := m.read(a[0], int(min(a[1], 64))*8); len(b) >= 8; b = b[8:] {
			on(int(int32(binary.NativeEndian.Uint32(b))), events(binary.NativeEndian.Uint16(b[4:])))
		}
	case callSelect:
		for set, name := range []string{"IN", "OUT"} {
			for i, b := range m.read(a[1+set], int(min(a[0], 1024)+7)/8) {
				for n := range 8 {
					if b&(1<<n) != 0 {
						on(i*8+n, name)
					}
				}
			}
		}
	default:
		info, _ := os.ReadFile(fmt.Sprintf("/proc/%d/fdinfo/%d", k.tid, c.fd(0))) // without it nothing is waited for
		for line := range strings.Lines(string(info)) {
			var fd int
			var e uint32
			if n, _ := fmt.Sscanf(line, "tfd: %d events: %x", &fd, &e); n == 2 {
				on(fd, events(uint16(e)))
			}
		}
	}
	if concerned {
		k.call = sim.Call{Name: names[c.kind], FD: sim.NoFD, Text: []string{"{" + strings.Join(what, ", ") + "}"}}
		k.manner = waiting
	}
}

// concerns takes in that the socket of the call is one of the lab's port, and tells the calls
// on it that were not told.
func (k *thread) concerns() {
	if k.inode == 0 {
		return
	}
	s := k.sockets[k.inode]
	if s == nil {
		s = &knownSocket{}
		k.sockets[k.inode] = s
	}
	s.ours = true
	for _, n := range s.before {
		n.At = now()
		k.tell(n)
	}
	s.before = nil
}

// remember keeps a call on a socket that is perhaps not of the lab's port.
func (k *thread) remember(n notice) {
	s := k.sockets[k.inode]
	if s == nil || len(s.before) >= maxPrelude {
		return
	}
	entered := n
	entered.Kind, entered.Ret = noticeEntered, sim.Result{}
	s.before = append(s.before, entered, n)
}

// maxPrelude is how many notices are kept of one socket.
const maxPrelude = 32

func (k *thread) isTerminal(fd int) bool {
	link, err := os.Readlink("/proc/" + strconv.Itoa(k.tid) + "/fd/" + strconv.Itoa(fd))
	return err == nil && strings.HasPrefix(link, "/dev/pts/")
}
