package lesson

import (
	"fmt"
	"slices"
	"strconv"

	"finwait/sim"
)

// The forms of expectations, by their first word: after it, with an end before it
// or without.
//
//	client|server STATE
//	client|server alive
//	client|server killed by SIGNAL
//	[client|server] returns NUMBER
//	[client|server] fails ERRNO
//	[client|server] reads "text"
//	[client|server] error ERRNO|0
//	[client|server] blocked
//	[client|server] signal SIGNAL [handled|killed]
//	[client|server] exit STATUS
//	no signal [SIGNAL]
//	segment FLAGS [from client|server] [again] [delivered|dropped]
//	no segment [FLAGS] [from client|server] [again] [delivered|dropped]
//	flight FLAGS [from client|server] [again] [sent NUMBER]
//	no flight [FLAGS] [from client|server] [again] [sent NUMBER]
//
// Segments are those sent in the step, or delivered or dropped in it. In flight
// is what is on the wire when the step has settled, whenever it was sent; sent 3
// asks for three times or more. Again is what was sent before, and is not on the
// wire any more. What a wire is needed for is an error in a lesson without one.

// callCondition reads what follows a word that asks about calls, signals or
// exits. It returns nil for any other word.
func (r *reader) callCondition(word string, b by) condition {
	switch word {
	case "returns":
		return returns{b, r.number("a return value", -1, 1<<31-1)}
	case "fails":
		return fails{b, r.oneOf("the name of an error", errnos())}
	case "reads":
		return reads{b, r.quoted(`the text that is read, in quotes: "hello"`)}
	case "error":
		return brings{b, r.oneOf("the name of an error, or 0 for none", append(errnos(), noError))}
	case "blocked":
		return blocked{b}
	case "exit":
		return exits{b, r.number("an exit status", 0, 255)}
	case "signal":
		c := signalled{by: b, signal: r.oneOf("the name of a signal", signals())}
		if r.more() {
			c.action = sim.Action(r.oneOf("what the signal did", []string{string(sim.Handled), string(sim.Killed)}))
		}
		return c
	}
	return nil
}

// callWords are the words that callCondition knows.
func callWords() []string {
	return []string{"returns", "fails", "reads", "error", "blocked", "signal", "exit"}
}

// errnos are the errors that a socket call can meet.
func errnos() []string {
	return []string{
		"EPIPE", "ECONNRESET", "ECONNREFUSED", "ECONNABORTED", "ETIMEDOUT", "ENOTCONN", "EISCONN",
		"EADDRINUSE", "EADDRNOTAVAIL", "EAGAIN", "EINTR", "EINVAL", "EBADF", "ENOTSOCK", "EMFILE", "ENFILE",
		"ENOBUFS", "ENOMEM", "EHOSTUNREACH", "ENETUNREACH", "EALREADY", "EINPROGRESS", "EDESTADDRREQ",
		"EMSGSIZE", "EOPNOTSUPP", "EACCES", "EPERM", "EFAULT", "EIO",
	}
}

func signals() []string { return []string{"SIGPIPE", "SIGINT", "SIGKILL", "SIGTERM"} }

// parseExpectation reads what follows the word expect, in a lesson that has a wire
// or not.
func parseExpectation(words []sim.Word, expect sim.Word, wire bool) (Expectation, error) {
	r := &reader{words: words, last: expect, wire: wire}
	cond := r.condition()
	if r.more() {
		w := r.words[0]
		r.fail(&sim.SyntaxError{
			Col: w.Col, Msg: strconv.QuoteToASCII(w.Text) + " is too much",
			Hint: fmt.Sprintf("the expectation ends before it: expect %s", cond),
		})
	}
	if r.err != nil {
		return Expectation{}, r.err
	}
	return Expectation{Text: cond.String(), cond: cond}, nil
}

// condition reads one expectation.
func (r *reader) condition() condition {
	w := r.next("what to expect: a state, returns, fails, signal, segment")
	if w.Quoted {
		r.fail(sim.Unknown(w, "something to expect", firstWords()))
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
		r.fail(&sim.SyntaxError{
			Col: w.Col, Msg: strconv.QuoteToASCII(w.Text) + " is a state of nobody",
			Hint: fmt.Sprintf("it is written expect client %s, or expect server %s", near, near),
		})
		return nil
	}
	r.fail(sim.Unknown(w, "something to expect", known))
	return nil
}

// absence reads what follows the word no.
func (r *reader) absence() condition {
	switch r.oneOf("what there should not be", []string{"segment", "flight", "signal"}) {
	case "segment":
		return r.segment(true)
	case "flight":
		return r.flight(true)
	}
	c := signalled{none: true}
	if r.more() {
		c.signal = r.oneOf("the name of a signal", signals())
	}
	return c
}

func firstWords() []string {
	return append(append([]string{"client", "server"}, callWords()...), "segment", "flight", "no")
}

func stateWords() []string {
	var names []string
	for _, s := range sim.States() {
		names = append(names, s.String())
	}
	return names
}

