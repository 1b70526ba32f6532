package sim

import (
	"math"
	"strconv"
	"strings"
)

// The arguments of wait and of the verbs for the wire, and the words that several verbs share:
// a parse function reads them into the step, a write function gives them back as text.

// units are the units of a wait in milliseconds, the longest name first where one
// ends another.
var units = []struct {
	name string
	each float64
}{{"ms", 1}, {"s", 1000}, {"m", 60_000}}

// time returns the next word as a time, to the millisecond, so that it is written
// as it was read.
func (r *stepReader) time() Seconds {
	w := r.Next("a time such as 2s")
	for _, u := range units {
		number, found := strings.CutSuffix(w.Text, u.name)
		n, err := strconv.ParseFloat(number, 64)
		ms := Seconds(math.Round(n * u.each))
		if found && err == nil && ms >= 1 && ms <= MaxWait*1000 && !w.Quoted {
			return ms / 1000
		}
	}
	r.Fail(&SyntaxError{Col: w.Col, Msg: Quote(w.Text) + " is not a time", Hint: "it is written 500ms, 2s or 1m, up to an hour"})
	return 0
}

// timeText writes a time as time reads it.
func timeText(t Seconds) string {
	if t < 1 {
		return strconv.FormatFloat(math.Round(float64(t)*1000), 'f', -1, 64) + "ms"
	}
	return strconv.FormatFloat(float64(t), 'f', -1, 64) + "s"
}

// What a wait step waits for, its How: an end to be in a state, or to have a segment
// on the wire.
const (
	WaitState  = "state"
	WaitFlight = "flight"
)

// until begins the condition of a wait.
const until = "until"

func parseWait(s *Step, r *stepReader) {
	if !r.Accept(until) {
		s.For = r.time()
		return
	}
	if r.Accept(WaitFlight) {
		r.OneOf("from", "from")
		s.How, s.From = WaitFlight, r.whose()
		s.readLimit(r)
		return
	}
	s.How, s.From = WaitState, End(r.OneOf("client, server or flight", string(Client), string(Server), WaitFlight))
	s.Until = r.state()
	s.readLimit(r)
}

// forAtMost begins the time within which a condition has to come true.
const forAtMost = "for"

// readLimit reads how long a condition is waited for, if that is said.
func (s *Step) readLimit(r *stepReader) {
	if r.Accept(forAtMost) {
		s.For = r.time()
	}
}

func writeWait(s Step) string {
	var words []string
	switch s.How {
	case WaitFlight:
		words = []string{until, WaitFlight, "from", string(s.From)}
	case WaitState:
		words = []string{until, string(s.From), s.Until.String()}
	default:
		return timeText(s.For)
	}
	if s.For > 0 {
		words = append(words, forAtMost, timeText(s.For))
	}
	return strings.Join(words, " ")
}

// waitLimit is how long a condition is waited for where that is not said: the kernel gives
// up most things after 107 seconds (tcp_orphan_retries 0, tcp(7)).
const waitLimit = Seconds(300)

// Limit returns how long a step waits for its condition to come true, 0 for a step that has
// none.
func (s Step) Limit() Seconds {
	switch {
	case s.Verb != VerbWait || s.How == "":
		return 0
	case s.For > 0:
		return s.For
	}
	return waitLimit
}

// LimitText returns the limit as a step is written: "10s", "5m".
func (s Step) LimitText() string {
	limit := s.Limit()
	if minutes := limit / 60; minutes >= 1 && minutes == Seconds(int(minutes)) {
		return strconv.Itoa(int(minutes)) + "m"
	}
	return timeText(limit)
}

// state returns the next word as a state.
func (r *stepReader) state() State {
	var names []string
	for _, s := range States() {
		names = append(names, s.String())
	}
	r.Want(names...)
	w := r.Next("a state such as FIN_WAIT2")
	state, ok := ParseState(w.Text)
	if !ok || w.Quoted {
		r.Fail(Unknown(w, "a state", names))
	}
	return state
}

// PickAll is the How of a step that is for every segment on the wire.
const PickAll = "all"

// What a line may want that is no word of the grammar, where the lab knows which there are.
const (
	SegmentNumber = "the number of a segment"
	ADescriptor   = "a descriptor"
)

// parsePick reads which segment on the wire is meant: the next of an end, all, the
// one with a number, or the next of all.
func parsePick(s *Step, r *stepReader) {
	if !r.option() {
		return
	}
	known := []string{string(Client), string(Server)}
	if s.Verb != VerbDuplicate {
		known = append(known, PickAll)
	}
	r.Want(known...)
	switch w := r.Next(SegmentNumber); {
	case !w.Quoted && (w.Text == string(Client) || w.Text == string(Server)):
		s.From = End(w.Text)
	case !w.Quoted && w.Text == PickAll && s.Verb != VerbDuplicate:
		s.How = PickAll
	case w.Text != "" && w.Text[0] >= '0' && w.Text[0] <= '9':
		r.Back()
		s.N = r.Number(SegmentNumber, 1, math.MaxInt32)
	default:
		e := Unknown(w, "a segment on the wire", known)
		if Nearest(w.Text, known) == "" {
			e.Hint = "it is " + strings.Join(known, ", ") + ", or its number"
		}
		r.Fail(e)
	}
}

func writePick(s Step) string {
	switch {
	case s.N != 0:
		return strconv.Itoa(s.N)
	case s.How != "":
		return s.How
	}
	return string(s.From)
}

func parseSwap(s *Step, r *stepReader) { s.From = r.whose() }

// whose returns the next word as an end.
func (r *stepReader) whose() End {
	return End(r.OneOf("client or server", string(Client), string(Server)))
}

func parseAuto(s *Step, r *stepReader) {
	r.OneOf("deliver", string(VerbDeliver))
	s.How = r.OneOf("on or off", "on", "off")
}

func writeAuto(s Step) string { return string(VerbDeliver) + " " + s.How }
