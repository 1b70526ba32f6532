package tui

import (
	"time"

	"finwait/sim"
)

// Times of the animation.
const (
	arrowTime = 180 * time.Millisecond // how long one arrow grows
	burstTime = 600 * time.Millisecond // how long the arrows of one burst grow, in sum
	frameTime = 25 * time.Millisecond  // between two frames
)

// reveal is how much of the log is on the screen: it stops at each arrow until
// the arrow has grown, so that a FIN is seen to arrive before it is answered.
type reveal struct {
	k       int           // how many events are on the screen
	growing bool          // an arrow grows: the newest on the screen
	grow    float64       // how much of the arrow is there, from 0 to 1
	since   time.Time     // when the arrow began to grow
	each    time.Duration // how long each arrow of the burst grows
	sender  sim.End       // who sent the segment of the arrow
	stopped int           // number of the segment that stopped in the middle in this step, 0 for none
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
		} else if e.Kind() == sim.KindStep || e.Kind() == sim.KindSettled {
			r.stopped = 0
		}
	}
}

// depart lets the arrow of a segment begin to grow. The arrow of a segment that stopped in
// the middle in this step goes on from there.
func (r *reveal) depart(e sim.Event, now time.Time) {
	r.growing, r.since, r.sender, r.grow = true, now, e.At, 0
	switch {
	case e.Segment().Fate == sim.Held:
		r.stopped = e.Segment().ID
	case r.stopped != 0 && e.Segment().ID == r.stopped:
		r.since = now.Add(-r.each / 2)
		r.stopped = 0
	}
}

// pace returns how long the arrow before this one of the same burst has taken.
func (r *reveal) pace() time.Duration {
	if r.each == 0 {
		return arrowTime
	}
	return r.each
}

// grown lets the arrow grow and reports whether it has arrived. What the sender does
// meanwhile is shown without waiting for that.
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

// waitsForNothing reports whether an event is shown while a segment of the same end is under
// way. A verdict is not: it is about the whole step.
func waitsForNothing(e sim.Event) bool {
	if e.Kind() == sim.KindSegment {
		return e.Segment().Fate == sim.Retransmitted
	}
	return e.Kind() != sim.KindCall && !ofModel(e)
}

// travels reports whether event i makes a segment move on the screen: from its sender to the
// other end or to the middle of the wire, or on from the middle. A segment that is delivered
// at once does not stop in the middle, and one that is lost later does not move again.
func travels(events []sim.Event, i int) bool {
	e := events[i]
	switch {
	case e.Kind() != sim.KindSegment:
		return false
	case e.Segment().ID == 0, e.Segment().Fate == sim.Delivered, e.Segment().Fate == sim.Duplicated:
		return true
	case e.Segment().Fate == sim.Held:
		return !goesAtOnce(events[i:])
	case e.Segment().Fate == sim.Dropped:
		return lostAtOnce(events[:i+1])
	}
	return false
}

// goesAtOnce reports whether the segment that the first event holds is delivered or lost in
// the same step.
func goesAtOnce(events []sim.Event) bool {
	id := events[0].Segment().ID
	for _, e := range events[1:] {
		switch {
		case e.Kind() == sim.KindStep, e.Kind() == sim.KindSettled:
			return false
		case e.Kind() == sim.KindSegment && e.Segment().ID == id:
			return e.Segment().Fate == sim.Delivered || e.Segment().Fate == sim.Dropped
		}
	}
	return false
}

// lostAtOnce reports whether the segment that the last event loses was sent in the same step.
func lostAtOnce(events []sim.Event) bool {
	id := events[len(events)-1].Segment().ID
	for i := len(events) - 2; i >= 0; i-- {
		switch e := events[i]; {
		case e.Kind() == sim.KindStep, e.Kind() == sim.KindSettled:
			return false
		case e.Kind() == sim.KindSegment && e.Segment().ID == id:
			return e.Segment().Fate == sim.Held
		}
	}
	return false
}

// segments returns how many of the events make a segment move.
func segments(events []sim.Event) int {
	n := 0
	for i := range events {
		if travels(events, i) {
			n++
		}
	}
	return n
}