// endCondition reads an expectation of one end.
func (r *reader) endCondition(at sim.End) condition {
	w := r.next("a state, alive, killed by, or returns, fails and the like")
	known := append(append(stateWords(), "alive", "killed"), callWords()...)
	if w.Quoted {
		r.fail(sim.Unknown(w, "something to expect of an end", known))
	}
	if state, ok := sim.ParseState(w.Text); ok {
		return stateIs{at, state}
	}
	switch w.Text {
	case "alive":
		return isAlive{at}
	case "killed":
		r.oneOf("by", []string{"by"})
		return isKilled{at, r.oneOf("the name of a signal", signals())}
	}
	if c := r.callCondition(w.Text, by(at)); c != nil {
		return c
	}
	r.fail(sim.Unknown(w, "something to expect of an end", known))
	return nil
}

// again marks what was sent before.
const again = "again"

// segment reads what follows the word segment.
func (r *reader) segment(none bool) condition {
	after := []string{again, string(sim.Delivered), string(sim.Dropped)}
	c := segment{none: none, pick: r.pick(none, after)}
	c.again = r.again()
	for _, fate := range []sim.Fate{sim.Delivered, sim.Dropped} {
		if c.fate == "" && r.follows(string(fate)) {
			r.wired(r.next(""))
			c.fate = fate
		}
	}
	return c
}

// maxSent is the most often that an expectation may ask for a segment to be sent.
const maxSent = 1000

// flight reads what follows the word flight.
func (r *reader) flight(none bool) condition {
	r.wired(r.last)
	c := flight{none: none, pick: r.pick(none, []string{again, "sent"})}
	c.again = r.again()
	if r.follows("sent") {
		r.next("")
		c.sent = r.number("how often it was sent", 1, maxSent)
	}
	return c
}

// pick reads the flags and the end of a segment. Any: there need be neither.
// After are the words that may follow.
func (r *reader) pick(anyFlags bool, after []string) pick {
	var p pick
	if !anyFlags && len(r.words) == 0 {
		r.next(`flags, such as RST or "FIN ACK"`)
	}
	for r.more() && !r.follows("from") && !slices.ContainsFunc(after, r.follows) {
		w := r.next("")
		flags, ok := sim.ParseFlags(w.Text)
		if !ok {
			r.fail(sim.Unknown(w, "a flag of a segment", append(append(sim.FlagNames(), "from"), after...)))
		}
		p.flags |= flags
	}
	if r.follows("from") {
		r.next("")
		p.from = by(r.oneOf("client or server", []string{"client", "server"}))
	}
	return p
}

// again reads the word again, if it is there.
func (r *reader) again() bool {
	if !r.follows(again) {
		return false
	}
	r.wired(r.next(""))
	return true
}

// wired fails when the lesson has no wire, which the word w needs.
func (r *reader) wired(w sim.Word) {
	if !r.wire {
		r.fail(needsWire(w))
	}
}

// needsWire returns the error about a word that needs a wire.
func needsWire(w sim.Word) *sim.SyntaxError {
	return &sim.SyntaxError{Col: w.Col, Msg: w.Text + ` needs "net: wire" in the lesson's head`}
}

// reader hands out the words of an expectation in order and keeps the first error.
type reader struct {
	words []sim.Word
	last  sim.Word // the word before
	wire  bool     // the lesson has one
	err   error
}

// next returns the next word; what says what it should be if there is none.
func (r *reader) next(what string) sim.Word {
	if len(r.words) == 0 {
		r.fail(&sim.SyntaxError{
			Col: r.last.Col, Msg: fmt.Sprintf("after %s something is missing", strconv.QuoteToASCII(r.last.Text)),
			Hint: "it needs " + what,
		})
		return r.last
	}
	r.last, r.words = r.words[0], r.words[1:]
	return r.last
}

func (r *reader) more() bool { return r.err == nil && len(r.words) > 0 }

// follows reports whether the next word is that one, without quotes.
func (r *reader) follows(word string) bool {
	return r.more() && !r.words[0].Quoted && r.words[0].Text == word
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// oneOf returns the next word, which must be one of known.
func (r *reader) oneOf(what string, known []string) string {
	w := r.next(what)
	for _, k := range known {
		if k == w.Text && !w.Quoted {
			return k
		}
	}
	r.fail(sim.Unknown(w, what, known))
	return ""
}

// number returns the next word, which must be a number from low to high.
func (r *reader) number(what string, low, high int) int {
	w := r.next(what)
	n, err := strconv.Atoi(w.Text)
	if err != nil || n < low || n > high || w.Quoted {
		r.fail(&sim.SyntaxError{
			Col: w.Col, Msg: fmt.Sprintf("%s is not %s", strconv.QuoteToASCII(w.Text), what),
			Hint: fmt.Sprintf("it is a number from %d to %d", low, high),
		})
	}
	return n
}

// quoted returns the next word, which must be in quotes.
func (r *reader) quoted(what string) string {
	w := r.next(what)
	if !w.Quoted {
		r.fail(&sim.SyntaxError{Col: w.Col, Msg: strconv.QuoteToASCII(w.Text) + " is not in quotes", Hint: "it needs " + what})
	}
	return w.Text
}
