package sim

import (
	"fmt"
	"strconv"
	"strings"
)

// Verb is what a Step does.
type Verb string

// The verbs. Usage in the table below says what each takes and does.
const (
	VerbListen   Verb = "listen"
	VerbConnect  Verb = "connect"
	VerbAccept   Verb = "accept"
	VerbWrite    Verb = "write"
	VerbRead     Verb = "read"
	VerbShutdown Verb = "shutdown"
	VerbClose    Verb = "close"
	VerbDup      Verb = "dup"
	VerbFork     Verb = "fork"
	VerbSigpipe  Verb = "sigpipe"
	VerbLinger   Verb = "linger"
	VerbLinger2  Verb = "linger2"
	VerbPoll     Verb = "poll"
	VerbError    Verb = "error"
	VerbKill     Verb = "kill"
	VerbStart    Verb = "start"
	VerbWait     Verb = "wait"

	VerbKeepalive   Verb = "keepalive"
	VerbUserTimeout Verb = "usertimeout"

	VerbDeliver   Verb = "deliver"
	VerbDrop      Verb = "drop"
	VerbDuplicate Verb = "duplicate"
	VerbSwap      Verb = "swap"
	VerbCut       Verb = "cut"
	VerbMend      Verb = "mend"
	VerbAuto      Verb = "auto"

	VerbNext Verb = "next"
	VerbSkip Verb = "skip"
	VerbType Verb = "type"
)

// Usage describes one verb: how it is written and what it does. Args is the part
// after the verb.
type Usage struct {
	Verb Verb
	Args string
	Help string
	// Only is the one end that can do it, empty when both can. A step of
	// neither end, such as wait, has Whole set.
	Only  End
	Whole bool
	// Wire verbs act on the segments between two hosts.
	Wire bool
	// Traced verbs are for a program that makes calls of its own.
	Traced bool
	// Option verbs set a socket option: of the connection, or of the listener if that
	// word follows.
	Option bool
	// Chain: the step may be followed by then and another call of the same end.
	Chain bool
	parse func(*Step, *stepReader)
	// write returns the arguments of a step as parse reads them.
	write func(Step) string
}

