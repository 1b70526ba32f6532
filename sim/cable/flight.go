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

// Repeats returns the places of the segments of which seg is only a repetition: without the
// delay of the cable it would not have been sent. Those are segments in flight that together
// cover it, in the order of their sequence numbers; or, if there are none, delivered segments
// whose acknowledgement is in flight or about to be sent. Both are empty if seg is no
// repetition. Where the sender has joined two segments into one (tcp_retrans_try_collapse),
// seg repeats both.
func Repeats[P comparable](flight []Segment[P], delivered []Delivered[P], seg Segment[P]) (inFlight, arrived []int) {
	if seg.Span.Empty() {
		return nil, nil
	}
	if inFlight = covering(flight, seg); inFlight != nil {
		return inFlight, nil
	}
	acked := slices.ContainsFunc(flight, func(a Segment[P]) bool { return a.Acknowledges(seg) })
	for i, d := range delivered {
		awaited := acked || d.awaitsAck() && d.Span.Contains(seg.Span)
		if awaited && d.SamePhase(seg) && d.Span.Overlaps(seg.Span) {
			arrived = append(arrived, i)
		}
	}
	return nil, arrived
}

// covering returns the places of the segments in flight that together cover seg, nil if they
// leave a gap.
func covering[P comparable](flight []Segment[P], seg Segment[P]) []int {
	var places []int
	for at := seg.Span.From; seg.Span.To.After(at); {
		i := slices.IndexFunc(flight, func(h Segment[P]) bool {
			return h.SamePhase(seg) && !h.Span.From.After(at) && h.Span.To.After(at)
		})
		if i < 0 {
			return nil
		}
		places = append(places, i)
		at = flight[i].Span.To
	}
	return places
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
