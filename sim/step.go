package sim

import (
	"fmt"
	"slices"
	"strings"
)

// MustParseStep is ParseStep for a text that is known to be a step. It panics if that is not so.
func MustParseStep(text string) Step {
	s, err := ParseStep(text)
	if err != nil {
		panic(fmt.Sprintf("step %q: %v", text, err))
	}
	return s
}

// Step is one thing that a person asks of the lab. The verb decides which of the other fields
// mean something.
type Step struct {
	At   End // the end that acts, empty for a step of the whole lab
	Verb Verb
	// Parent directs the step to the process that forked, which waits while its
	// child goes on.
	Parent   bool
	Data     string // the text of a write
	NoSignal bool   // a write is a send with MSG_NOSIGNAL
	// N is a number: of bytes (read, a write without Data), of seconds (linger, or LingerOff;
	// linger2, or Linger2None), of probes (keepalive), of a descriptor (close) or of a segment
	// (deliver, drop, duplicate).
	N int
	// How is the word that chooses between the forms of a verb: the argument of shutdown, sigpipe,
	// kill, listen, read (ReadPeek) and auto; OfListener or "fd" of a close; OfListener of an option; PickAll of a
	// verb for the wire; WaitState or WaitFlight of a wait.
	How string
	// For is a time: of a wait, of usertimeout, the idle time of keepalive. In a wait until
	// something it is the limit, 0 for the usual one.
	For   Seconds
	Every Seconds // interval between the probes of keepalive
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
	s, err := readStepFrom(&stepReader{Lexer: NewLexer(words)})
	if err != nil {
		return Step{}, err
	}
	return s, nil
}

// StepWanted returns what may follow the words of a step that is not finished. The error, a
// *SyntaxError, is about the words themselves.
func StepWanted(words []Word) (Wanted, error) {
	r := &stepReader{Lexer: openLexer(words)}
	s, err := readStepFrom(r)
	if len(r.wanted.Words) == 0 && r.wanted.What == "" {
		return Wanted{}, err
	}
	for t := &s; t != nil; t = t.Then {
		if u, ok := usageOf(t.Verb); ok && !u.Chain {
			r.wanted.Words = slices.DeleteFunc(r.wanted.Words, func(w string) bool { return w == then })
		}
	}
	return r.wanted, nil
}

// readStepFrom reads one step.
func readStepFrom(r *stepReader) (Step, error) {
	var s Step
	r.Want(beginnings()...)
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
	return s, r.Err()
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
	r.Want(chainable()...)
	next.readAction(r, r.Next("a verb"))
	if r.Err() != nil {
		return
	}
	if after, _ := usageOf(next.Verb); !u.Chain || !after.Chain {
		r.Fail(&SyntaxError{Col: w.Col, Msg: fmt.Sprintf("%s then %s cannot be one step", s.Verb, next.Verb), Hint: "then joins " + strings.Join(chainable(), ", ")})
		return
	}
	if r.calls++; r.calls == maxChain {
		r.Fail(&SyntaxError{Col: w.Col, Msg: "the step is too long", Hint: fmt.Sprintf("then joins %d calls at most", maxChain)})
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
	r.Want(append(verbsOf(s.At), "parent")...)
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