// usages is the grammar of the steps: one row a verb.
var usages = []Usage{
	{Verb: VerbListen, Args: "[noreuse]", Help: "socket, setsockopt SO_REUSEADDR, bind, listen; noreuse: without SO_REUSEADDR", Only: Server, parse: parseListen, write: writeHow},
	{Verb: VerbConnect, Help: "socket, bind, connect to the server; server connect, on the wire: to the client that is connecting (simultaneous open)", parse: noArgs, write: nothing},
	{Verb: VerbAccept, Help: "accept the next connection", Only: Server, Chain: true, parse: noArgs, write: nothing},
	{Verb: VerbWrite, Args: `"text"|BYTES [nosignal]`, Help: "write the text, or BYTES bytes of filler; nosignal: send with MSG_NOSIGNAL", Chain: true, parse: parseWrite, write: writeWrite},
	{Verb: VerbRead, Args: "BYTES [peek]", Help: "read at most BYTES bytes; peek: recv with MSG_PEEK, which leaves them in the receive queue", Chain: true, parse: parseRead, write: writeRead},
	{Verb: VerbShutdown, Args: "rd|wr|rdwr", Help: "shut down one or both directions", Chain: true, parse: parseShutdown, write: writeHow},
	{Verb: VerbClose, Args: "[FD|listener]", Help: "close the descriptor of the connection, the one given, or the listener's", Chain: true, parse: parseClose, write: writeClose},
	{Verb: VerbDup, Help: "duplicate the descriptor of the connection", parse: noArgs, write: nothing},
	{Verb: VerbFork, Help: "fork: the child shares every descriptor and makes the calls that follow; the first process is then called parent", parse: noArgs, write: nothing},
	{Verb: VerbSigpipe, Args: "default|ignore|handler", Help: "what SIGPIPE does to the process", parse: parseSigpipe, write: writeHow},
	{Verb: VerbLinger, Args: "SECONDS|off [listener]", Help: "setsockopt SO_LINGER; 0 makes close send a RST", Option: true, parse: parseLinger, write: writeLinger},
	{Verb: VerbLinger2, Args: "SECONDS|none [listener]", Help: "setsockopt TCP_LINGER2: how long an orphan stays in FIN_WAIT2; none: not at all", Option: true, parse: parseLinger2, write: writeLinger2},
	{Verb: VerbPoll, Help: "poll the connection for every event, without waiting", Chain: true, parse: noArgs, write: nothing},
	{Verb: VerbError, Help: "getsockopt SO_ERROR: return the pending error and clear it", Chain: true, parse: noArgs, write: nothing},
	{Verb: VerbKill, Args: "SIGKILL|SIGINT|SIGTERM", Help: "send the process a signal", parse: parseKill, write: writeHow},
	{Verb: VerbStart, Help: "start a new process in place of the dead one", parse: noArgs, write: nothing},
	{Verb: VerbKeepalive, Args: "IDLE INTERVAL COUNT [listener]", Help: "setsockopt SO_KEEPALIVE and its times: keepalive 1s 1s 3", Option: true, parse: parseKeepalive, write: writeKeepalive},
	{Verb: VerbUserTimeout, Args: "TIME [listener]", Help: "setsockopt TCP_USER_TIMEOUT: how long sent data may stay unacknowledged", Option: true, parse: parseFor, write: writeFor},
	{Verb: VerbWait, Args: "TIME|until client|server STATE [for TIME]|until flight from client|server [for TIME]", Help: "let time pass: 500ms, 2s, 1m; until an end is in a state; or until it has a segment on the wire; for: at most this long, else 5 minutes", Whole: true, parse: parseWait, write: writeWait},
	{Verb: VerbDeliver, Args: "[client|server|all|ID]", Help: "deliver the next segment on the wire, of both ends or of one; all of them; or the one with this number", Whole: true, Wire: true, parse: parsePick, write: writePick},
	{Verb: VerbDrop, Args: "[client|server|all|ID]", Help: "lose a segment, chosen as for deliver", Whole: true, Wire: true, parse: parsePick, write: writePick},
	{Verb: VerbDuplicate, Args: "[client|server|ID]", Help: "deliver a copy of a segment and go on holding it", Whole: true, Wire: true, parse: parsePick, write: writePick},
	{Verb: VerbSwap, Args: "client|server", Help: "let the second segment of an end overtake the first", Whole: true, Wire: true, parse: parseSwap, write: writePick},
	{Verb: VerbCut, Help: "cut the cable: every segment is lost, and neither end is told", Whole: true, Wire: true, parse: noArgs, write: nothing},
	{Verb: VerbMend, Help: "mend the cable", Whole: true, Wire: true, parse: noArgs, write: nothing},
	{Verb: VerbAuto, Args: "deliver on|off", Help: "on: deliver every segment at once; off: hold each", Whole: true, Wire: true, parse: parseAuto, write: writeAuto},
	{Verb: VerbNext, Help: "let the program make the call that it is held at", Traced: true, parse: noArgs, write: nothing},
	{Verb: VerbSkip, Help: "have the sleep that the program is held at return at once", Traced: true, parse: noArgs, write: nothing},
	{Verb: VerbType, Args: `"text"`, Help: "type a text, \\n for enter, on the program's terminal", Traced: true, parse: parseType, write: writeType},
}

// Usages returns the grammar of the steps, one entry a verb. The caller owns the
// slice.
func Usages() []Usage { return append([]Usage(nil), usages...) }

// Syntax returns how the verb is written: `client|server read BYTES`.
func (u Usage) Syntax() string {
	who := "client|server "
	switch {
	case u.Whole:
		who = ""
	case u.Only != "":
		who = string(u.Only) + " "
	}
	return strings.TrimSpace(who + string(u.Verb) + " " + u.Args)
}

func usageOf(v Verb) (Usage, bool) {
	for _, u := range usages {
		if u.Verb == v {
			return u, true
		}
	}
	return Usage{}, false
}

// Bounds of what a step may ask for: what one call can move over loopback without
// a second one, how many calls one step joins, and the longest that a step waits.
const (
	maxBytes  = 1 << 16
	maxFiller = 1 << 24 // more than the buffers of both ends take in
	maxChain  = 64
	MaxWait   = Seconds(3600)
	maxLinger = 3600
	maxFD     = 1 << 20
)

// How the arguments of the verbs are read into a step, and how they are written as text. Those
// of wait and of the verbs for the wire are in stepargs.go.

func noArgs(*Step, *stepReader) {}
func nothing(Step) string       { return "" }
func writeHow(s Step) string    { return s.How }

func parseType(s *Step, r *stepReader) {
	r.Want(`"`)
	w := r.Next(`a text in quotes: type "hello\n"`)
	switch {
	case !w.Quoted:
		r.Fail(&SyntaxError{Col: w.Col, Msg: "the text to type is not in quotes", Hint: `it is written type "hello\n"`})
	case len(w.Text) > maxTyped:
		r.Fail(&SyntaxError{Col: w.Col, Msg: "the text to type is too long", Hint: fmt.Sprintf("%d bytes at most in one step", maxTyped)})
	default:
		s.Data = w.Text
	}
}

// maxTyped is how much a terminal takes in one line (termios(3), canonical mode).
const maxTyped = 4095

func writeType(s Step) string { return strconv.Quote(s.Data) }

