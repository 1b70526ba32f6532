package tui

import (
	"finwait/sim"
	"finwait/sim/diagram"
	"finwait/sim/ladder"
)

// fold is the state that the first k events of a log lead to, as far as the screen shows it.
type fold struct {
	k         int
	scene     sim.Scene
	chosen    int            // number of the connection that a person has chosen to see, 0 for the subject
	ladder    *ladder.Ladder // of the connection that is drawn
	walk      diagram.Walk   // the changes of state of both ends
	offScript offScript
	sent      map[endOfConn]lastSent

	failed   int             // counts expectations that fell short, and refused steps
	verdicts map[int]verdict // by the number of the step
	problems []problem       // of the newest step

	model   sim.Agreement // how far the model agreed with the kernel
	differs map[int]bool  // steps, by number, in which the model and the kernel differed
}

// endOfConn is one end of a connection.
type endOfConn struct {
	conn int
	at   sim.End
}

// lastSent is what an end has sent last that asks for an acknowledgement, and how
// often. The kernel counts its timer's retransmissions, but not the probe that may
// precede them (tcp_send_loss_probe).
type lastSent struct {
	next  sim.Seq // the sequence number after the segment
	times int
}

// after returns what was sent last after one more segment was seen to leave.
func (s lastSent) after(e sim.Event) lastSent {
	next := e.Segment().Next()
	switch {
	case e.Segment().Fate != sim.Held && e.Segment().Fate != sim.Retransmitted, next == e.Segment().Seq:
		return s
	case s.next == next:
		s.times++
		return s
	}
	return lastSent{next, 1}
}

// verdict is the result of a step's expectations.
type verdict int

// The results.
const (
	verdictNone verdict = iota
	verdictHeld
	verdictElsewhere // an expectation did not hold, after steps of a person's own
	verdictFailed
)

// problem is an event that says what went otherwise than expected.
type problem struct {
	sim.Event
	forgiven bool // not the lesson's failure: the person has made steps of their own
}

func newFold() *fold {
	return &fold{ladder: new(ladder.Ladder), verdicts: map[int]verdict{}, differs: map[int]bool{}, sent: map[endOfConn]lastSent{}}
}

// goTo folds the events: the same log as before, longer or shorter.
func (f *fold) goTo(events []sim.Event) {
	if len(events) < f.k {
		chosen, focus := f.chosen, f.ladder.Focus
		*f = *newFold()
		f.chosen, f.ladder.Focus = chosen, focus
	}
	for _, e := range events[f.k:] {
		f.apply(e)
	}
	f.k = len(events)
	f.draw(events)
}

// focus returns the number of the connection that boxes and ladder draw, 0 before the first: the
// subject, unless a person has chosen another, and there is that one at this moment.
func (f *fold) focus() int {
	if c := f.scene.Connection(f.chosen); c.Number != 0 {
		return c.Number
	}
	return f.scene.Subject
}

// draw folds the events again into the ladder of the connection that is to be drawn, if that is
// not the one there is.
func (f *fold) draw(events []sim.Event) {
	c := f.scene.Connection(f.chosen)
	if c.Number == f.ladder.Focus {
		return
	}
	f.ladder = &ladder.Ladder{Focus: c.Number}
	var o offScript
	for _, e := range events {
		if o.apply(e); !o.forgives(e) {
			f.ladder.Apply(e)
		}
	}
}

func (f *fold) apply(e sim.Event) {
	f.scene.Apply(e)
	f.model.Apply(e)
	f.walk.Apply(e)
	f.offScript.apply(e)
	forgiven := f.offScript.forgives(e)
	if !forgiven {
		f.ladder.Apply(e)
	}
	switch b := e.Body.(type) {
	case sim.SegmentMoved:
		end := endOfConn{b.Conn, e.At}
		f.sent[end] = f.sent[end].after(e)
	case sim.Verdict:
		if !b.Agree {
			f.differs[e.Step] = true
		}
	case sim.StepBegun:
		f.problems = nil
	case sim.StepRefused:
		f.problem(e, forgiven)
	case sim.ExpectationChecked:
		if b.OK {
			f.verdicts[e.Step] = max(f.verdicts[e.Step], verdictHeld)
		} else {
			f.problem(e, forgiven)
			f.verdicts[e.Step] = max(f.verdicts[e.Step], verdictElsewhere)
		}
	}
}

