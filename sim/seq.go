package sim

import "slices"

// Seq is a sequence number of TCP. Sequence numbers are counted modulo 2^32, so which of two
// comes first is known only while they lie less than 2^31 apart (RFC 9293 section 3.4). The
// operators < and > do not compare them.
type Seq uint32

// Before reports whether s comes before other.
func (s Seq) Before(other Seq) bool { return int32(s-other) < 0 }

// After reports whether s comes after other.
func (s Seq) After(other Seq) bool { return int32(s-other) > 0 }

// Add returns the sequence number n octets after s, before it if n is negative.
func (s Seq) Add(n int) Seq { return s + Seq(n) }

// Sub returns how many octets s comes after other. It is negative if s comes before other.
func (s Seq) Sub(other Seq) int { return int(int32(s - other)) }

// Later returns the later of s and other.
func (s Seq) Later(other Seq) Seq {
	if s.Before(other) {
		return other
	}
	return s
}

// Earlier returns the earlier of s and other.
func (s Seq) Earlier(other Seq) Seq {
	if s.After(other) {
		return other
	}
	return s
}

// Span is a range of sequence numbers. From is its first number, To the number after its last.
type Span struct{ From, To Seq }

// Empty reports whether the span contains no sequence number.
func (s Span) Empty() bool { return s.From == s.To }

// Contains reports whether every number of other is one of s.
func (s Span) Contains(other Span) bool { return !other.From.Before(s.From) && !other.To.After(s.To) }

// Overlaps reports whether the two spans share a sequence number.
func (s Span) Overlaps(other Span) bool { return s.To.After(other.From) && other.To.After(s.From) }

// Spans are ranges of sequence numbers in ascending order, with a gap between each two: what a
// receiver holds beyond a hole. Spans may be a view of an array that their owner keeps.
type Spans []Span

// Add returns the spans with one more, which is joined with those that it overlaps or touches.
// The result shares the array of the receiver while its capacity suffices.
func (list Spans) Add(added Span) Spans {
	if added.Empty() {
		return list
	}
	first := 0
	for first < len(list) && list[first].To.Before(added.From) {
		first++
	}
	end := first
	for end < len(list) && !list[end].From.After(added.To) {
		added = Span{list[end].From.Earlier(added.From), list[end].To.Later(added.To)}
		end++
	}
	return slices.Replace(list, first, end, added)
}

// Advance returns the first number at or after next that is missing, and how many of the spans
// lie before it: those are not beyond a hole any more.
func (list Spans) Advance(next Seq) (missing Seq, passed int) {
	for passed < len(list) && !list[passed].From.After(next) {
		next = next.Later(list[passed].To)
		passed++
	}
	return next, passed
}
