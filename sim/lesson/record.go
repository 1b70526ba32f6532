package lesson

import (
	"slices"
	"strconv"
	"strings"

	"finwait/sim"
)

// Recorded returns what was done in a play of the lesson as a lesson of its own: its steps, a
// person's own among them, with expectations of what happened. Steps that were refused are left
// out. Log is the whole log of the play; name, title and the prose before the lesson's steps and
// before a person's own are those of the new lesson. It has no step if nothing was done.
func (l *Lesson) Recorded(log []sim.Event, name, title, ofLesson, ofPerson string) *Lesson {
	r := &recorder{wire: l.HasWire(), stories: map[bool]string{false: ofLesson, true: ofPerson}, alone: len(l.Steps) == 0}
	for i, e := range log {
		if b, begins := e.Body.(sim.StepBegun); begins && (e.Step > 0 || b.Own) {
			r.changedMeanwhile()
			r.begin(b)
		}
		r.scene.Apply(e)
		if e.Kind() == sim.KindSettled {
			r.settle(log[:i+1])
		}
	}
	return &Lesson{Name: name, Title: title, Net: l.Net, Timers: l.Timers, Begin: l.Begin, Steps: r.steps}
}

// recorder writes down the steps of a log.
type recorder struct {
	wire    bool
	alone   bool            // there is no lesson: no step is said to be a person's own
	stories map[bool]string // prose before the lesson's steps, and before a person's own

	steps   []Step
	scene   sim.Scene
	own     bool         // the newest step is a person's own
	begun   *Step        // the step that runs, nil for none
	before  [2]sim.State // of the two ends, when it began
	settled [2]sim.State // of the two ends, when the newest step settled
}

// recordedEnds are the two ends, in the order of their states above.
var recordedEnds = [2]sim.End{sim.Client, sim.Server}

// states returns the states of both ends of the newest connection.
func (r *recorder) states() (states [2]sim.State) {
	for i, at := range recordedEnds {
		states[i] = r.scene.End(at).State
	}
	return states
}

// changedMeanwhile appends a wait for each state that has changed by itself since the newest step
// settled: the steps that follow may need it.
func (r *recorder) changedMeanwhile() {
	now := r.states()
	for i, at := range recordedEnds {
		if len(r.steps) > 0 && now[i] != r.settled[i] {
			r.add(sim.Step{Verb: sim.VerbWait, How: sim.WaitState, From: at, Until: now[i]}, r.own)
		}
	}
}

// begin takes in that a step begins.
func (r *recorder) begin(b sim.StepBegun) {
	r.before, r.own = r.states(), b.Own && !r.alone
	r.begun = &Step{Step: r.unnumbered(b.Step)}
}

// unnumbered returns a step about the first segment on the wire of an end without the number of
// the segment: another play numbers segments otherwise.
func (r *recorder) unnumbered(s sim.Step) sim.Step {
	picks := s.Verb == sim.VerbDeliver || s.Verb == sim.VerbDrop || s.Verb == sim.VerbDuplicate
	if !picks || s.N == 0 {
		return s
	}
	seen := map[sim.End]bool{}
	for _, e := range r.scene.Flight {
		if e.Segment().ID == s.N && !seen[e.At] {
			s.N, s.From = 0, e.At
			break
		}
		seen[e.At] = true
	}
	return s
}

// settle takes in that the newest step of the log has settled.
func (r *recorder) settle(log []sim.Event) {
	r.settled = r.states()
	if r.begun == nil {
		return
	}
	step := *r.begun
	r.begun = nil
	m := settledAfter(log)
	if slices.ContainsFunc(m.step, func(e sim.Event) bool { return e.Kind() == sim.KindRefused }) {
		return
	}
	r.add(step.Step, r.own)
	for _, text := range r.happened(step.Step, m) {
		x, err := ParseExpectation(text, r.wire)
		if err != nil {
			continue
		}
		if ok, _ := x.Check(log); ok {
			last := &r.steps[len(r.steps)-1]
			last.Expect = append(last.Expect, x)
		}
	}
}

// add appends a step.
func (r *recorder) add(s sim.Step, own bool) {
	story := r.stories[own]
	first := len(r.steps) == 0 || r.steps[len(r.steps)-1].Story != story
	r.steps = append(r.steps, Step{Step: s, Story: story, First: first})
}

// manyBytes is from how many bytes on it is a matter of buffers how many a call moves.
const manyBytes = 4096

// happened returns what to expect of a step, as far as it is sure to happen again: what its calls
// returned, signals and deaths, the states that it has changed, resets and FINs.
func (r *recorder) happened(step sim.Step, m *settledStep) []string {
	var list []string
	add := func(words ...string) {
		if text := strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " "); !slices.Contains(list, text) {
			list = append(list, text)
		}
	}
	for _, at := range recordedEnds {
		who := string(at)
		if at == step.At {
			who = ""
		}
		for _, text := range outcomes(m.step, at) {
			add(who, text)
		}
	}
	for _, e := range m.step {
		switch b := e.Body.(type) {
		case sim.SignalTaken:
			if b.Action != sim.Killed { // of a death more is said below
				add("signal", b.Signal, string(b.Action))
			}
		case sim.ProcessExited:
			if b.Signal != "" {
				add(string(e.At), "killed by", b.Signal)
			}
			add("exit", strconv.Itoa(b.Status))
		}
	}
	for i, at := range recordedEnds {
		if now := r.settled[i]; now != r.before[i] {
			add(string(at), now.String())
		}
	}
	for _, e := range m.step {
		if g := e.Segment(); g.Sent() && !g.Resent {
			for _, flag := range []sim.Flags{sim.RST, sim.FIN} {
				if g.Flags&flag != 0 {
					add("segment", flag.String(), "from", string(e.At))
				}
			}
		}
	}
	return list
}

// outcomes returns what to expect of the newest call of an end in a step.
func outcomes(step []sim.Event, at sim.End) []string {
	var list []string
	for _, e := range step {
		if e.At != at {
			continue
		}
		switch b := e.Body.(type) {
		case sim.CallEntered:
			list = nil
		case sim.CallBlocked:
			list = []string{"blocked"}
		case sim.CallReturned:
			list = returnedText(b)
		}
	}
	return list
}

// returnedText returns what to expect of a call that has returned.
func returnedText(b sim.CallReturned) []string {
	r := b.Result
	switch {
	case r.Errno != "":
		return []string{"fails " + r.Errno}
	case r.Ret >= manyBytes, b.Call.Name == sim.CallFork:
		return nil
	case sim.SocketError(b.Call, r) != "":
		return []string{"error " + sim.SocketError(b.Call, r)}
	case b.Call.Name == sim.CallPoll && r.Note != "":
		return []string{"events only " + r.Note}
	case b.Call.Name.Reads() && r.Data != "":
		return []string{"reads " + strconv.Quote(r.Data)}
	}
	return []string{"returns " + strconv.Itoa(r.Ret)}
}
