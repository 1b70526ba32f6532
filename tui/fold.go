package tui

import (
	"finwait/sim"
	"finwait/sim/ladder"
	"finwait/sim/lesson"
)

// fold is what the first k events of a log come to on the screen.
type fold struct {
	k      int
	scene  sim.Scene
	ladder *ladder.Ladder
	aloof  aloof
	sent   map[sim.End]sending

	failed   int             // expectations that fell short, and refused steps
	verdicts map[int]verdict // by the number of the step
	problems []problem       // of the newest step

	model   sim.Agreement
	differs map[int]bool // the model from the kernel, by the number of the step
}

// sending is what an end has sent last that asks for an acknowledgement, and how
// often. The kernel counts its timer's retransmissions, but not the probe that may
// precede them (tcp_send_loss_probe).
type sending struct {
	conn  int
	next  uint32 // the sequence number after it
	times int
}

// again returns the sending after one more segment was seen to leave.
func (s sending) again(e sim.Event) sending {
	next := e.Segment.Next()
	switch {
	case e.Segment.Fate != sim.Held && e.Segment.Fate != sim.Retransmitted, next == e.Segment.Seq:
		return s
	case s.conn == e.Conn && s.next == next:
		s.times++
		return s
	}
	return sending{e.Conn, next, 1}
}

// verdict is what the expectations say of a step.
type verdict int

// The verdicts.
const (
	verdictNone verdict = iota
	verdictHeld
	verdictFailed
)

// problem is an event that tells of something that went otherwise than expected.
type problem struct {
	sim.Event
	excused bool // the person has done it, or has done otherwise
}

func newFold() *fold {
	return &fold{scene: sim.NewScene(), ladder: new(ladder.Ladder), verdicts: map[int]verdict{}, differs: map[int]bool{}, sent: map[sim.End]sending{}}
}

// to makes the fold that of all the events, which are more of the same log, or
// fewer.
func (f *fold) to(events []sim.Event) {
	if len(events) < f.k {
		*f = *newFold()
	}
	for _, e := range events[f.k:] {
		f.apply(e)
	}
	f.k = len(events)
}

func (f *fold) apply(e sim.Event) {
	f.scene.Apply(e)
	f.model.Apply(e)
	f.aloof.apply(e)
	excused := f.aloof.excuses(e)
	if !excused {
		f.ladder.Apply(e)
	}
	switch {
	case e.Kind == sim.KindSegment:
		f.sent[e.At] = f.sent[e.At].again(e)
	case e.Kind == sim.KindVerdict && !e.OK:
		f.differs[e.Step] = true
	case e.Kind == sim.KindStep:
		f.problems = nil
	case excused:
		f.problems = append(f.problems, problem{e, true})
	case e.Kind == sim.KindRefused, e.Kind == sim.KindExpect && !e.OK:
		f.failed++
		f.verdicts[e.Step] = verdictFailed
		f.problems = append(f.problems, problem{e, false})
	case e.Kind == sim.KindExpect:
		f.verdicts[e.Step] = max(f.verdicts[e.Step], verdictHeld)
	}
}

// place is where in a lesson a log stands.
type place struct {
	step  int // number of the newest step, 0 during set-up
	over  bool
	story string       // Markdown
	next  *lesson.Step // the step that runs, or the one to be made; nil at the end
}

// placeOf returns the place of a fold in its lesson. A step beside the lesson does
// not change it.
func placeOf(l *lesson.Lesson, f *fold) place {
	s := f.scene
	steps := l.Steps
	p := place{step: min(s.Step, len(steps))}
	at := p.step // index of the next step
	if p.step > 0 && !s.Settled && !f.aloof.own {
		at--
	}
	if at < len(steps) {
		p.next, p.story = &steps[at], steps[at].Story
		return p
	}
	p.over, p.story = true, l.Outro
	if p.story == "" && len(steps) > 0 {
		p.story = steps[len(steps)-1].Story
	}
	return p
}

// history knows where in a log the picture changes, so that looking back goes
// from one row of the ladder to the one before. What is said of a step when it is
// over belongs to its last row; where the model says something else than the kernel,
// that is a moment of its own.
type history struct {
	probe ladder.Ladder
	aloof aloof
	seen  int
	ends  []int // the log's length at the end of each moment but the newest
	step  int   // where the newest step began; 0 once there is a row of it
	told  bool  // there is a row of what the model says of it
}

// to takes in the events that are new.
func (h *history) to(events []sim.Event) {
	for i := h.seen; i < len(events); i++ {
		before := h.probe.Len()
		if h.aloof.apply(events[i]); !h.aloof.excuses(events[i]) {
			h.probe.Apply(events[i])
		}
		if events[i].Kind == sim.KindStep {
			h.step, h.told = i, false
		}
		if h.probe.Len() > before || goesOn(events, i) {
			h.row(events[:i+1], before > 0)
		}
	}
	h.seen = len(events)
}

// row takes a row that the last of the events has begun. Unless it is the first, or one
// more verdict, another moment begins with it.
func (h *history) row(events []sim.Event, more bool) {
	end := len(events) - 1
	verdict := ofModel(events[end])
	switch {
	case verdict && h.told:
		return
	case verdict:
		for end > 0 && ofModel(events[end-1]) {
			end--
		}
	case h.step > 0:
		end = h.step
	}
	if more {
		h.ends = append(h.ends, end)
	}
	h.step, h.told = 0, verdict
}

// ofModel reports whether an event is what the model says of a step.
func ofModel(e sim.Event) bool { return e.Kind == sim.KindVerdict || e.Kind == sim.KindSilent }

// goesOn reports whether an event tells that a segment goes on which was left
// hanging on the wire: it may do so in the row in which it hung.
func goesOn(events []sim.Event, i int) bool {
	e := events[i]
	if e.Kind != sim.KindSegment || e.Segment.Fate != sim.Delivered && e.Segment.Fate != sim.Dropped {
		return false
	}
	return events[i-1].Kind == sim.KindStep
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
