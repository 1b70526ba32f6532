package tui

import (
	"time"

	"finwait/sim"
)

// How long an arrow grows, and how long the arrows of one burst may take in sum.
const (
	arrowTime = 180 * time.Millisecond
	burstTime = 600 * time.Millisecond
	frameTime = 25 * time.Millisecond
)

// reveal is how much of the log is on the screen: it stops at each arrow until
// the arrow has grown, so that a FIN is seen to arrive before it is answered.
type reveal struct {
	k       int
	growing bool
	grow    float64 // of the arrow that grows
	since   time.Time
	each    time.Duration
	sender  sim.End
	half    int // number of the segment that was seen to stop in the middle in this step
}

// advance shows what is due at the given time.
func (r *reveal) advance(events []sim.Event, now time.Time) {
	for {
		if r.growing && !r.grown(events, now) {
			return
		}
		if r.k == len(events) {
			r.each = arrowTime
			return
		}
		e := events[r.k]
		r.k++
		if travels(events, r.k-1) {
			r.each = min(r.pace(), burstTime/time.Duration(1+segments(events[r.k:])))
			r.depart(e, now)
		} else if e.Kind == sim.KindStep || e.Kind == sim.KindSettled {
			r.half = 0
		}
	}
}

// depart lets the arrow of a segment begin to grow. One that has only just come to
// the middle goes on from there.
func (r *reveal) depart(e sim.Event, now time.Time) {
	r.growing, r.since, r.sender, r.grow = true, now, e.At, 0
	switch {
	case e.Segment.Fate == sim.Held:
		r.half = e.Segment.ID
	case r.half != 0 && e.Segment.ID == r.half:
		r.since = now.Add(-r.each / 2)
		r.half = 0
	}
}

// pace returns how long the arrow before this one of the same burst has taken.
func (r *reveal) pace() time.Duration {
	if r.each == 0 {
		return arrowTime
	}
	return r.each
}

// grown lets the arrow grow and reports whether it has arrived. What its sender
// did after sending it does not wait for that.
func (r *reveal) grown(events []sim.Event, now time.Time) bool {
	r.grow = float64(now.Sub(r.since)) / float64(r.each)
	if r.grow >= 1 {
		r.growing, r.grow = false, 1
		return true
	}
	for r.k < len(events) && events[r.k].At == r.sender && waitsForNothing(events[r.k]) {
		r.k++
	}
	return false
}

// finish shows everything at once.
func (r *reveal) finish(events []sim.Event) {
	*r = reveal{k: len(events), grow: 1}
}

// waitsForNothing reports whether an event shows while a segment of its end is
// still under way. A verdict is on all of a step.
func waitsForNothing(e sim.Event) bool {
	if e.Kind == sim.KindSegment {
		return e.Segment.Fate == sim.Retransmitted
	}
	return e.Kind != sim.KindCall && !ofModel(e)
}

// travels reports whether event i is a segment that is seen to move: it leaves for
// the other end or for the middle of the wire, or goes on from there. What goes on
// at once is not held first, and what is lost later just ends.
func travels(events []sim.Event, i int) bool {
	e := events[i]
	switch {
	case e.Kind != sim.KindSegment:
		return false
	case e.Segment.ID == 0, e.Segment.Fate == sim.Delivered, e.Segment.Fate == sim.Duplicated:
		return true
	case e.Segment.Fate == sim.Held:
		return !goesAtOnce(events[i:])
	case e.Segment.Fate == sim.Dropped:
		return lostAtOnce(events[:i+1])
	}
	return false
}

// goesAtOnce reports whether the first of the events holds a segment that another
// of the same step lets go on, or loses.
func goesAtOnce(events []sim.Event) bool {
	id := events[0].Segment.ID
	for _, e := range events[1:] {
		switch {
		case e.Kind == sim.KindStep, e.Kind == sim.KindSettled:
			return false
		case e.Kind == sim.KindSegment && e.Segment.ID == id:
			return e.Segment.Fate == sim.Delivered || e.Segment.Fate == sim.Dropped
		}
	}
	return false
}

// lostAtOnce reports whether the last of the events loses a segment that was sent
// in the same step, or that nobody has seen wait.
func lostAtOnce(events []sim.Event) bool {
	id := events[len(events)-1].Segment.ID
	for i := len(events) - 2; i >= 0; i-- {
		switch e := events[i]; {
		case e.Kind == sim.KindStep, e.Kind == sim.KindSettled:
			return false
		case e.Kind == sim.KindSegment && e.Segment.ID == id:
			return e.Segment.Fate == sim.Held
		}
	}
	return false
}

// segments returns how many segments are seen to move.
func segments(events []sim.Event) int {
	n := 0
	for i := range events {
		if travels(events, i) {
			n++
		}
	}
	return n
}
