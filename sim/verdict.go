package sim

import (
	"fmt"
	"strings"
)

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
	case said == "" && w == WhatReturn:
		return "has not returned"
	case said == "" && w == WhatRefused:
		return "nothing refused"
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
	if end == nil || e.Conn() != 0 && e.Conn() < s.Conn {
		return
	}
	n := len(end.Verdicts)
	end.Verdicts = append(end.Verdicts[:n:n], e) // never into an array that a copy shares
}

// outdates reports whether after this event of an end it is no longer what the
// verdicts on it were about.
func (e Event) outdates() bool {
	switch e.Body.(type) {
	case StateChanged, CallReturned, SignalTaken, ProcessExited:
		return true
	}
	return false
}

// Agreement is how far the model and the kernel agree: a fold over the verdicts of a
// log. The zero value is ready; copying it keeps a moment.
type Agreement struct {
	Steps    int    // of the lesson, so far
	Judged   int    // those in which there was something to compare
	Differ   int    // those in which the model differs from the kernel
	First    int    // the number of the first of them
	Any      bool   // the model runs beside the kernel
	SetUp    bool   // it differs while the connection is made
	Silent   string // why it has said nothing more, "" if it has not stopped
	judged   bool   // of the newest step
	differed bool
}

// Apply takes one more event.
func (a *Agreement) Apply(e Event) {
	switch b := e.Body.(type) {
	case StepBegun:
		if e.Step > a.Steps { // not one more of the same number, made beside the lesson
			a.Steps, a.judged, a.differed = e.Step, false, false
		}
	case ModelSilent:
		a.Any, a.Silent = true, b.Why
	case Verdict:
		a.Any = true
		if e.Step == 0 {
			a.SetUp = a.SetUp || !b.Agree
			return
		}
		a.judge(e.Step, b.Agree)
	}
}

// judge takes in that the model agrees with a step, or does not.
func (a *Agreement) judge(step int, agree bool) {
	if !a.judged {
		a.judged = true
		a.Judged++
	}
	if !agree && !a.differed {
		a.differed = true
		if a.Differ++; a.Differ == 1 {
			a.First = step
		}
	}
}

// Agreed reports whether the model has nowhere said anything else than the kernel.
func (a Agreement) Agreed() bool { return a.Differ == 0 && !a.SetUp }

// nothing reports whether there is nothing to say of it.
func (a Agreement) nothing() bool {
	return !a.Any || a.Agreed() && a.Silent == "" && a.Judged == 0
}

// String returns the agreement as one sentence, nothing when there was nothing to say. Steps
// that left nothing to compare, such as a wait, do not count.
func (a Agreement) String() string {
	switch {
	case a.nothing():
		return ""
	case !a.Agreed():
		return "The model " + a.disagreement() + "."
	case a.Silent != "":
		return fmt.Sprintf("%s (%s).", strings.TrimSuffix(a.Short(), "."), a.Silent)
	case a.Judged == 1 && a.Steps == 1:
		return "The model agreed."
	case a.Judged == a.Steps:
		return fmt.Sprintf("The model agreed in all %d steps.", a.Steps)
	case a.Judged == 1:
		return "The model agreed in the one step with something to compare."
	}
	return fmt.Sprintf("The model agreed in all %d steps with something to compare.", a.Judged)
}

// Short returns the agreement in fewer words than String.
func (a Agreement) Short() string {
	switch {
	case a.nothing():
		return ""
	case a.Differ > 0:
		return fmt.Sprintf("The model differed in step %d.", a.First)
	case a.SetUp:
		return "The model differed while the connection was made."
	case a.Silent != "" && a.Judged == 0:
		return "The model said nothing."
	case a.Silent != "":
		return fmt.Sprintf("The model agreed in %s, then said nothing.", countSteps(a.Judged))
	}
	return "The model agreed."
}

// disagreement says where the model differed, and what came before and after.
func (a Agreement) disagreement() string {
	var parts []string
	if a.SetUp {
		parts = append(parts, "differed while the connection was made")
	}
	if n := a.Judged - a.Differ; n > 0 {
		parts = append(parts, "agreed in "+countSteps(n))
	}
	switch a.Differ {
	case 0:
	case 1:
		parts = append(parts, fmt.Sprintf("differed in step %d", a.First))
	default:
		parts = append(parts, fmt.Sprintf("differed in %s, first in step %d", countSteps(a.Differ), a.First))
	}
	if a.Silent != "" && a.Steps > a.First {
		parts = append(parts, "said nothing after that")
	}
	switch last := len(parts) - 1; last {
	case 0:
		return parts[0]
	case 1:
		return parts[0] + ", and " + parts[1]
	default:
		return strings.Join(parts[:last], ", ") + ", and " + parts[last]
	}
}

func countSteps(n int) string {
	if n == 1 {
		return "1 step"
	}
	return fmt.Sprintf("%d steps", n)
}
