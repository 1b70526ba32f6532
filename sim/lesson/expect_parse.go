package lesson

import (
	"fmt"
	"slices"

	"finwait/sim"
)

// The forms of expectations, by their first word: after it, with an end before it
// or without.
//
//	client|server STATE
//	client|server listening
//	client|server not listening
//	client|server alive
//	[client|server] killed by SIGNAL
//	[client|server] returns NUMBER
//	[client|server] fails ERRNO [or ERRNO]...
//	[client|server] reads "text"
//	[client|server] error ERRNO|0
//	[client|server] blocked
//	[client|server] events [only] EVENT...
//	[client|server] no events [EVENT]...
//	[client|server] signal SIGNAL [handled|killed]
//	[client|server] exit STATUS
//	no signal [SIGNAL]
//	segment FLAGS [from client|server] [again] [delivered|dropped]
//	no segment [FLAGS] [from client|server] [again] [delivered|dropped]
//	flight FLAGS [from client|server] [again] [sent NUMBER]
//	no flight [FLAGS] [from client|server] [again] [sent NUMBER]
//
// A segment is one that was sent in the step, or delivered or dropped in it. In flight is
// what is on the wire when the step has settled, whenever it was sent; sent 3 means three
// times or more. Again means that the sequence numbers were sent before and the earlier
// segment is not on the wire any more. Words that need a wire are errors in a lesson
// without one.

// callCondition reads what follows a word that asks about calls, signals or
// exits. It returns nil for any other word.
func (r *reader) callCondition(word string, b endFilter) condition {
	call := callOf{b}
	switch word {
	case "returns":
		return returns{call, r.Number("a return value", -1, 1<<31-1)}
	case "fails":
		return fails{call, r.errnos()}
	case "reads":
		return reads{call, r.Quoted(`the text that is read, in quotes: "hello"`)}
	case "error":
		return socketError{call, r.OneOf("the name of an error, or 0 for none", append(errnos(), noError)...)}
	case "blocked":
		return blocked{call}
	case "events":
		return r.events(call)
	case "killed":
		r.OneOf("by", "by")
		return killed{b, r.OneOf("the name of a signal", signals()...)}
	case "exit":
		return exits{b, r.Number("an exit status", 0, 255)}
	case "signal":
		c := signalled{endFilter: b, signal: r.OneOf("the name of a signal", signals()...)}
		if r.More() {
			c.action = sim.Action(r.OneOf("what the signal did", string(sim.Handled), string(sim.Killed)))
		}
		return c
	}
	return nil
}

// or stands between two errors of which either may come.
const or = "or"

// errnos reads the names of errors.
func (r *reader) errnos() []string {
	var list []string
	for {
		if errno := r.OneOf("the name of an error", errnos()...); !slices.Contains(list, errno) {
			list = append(list, errno)
		}
		if !r.Accept(or) {
			return list
		}
	}
}

// events reads what follows the word events.
func (r *reader) events(call callOf) condition {
	c := eventsSet{callOf: call}
	if r.Accept("only") {
		c.mode = onlyEvents
	}
	c.names = append(c.names, r.OneOf("an event of poll", pollEvents()...))
	c.names = r.eventNames(c.names)
	return c
}

// eventsAbsent reads what follows the words no events.
func (r *reader) eventsAbsent(call callOf) condition {
	return eventsSet{call, noEvents, r.eventNames(nil)}
}

// eventNames reads the events up to the end and returns them and the given ones, each once.
func (r *reader) eventNames(given []string) []string {
	for r.More() {
		given = append(given, r.OneOf("an event of poll", pollEvents()...))
	}
	return slices.DeleteFunc(pollEvents(), func(name string) bool { return !slices.Contains(given, name) })
}

// callWords are the words that callCondition accepts.
func callWords() []string {
	return []string{"returns", "fails", "reads", "error", "blocked", "events", "signal", "killed", "exit"}
}

// errnos are the errors that a call on a socket can return.
func errnos() []string {
	return []string{
		"EPIPE", "ECONNRESET", "ECONNREFUSED", "ECONNABORTED", "ETIMEDOUT", "ENOTCONN", "EISCONN",
		"EADDRINUSE", "EADDRNOTAVAIL", "EAGAIN", "EINTR", "EINVAL", "EBADF", "ENOTSOCK", "EMFILE", "ENFILE",
		"ENOBUFS", "ENOMEM", "EHOSTUNREACH", "ENETUNREACH", "EALREADY", "EINPROGRESS", "EDESTADDRREQ",
		"EMSGSIZE", "EOPNOTSUPP", "EACCES", "EPERM", "EFAULT", "EIO",
	}
}

func signals() []string { return []string{"SIGPIPE", "SIGINT", "SIGKILL", "SIGTERM"} }

// parseExpectation reads the words of a line that begins with the word expect, or with the
// mark of an answer, in a lesson that has a wire or not.
func parseExpectation(words []sim.Word, wire bool) (Expectation, error) {
	r := &reader{Lexer: sim.NewLexer(words), wire: wire}
	r.Next("")
	cond := r.condition()
	if r.More() {
		r.End(fmt.Sprintf("the expectation ends before it: expect %s", cond))
	}
	if err := r.Err(); err != nil {
		return Expectation{}, err
	}
	return Expectation{Text: cond.String(), Column: words[1].Col, cond: cond}, nil
}

