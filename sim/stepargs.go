package sim

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// The arguments of each verb: a parse function reads them into the step, a write
// function gives them back as text.

// Bounds of what a step may ask for: what one call can move over loopback without
// a second one, and the longest a class may be made to wait.
const (
	MaxBytes  = 1 << 16
	MaxWait   = Seconds(3600)
	maxLinger = 3600
	maxFD     = 1 << 20
)

func noArgs(*Step, *args)      {}
func nothing(Step) string      { return "" }
func writeHow(s Step) string   { return s.How }
func writeCount(s Step) string { return strconv.Itoa(s.N) }

func parseWrite(s *Step, a *args) {
	w := a.next(`a text in quotes: write "hello"`)
	switch {
	case !w.Quoted:
		a.fail(&SyntaxError{Col: w.Col, Msg: "the text to write is not in quotes", Hint: `it is written write "hello"`})
	case len(w.Text) > MaxBytes:
		a.fail(&SyntaxError{Col: w.Col, Msg: "the text to write is too long", Hint: fmt.Sprintf("%d bytes at most", MaxBytes)})
	}
	s.Data = w.Text
	if a.option() {
		s.NoSignal = a.oneOf("nosignal", "nosignal") == "nosignal"
	}
}

func writeWrite(s Step) string {
	text := strconv.Quote(s.Data)
	if s.NoSignal {
		text += " nosignal"
	}
	return text
}

func parseRead(s *Step, a *args) { s.N = a.number("the number of bytes to read", 1, MaxBytes) }

func parseShutdown(s *Step, a *args) { s.How = a.oneOf("rd, wr or rdwr", "rd", "wr", "rdwr") }

func parseSigpipe(s *Step, a *args) {
	s.How = a.oneOf("default, ignore or handler", SigpipeDefault, SigpipeIgnore, SigpipeHandler)
}

// What a process does with SIGPIPE.
const (
	SigpipeDefault = "default"
	SigpipeIgnore  = "ignore"
	SigpipeHandler = "handler"
)

// Signals that a step may send.
func killSignals() []string { return []string{"SIGKILL", "SIGINT", "SIGTERM"} }

func parseKill(s *Step, a *args) { s.How = a.oneOf("SIGKILL, SIGINT or SIGTERM", killSignals()...) }

func parseClose(s *Step, a *args) {
	if !a.option() {
		return
	}
	if a.follows("listener") {
		a.pos++
		s.How = "listener"
		return
	}
	s.How = "fd"
	s.N = a.number("a descriptor", 0, maxFD)
}

func writeClose(s Step) string {
	if s.How == "fd" {
		return strconv.Itoa(s.N)
	}
	return s.How
}

// LingerOff is the N of a linger step that turns SO_LINGER off.
const LingerOff = -1

func parseLinger(s *Step, a *args) {
	if a.follows("off") {
		a.pos++
		s.N = LingerOff
		return
	}
	s.N = a.number("off or a number of seconds", 0, maxLinger)
}

func writeLinger(s Step) string {
	if s.N == LingerOff {
		return "off"
	}
	return strconv.Itoa(s.N)
}

// units are the units of a wait in milliseconds, the longest name first where one
// ends another.
var units = []struct {
	name string
	each float64
}{{"ms", 1}, {"s", 1000}, {"m", 60_000}}

// parseWait reads a time to the millisecond, so that it is written as it was read.
func parseWait(s *Step, a *args) {
	w := a.next("a time such as 2s")
	for _, u := range units {
		number, found := strings.CutSuffix(w.Text, u.name)
		n, err := strconv.ParseFloat(number, 64)
		ms := Seconds(math.Round(n * u.each))
		if found && err == nil && ms >= 1 && ms <= MaxWait*1000 && !w.Quoted {
			s.For = ms / 1000
			return
		}
	}
	a.fail(&SyntaxError{Col: w.Col, Msg: strconv.QuoteToASCII(w.Text) + " is not a time", Hint: "it is written 500ms, 2s or 1m, up to an hour"})
}

func writeWait(s Step) string {
	if s.For < 1 {
		return strconv.FormatFloat(math.Round(float64(s.For)*1000), 'f', -1, 64) + "ms"
	}
	return strconv.FormatFloat(float64(s.For), 'f', -1, 64) + "s"
}
