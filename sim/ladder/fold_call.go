package ladder

import (
	"finwait/sim"
	"finwait/sim/text"
)

// newCall returns the label of a call without its result. It leaves out what the result
// repeats, such as the length that read(2) asks for.
func newCall(c sim.Call) callLabel {
	l := callLabel{call: c.Name, name: text.Clean(string(c.Name))}
	if c.FD != sim.NoFD {
		l.fd = itoa(c.FD)
	}
	for _, a := range c.Shown() {
		l.args = append(l.args, text.Clean(a))
	}
	switch name := c.Name; {
	case name == sim.CallListen, name == sim.CallAccept, name == sim.CallPoll:
		l.args = nil
	case name.Reads(), name == sim.CallSetsockopt, name == sim.CallGetsockopt: // the option's name tells its level
		l.args = l.args[min(1, len(l.args)):]
	case name == sim.CallSigaction: // as the lesson spells it
		l.name, l.fd, l.args = "sigpipe "+text.Clean(c.Disposition.Word()), "", nil
	}
	return l
}

// finish adds the result of the call. With again, which says that the call stands on a row
// further up, it leaves the arguments out.
func (l *callLabel) finish(c sim.Call, r sim.Result, again bool) {
	l.socketError = text.Clean(sim.SocketError(c, r))
	l.done, l.blocked = true, false
	l.failed = r.Errno != ""
	l.ret = itoa(r.Ret)
	if l.failed {
		l.errno = text.Clean(r.Errno)
		l.ret += " " + l.errno
	}
	if r.Data != "" {
		l.data = text.Clean(sim.Quote(r.Data))
	}
	switch {
	case c.Name == sim.CallPoll:
		l.events = text.Clean(sim.PollEvents(r.Note))
	case r.Note != "":
		l.note = text.Clean(r.Note)
	}
	if l.call.Reads() && r.Ret == 0 && !l.failed {
		l.endOfFile = true
	}
	if again {
		l.args = nil
	}
}