func parseWrite(s *Step, r *stepReader) {
	r.Want(`"`)
	w := r.Next(`a text in quotes: write "hello"`)
	switch {
	case !w.Quoted && w.Text[0] >= '0' && w.Text[0] <= '9':
		r.Back()
		s.N = r.Number("the number of bytes to write", 1, maxFiller)
	case !w.Quoted:
		r.Fail(&SyntaxError{Col: w.Col, Msg: "the text to write is not in quotes", Hint: `it is written write "hello"`})
	case r.written+len(w.Text) > maxBytes:
		r.Fail(&SyntaxError{Col: w.Col, Msg: "the text to write is too long", Hint: fmt.Sprintf("%d bytes at most in one step", maxBytes)})
	default:
		s.Data = w.Text
		r.written += len(w.Text)
	}
	if r.option() {
		s.NoSignal = r.OneOf("nosignal", "nosignal") == "nosignal"
	}
}

func writeWrite(s Step) string {
	text := strconv.Quote(s.Data)
	if s.N > 0 {
		text = strconv.Itoa(s.N)
	}
	if s.NoSignal {
		text += " nosignal"
	}
	return text
}

// ReadPeek is the How of a read that leaves the data in the receive queue.
const ReadPeek = "peek"

func parseRead(s *Step, r *stepReader) {
	s.N = r.Number("the number of bytes to read", 1, maxBytes)
	if r.option() {
		s.How = r.OneOf(ReadPeek, ReadPeek)
	}
}

func writeRead(s Step) string { return strings.TrimSpace(strconv.Itoa(s.N) + " " + s.How) }

func parseShutdown(s *Step, r *stepReader) { s.How = r.OneOf("rd, wr or rdwr", "rd", "wr", "rdwr") }

func parseSigpipe(s *Step, r *stepReader) {
	s.How = r.OneOf("default, ignore or handler", SigpipeDefault, SigpipeIgnore, SigpipeHandler)
}

// What a process does with SIGPIPE.
const (
	SigpipeDefault = "default"
	SigpipeIgnore  = "ignore"
	SigpipeHandler = "handler"
)

// Signals that a step may send.
func killSignals() []string { return []string{"SIGKILL", "SIGINT", "SIGTERM"} }

func parseKill(s *Step, r *stepReader) {
	s.How = r.OneOf("SIGKILL, SIGINT or SIGTERM", killSignals()...)
}

func parseClose(s *Step, r *stepReader) {
	if !r.option() {
		return
	}
	if s.readListener(r); s.How != "" {
		return
	}
	s.How = "fd"
	s.N = r.Number(ADescriptor, 0, maxFD)
}

// OfListener is the How of a step that is about the listener's descriptor in place of the
// connection's.
const OfListener = "listener"

// readListener reads the word listener, if it is there.
func (s *Step) readListener(r *stepReader) {
	if r.Accept(OfListener) {
		s.How = OfListener
	}
}

func writeClose(s Step) string {
	if s.How == "fd" {
		return strconv.Itoa(s.N)
	}
	return s.How
}

// LingerOff is the N of a linger step that turns SO_LINGER off.
const LingerOff = -1

func parseLinger(s *Step, r *stepReader) {
	if r.Accept("off") {
		s.N = LingerOff
		return
	}
	s.N = r.Number("off or a number of seconds", 0, maxLinger)
}

func writeLinger(s Step) string {
	if s.N == LingerOff {
		return "off"
	}
	return strconv.Itoa(s.N)
}

// Linger2None is the N of a linger2 step without FIN_WAIT2.
const Linger2None = -1

// maxLinger2 is the kernel's bound for TCP_LINGER2 (TCP_FIN_TIMEOUT_MAX); 0 would be the
// usual time again.
const maxLinger2 = 120

func parseLinger2(s *Step, r *stepReader) {
	if r.Accept("none") {
		s.N = Linger2None
		return
	}
	s.N = r.Number("none or a number of seconds", 1, maxLinger2)
}

func writeLinger2(s Step) string {
	if s.N == Linger2None {
		return "none"
	}
	return strconv.Itoa(s.N)
}

func parseListen(s *Step, r *stepReader) {
	if r.option() {
		s.How = r.OneOf("noreuse", "noreuse")
	}
}

func parseKeepalive(s *Step, r *stepReader) {
	s.For, s.Every = r.time(), r.time()
	s.N = r.Number("the number of probes", 1, maxProbes)
}

// maxProbes is the kernel's bound for TCP_KEEPCNT.
const maxProbes = 127

func writeKeepalive(s Step) string {
	return strings.Join([]string{timeText(s.For), timeText(s.Every), strconv.Itoa(s.N)}, " ")
}

func parseFor(s *Step, r *stepReader) { s.For = r.time() }

func writeFor(s Step) string { return timeText(s.For) }