// condition reads one expectation.
func (r *reader) condition() condition {
	w := r.Next("what to expect: a state, returns, fails, signal, segment")
	if w.Quoted {
		r.Fail(sim.Unknown(w, "something to expect", firstWords()))
	}
	switch w.Text {
	case string(sim.Client), string(sim.Server):
		return r.endCondition(sim.End(w.Text))
	case "segment":
		return r.segment(false)
	case "flight":
		return r.flight(false)
	case "no":
		return r.absence()
	}
	if c := r.callCondition(w.Text, ""); c != nil {
		return c
	}
	known := firstWords()
	if near := sim.Nearest(w.Text, stateWords()); near != "" && sim.Nearest(w.Text, known) == "" {
		r.Fail(&sim.SyntaxError{
			Col: w.Col, Msg: sim.Quote(w.Text) + " is a state of nobody",
			Hint: fmt.Sprintf("it is written expect client %s, or expect server %s", near, near),
		})
		return nil
	}
	r.Fail(sim.Unknown(w, "something to expect", known))
	return nil
}

// absence reads what follows the word no.
func (r *reader) absence() condition {
	switch r.OneOf("what there should not be", "segment", "flight", "signal", "events") {
	case "segment":
		return r.segment(true)
	case "flight":
		return r.flight(true)
	case "events":
		return r.eventsAbsent(callOf{})
	}
	c := signalled{none: true}
	if r.More() {
		c.signal = r.OneOf("the name of a signal", signals()...)
	}
	return c
}

func firstWords() []string {
	return append(append([]string{"client", "server"}, callWords()...), "segment", "flight", "no")
}

func stateWords() []string {
	var names []string
	for _, s := range sim.States() {
		if s != sim.Listen { // that is said of a listener
			names = append(names, s.String())
		}
	}
	return names
}

// endCondition reads an expectation of one end.
func (r *reader) endCondition(at sim.End) condition {
	w := r.Next("a state, alive, killed by, or returns, fails and the like")
	known := append(append(stateWords(), "listening", "not", "no", "alive"), callWords()...)
	if w.Quoted {
		r.Fail(sim.Unknown(w, "something to expect of an end", known))
	}
	switch state, ok := sim.ParseState(w.Text); {
	case ok && state == sim.Listen:
		r.Fail(&sim.SyntaxError{
			Col: w.Col, Msg: "LISTEN is the state of a listener, not of a connection",
			Hint: fmt.Sprintf("it is written expect %s listening, or expect %s not listening", at, at),
		})
		return nil
	case ok:
		return inState{at, state}
	}
	switch w.Text {
	case "listening", "not":
		if w.Text == "not" {
			r.OneOf("listening", "listening")
		}
		return listens{at, w.Text == "not"}
	case "no":
		r.OneOf("events", "events")
		return r.eventsAbsent(callOf{endFilter(at)})
	case "alive":
		return alive{at}
	}
	if c := r.callCondition(w.Text, endFilter(at)); c != nil {
		return c
	}
	r.Fail(sim.Unknown(w, "something to expect of an end", known))
	return nil
}

// again is the word for a segment that was sent before.
const again = "again"

// segment reads what follows the word segment.
func (r *reader) segment(none bool) condition {
	after := []string{again, string(sim.Delivered), string(sim.Dropped)}
	c := segment{none: none, segmentFilter: r.filter(none, after)}
	c.again = r.again()
	for _, fate := range []sim.Fate{sim.Delivered, sim.Dropped} {
		if c.fate == "" && r.Accept(string(fate)) {
			r.requireWire(r.Last())
			c.fate = fate
		}
	}
	return c
}

// maxSent is the most often that an expectation may ask for a segment to be sent.
const maxSent = 1000

// flight reads what follows the word flight.
func (r *reader) flight(none bool) condition {
	r.requireWire(r.Last())
	c := flight{none: none, segmentFilter: r.filter(none, []string{again, "sent"})}
	c.again = r.again()
	if r.Accept("sent") {
		c.sent = r.Number("how often it was sent", 1, maxSent)
	}
	return c
}

// filter reads the flags and the sender of a segment. With anyFlags the flags may be
// missing. After are the words that may follow.
func (r *reader) filter(anyFlags bool, after []string) segmentFilter {
	var p segmentFilter
	if !anyFlags && !r.More() {
		r.Next(`flags, such as RST or "FIN ACK"`)
	}
	for r.More() && !r.Follows("from") && !slices.ContainsFunc(after, r.Follows) {
		w := r.Next("")
		flags, ok := sim.ParseFlags(w.Text)
		if !ok {
			r.Fail(sim.Unknown(w, "a flag of a segment", append(append(sim.FlagNames(), "from"), after...)))
		}
		p.flags |= flags
	}
	if r.Accept("from") {
		p.from = endFilter(r.OneOf("client or server", "client", "server"))
	}
	return p
}

// again takes the word again, if it follows.
func (r *reader) again() bool {
	if !r.Accept(again) {
		return false
	}
	r.requireWire(r.Last())
	return true
}

// requireWire fails when the lesson has no wire, which the word w needs.
func (r *reader) requireWire(w sim.Word) {
	if !r.wire {
		r.Fail(needsWire(w))
	}
}

// needsWire returns the error about a word that needs a wire.
func needsWire(w sim.Word) *sim.SyntaxError {
	return &sim.SyntaxError{Col: w.Col, Msg: w.Text + ` needs "net: wire" in the lesson's head`}
}

// reader reads one expectation.
type reader struct {
	*sim.Lexer
	wire bool // the lesson has a wire
}
