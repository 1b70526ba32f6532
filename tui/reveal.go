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
		if e.Kind == sim.KindSegment {
			r.growing, r.since, r.sender, r.grow = true, now, e.At, 0
			r.each = min(r.pace(), burstTime/time.Duration(1+segments(events[r.k:])))
		}
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
	for r.k < len(events) && events[r.k].At == r.sender && events[r.k].Kind != sim.KindSegment && events[r.k].Kind != sim.KindCall {
		r.k++
	}
	return false
}

// finish shows everything at once.
func (r *reveal) finish(events []sim.Event) {
	*r = reveal{k: len(events), grow: 1}
}

func segments(events []sim.Event) int {
	n := 0
	for _, e := range events {
		if e.Kind == sim.KindSegment {
			n++
		}
	}
	return n
}
