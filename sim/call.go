package sim

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// CallName is the name of a system call, spelled as C does.
type CallName string

// The calls that a step can ask for. On most machines recv is recvfrom(2), send is sendto(2)
// and accept is accept4(2) for the kernel.
const (
	CallSocket     CallName = "socket"
	CallSetsockopt CallName = "setsockopt"
	CallGetsockopt CallName = "getsockopt"
	CallBind       CallName = "bind"
	CallListen     CallName = "listen"
	CallAccept     CallName = "accept"
	CallConnect    CallName = "connect"
	CallRead       CallName = "read"
	CallWrite      CallName = "write"
	CallRecv       CallName = "recv"
	CallSend       CallName = "send"
	CallShutdown   CallName = "shutdown"
	CallClose      CallName = "close"
	CallDup        CallName = "dup"
	CallFork       CallName = "fork"
	CallPoll       CallName = "poll"
	CallSigaction  CallName = "rt_sigaction"
)

// The calls that only a program of its own makes: anybody's, which is traced. A sleep is
// nanosleep(2) or clock_nanosleep(2).
const (
	CallReadv      CallName = "readv"
	CallRecvmsg    CallName = "recvmsg"
	CallWritev     CallName = "writev"
	CallSendmsg    CallName = "sendmsg"
	CallSendfile   CallName = "sendfile"
	CallSplice     CallName = "splice"
	CallCloseRange CallName = "close_range"
	CallFcntl      CallName = "fcntl"
	CallSelect     CallName = "select"
	CallEpollWait  CallName = "epoll_wait"
	CallSleep      CallName = "sleep"
	CallExitGroup  CallName = "exit_group"
)

// Reads reports whether the call returns data of a receive queue.
func (n CallName) Reads() bool {
	return n == CallRead || n == CallRecv || n == CallReadv || n == CallRecvmsg
}

// Writes reports whether the call puts data into a send queue.
func (n CallName) Writes() bool {
	return n == CallWrite || n == CallSend || n == CallWritev || n == CallSendmsg || n == CallSendfile
}

// Opens reports whether the call returns a new descriptor of the process that makes it.
func (n CallName) Opens() bool { return n == CallSocket || n == CallAccept || n == CallDup }

// Descriptors that are none.
const (
	// NoFD is the FD of a call that takes no descriptor, such as socket(2).
	NoFD = -1
	// LastFD is the FD of a call that is still to be made on the descriptor that the newest
	// socket, accept or dup of the same step returns. A call in the log never has it.
	LastFD = -2
)

// Call is one system call: its name, its descriptor and its other arguments. The name
// decides which of these mean something. A Call is a value; nobody writes to its slices.
type Call struct {
	Name        CallName
	FD          int            // NoFD when the call takes none
	Addr        netip.AddrPort // bind, connect
	Backlog     int            // listen
	Size        int            // read, recv: how many bytes at most
	How         ShutdownHow    // shutdown
	Flags       MsgFlags       // send, recv
	Option      Option         // setsockopt; of getsockopt its Name
	Disposition Disposition    // rt_sigaction, which is always of SIGPIPE
	Data        []byte         // write, send: all of the data; never written to
	Fill        int            // write, send: how many bytes of Filler, in place of Data
	Text        []string       // the arguments as C spells them, where the fields above cannot tell them; nil where they can
}

// String returns the call as C spells it, for a reader: `write(4, "hello")`.
func (c Call) String() string { return c.With(c.Shown()) }

// With returns the call as C spells it, with other arguments after its descriptor:
// "write(4, …)".
func (c Call) With(args []string) string {
	if c.FD != NoFD {
		args = append([]string{strconv.Itoa(c.FD)}, args...)
	}
	return string(c.Name) + "(" + strings.Join(args, ", ") + ")"
}

// Shown returns the arguments after the descriptor for a reader: those of Args, with data in
// any script as text. The caller owns the slice.
func (c Call) Shown() []string {
	args := c.Args()
	for i, a := range args {
		args[i] = showQuoted(a)
	}
	return args
}

// Args returns the arguments after the descriptor as C spells them: "MSG_NOSIGNAL",
// "127.0.0.1:8088", the data's first bytes in ASCII and in quotes. They are exact: ReadCall
// reads them. The caller owns the slice.
func (c Call) Args() []string {
	if c.Text != nil {
		return append([]string(nil), c.Text...)
	}
	switch c.Name {
	case CallSocket:
		return []string{"AF_INET", "SOCK_STREAM", "0"}
	case CallSetsockopt:
		return []string{c.Option.Name.Level(), string(c.Option.Name), c.Option.value()}
	case CallGetsockopt:
		return []string{c.Option.Name.Level(), string(c.Option.Name)}
	case CallBind, CallConnect:
		return []string{c.Addr.String()}
	case CallListen:
		return []string{strconv.Itoa(c.Backlog)}
	case CallRead:
		return []string{strconv.Itoa(c.Size)}
	case CallRecv:
		return []string{strconv.Itoa(c.Size), c.Flags.String()}
	case CallWrite:
		return c.data()
	case CallSend:
		return append(c.data(), c.Flags.String())
	case CallShutdown:
		return []string{string(c.How)}
	case CallSigaction:
		return []string{"SIGPIPE", string(c.Disposition)}
	}
	return nil
}

// ReadCall returns the call that is spelled like that, the inverse of Call.Args. Arguments
// that Call has no field for, those of a foreign program or a shortened text, are its Text.
func ReadCall(name CallName, fd int, args []string) Call {
	c := Call{Name: name, FD: fd}
	if c.read(args); slices.Equal(c.Args(), args) {
		return c
	}
	return Call{Name: name, FD: fd, Text: append([]string{}, args...)}
}

