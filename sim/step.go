package sim

import (
	"fmt"
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
	{Verb: VerbRead, Args: "BYTES", Help: "read at most BYTES bytes", Chain: true, parse: parseRead, write: writeCount},
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

// Step is one thing a person asks of the lab.
type Step struct {
	At   End
	Verb Verb
	// Parent directs the step to the process that forked, which waits while its
	// child goes on.
	Parent   bool
	Data     string  // write
	NoSignal bool    // write
	N        int     // read: bytes; write: bytes of filler, 0 for Data; linger, linger2: seconds, -1 for off and none; close: descriptor; keepalive: probes; deliver …: id
	How      string  // shutdown, sigpipe, kill; close: OfListener or "fd"; linger, linger2, keepalive, usertimeout: OfListener or empty; listen: "noreuse"; deliver …: "all"; auto: "on" or "off"; wait: empty, WaitState or WaitFlight
	For      Seconds // wait, usertimeout; wait until: the limit, 0 for the usual one; keepalive: idle time
	Every    Seconds // keepalive: interval
	// From is whose end a step of the whole lab is about: whose segment (deliver,
	// drop, duplicate, swap), whose state or flight (wait until).
	From  End
	Until State // wait until a state
	// Then is the call that the same process makes as soon as this one has
	// returned, as a program would that does not wait for a key. Nil for none.
	Then *Step
}

// String returns the step as ParseStep reads it.
func (s Step) String() string {
	var words []string
	if s.At != "" {
		words = append(words, string(s.At))
	}
	if s.Parent {
		words = append(words, "parent")
	}
	words = append(words, s.action())
	for t := s.Then; t != nil; t = t.Then {
		words = append(words, then, t.action())
	}
	return strings.Join(words, " ")
}

// action returns the verb and its arguments.
func (s Step) action() string {
	u, ok := usageOf(s.Verb)
	if !ok {
		return string(s.Verb)
	}
	text := string(s.Verb) + " " + u.write(s)
	if u.Option {
		text += " " + s.How
	}
	return strings.TrimSpace(text)
}

// then joins two calls of one end into one step.
const then = "then"

// ParseStep reads one step: `server write "hello" nosignal`. The error is a
// *SyntaxError with the column.
func ParseStep(line string) (Step, error) {
	words, err := Words(line)
	if err != nil {
		return Step{}, err
	}
	if len(words) == 0 {
		return Step{}, &SyntaxError{Col: 1, Msg: "there is no step"}
	}
	return StepOf(words)
}

// StepOf reads one step from its words, of which there is at least one. The
// error is a *SyntaxError.
func StepOf(words []Word) (Step, error) {
	r := &stepReader{Lexer: NewLexer(words)}
	var s Step
	first := r.Next("client, server or wait")
	switch end := End(first.Text); {
	case !first.Quoted && (end == Client || end == Server):
		s.At = end
	default:
		s.Verb = Verb(first.Text)
		if u, ok := usageOf(s.Verb); !ok || !u.Whole || first.Quoted {
			return Step{}, Unknown(first, "the beginning of a step", beginnings())
		}
	}
	if s.At != "" {
		s.readVerb(r)
	}
	s.readArgs(r)
	if r.Err() != nil {
		return Step{}, r.Err()
	}
	return s, nil
}

// beginnings are the words that a step can begin with.
func beginnings() []string {
	words := []string{string(Client), string(Server)}
	for _, u := range usages {
		if u.Whole {
			words = append(words, string(u.Verb))
		}
	}
	return words
}

// readArgs reads what follows the verb, up to the end of the line, and the steps
// that are chained to it.
func (s *Step) readArgs(r *stepReader) {
	if r.Err() != nil {
		return
	}
	u, _ := usageOf(s.Verb)
	u.parse(s, r)
	if u.Option {
		s.readListener(r)
	}
	if !r.Accept(then) {
		r.End("it is written " + u.Syntax())
		return
	}
	w := r.Last()
	next := &Step{At: s.At, Parent: s.Parent}
	next.readAction(r, r.Next("a verb"))
	if r.Err() != nil {
		return
	}
	if after, _ := usageOf(next.Verb); !u.Chain || !after.Chain {
		r.Fail(&SyntaxError{Col: w.Col, Msg: fmt.Sprintf("%s then %s cannot be one step", s.Verb, next.Verb), Hint: "then joins " + strings.Join(chainable(), ", ")})
		return
	}
	if r.calls++; r.calls == MaxChain {
		r.Fail(&SyntaxError{Col: w.Col, Msg: "the step is too long", Hint: fmt.Sprintf("then joins %d calls at most", MaxChain)})
		return
	}
	s.Then = next
	next.readArgs(r)
}

func chainable() []string {
	var names []string
	for _, u := range usages {
		if u.Chain {
			names = append(names, string(u.Verb))
		}
	}
	return names
}

// readVerb reads the optional word parent and the verb of an end's step.
func (s *Step) readVerb(r *stepReader) {
	w := r.Next("a verb")
	if w.Text == "parent" && !w.Quoted {
		s.Parent = true
		w = r.Next("a verb")
	}
	s.readAction(r, w)
}

// readAction takes the word w as the verb.
func (s *Step) readAction(r *stepReader, w Word) {
	if r.Err() != nil {
		return
	}
	s.Verb = Verb(w.Text)
	u, ok := usageOf(s.Verb)
	switch {
	case !ok || w.Quoted:
		r.Fail(Unknown(w, "a verb", verbsOf(s.At)))
	case u.Whole:
		r.Fail(&SyntaxError{Col: w.Col, Msg: fmt.Sprintf("%s is not for one end", u.Verb), Hint: "it is written " + u.Syntax()})
	case u.Only != "" && u.Only != s.At:
		r.Fail(&SyntaxError{Col: w.Col, Msg: fmt.Sprintf("the %s cannot %s", s.At, u.Verb), Hint: fmt.Sprintf("%q can", u.Syntax())})
	}
}

func verbsOf(at End) []string {
	var names []string
	for _, u := range usages {
		if !u.Whole && (u.Only == "" || u.Only == at) {
			names = append(names, string(u.Verb))
		}
	}
	return names
}

// stepReader reads one step, with all that is chained to it.
type stepReader struct {
	*Lexer
	written int // bytes of text to write
	calls   int // how many were chained
}

// option reports whether an optional argument follows.
func (r *stepReader) option() bool { return r.More() && !r.Follows(then) }
