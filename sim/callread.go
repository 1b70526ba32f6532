package sim

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
)

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
	case CallRead:
		c.Size, _ = strconv.Atoi(at(0))
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
