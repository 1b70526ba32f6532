package cable

import "slices"

// Delivered is a segment that has reached its receiver and whose acknowledgement has not
// reached its sender.
type Delivered[P comparable] struct {
	Segment[P]
	Replied bool // the receiver has sent a segment that replies to it (RepliesTo)
	Recent  bool // delivered less than MaxAckDelay ago
}

// awaitsAck reports whether the receiver is about to acknowledge the segment.
func (d Delivered[P]) awaitsAck() bool { return !d.Replied && d.Recent }

// Place is where the segment is that another repeats. The zero value is nowhere.
type Place struct {
	Found   bool
	Arrived bool // among the delivered segments, not among those in flight
	Index   int
}

// Repeats returns the segment of which seg is only a repetition: without the delay of the cable
// seg would not have been sent. That is a segment in flight, if those in flight together cover
// seg; or else a delivered one whose acknowledgement is in flight or about to be sent.
//
// One packet repeats one segment. Where several have the first sequence number of seg, as when a
// segment has arrived twice, it is the newest of them: the sender has forgotten the others. Where
// the sender has joined two segments into one (tcp_retrans_try_collapse), it is the first of
// the two, which the sender has enlarged.
func Repeats[P comparable](flight []Segment[P], delivered []Delivered[P], seg Segment[P]) Place {
	if seg.Span.Empty() {
		return Place{}
	}
	if covered(flight, seg) {
		return newest(len(flight), false, func(i int) bool { return flight[i].begins(seg) })
	}
	acked := slices.ContainsFunc(flight, func(a Segment[P]) bool { return a.Acknowledges(seg) })
	return newest(len(delivered), true, func(i int) bool {
		d := delivered[i]
		return d.begins(seg) && (acked || d.awaitsAck() && d.Span.Contains(seg.Span))
	})
}

// newest returns the last of n places that satisfies ok.
func newest(n int, arrived bool, ok func(i int) bool) Place {
	for i := n - 1; i >= 0; i-- {
		if ok(i) {
			return Place{true, arrived, i}
		}
	}
	return Place{}
}

// begins reports whether the segment has the first sequence number of seg, which the same sender
// has sent in the same phase.
func (s Segment[P]) begins(seg Segment[P]) bool {
	return s.SamePhase(seg) && !s.Span.From.After(seg.Span.From) && s.Span.To.After(seg.Span.From)
}

// covered reports whether the segments in flight together cover seg.
func covered[P comparable](flight []Segment[P], seg Segment[P]) bool {
	rest := seg
	for !rest.Span.Empty() {
		i := slices.IndexFunc(flight, func(h Segment[P]) bool { return h.begins(rest) })
		if i < 0 {
			return false
		}
		rest.Span.From = rest.Span.To.Earlier(flight[i].Span.To)
	}
	return true
}

// Swap lets the second of the segments in flight that from accepts overtake the first. It
// returns the new place of the first, and whether there were two.
func Swap[T any](flight []T, from func(T) bool) (overtaken int, ok bool) {
	first := slices.IndexFunc(flight, from)
	if first < 0 {
		return 0, false
	}
	second := first + 1 + slices.IndexFunc(flight[first+1:], from)
	if second == first {
		return 0, false
	}
	flight[first], flight[second] = flight[second], flight[first]
	return second, true
}
