package sim

import "fmt"

// Between stands between the things that one side of a verdict says, where they are
// several: segments, returns, calls.
const Between = "; "

// Value returns what one side of a verdict says, so that it can stand alone: "exit
// 141", "no signal".
func (w What) Value(said string) string {
	switch {
	case said == "" && w == WhatSegment:
		return "no segment"
	case said == "" && w == WhatBlocked:
		return "not blocked"
	case said == "":
		return "no " + string(w)
	case w == WhatExit:
		return "exit " + said
	case w == WhatBlocked:
		return "blocked in " + said
	}
	return said
}

// judged takes a verdict. One on an older connection is not of the end that the scene
// shows; one on a connection that only the model knows makes none.
func (s *Scene) judged(e Event) {
	end := s.End(e.At)
	if end == nil || e.Conn != 0 && e.Conn < s.Conn {
		return
	}
	n := len(end.Verdicts)
	end.Verdicts = append(end.Verdicts[:n:n], e) // never into an array that a copy shares
}

// outdates reports whether after this event of an end it is no longer what the
// verdicts on it were about.
func (e Event) outdates() bool {
	switch e.Kind {
	case KindState, KindReturn, KindSignal, KindExit:
		return true
	}
	return false
}

// Agreement is how far the model and the kernel agree: a fold over the verdicts of a
// log. The zero value is ready; copying it keeps a moment.
type Agreement struct {
	Steps    int  // of the lesson, so far
	Judged   int  // those of which the model said something
	Differ   int  // those in which it differs from the kernel
	Any      bool // there was a verdict at all, perhaps while the connection was made
	SetUp    bool // it differs while the connection is made
	judged   bool // of the newest step
	differed bool
}

// Apply takes one more event.
func (a *Agreement) Apply(e Event) {
	switch {
	case e.Kind == KindStep && e.Step > a.Steps: // not one more of the same number, made beside the lesson
		a.Steps, a.judged, a.differed = e.Step, false, false
	case e.Kind != KindVerdict:
	case e.Step == 0:
		a.Any, a.SetUp = true, a.SetUp || !e.OK
	default:
		a.Any = true
		if !a.judged {
			a.judged = true
			a.Judged++
		}
		if !e.OK && !a.differed {
			a.differed = true
			a.Differ++
		}
	}
}

// Agreed reports whether the model has nowhere said anything else than the kernel.
func (a Agreement) Agreed() bool { return a.Differ == 0 && !a.SetUp }

// String returns the agreement as one sentence, nothing when the model said nothing.
func (a Agreement) String() string {
	const setUp = "while the connection was made"
	switch {
	case !a.Any, a.Agreed() && a.Steps == 0:
		return ""
	case a.Agreed() && a.Judged < a.Steps:
		return fmt.Sprintf("The model agreed in %d of %d steps, and said nothing of the others.", a.Judged, a.Steps)
	case a.Agreed() && a.Steps == 1:
		return "The model agreed."
	case a.Agreed():
		return fmt.Sprintf("The model agreed in all %d steps.", a.Steps)
	case a.Differ == 0:
		return "The model differed " + setUp + "."
	case a.SetUp:
		return fmt.Sprintf("The model differed in %d of %d steps, and %s.", a.Differ, a.Steps, setUp)
	}
	return fmt.Sprintf("The model differed in %d of %d steps.", a.Differ, a.Steps)
}