// read takes in the arguments after the descriptor, as far as they can be understood.
func (c *Call) read(args []string) {
	at := func(i int) string {
		if i < len(args) {
			return args[i]
		}
		return ""
	}
	switch c.Name {
	case CallSetsockopt, CallGetsockopt:
		c.Option.Name = OptionName(at(1))
		c.Option.read(at(2))
	case CallBind, CallConnect:
		c.Addr, _ = netip.ParseAddrPort(at(0))
	case CallListen:
		c.Backlog, _ = strconv.Atoi(at(0))
	case CallRead, CallRecv:
		c.Size, _ = strconv.Atoi(at(0))
		if at(1) == MsgPeek.String() {
			c.Flags = MsgPeek
		}
	case CallWrite, CallSend:
		if at(1) == MsgNoSignal.String() || at(2) == MsgNoSignal.String() {
			c.Flags = MsgNoSignal
		}
		if c.Fill, _ = strconv.Atoi(at(1)); c.Fill == 0 {
			text, _ := strconv.Unquote(at(0))
			c.Data = []byte(text)
		}
	case CallShutdown:
		c.How = ShutdownHow(at(0))
	case CallSigaction:
		c.Disposition = Disposition(at(1))
	}
}

// data returns the data of a write as its argument, and the length of filler.
func (c Call) data() []string {
	if c.Fill == 0 {
		return []string{quoteData(string(c.Data))}
	}
	shown := strings.Repeat(string(Filler), min(c.Fill, ShownBytes+1))
	return []string{quoteData(shown), strconv.Itoa(c.Fill)}
}

// Bytes returns what a write or a send writes. A caller does not write to it.
func (c Call) Bytes() []byte {
	if c.Fill > 0 {
		return []byte(strings.Repeat(string(Filler), c.Fill))
	}
	return c.Data
}

// Filler is the byte that a write of a number of bytes writes.
const Filler = 'x'

// ShutdownHow is which directions a shutdown ends, spelled as C does.
type ShutdownHow string

// The directions of shutdown(2).
const (
	ShutRD   ShutdownHow = "SHUT_RD"
	ShutWR   ShutdownHow = "SHUT_WR"
	ShutRDWR ShutdownHow = "SHUT_RDWR"
)

// MsgFlags are flags of send(2) and recv(2).
type MsgFlags uint8

// The flags. MsgNoSignal has a write to a connection that is over fail without SIGPIPE; MsgPeek
// has a read leave the data in the receive queue.
const (
	MsgNoSignal MsgFlags = 1 << iota
	MsgPeek
)

// String returns the flags as C spells them, "0" for none.
func (f MsgFlags) String() string {
	switch f {
	case MsgNoSignal:
		return "MSG_NOSIGNAL"
	case MsgPeek:
		return "MSG_PEEK"
	}
	return "0"
}

// OptionName is the name of a socket option, spelled as C does.
type OptionName string

// The socket options: those of socket(7), then those of tcp(7).
const (
	OptReuseAddr   OptionName = "SO_REUSEADDR"
	OptLinger      OptionName = "SO_LINGER"
	OptKeepalive   OptionName = "SO_KEEPALIVE"
	OptError       OptionName = "SO_ERROR"
	OptKeepIdle    OptionName = "TCP_KEEPIDLE"
	OptKeepIntvl   OptionName = "TCP_KEEPINTVL"
	OptKeepCnt     OptionName = "TCP_KEEPCNT"
	OptUserTimeout OptionName = "TCP_USER_TIMEOUT"
	OptLinger2     OptionName = "TCP_LINGER2"
)

// Level returns the level of an option as C spells it.
func (n OptionName) Level() string {
	switch n {
	case OptKeepIdle, OptKeepIntvl, OptKeepCnt, OptUserTimeout, OptLinger2:
		return "IPPROTO_TCP"
	}
	return "SOL_SOCKET"
}

// Option is a socket option and what it is set to.
type Option struct {
	Name  OptionName
	Value int  // in the unit that C asks for; of SO_LINGER l_linger, in seconds
	On    bool // l_onoff of SO_LINGER
}

// value returns what the option is set to, as C spells it.
func (o Option) value() string {
	if o.Name != OptLinger {
		return strconv.Itoa(o.Value)
	}
	on := 0
	if o.On {
		on = 1
	}
	return fmt.Sprintf("{%d, %d}", on, o.Value)
}

// read takes in what the option is set to, as value spells it.
func (o *Option) read(value string) {
	if o.Name != OptLinger {
		o.Value, _ = strconv.Atoi(value)
		return
	}
	on := 0
	_, _ = fmt.Sscanf(value, "{%d, %d}", &on, &o.Value)
	o.On = on == 1
}

// Disposition is what a process does with SIGPIPE, as rt_sigaction(2) names it.
type Disposition string

// The dispositions.
const (
	SigDfl     Disposition = "SIG_DFL"
	SigIgn     Disposition = "SIG_IGN"
	SigHandler Disposition = "handler"
)

// DispositionOf returns the disposition that a sigpipe step asks for.
func DispositionOf(how string) Disposition {
	switch how {
	case SigpipeIgnore:
		return SigIgn
	case SigpipeHandler:
		return SigHandler
	}
	return SigDfl
}

// Word returns the disposition as a sigpipe step is written.
func (d Disposition) Word() string {
	switch d {
	case SigIgn:
		return SigpipeIgnore
	case SigHandler:
		return SigpipeHandler
	}
	return SigpipeDefault
}
