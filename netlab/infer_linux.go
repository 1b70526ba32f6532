package netlab

import (
	"cmp"
	"slices"
	"time"

	"finwait/sim"
)

// infer returns the batch, which is in the order of the clock, with the inferred segments in
// their places.
func (j *journal) infer() []pending {
	effects := j.batch.effects()
	end := len(j.batch) - 1
	type found struct {
		conclusion
		conn *conn
	}
	var segments []found
	for _, c := range j.sockets.conns {
		if c.over() && effects[c.n] == nil {
			continue
		}
		for _, s := range c.inference.conclude(effects[c.n], c.client.reading(), c.server.reading(), end) {
			segments = append(segments, found{s, c})
		}
	}
	slices.SortStableFunc(segments, func(a, b found) int { return cmp.Or(a.place-b.place, a.rank-b.rank) })

	now := time.Now().UnixNano()
	var all []pending
	for place := -1; place <= end; place++ {
		at := now // after everything: between the last event and the reading
		if place >= 0 {
			all = append(all, j.batch[place])
		}
		if place < end {
			at = j.batch[max(place, 0)].at
		}
		for ; len(segments) > 0 && segments[0].place == place; segments = segments[1:] {
			s := segments[0]
			all = append(all, pending{at: at, conn: s.conn, event: sim.Event{
				At: s.from, Body: sim.SegmentMoved{
					Conn: s.conn.n, Segment: s.segment, By: sim.ByInference,
				},
			}})
		}
	}
	return all
}

// effects returns the effects of the batch by number of connection, in the order in which they
// took place.
func (b batch) effects() map[int][]effect {
	effects := map[int][]effect{}
	for i, p := range b {
		for rank, d := range p.effects {
			d.place, d.rank = b.cause(i), rank
			switch {
			case d.what == didRead: // when it returns
				d.place = i
			case d.place == none: // right before it
				d.place = i - 1
			}
			effects[d.conn] = append(effects[d.conn], d)
		}
	}
	for _, list := range effects {
		slices.SortStableFunc(list, func(x, y effect) int { return x.place - y.place })
	}
	return effects
}

// reading returns what the inference needs of the newest reading.
func (v *socketView) reading() reading {
	return reading{state: v.now.State, sendQ: v.now.SendQ, timer: v.now.Timer, retransmits: v.now.Retransmits}
}

// tellProbe tells the probe which segments of the batch would have been inferred.
func (j *journal) tellProbe() {
	for _, o := range j.infer() {
		if o.conn != nil && o.packet == nil {
			j.probe(o.event)
		}
	}
}