// problem takes in a step that was refused, or an expectation that fell short.
func (f *fold) problem(e sim.Event, forgiven bool) {
	f.problems = append(f.problems, problem{e, forgiven})
	if !forgiven {
		f.failed++
		f.verdicts[e.Step] = verdictFailed
	}
}

// running reports whether a step of the lesson has begun and not settled yet.
func (f *fold) running() bool { return f.scene.Step > 0 && !f.scene.Settled && !f.offScript.own }

// offScript follows a log and tells the lesson's steps from those that a person has made of
// their own. After one of these the lesson may be somewhere else than its author thought: a
// step that is refused then, or an expectation that falls short, is not the lesson's failure.
type offScript struct {
	own  bool     // the newest step is the person's own
	ever bool     // at least one step was
	verb sim.Verb // what the newest step does
}

// apply takes one more event.
func (o *offScript) apply(e sim.Event) {
	if b, begins := e.Body.(sim.StepBegun); begins {
		o.own, o.verb = b.Own, b.Step.Verb
		o.ever = o.ever || b.Own
	}
}

// forgives reports whether an event tells of something that fell short, or was refused, where
// that is not the lesson's failure.
func (o *offScript) forgives(e sim.Event) bool {
	switch b := e.Body.(type) {
	case sim.ExpectationChecked:
		return o.ever && !b.OK
	case sim.StepRefused:
		return o.ever
	}
	return false
}

// picks reports whether the newest step is about segments on the wire.
func (o *offScript) picks() bool {
	switch o.verb {
	case sim.VerbDeliver, sim.VerbDrop, sim.VerbDuplicate, sim.VerbSwap:
		return true
	}
	return false
}

// history divides a log into moments: looking back goes from one row of the ladder to the
// row before. The expectations of a step belong to the moment of its last row; what the
// model says of the step is a moment of its own where it has a row.
type history struct {
	probe     ladder.Ladder
	offScript offScript
	seen      int   // how much of the log was read
	ends      []int // the log's length at the end of each moment but the newest
	stepAt    int   // where the newest step began; 0 once the step has a row
	judged    bool  // there is a row of what the model says of the newest step
}

// advance takes in the events that are new.
func (h *history) advance(events []sim.Event) {
	for i := h.seen; i < len(events); i++ {
		before := h.probe.Len()
		if h.offScript.apply(events[i]); !h.offScript.forgives(events[i]) {
			h.probe.Apply(events[i])
		}
		if events[i].Kind() == sim.KindStep {
			h.stepAt, h.judged = i, false
		}
		if h.probe.Len() > before || goesOn(events, i) {
			h.row(events[:i+1], before > 0)
		}
	}
	h.seen = len(events)
}

// row takes in a row of the ladder that the last of the events has begun. A new moment begins
// with it, unless the row is the first of all or one more verdict on the same step.
func (h *history) row(events []sim.Event, more bool) {
	end := len(events) - 1
	verdict := ofModel(events[end])
	switch {
	case verdict && h.judged:
		return
	case verdict:
		for end > 0 && ofModel(events[end-1]) {
			end--
		}
	case h.stepAt > 0:
		end = h.stepAt
	}
	if more {
		h.ends = append(h.ends, end)
	}
	h.stepAt, h.judged = 0, verdict
}

// ofModel reports whether an event is what the model says of a step.
func ofModel(e sim.Event) bool { return e.Kind() == sim.KindVerdict || e.Kind() == sim.KindSilent }

// goesOn reports whether event i moves a segment on that hung on the wire: such an event may
// extend the row in which the segment hung, and begin none.
func goesOn(events []sim.Event, i int) bool {
	e := events[i]
	if e.Kind() != sim.KindSegment || e.Segment().Fate != sim.Delivered && e.Segment().Fate != sim.Dropped {
		return false
	}
	return events[i-1].Kind() == sim.KindStep
}

// moments returns how many moments there are, the newest included.
func (h *history) moments() int { return len(h.ends) + 1 }

// end returns the length of the log at the end of moment i.
func (h *history) end(i int) int {
	if i >= len(h.ends) {
		return h.seen
	}
	return h.ends[i]
}
