package netlab

import (
	"cmp"
	"slices"
	"time"

	"finwait/sim"
)

// passes are the passes of a flush over the batch, in their order. The batch comes in the
// order of reading; nothing that belongs before its end can still arrive.
var passes = []func(*journal){
	// First, in the order of reading: what reached an end before a segment was read is what
	// the segment may answer.
	(*journal).placeLate,
	// After placeLate: a signal from elsewhere comes before the segments that it made its
	// process send, so their times have to be known.
	(*journal).placeExternalSignals,
	// After both: now every time is known, and all that follows reads the batch in the order
	// of the clock.
	(*journal).sortByTime,
	// Before follow: the inferred segments are followed as captured ones are.
	(*journal).inferSegments,
	// Once all segments are in their places: each leads both ends on from where the one before
	// it has left them.
	(*journal).follow,
	// After follow: only the whole way of an end tells which of its states is the one that was
	// read.
	(*journal).dropRead,
	// The log, each segment before the states that it led to.
	(*journal).emitBatch,
	// Last: the states were read after everything in the batch.
	(*journal).emitStates,
}

// flush emits the batch in the order of the clock, then the states that were read. A state
// that a segment led to but that was over when the kernel was read comes right after its
// segment, as inferred.
func (j *journal) flush() {
	for _, pass := range passes {
		pass(j)
	}
	j.batch = j.batch[:0]
}

// sortByTime puts the batch in the order of the clock. What happened at the same time stays in
// the order of reading.
func (j *journal) sortByTime() {
	slices.SortStableFunc(j.batch, func(a, b pending) int { return cmp.Compare(a.at, b.at) })
}

// inferSegments adds the segments that must have been sent, where none is captured. Where they
// are captured, a probe is told what would have been inferred.
func (j *journal) inferSegments() {
	switch {
	case j.inferred:
		j.batch = j.infer()
	case j.probe != nil:
		j.tellProbe()
	}
}

// passedState is a state that an end of a connection came to by a segment.
type passedState struct {
	conn     *conn
	view     *socketView
	from, to sim.State
}

// follow takes the segments of the batch into the trackers of both their ends.
func (j *journal) follow() {
	for i := range j.batch {
		if p := &j.batch[i]; p.conn != nil {
			p.passed = p.conn.follow(p.event.At, p.event.Segment())
		}
	}
}

// follow takes news of a segment into the trackers of the ends that it concerns, and returns
// the states that they came to, in the order sender, receiver.
func (c *conn) follow(from sim.End, s sim.Segment) []passedState {
	var passed []passedState
	for _, v := range []*socketView{c.end(from), c.end(from.Peer())} {
		before, changed := v.tracker.State, false
		switch {
		case v.at == from && s.Sent():
			changed = v.tracker.Sent(s)
		case v.at != from && (s.Fate == sim.Delivered || s.Fate == sim.Duplicated):
			changed = v.tracker.Received(s)
		}
		if changed {
			passed = append(passed, passedState{conn: c, view: v, from: before, to: v.tracker.State})
		}
	}
	return passed
}

// dropRead takes out of the passed states those that are not over: of each end, the last one
// that equals what was read, which comes as by kernel, and what would come after it. An end
// that still is where it was has passed through nothing.
func (j *journal) dropRead() {
	over := map[*socketView]bool{} // the states before the one that was read; none while an end is where it was
	for _, v := range j.sockets.views() {
		over[v] = v.now.State != v.state && !j.batch.cameTo(v, v.now.State)
	}
	for i := range slices.Backward(j.batch) {
		passed := j.batch[i].passed
		for k, p := range slices.Backward(passed) {
			if v := p.view; !over[v] {
				over[v] = p.to == v.now.State && v.now.State != v.state
				passed = slices.Delete(passed, k, k+1)
			}
		}
		j.batch[i].passed = passed
	}
}

// cameTo reports whether an end came to a state by a segment of the batch.
func (b batch) cameTo(v *socketView, to sim.State) bool {
	for _, p := range b {
		if slices.ContainsFunc(p.passed, func(s passedState) bool { return s.view == v && s.to == to }) {
			return true
		}
	}
	return false
}

// emitBatch emits the events of the batch, each with the states that its segment led to.
func (j *journal) emitBatch() {
	for i, p := range j.batch {
		j.emit(p.at, p.event)
		for _, s := range p.passed {
			v := s.view
			v.state = s.to
			v.orphan = s.to.Connected() && !j.holds(s.conn, v.at) && !j.batch.releasedLater(i, v.at)
			j.emit(p.at, sim.Event{At: v.at, Body: sim.StateChanged{
				Conn: s.conn.n, From: s.from, To: s.to, Orphan: v.orphan, By: sim.ByInference,
			}})
		}
	}
}

// releasedLater reports whether a program of the end closes a descriptor or dies later in the
// batch than at index i, so that until then it held what it had.
func (b batch) releasedLater(i int, at sim.End) bool {
	return slices.ContainsFunc(b[i+1:], func(p pending) bool {
		if p.event.At != at {
			return false
		}
		switch body := p.event.Body.(type) {
		case sim.CallEntered:
			return body.Call.Name == sim.CallClose
		case sim.SignalTaken:
			return body.Action == sim.Killed
		}
		return false
	})
}

// emitStates emits what the last reading says that the one before did not.
func (j *journal) emitStates() {
	now := time.Now().UnixNano()
	if s := &j.sockets.listener; s.now != s.state {
		j.emit(now, sim.Event{At: sim.Server, Body: sim.StateChanged{From: s.state, To: s.now, By: sim.ByKernel}})
		s.state = s.now
	}
	for c, v := range j.sockets.views() {
		if !v.changed() {
			continue
		}
		from := v.state
		if from == sim.Closed && v.now.State.Connected() {
			from = v.before
		}
		v.state, v.orphan = v.now.State, v.isOrphan()
		v.tracker.State = v.state
		j.emit(now, sim.Event{At: v.at, Body: sim.StateChanged{
			Conn: c.n, From: from, To: v.state, Orphan: v.orphan, By: sim.ByKernel,
		}})
	}
}
