package sim

import "slices"

// Between stands between the things that one side of a verdict says, where they are
// several: segments, returns, calls.
const Between = "; "

// Verdicts returns what the model said of what an end did in the newest step, until the end
// does something else. The caller reads it only.
func (s *Scene) Verdicts(at End) []Event { return s.verdicts[index(at)] }

// judged takes a verdict. One on an older connection is not of the subject; one on a
// connection that only the model knows makes none.
func (s *Scene) judged(e Event) {
	if e.At != Client && e.At != Server || e.Conn() != 0 && e.Conn() < s.Subject {
		return
	}
	v := &s.verdicts[index(e.At)]
	*v = append(slices.Clip(*v), e) // never into an array that a copy shares
}

// outdate drops the verdicts on an end that has done something since.
func (s *Scene) outdate(e Event) {
	if e.Conn() != 0 && e.Conn() != s.Subject {
		return
	}
	switch e.Body.(type) {
	case StateChanged, CallReturned, SignalTaken, ProcessExited:
		s.verdicts[index(e.At)] = nil
	}
}

// Agreement is how far the model and the kernel agree: a fold over the verdicts of a
// log. The zero value is ready; copying it keeps a moment.
type Agreement struct {
	Steps    int         // steps of the lesson so far
	Judged   int         // steps in which there was something to compare
	Differ   int         // steps in which the model differs from the kernel
	First    int         // number of the first step in which the model differs
	Any      bool        // the model runs beside the kernel
	SetUp    bool        // the model differs while the connection is made
	Silent   ModelSilent // why the model has said nothing more, zero if it has not stopped
	judged   bool        // the newest step had something to compare
	differed bool        // the model differs in the newest step
}

// Apply takes one more event.
func (a *Agreement) Apply(e Event) {
	switch b := e.Body.(type) {
	case StepBegun:
		if e.Step > a.Steps { // not one more of the same number, made beside the lesson
			a.Steps, a.judged, a.differed = e.Step, false, false
		}
	case ModelSilent:
		a.Any, a.Silent = true, b
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

// Nothing reports whether there is nothing to say of it: nothing was compared, for no reason.
func (a Agreement) Nothing() bool {
	return !a.Any || a.Agreed() && a.Silent == (ModelSilent{}) && a.Judged == 0
}
